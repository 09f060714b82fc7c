import { buildApp, type App } from '../app.ts'
import { keysFolder, packFolder, type Config } from '../config.ts'
import { readChecked } from '../content/pack.ts'
import { City } from '../content/schema.ts'
import { siteOf } from '../content/site.ts'
import { readDemoState } from '../demo/state.ts'
import { openConfiguredStore } from '../files/place.ts'
import { translate, type Values } from '../i18n/index.ts'
import { runJobs } from '../jobs.ts'
import { APART, type Job } from '../jobs/table.ts'
import { openTransport } from '../mail/transport.ts'
import { LOCALES } from '../paths.ts'
import { loadKeys } from '../vault/keys.ts'
import { runCommand, UsageError, type CommandParts } from './command.ts'

// npm run jobs -- NAME: does one of the jobs now that a running portal does by its timers; safe while one runs.

const both = (key: string, values?: Values): string => LOCALES.map(locale => translate(locale, key, values)).join('\n')
const JOBS: Readonly<Record<string, Job>> = APART

async function appOf ({ config, db }: CommandParts): Promise<App> {
  const keys = await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE)
  const site = siteOf(readChecked(packFolder(config), 'city.json', City), await readDemoState(db) === 'ready')
  return await buildApp({ config, db, keys, files: openConfiguredStore(config), site, now: () => new Date().toISOString(), logger: { level: 'error', stream: process.stderr } })
}

/** Gives how much was done; letters are counted in the log of who sends them. */
async function work (app: App, config: Config, name: string): Promise<number | null> {
  const { signal } = new AbortController()
  if (name !== 'letters') return await JOBS[name]?.run(app, signal) ?? null
  const transport = openTransport(config, app.site['zh-CN'].name)
  try {
    await runJobs(app, transport, signal)
  } finally {
    transport.close()
  }
  return null
}

await runCommand(async parts => {
  const [name = '', ...more] = process.argv.slice(2)
  if (more.length > 0 || (name !== 'letters' && !Object.hasOwn(JOBS, name))) throw new UsageError(both('jobs_cli.usage', { names: ['letters', ...Object.keys(JOBS)].join('|') }))
  const app = await appOf(parts)
  try {
    const done = await work(app, parts.config, name)
    console.log(both(done === null ? 'jobs_cli.done' : 'jobs_cli.counted', { name, count: done ?? 0 }))
  } finally {
    await app.close()
  }
})
