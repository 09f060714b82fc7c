import closeWithGrace from 'close-with-grace'
import type { AddressInfo } from 'node:net'
import { buildApp, type App } from './app.ts'
import { codeOf } from './catalogue/codes/service.ts'
import { ConfigError, databaseFile, databaseUrl, keysFolder, keysInside, packFolder, readConfig, type Config } from './config.ts'
import { readChecked } from './content/pack.ts'
import { City } from './content/schema.ts'
import { siteOf } from './content/site.ts'
import { migrateToLatest } from './db/migrate.ts'
import { openDatabase } from './db/open.ts'
import { StartError } from './db/start-error.ts'
import { FIRST_CERTIFICATE } from './demo/officers.ts'
import { openConfiguredStore } from './files/place.ts'
import { translate } from './i18n/index.ts'
import { startJobs } from './jobs.ts'
import { openLog } from './log.ts'
import { openTransport } from './mail/transport.ts'
import { LOCALES } from './paths.ts'
import { prepare, type Prepared } from './prepare.ts'
import { loadKeys } from './vault/keys.ts'

const now = (): string => new Date().toISOString()
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const say = (line: string): void => { process.stdout.write(`${line}\n`) }

/** On https without a demo the complaints are real. Elsewhere a fresh clone must start by itself, and is only told. */
function checkKeysFolder (config: Config): void {
  if (!config.SITE_ORIGIN.startsWith('https:') || !keysInside(config)) return
  const file = keysFolder(config)
  if (config.SUNLIT_DEMO === 'off') throw new StartError('keys_inside', { file })
  for (const locale of LOCALES) say(`  ${translate(locale, 'keys_start.inside', { file })}`)
}

async function start (config: Config): Promise<App> {
  checkKeysFolder(config)
  const folder = packFolder(config)
  const db = await openDatabase(databaseUrl(config))
  await migrateToLatest(db)
  const keys = await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE)
  const files = openConfiguredStore(config)
  const { demo, accounts, tracking } = await prepare({ db, keys, folder, now: now(), demo: config.SUNLIT_DEMO, say, files })
  const site = siteOf(readChecked(folder, 'city.json', City), demo)
  const log = openLog()
  const app = await buildApp({ config, db, keys, files, site, now, logger: config.SUNLIT_LOG === 'silent' ? false : { level: config.SUNLIT_LOG, stream: log } })
  app.addHook('onClose', async () => {
    await db.destroy()
    log.close()
  })
  startJobs(app, openTransport(config, site['zh-CN'].name)) // closed first: hooks of closing run from the last to the first
  await listen(app, config)
  announce(app, config, { accounts, tracking, card: demo ? await codeOf({ db, keys }, FIRST_CERTIFICATE) : null })
  return app
}

async function listen (app: App, config: Config): Promise<void> {
  try {
    await app.listen({ host: config.HOST, port: config.PORT })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE') throw new StartError('port_in_use', { port: config.PORT })
    if (code !== undefined && /^E(ADDR|ACCES)/.test(code)) throw new StartError('address_unavailable', { host: config.HOST, port: config.PORT, why: code })
    throw error
  }
}

interface Samples extends Pick<Prepared, 'accounts' | 'tracking'> { card: string | null }

function announce (app: App, config: Config, { accounts, tracking, card }: Samples): void {
  const { port } = app.server.address() as AddressInfo
  const origin = config.SITE_ORIGIN === '' ? `http://${config.HOST}:${port}` : config.SITE_ORIGIN
  const base = `${origin}${config.SITE_BASE_PATH}`
  say(`\n  阳光执法  ${base}/\n  English   ${base}/en\n  工作台 desk ${base}/desk`)
  for (const account of accounts) say(`  演示账号 demo account  ${account.username} / ${account.password}  (${account.role})`)
  if (accounts.length > 0) say('  动态验证码 code      登录页会显示 the sign-in page shows it  ·  npm run account -- code --username …')
  if (tracking !== null) say(`  演示投诉 demo complaint  ${base}/track  ${tracking.ref} / ${tracking.code}`)
  if (card !== null) say(`  演示证件 demo certificate  ${base}/v/${card}  (${FIRST_CERTIFICATE})`)
  say('')
}

/** The terminal, npm and the launcher may each pass on the same signal: what comes within a second is not impatience. */
function closeOnSignal (close: () => void): void {
  let asked = 0
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (asked > 0 && Date.now() - asked > 1000) process.exit(1)
      if (asked > 0) return
      asked = Date.now()
      close()
    })
  }
}

/** A reason for a person, without a stack; anything else is a fault of ours and shows where. */
function explain (error: unknown, config: Config | null): string {
  if (error instanceof ConfigError) return `设置有误 / faulty settings:\n${error.message}`
  const reason = config === null ? error : StartError.of(error, { file: databaseFile(config) })
  return reason instanceof StartError ? reason.message : String((reason as Error).stack)
}

let config: Config | null = null

try {
  config = readConfig(process.env)
  const app = await start(config)
  const { close } = closeWithGrace({ delay: 10_000, logger: false, skip: [...SIGNALS] }, async ({ err }) => {
    if (err !== undefined) app.log.error({ err: { type: err.name, message: err.message, stack: err.stack } }, 'closing after a fault')
    await app.close()
  })
  closeOnSignal(close)
} catch (error) {
  process.stderr.write(`${explain(error, config)}\n`)
  process.exitCode = 1
  setTimeout(() => process.exit(1), 500).unref()
}
