import { sql, type Kysely } from 'kysely'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { verifyAudit } from '../../src/db/chain/check.ts'
import { appendAudit } from '../../src/db/audit.ts'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import type { Database, Db } from '../../src/db/schema.ts'
import { openFileStore } from '../../src/files/store.ts'
import { codeOf } from '../../src/plugins/errors.ts'
import { loadKeys } from '../../src/vault/keys.ts'
import { auditKey } from '../../src/vault/rings.ts'
import { ringOf } from '../../src/vault/seal.ts'
import { ENGINES, openTestDatabase, type Engine } from '../fixtures/engines.ts'

const KEY = Buffer.alloc(32, 1)
const CHAIN = auditKey(KEY, 'aes')
const KEYS = { audit: CHAIN, signing: { sign: () => Buffer.alloc(64), currentId: () => 'test', verify: () => true } }
const whole = { rows: 5, broken: null, faults: [] }

async function givenChain (db: Db, length: number): Promise<void> {
  for (let at = 1; at <= length; at++) {
    await appendAudit(db, CHAIN, { at: `2026-11-23T02:00:0${at}.000Z`, actorId: at, role: 'clerk', action: 'complaint.accept', subject: `TS${at}`, result: 'done', requestId: 'test' })
  }
}

/** Somebody with every right on the database. */
async function tamper (db: Db, engine: Engine, change: ReturnType<typeof sql>): Promise<void> {
  if (engine === 'postgres') await sql`alter table audit_entry disable trigger user`.execute(db)
  else for (const name of ['audit_entry_no_update', 'audit_entry_no_delete']) await sql`drop trigger ${sql.ref(name)}`.execute(db)
  await change.execute(db)
}

for (const engine of ENGINES) {
  t.test(`${engine}: G-1: the audit chain takes no change, and shows one that was forced`, async t => {
    const db = await openTestDatabase(t, engine)
    await givenChain(db, 5)
    t.match(await verifyAudit(db, KEYS), whole)
    t.match(await verifyAudit(db, KEYS, { piece: 2 }), whole, 'read in pieces too')
    await t.rejects(db.updateTable('audit_entry').set({ result: 'refused' }).where('seq', '=', 3).execute(), /append-only/)
    await t.rejects(db.deleteFrom('audit_entry').where('seq', '=', 5).execute(), /append-only/)
    if (engine === 'postgres') await t.rejects(sql`truncate audit_entry`.execute(db), /append-only/)
    t.match(await verifyAudit(db, KEYS), whole)
    t.match(await verifyAudit(db, { ...KEYS, audit: auditKey(Buffer.alloc(32, 2), 'aes') }), { broken: 1, found: 5 }, 'who lacks the key can make no chain')
    if (engine === 'sqlite') await t.rejects(sql`insert or replace into audit_entry select seq, at, actor_id, role, action, 'other', result, request_id, hash from audit_entry where seq = 3`.execute(db), /append-only/)
  })

  for (const [what, change, broken] of [
    ['a changed row', sql`update audit_entry set subject = 'x' where seq = 3`, 3],
    ['a removed row', sql`delete from audit_entry where seq = 3`, 4],
    ['a removed beginning', sql`delete from audit_entry where seq = 1`, 2],
    ['an inserted row', sql`insert into audit_entry (seq, at, actor_id, role, action, subject, result, request_id, hash) values (6, '2026-11-23T02:00:09.000Z', 1, 'clerk', 'complaint.accept', 'TS9', 'done', 'test', 'x')`, 6]
  ] as const) {
    t.test(`${engine}: the audit chain names ${what}`, async t => {
      const db = await openTestDatabase(t, engine)
      await givenChain(db, 5)
      await tamper(db, engine, change)
      t.equal((await verifyAudit(db, KEYS)).broken, broken)
    })
  }
}

t.test('D-1: what was acknowledged is on the disk: the pragmas hold on an open database', async t => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-pragma-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const db = await openDatabase(`sqlite:${folder}/data/a.db`)
  t.teardown(async () => { await db.destroy() })
  await migrateToLatest(db)
  await db.insertInto('setting').values({ name: 'x', value: 'y' }).execute()
  const pragma = async (name: string): Promise<unknown> => Object.values((await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db)).rows[0] ?? {})[0]
  for (const [name, value] of Object.entries({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1, trusted_schema: 0, secure_delete: 1, busy_timeout: 10 })) t.equal(await pragma(name), value, name)
  if (process.platform !== 'win32') t.equal(statSync(`${folder}/data`).mode & 0o077, 0, 'a new data folder is its owner’s alone')
})

t.test('E-4: a stored file that was cut to a stump does not open', async t => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-files-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const files = openFileStore(folder)
  const id = randomBytes(16).toString('base64url')
  await files.put(id, ringOf(KEY, 'aes'), Readable.from([Buffer.from('content')]))
  for (const length of [4000, 50, 34, 28, 20, 13, 4, 0]) {
    truncateSync(path.join(folder, id.slice(0, 2), id), length)
    await t.rejects(files.read(id, ringOf(KEY, 'aes')), { code: 'file_broken' }, `${length} bytes`)
  }
})

t.test('D-4: a server that cannot write or answer is told apart from a fault of ours', async t => {
  const given = { '57P01': 'database_busy', '57P03': 'database_busy', 53300: 'database_busy', '40P01': 'database_busy', 57014: 'database_busy', '08006': 'database_busy', ECONNRESET: 'database_busy', 53100: 'storage_full', 25006: 'database_readonly', SQLITE_BUSY_SNAPSHOT: 'database_busy', SQLITE_IOERR_WRITE: 'storage_full', 42601: null }
  for (const [code, expected] of Object.entries(given)) t.equal(codeOf(Object.assign(new Error('x'), { code, statusCode: undefined }) as never), expected, code)
})

t.test('D-5 E-2: a database that is gone, empty, foreign, newer or without its keys stops the start in plain words', async t => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-start-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const file = path.join(folder, 'a.db')
  const keyFolder = path.join(folder, 'keys')
  const open = async <T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T> => {
    const db = await openDatabase(`sqlite:${file}`)
    try { return await work(db) } finally { await db.destroy() }
  }
  const start = async (): Promise<void> => { await open(async db => { await migrateToLatest(db); await loadKeys(db, keyFolder) }) }
  await start()
  const kept = readFileSync(file)
  const refused = async (reason: string): Promise<void> => { await t.rejects(start(), { name: 'StartError', reason }, reason) }
  rmSync(file)
  await refused('database_missing')
  t.notOk(existsSync(file), 'and no new one is made')
  writeFileSync(file, '')
  await refused('database_missing')
  writeFileSync(file, randomBytes(8192))
  await refused('database_damaged')
  writeFileSync(file, kept)
  await start()
  const key = path.join(keyFolder, 'identity.key')
  const secret = readFileSync(key)
  writeFileSync(key, randomBytes(32).toString('base64url'))
  await refused('keys_wrong')
  rmSync(key)
  await refused('keys_missing')
  t.notOk(existsSync(key), 'and no new key is made')
  writeFileSync(key, secret, { mode: 0o644 })
  if (process.platform !== 'win32') await refused('keys_open')
  writeFileSync(key, secret)
  chmodSync(key, 0o600)
  await open(async db => { await sql`insert into kysely_migration (name, timestamp) values ('9999_later', '')`.execute(db) })
  await refused('database_newer')
})
