import { existsSync } from 'node:fs'
import path from 'node:path'
import { SETTINGS, type Setting, type SettingName } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>
type Values = { [K in SettingName]: ReturnType<(typeof SETTINGS)[K]['read']> }
export type Config = Readonly<Values>

/** One faulty setting: its name, what it held, and the rule it breaks. */
export interface Fault { name: string, value: string, rule: string }

export class ConfigError extends Error {
  readonly faults: readonly Fault[]
  constructor (faults: readonly Fault[]) {
    super(faults.map(fault => `${fault.name}=${JSON.stringify(fault.value)}: ${fault.rule}`).join('\n'))
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/** Reads every setting once. Throws one ConfigError that names all faulty settings together. */
export function readConfig (environment: Environment): Config {
  const faults: Fault[] = []
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const given = environment[name]?.trim()
    const value = given === undefined || given === '' ? setting.default : given
    try {
      values[name] = setting.read(value)
    } catch {
      faults.push({ name, value: setting.secret ? '***' : value, rule: setting.rule })
    }
  }
  const unknown = Object.keys(environment).filter(name => /^(SITE|SUNLIT)_/.test(name) && !(name in SETTINGS) && !TEST_ONLY.has(name))
  for (const name of unknown) faults.push({ name, value: environment[name] ?? '', rule: 'no such setting; see the table in README.md' })
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze(values) as Config
}

/** Names the test runner sets for its own use. */
const TEST_ONLY = new Set(['SUNLIT_PICTURES', 'SUNLIT_INPUT'])

/** Where the embedded database lives when DATABASE_URL names none. */
export function databaseUrl (config: Config): string {
  return config.DATABASE_URL === '' ? `sqlite:${path.join(config.SUNLIT_DATA, 'sunlit.db')}` : config.DATABASE_URL
}

/** The file of the embedded database, for messages; empty for a server, whose address may hold a password. */
export function databaseFile (config: Config): string {
  const url = databaseUrl(config)
  return url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : ''
}

/** Where the portal is reached from outside, with the base path: for feeds, sitemaps, files and letters, which need whole addresses. */
export function siteAddress (config: Config): string {
  return `${config.SITE_ORIGIN === '' ? `http://${config.HOST}:${config.PORT}` : config.SITE_ORIGIN}${config.SITE_BASE_PATH}`
}

/** The site's address as people read it, without https://; null while no public origin is set. */
export function officialAddress (config: Config): string | null {
  return config.SITE_ORIGIN === '' ? null : new URL(config.SITE_ORIGIN).host + config.SITE_BASE_PATH
}

/** Where the key files lie. */
export function keysFolder (config: Config): string {
  return config.SUNLIT_KEYS === '' ? path.join(config.SUNLIT_DATA, 'keys') : config.SUNLIT_KEYS
}

/** Whether the keys would be carried along by a backup of the data folder (security.md E-2). */
export function keysInside (config: Config): boolean {
  return !path.relative(config.SUNLIT_DATA, keysFolder(config)).startsWith('..')
}

/** Where the attachments lie, encrypted. */
export function filesFolder (config: Config): string {
  return path.join(config.SUNLIT_DATA, 'files')
}

/** Where letters lie that are not sent by a server. */
export function mailFolder (config: Config): string {
  return path.join(config.SUNLIT_DATA, 'mail')
}

/** Whom letters come from. */
export function mailSender (config: Config): string {
  return config.SUNLIT_MAIL_FROM === '' ? `noreply@${new URL(siteAddress(config)).hostname.replace(/^\[.*\]$/, 'localhost').replace(/^[0-9.]+$/, 'localhost')}` : config.SUNLIT_MAIL_FROM
}

/** The content pack's folder; throws when the named city has none. */
export function packFolder (config: Config): string {
  const folder = path.join(import.meta.dirname, 'content', config.SUNLIT_CITY)
  if (!existsSync(folder)) throw new ConfigError([{ name: 'SUNLIT_CITY', value: config.SUNLIT_CITY, rule: 'must name a folder of src/content' }])
  return folder
}
