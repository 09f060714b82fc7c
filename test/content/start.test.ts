import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import t, { type Test } from 'tap'
import { openDatabase } from '../../src/db/open.ts'
import type { Database } from '../../src/db/schema.ts'
import { readDemoPack } from '../../src/demo/load.ts'
import { readDemoState } from '../../src/demo/state.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { createEmptyPostgres, dropPostgres } from '../fixtures/postgres.ts'

t.setTimeout(300_000) // whole servers on both engines, beside other test files

const ROOT = path.join(import.meta.dirname, '../..')
const PACK = path.join(ROOT, 'src/content/shenyang')
const COMPLAINTS = readDemoPack(PACK).cases.length
const ACCOUNTS = readDemoPack(PACK).accounts.length

for (const engine of ENGINES) {
  t.test(`starting on ${engine}`, async t => {
    await t.test('of two processes on an empty database one loads, the other waits, and both serve', async t => {
      const { url, folder } = await givenEmpty(t, engine)
      const servers = [launch(t, url, folder), launch(t, url, folder)]
      const said = await Promise.all(servers.map(async server => await server.ready))
      t.equal(said.filter(text => text.includes('loading the demo city')).length, 1, said.join('\n'))
      t.ok(said.every(text => /demo account {2}clerk \/ /.test(text)), 'both print the accounts')
      await whole(t, url)
    })

    await t.test('a process killed while loading leaves nothing that the next start does not put right', async t => {
      const { url, folder } = await killedWhileLoading(t, engine)
      await launch(t, url, folder).ready
      await whole(t, url)
    })
  })
}

t.test('generated records do not go where real ones are', async t => {
  const { url, folder } = await givenEmpty(t, 'sqlite')
  const run = (file: string, ...args: string[]): { status: number | null, stdout: string, stderr: string } => spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', `src/cli/${file}.ts`, ...args], {
    cwd: ROOT, env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], DATABASE_URL: url, SUNLIT_DATA: folder }, encoding: 'utf8'
  })
  t.match(run('migrate').stdout, /0001_foundation\n[^]*migrations applied/)
  t.match(run('migrate').stdout, /up to date/)
  t.match(run('seed', '--scale', 'big'), { status: 2, stderr: /npm run seed -- --scale/ })
  t.equal(run('import', 'matters', path.join(PACK, 'matters.csv')).status, 0)
  t.match(run('seed', '--scale', '0.01'), { status: 2, stderr: /holds real records/ })
  t.equal(await asked(url, async db => await count(db, 'officer')), 0)
})

function folderOf (t: Teardown): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-demo-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) })
  return folder
}

async function count (db: Kysely<Database>, table: 'officer' | 'complaint' | 'account'): Promise<number> {
  return (await db.selectFrom(table).select(eb => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
}

/** A database whose first start was killed between its fifth complaint and the last; on a busy machine it may take more than one try. */
async function killedWhileLoading (t: Teardown, engine: Engine): Promise<{ url: string, folder: string }> {
  for (let tries = 0; tries < 10; tries++) {
    const given = await givenEmpty(t, engine)
    const victim = launch(t, given.url, given.folder)
    await victim.says('loading the demo city')
    await until(given.url, async db => await count(db, 'complaint') >= 5)
    victim.process.kill('SIGKILL')
    await victim.closed
    if (await asked(given.url, readDemoState) === 'loading') return given
  }
  throw new Error('loading was always over before it could be cut off')
}

async function asked<T> (url: string, question: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const db = await openDatabase(url)
  try { return await question(db) } finally { await db.destroy() }
}

interface Server { process: ChildProcess, ready: Promise<string>, closed: Promise<void>, says: (text: string) => Promise<string> }

async function givenEmpty (t: Teardown, engine: Engine): Promise<{ url: string, folder: string }> {
  const folder = folderOf(t)
  if (engine === 'sqlite') return { url: `sqlite:${path.join(folder, 'sunlit.db')}`, folder }
  const url = await createEmptyPostgres()
  t.teardown(async () => { await dropPostgres(url) })
  return { url, folder }
}

/** The real server on a port of its own. `ready` holds what it printed until it serves. */
function launch (t: Teardown, url: string, folder: string): Server {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/server.ts'], {
    cwd: ROOT, env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], DATABASE_URL: url, SUNLIT_DATA: folder, PORT: '0', SUNLIT_LOG: 'silent' }, stdio: ['ignore', 'pipe', 'pipe']
  })
  let text = ''
  const closed = new Promise<void>(resolve => { child.once('close', () => { resolve() }) })
  t.teardown(async () => { child.kill('SIGKILL'); await closed })
  const says = async (wanted: string): Promise<string> => await new Promise((resolve, reject) => {
    const look = (): void => { if (text.includes(wanted)) resolve(text) }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += String(chunk); look() })
    child.once('close', () => { reject(new Error(`ended before it said "${wanted}":\n${text}`)) })
  })
  const ready = says('demo complaint')
  ready.catch(() => {}) // the one that is killed never gets there
  return { process: child, closed, ready, says }
}

async function until (url: string, holds: (db: Kysely<Database>) => Promise<boolean>): Promise<void> {
  await asked(url, async db => {
    for (let tries = 0; !await holds(db).catch(() => false); tries++) {
      if (tries === 1000) throw new Error('waited in vain')
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  })
}

/** The demo city is there once and complete. */
async function whole (t: Test, url: string): Promise<void> {
  await asked(url, async db => {
    t.equal(await readDemoState(db), 'ready')
    t.equal(await count(db, 'complaint'), COMPLAINTS)
    t.equal(await count(db, 'officer'), 400)
    t.equal(await count(db, 'account'), ACCOUNTS)
    const twice = await db.selectFrom('record_version').select(['kind', 'record_id', 'version']).groupBy(['kind', 'record_id', 'version']).having(eb => eb.fn.countAll(), '>', 1).execute()
    t.same(twice, [])
    const last = await db.selectFrom('record_version').select(['kind', eb => eb.fn.max('version').as('version')]).where('kind', 'in', ['agency', 'matter', 'prohibition']).groupBy('kind').orderBy('kind').execute()
    t.same(last, [{ kind: 'agency', version: 1 }, { kind: 'matter', version: 3 }, { kind: 'prohibition', version: 1 }], 'what was loaded again got no further versions; some matters of the demo have a past')
  })
}
