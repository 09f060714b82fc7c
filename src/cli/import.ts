import path from 'node:path'
import { parseArgs } from 'node:util'
import { ImportError } from '../admin/imports/faults.ts'
import { errorLines, progressTo, reportLines } from '../admin/imports/report/print.ts'
import { KINDS, type ImportOptions, type KindName } from '../admin/imports/schema.ts'
import { importRecords } from '../admin/imports/service.ts'
import { ConfigError, databaseFile, databaseUrl, keysFolder, packFolder, readConfig, type Config } from '../config.ts'
import { installPack } from '../content/install.ts'
import { migrateToLatest } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { CHANGES, recognise } from '../domain/records/enumerations.ts'
import { StartError } from '../db/start-error.ts'
import { LOCALES, type Locale } from '../paths.ts'
import { loadKeys } from '../vault/keys.ts'
import { terminalLocale } from './command.ts'

const OPTIONS = {
  'dry-run': { type: 'boolean' },
  'create-agencies': { type: 'boolean' },
  partial: { type: 'boolean' },
  division: { type: 'string' },
  rejects: { type: 'string' },
  reason: { type: 'string' },
  change: { type: 'string' },
  lang: { type: 'string' },
  help: { type: 'boolean' }
} as const

/** Exit codes: 0 imported or nothing to do, 1 rows rejected, 2 the command, the file or the database cannot be used. */
process.exitCode = await main(process.argv.slice(2))

async function main (args: string[]): Promise<number> {
  let locale: Locale = args.includes('zh-CN') ? 'zh-CN' : terminalLocale(process.env)
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true })
    if (values.lang !== undefined && !LOCALES.some(known => known === values.lang)) throw new ImportError('usage', { why: `--lang ${values.lang}` })
    locale = (values.lang ?? locale) as Locale
    if (values.help === true) { console.log(errorLines(locale, new ImportError('usage', { why: '' }))); return 0 }
    return await run(readConfig(process.env), optionsOf(values, positionals, locale), locale)
  } catch (error) {
    const known = error instanceof ImportError || error instanceof ConfigError || error instanceof StartError
    const option = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true
    console.error(errorLines(locale, option && !known ? new ImportError('usage', { why: optionIn(error as Error) }) : error))
    return 2
  }
}

/** The option that was not understood; Node's sentence about it is English only. */
function optionIn ({ message }: Error): string {
  return /--?[\w-]+/.exec(message)?.[0] ?? ''
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

function optionsOf (values: Values, positionals: string[], locale: Locale): ImportOptions {
  const [kind, input, ...rest] = positionals
  if (!KINDS.some(known => known === kind) || input === undefined || rest.length > 0) throw new ImportError('usage', { why: positionals.join(' ') })
  if (values.rejects !== undefined && !/\.(csv|xlsx)$/i.test(values.rejects)) throw new ImportError('usage', { why: `--rejects ${values.rejects}` })
  const { division, rejects, reason } = values
  const change = values.change === undefined ? undefined : recognise(CHANGES, values.change)
  if (change === null) throw new ImportError('usage', { why: `--change ${values.change ?? ''}` })
  return {
    kind: kind as KindName,
    input: fromCaller(input),
    dryRun: values['dry-run'] === true,
    createAgencies: values['create-agencies'] === true,
    partial: values.partial === true,
    locale,
    ...(division === undefined ? {} : { division }),
    ...(rejects === undefined ? {} : { rejects: fromCaller(rejects) }),
    ...(reason === undefined ? {} : { reason }),
    ...(change === undefined ? {} : { change })
  }
}

/** Names are meant from the folder where npm was called, not from the project's. */
function fromCaller (name: string): string {
  return path.resolve(process.env['INIT_CWD'] ?? '.', name)
}

async function run (config: Config, options: ImportOptions, locale: Locale): Promise<number> {
  const started = performance.now()
  const now = new Date().toISOString()
  const db = await openDatabase(databaseUrl(config))
  try {
    await migrateToLatest(db)
    await installPack(db, packFolder(config), now)
    const keys = await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE)
    const report = await importRecords({ db, now, actor: { id: null, role: 'system', name: 'npm run import' }, auditKey: keys.audit, keys }, options, progressTo(process.stderr, locale))
    for (const line of reportLines(locale, report, options, (performance.now() - started) / 1000)) console.log(line)
    return report.counts.rejected > 0 ? 1 : 0
  } catch (error) {
    throw StartError.of(error, { file: databaseFile(config) })
  } finally {
    await db.destroy()
  }
}
