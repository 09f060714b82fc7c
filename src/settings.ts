import path from 'node:path'
import { isEmail } from './forms/email.ts'

export interface Setting<T> {
  default: string
  meaning: string
  rule: string
  secret?: true
  read: (value: string) => T
}

const refuse = (): never => { throw new RangeError() }

function integer (low: number, high: number) {
  return (value: string): number => {
    const number = Number(value)
    return /^\d+$/.test(value) && number >= low && number <= high ? number : refuse()
  }
}

function oneOf<const T extends string> (...allowed: T[]) {
  return (value: string): T => allowed.find(item => item === value) ?? refuse()
}

function origin (value: string): string {
  if (value === '') return ''
  const url = new URL(value)
  return /^https?:$/.test(url.protocol) && url.origin === value ? value : refuse()
}

function basePath (value: string): string {
  return value === '' || /^(\/[a-z0-9][a-z0-9._-]*)+$/.test(value) ? value : refuse()
}

function database (value: string): string {
  if (value === '' || value === 'sqlite::memory:' || /^sqlite:.+/.test(value)) return value
  return /^postgres(ql)?:$/.test(new URL(value).protocol) ? value : refuse()
}

function mailTransport (value: string): string {
  return value === 'file' || /^smtps?:\/\/[^/]/.test(new URL(value).href) ? value : refuse()
}

/** Numbers and the secret go over the net: without encryption only to this machine itself. */
function smsGateway (value: string): string {
  if (value === 'file') return value
  const { protocol, hostname } = new URL(value)
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) ? value : refuse()
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/** `s3://bucket/prefix?endpoint=…&region=…&style=…` in its parts; null for a folder. */
function bucket (value: string): { bucket: string, prefix: string, endpoint: string, region: string, style: 'path' | 'host' } | null {
  if (value === '') return null
  const { protocol, host, pathname, searchParams: said } = new URL(value)
  const [prefix, endpoint, region, style] = [pathname.replace(/^\/|\/$/g, ''), new URL(said.get('endpoint') ?? ''), said.get('region') ?? 'us-east-1', said.get('style') ?? 'path']
  if (protocol !== 's3:' || !BUCKET.test(host) || !/^[\w-]*(\/[\w-]+)*$/.test(prefix) || !/^https?:$/.test(endpoint.protocol) || endpoint.username !== '') return refuse()
  if (!/^[a-z0-9-]+$/.test(region) || (style !== 'path' && style !== 'host') || [...said.keys()].some(key => !['endpoint', 'region', 'style'].includes(key))) return refuse()
  return { bucket: host, prefix: prefix === '' ? '' : `${prefix}/`, endpoint: endpoint.href, region, style }
}

