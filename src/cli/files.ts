import { parseArgs } from 'node:util'
import { inspectStorage, sweepOrphans } from '../complaints/case/storage/service.ts'
import { openConfiguredStore } from '../files/place.ts'
import type { FileStore } from '../files/store.ts'
import { translate, type Values } from '../i18n/index.ts'
import { LOCALES } from '../paths.ts'
import { AppError } from '../errors.ts'
import type { Db } from '../db/schema.ts'
import { runCommand, UsageError } from './command.ts'

// npm run files -- check | sweep [--dry]: compares the stored attachments with the database; sweep removes those that belong to nobody.

const both = (key: string, values?: Values): string => LOCALES.map(locale => translate(locale, key, values)).join('\n')

function readCommand (args: string[]): { sweep: boolean } {
  try {
    const { values: { dry = false }, positionals: [what, ...more] } = parseArgs({ args, allowPositionals: true, options: { dry: { type: 'boolean' } } })
    if (more.length === 0 && (what === 'sweep' || (what === 'check' && !dry))) return { sweep: what === 'sweep' && !dry }
  } catch {}
  throw new UsageError(both('files_cli.usage'))
}

async function run (db: Db, files: FileStore, { sweep }: { sweep: boolean }): Promise<void> {
  const now = new Date().toISOString()
  const { files: count, orphans, missing } = await inspectStorage({ db }, files, now)
  console.log(both('files_cli.found', { files: count, orphans: orphans.length, missing: missing.length }))
  for (const { id, sha256 } of missing) console.log(`  ${id}  SHA-256 ${sha256}`)
  if (missing.length > 0) process.exitCode = 1
  if (!sweep) return
  const { removed, unfinished } = await sweepOrphans({ db }, files, { now, suspects: new Set(orphans) })
  console.log(both('files_cli.swept', { removed, unfinished }))
}

await runCommand(async ({ config, db }) => {
  const command = readCommand(process.argv.slice(2))
  await run(db, openConfiguredStore(config), command).catch(error => {
    if (!(error instanceof AppError)) throw error
    throw new UsageError(`${both(`error.${error.code}`)} (${String(error.details['why'] ?? error.code)})`)
  })
})
