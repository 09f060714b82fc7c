import { parseArgs } from 'node:util'
import { keysFolder } from '../config.ts'
import { findBureau } from '../desk/account/accounts/repository.ts'
import { ENTERED_SOURCES, hasComplainant, type SourceCode } from '../domain/process/sources.ts'
import { translate, type Values } from '../i18n/index.ts'
import { issueKey, listKeys, revokeKey } from '../open/intake/service.ts'
import { LOCALES } from '../paths.ts'
import { loadKeys } from '../vault/keys.ts'
import { runCommand, UsageError, type CommandParts } from './command.ts'

// npm run api-keys -- add | list | revoke: the keys with which other systems hand complaints over (security.md A-5).

const both = (key: string, values?: Values, between = '\n'): string => LOCALES.map(locale => translate(locale, `api_keys_cli.${key}`, values)).join(between)
const SOURCES_OF_KEYS = ENTERED_SOURCES.filter(hasComplainant)
const usage = (): UsageError => new UsageError(both('usage', { sources: SOURCES_OF_KEYS.join(' ') }))

interface Options { name?: string | undefined, source?: string | undefined, bureau?: string | undefined, id?: string | undefined }

function readOptions (args: string[]): { command: string, options: Options } {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { name: { type: 'string' }, source: { type: 'string' }, bureau: { type: 'string' }, id: { type: 'string' } } })
    if (positionals.length === 1 && SOURCES_OF_KEYS.some(code => code === (values.source ?? 'hotline_12345'))) return { command: positionals[0] ?? '', options: values }
  } catch {}
  throw usage()
}

async function add ({ config, db }: CommandParts, { name = '', source = 'hotline_12345', bureau }: Options, now: string): Promise<void> {
  const system = name.normalize('NFC').trim()
  if (system === '' || Array.from(system).length > 100) throw new UsageError(both('no_name'))
  const found = await findBureau(db, bureau)
  if (found === undefined) throw new UsageError(bureau === undefined ? both('never_started') : both('no_bureau', { bureau }))
  const keys = await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE)
  const { id, secret } = await issueKey({ db, keys }, { name: system, source: source as SourceCode, bureauId: found.id }, now)
  console.log(both('added', { id, name: system }))
  console.log(secret)
}

await runCommand(async parts => {
  const { command, options } = readOptions(process.argv.slice(2))
  const now = new Date().toISOString()
  if (command === 'add') await add(parts, options, now)
  else if (command === 'list') {
    for (const key of await listKeys(parts.db)) console.log([key.id, key.name, key.source, both(key.revoked_at === null ? 'in_force' : 'ended', {}, ' '), both('used', { day: key.used_on ?? '-' }, ' ')].join('\t'))
  } else if (command === 'revoke' && options.id !== undefined) {
    const keys = await loadKeys(parts.db, keysFolder(parts.config), parts.config.SUNLIT_SUITE)
    if (!await revokeKey({ db: parts.db, keys }, options.id, now)) throw new UsageError(both('unknown', { id: options.id }))
    console.log(both('revoked', { id: options.id }))
  } else throw usage()
})
