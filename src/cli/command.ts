import type { Kysely } from 'kysely'
import { ConfigError, databaseFile, databaseUrl, readConfig, type Config } from '../config.ts'
import { migrateToLatest } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import type { Database } from '../db/schema.ts'
import { StartError } from '../db/start-error.ts'
import type { Locale } from '../paths.ts'

/** The language of the terminal; one that knows only ASCII is spoken to in English. */
export function terminalLocale (environment: NodeJS.ProcessEnv): Locale {
  return /^(en|(C|POSIX)$)/.test(environment['LC_ALL'] ?? environment['LANG'] ?? '') ? 'en' : 'zh-CN'
}

export interface CommandParts { config: Config, db: Kysely<Database>, /** migrations that were taken just now */ steps: string[] }

/** A command that was typed wrongly; its message says how it goes. */
export class UsageError extends Error {}

/** Runs a command on the migrated database of the settings. Known reasons end it with code 2 and their words, anything else with where it happened. */
export async function runCommand (work: (parts: CommandParts) => Promise<void>): Promise<void> {
  let file = ''
  try {
    const config = readConfig(process.env)
    file = databaseFile(config)
    const db = await openDatabase(databaseUrl(config))
    try {
      await work({ config, db, steps: await migrateToLatest(db) })
    } finally {
      await db.destroy()
    }
  } catch (error) {
    const reason = StartError.of(error, { file })
    const known = reason instanceof StartError || reason instanceof ConfigError || reason instanceof UsageError
    console.error(known ? reason.message : String((reason as Error).stack))
    process.exitCode = known ? 2 : 1
  }
}
