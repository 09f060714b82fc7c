import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { AuditKey } from '../db/audit.ts'
import type { Db } from '../db/schema.ts'
import { StartError } from '../db/start-error.ts'
import { firstFile, firstKey, readKey, readKeyFile, type KeyFile } from './files.ts'
import { auditKey, openRing, openSigning, publicHalf, type KeyRow, type LiveRing, type SigningRing } from './rings.ts'
import type { SuiteName } from './suites.ts'

/** Keys that seal. identity: names and contacts; content: everything else typed; visits: private notes. */
export const RING_NAMES = ['identity', 'content', 'visits'] as const
export type RingName = (typeof RING_NAMES)[number]
/** signing: receipts; audit: the chain; pepper: query codes and passwords; forms: form tokens; cards: codes on certificates. */
export const KEY_NAMES = [...RING_NAMES, 'signing', 'audit', 'pepper', 'forms', 'cards'] as const
export type KeyName = (typeof KEY_NAMES)[number]

export type Keys = Readonly<Record<RingName, LiveRing> & Record<'pepper' | 'forms' | 'cards', Buffer> & { signing: SigningRing, audit: AuditKey }>

/**
 * Loads the keys, each in its own file. Makes them only for a database that has none yet; for one that has, a missing or different key is a
 * StartError before anything is made: no fallback, nothing is ever written in the clear. `suite` is what new texts are sealed with.
 */
export async function loadKeys (db: Db, folder: string, suite: SuiteName = 'aes'): Promise<Keys> {
  for (const { name, id, state } of await readRegister(db)) if (state !== 'retired') readKey(folder, name, id)
  const known = new Set((await readRegister(db)).map(({ name }) => name))
  const fresh = KEY_NAMES.filter(name => !known.has(name))
  for (const name of fresh) await checkUnregistered(db, folder, name)
  for (const name of fresh) await register(db, folder, name)
  const rows = Map.groupBy(await readRegister(db), ({ name }) => name)
  const rowsOf = (name: KeyName): KeyRow[] => rows.get(name) ?? []
  const bytes = (name: KeyName): Buffer => readKey(folder, name, rowsOf(name)[0]?.id ?? '').key
  const ring = (name: RingName): LiveRing => openRing(folder, name, suite, rowsOf(name))
  return Object.freeze({
    identity: ring('identity'),
    content: ring('content'),
    visits: ring('visits'),
    signing: openSigning(folder, rowsOf('signing')),
    audit: auditKey(bytes('audit'), suite),
    pepper: bytes('pepper'),
    forms: bytes('forms'),
    cards: bytes('cards')
  })
}

/** Follows what was changed meanwhile by `npm run keys`. Throws StartError where this machine lacks the file of a key that is in use. */
export async function followKeys (db: Db, keys: Keys): Promise<void> {
  const rows = await readRegister(db)
  for (const name of [...RING_NAMES, 'signing'] as const) keys[name].follow(rows.filter(row => row.name === name))
}

export async function readRegister (db: Db): Promise<KeyRow[]> {
  return await db.selectFrom('vault_key').selectAll().orderBy('name').orderBy('made_at').orderBy('id').execute()
}

/** A database from before the register remembers a check of each key. */
async function checkUnregistered (db: Db, folder: string, name: KeyName): Promise<void> {
  const file = firstFile(folder, name)
  const check = await db.selectFrom('setting').select('value').where('name', '=', `key_check.${name}`).executeTakeFirst()
  if (check === undefined && !existsSync(file)) return
  const { key } = readKeyFile(file)
  if (check !== undefined && check.value !== createHmac('sha256', key).update(`sunlit key check ${name}`).digest('base64url')) throw new StartError('keys_wrong', { file })
}

/** Of two processes that start at once the first to write wins; the other must then find its key equal. */
async function register (db: Db, folder: string, name: KeyName): Promise<void> {
  const found = firstKey(folder, name)
  await db.insertInto('vault_key').values({ ...rowOf(name, found), state: 'current', current_at: found.madeAt }).onConflict(conflict => conflict.doNothing()).execute()
  const stored = await db.selectFrom('vault_key').select('id').where('name', '=', name).where('state', '=', 'current').executeTakeFirstOrThrow()
  if (stored.id !== found.id) throw new StartError('keys_wrong', { file: found.file })
}

/** A key as the register knows it first: not in use yet. */
export function rowOf (name: KeyName, { id, key, madeAt }: KeyFile): KeyRow {
  return { name, id, state: 'ready', public_key: name === 'signing' ? publicHalf(key) : null, made_at: madeAt, current_at: null, former_at: null, retired_at: null }
}
