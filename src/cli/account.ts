import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { databaseUrl, keysFolder, packFolder, readConfig, type Config } from '../config.ts'
import { installPack } from '../content/install.ts'
import { migrateToLatest } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { findAccount, findBureau, listAccounts } from '../desk/account/accounts/repository.ts'
import { addAccount, newPassword, resetPassword, resetTotp, setDisabled, setRole, type AccountParts } from '../desk/account/accounts/service.ts'
import { PASSWORD_PROFILE } from '../desk/account/accounts/password-policy.ts'
import { codeOfFictional } from '../desk/account/second-factor/service.ts'
import { STAFF_ROLES, type StaffRole } from '../domain/process/permissions.ts'
import { AppError } from '../errors.ts'
import type { FieldFaults } from '../forms/field-errors.ts'
import { translate, type Values } from '../i18n/index.ts'
import { LOCALES } from '../paths.ts'
import { loadKeys } from '../vault/keys.ts'
import { UsageError } from './command.ts'

// npm run account -- add | list | disable | enable | password | role | reset-totp | code: the staff accounts. There is no default account (security.md L-7).

/** Both languages, Chinese first, as the start of the portal speaks. */
const both = (key: string, values?: Values, between = '\n'): string => LOCALES.map(locale => translate(locale, key, values)).join(between)
const say = (key: string, values?: Values): void => { console.log(both(key, values)) }

interface Options { username?: string | undefined, name?: string | undefined, role?: string | undefined, bureau?: string | undefined, 'password-file'?: string | undefined }
type Command = (parts: AccountParts, options: Options) => Promise<void>

const COMMANDS: Readonly<Record<string, Command>> = {
  async add (parts, options) {
    const username = required(options, 'username')
    const { password, made } = await givenPassword(options)
    await addAccount(parts, { username, name: required(options, 'name'), role: required(options, 'role') as StaffRole, region: options.bureau, password, temporary: true }, now())
    say('account_cli.added', { username })
    if (made) say('account_cli.one_time', { password })
  },
  async list (parts) {
    for (const line of await listAccounts(parts.db)) {
      const state = both(line.disabled === 1 ? 'account_cli.closed' : 'account_cli.open', {}, ' ')
      console.log([line.username, line.name, both(`role.${line.role}`, {}, ' '), line.bureau, state, line.lastSignInAt ?? '-'].join('\t'))
    }
  },
  async disable (parts, options) {
    await setDisabled(parts, required(options, 'username'), true, now())
    say('account_cli.disabled', { username: options.username })
  },
  async enable (parts, options) {
    await setDisabled(parts, required(options, 'username'), false, now())
    say('account_cli.enabled', { username: options.username })
  },
  async password (parts, options) {
    const { password, made } = await givenPassword(options)
    await resetPassword(parts, required(options, 'username'), password, now())
    say('account_cli.reset', { username: options.username })
    if (made) say('account_cli.one_time', { password })
  },
  async role (parts, options) {
    await setRole(parts, required(options, 'username'), required(options, 'role'), now())
    say('account_cli.role_set', { username: options.username, role: options.role })
  },
  async 'reset-totp' (parts, options) {
    await resetTotp(parts, required(options, 'username'), { now: now() })
    say('account_cli.totp_reset', { username: options.username })
  },
  async code (parts, options) {
    const account = await findAccount(parts.db, required(options, 'username'))
    if (account === undefined) throw new AppError('not_found', { username: options.username })
    const code = codeOfFictional(parts, account, now())
    if (code === null) throw new Error(both('account_cli.code_refused', { username: options.username }))
    console.log(code)
  }
}

function now (): string {
  return new Date().toISOString()
}

function required (options: Options, name: keyof Options): string {
  const value = options[name]?.trim()
  if (value === undefined || value === '') throw new AppError('form_invalid', { fields: { [name]: { key: 'account_fault.missing' } } })
  return value
}

/** From a file, typed at a terminal, or made by us; never an argument, which every process of the machine could read. */
async function givenPassword (options: Options): Promise<{ password: string, made: boolean }> {
  const file = options['password-file']
  if (file !== undefined) return { password: readFileSync(file, 'utf8').trim().normalize('NFC'), made: false }
  if (process.stdin.isTTY !== true) return { password: newPassword(), made: true }
  const typed = await ask()
  return typed === '' ? { password: newPassword(), made: true } : { password: typed, made: false }
}

/** Reads a line without showing it. */
async function ask (): Promise<string> {
  process.stdout.write(both('account_cli.ask', {}, ' '))
  const lines = createInterface({ input: process.stdin, terminal: true })
  const line = await lines.question('')
  lines.close()
  process.stdout.write('\n')
  return line.trim().normalize('NFC')
}

async function open (config: Config): Promise<AccountParts> {
  const db = await openDatabase(databaseUrl(config))
  await migrateToLatest(db)
  if (await findBureau(db, undefined) === undefined) await installPack(db, packFolder(config), now()) // before the first start
  return { db, keys: await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE) }
}

function explain (error: unknown): string {
  if (!(error instanceof AppError)) return (error as Error).message
  const profile = { ...PASSWORD_PROFILE, roles: STAFF_ROLES.join(' ') }
  const fields = Object.entries(error.details['fields'] as FieldFaults | undefined ?? {}).map(([field, { key }]) => `--${field}: ${both(key, profile, ' ')}`)
  if (fields.length > 0) return fields.join('\n')
  return error.code === 'not_found' ? both('account_cli.unknown', error.details) : both(`error.${error.code}`)
}

async function run (): Promise<void> {
  const { values, positionals: [name = ''] } = parseArgs({
    allowPositionals: true,
    options: { username: { type: 'string' }, name: { type: 'string' }, role: { type: 'string' }, bureau: { type: 'string' }, 'password-file': { type: 'string' } }
  })
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) throw new UsageError(both('account_cli.usage', { roles: STAFF_ROLES.join('|') }))
  const parts = await open(readConfig(process.env))
  try {
    await command(parts, values)
  } finally {
    await parts.db.destroy()
  }
}

try {
  await run()
} catch (error) {
  console.error(explain(error))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