/** Every setting of the portal. The table in README.md is generated from this one. */
export const SETTINGS = {
  HOST: { default: '127.0.0.1', meaning: 'Address to listen on', rule: 'an IP address or host name', read: value => /^[0-9a-zA-Z.:-]+$/.test(value) ? value : refuse() },
  PORT: { default: '3000', meaning: 'Port to listen on; 0 picks a free one', rule: 'a whole number from 0 to 65535', read: integer(0, 65535) },
  SITE_ORIGIN: { default: '', meaning: 'Public origin, e.g. `https://zfjd.example.gov.cn`; empty: taken from the listening address', rule: 'http(s)://host[:port] without a path', read: origin },
  SITE_BASE_PATH: { default: '', meaning: 'Path under which the site is mounted, e.g. `/zfjd`', rule: 'empty, or /segments of a-z 0-9 . _ - without a slash at the end', read: basePath },
  DATABASE_URL: { default: '', meaning: '`sqlite:<file>` or `postgres://…`; empty: SQLite under the data folder', rule: 'empty, sqlite:<file> or postgres://user:password@host/database', secret: true, read: database },
  SUNLIT_DATA: { default: 'data', meaning: 'Folder for the database, the attachments and, unless `SUNLIT_KEYS` is set, the keys', rule: 'a path', read: value => path.resolve(value) },
  SUNLIT_KEYS: { default: '', meaning: 'Folder of the key files; empty: `keys` in the data folder, which a live portal refuses', rule: 'a path', read: value => value === '' ? '' : path.resolve(value) },
  SUNLIT_SUITE: { default: 'aes', meaning: 'What is encrypted from now on: `aes` AES-256-GCM, `sm` SM4-CTR with HMAC-SM3; what is stored opens under either', rule: 'aes or sm', read: oneOf('aes', 'sm') },
  SUNLIT_FILES: { default: '', meaning: 'Where attachments lie, encrypted: empty: `files` in the data folder; or an S3-compatible bucket, `s3://bucket/prefix?endpoint=https://…&region=…`, with `&style=host` where the bucket stands in front of the host', rule: 'empty or s3://bucket[/prefix]?endpoint=https://host[&region=name][&style=host], without keys', read: bucket },
  SUNLIT_FILES_SECRET: { default: '', meaning: 'File with the keys of that bucket: the access key id, and on a second line the secret; for its owner alone (mode 600)', rule: 'a path', read: value => value === '' ? '' : path.resolve(value) },
  SUNLIT_FREE: { default: '10', meaning: 'Percent of the disk that uploads leave free', rule: 'a whole number from 0 to 90', read: integer(0, 90) },
  SUNLIT_CITY: { default: 'shenyang', meaning: 'Content pack: a folder of `src/content`', rule: 'a folder name of a-z and -', read: value => /^[a-z-]+$/.test(value) ? value : refuse() },
  SUNLIT_DEMO: { default: 'auto', meaning: '`auto` fills an empty database with the demo city; `off` never does', rule: 'auto or off', read: oneOf('auto', 'off') },
  SUNLIT_LOG: { default: 'info', meaning: 'Log level', rule: 'trace, debug, info, warn, error or silent', read: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent') },
  SUNLIT_MAIL: { default: 'file', meaning: 'How letters leave: `file` writes each as an .eml into `mail` in the data folder; `smtp://…` or `smtps://…` hands them to a server', rule: 'file, smtp://[user:password@]host[:port] or smtps://…', secret: true, read: mailTransport },
  SUNLIT_MAIL_FROM: { default: '', meaning: 'Sender of letters, e.g. `noreply@zfjd.example.gov.cn`; empty: noreply@ the host of `SITE_ORIGIN`', rule: 'an e-mail address', read: value => value === '' || isEmail(value) ? value : refuse() },
  SUNLIT_SMS: { default: 'file', meaning: 'How short messages leave: `file` writes each as a text file into `mail` in the data folder; `https://…` posts `{ id, to, text }` as JSON to a gateway', rule: 'file, or https://host[:port]/path; http:// only for localhost', secret: true, read: smsGateway },
  SUNLIT_SMS_SECRET: { default: '', meaning: 'File with the secret that the gateway gets as `Authorization: Bearer …`; empty: none', rule: 'a path', read: value => value === '' ? '' : path.resolve(value) },
  SUNLIT_SCANNER: { default: '', meaning: 'Virus scanner: a command that reads a file from the standard input and ends with 0 (clean) or 1 (infected), e.g. `clamdscan --no-summary -`; while it gives no answer files are kept but not opened. Empty: none', rule: 'a command (with its path unless it lies in /usr/bin) and its words, separated by spaces', read: value => value.split(/\s+/).filter(word => word !== '') },
  SUNLIT_PROXY: { default: '', meaning: 'Addresses of the reverse proxies whose X-Forwarded-For is believed, comma-separated', rule: 'IP addresses or CIDR ranges, comma-separated', read: value => value === '' ? [] : value.split(',').map(item => /^[0-9a-fA-F.:/]+$/.test(item.trim()) ? item.trim() : refuse()) },
  SUNLIT_RATE: { default: '1', meaning: 'Multiplier of all rate limits', rule: 'a whole number from 1 to 100000', read: integer(1, 100000) }
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof SETTINGS
