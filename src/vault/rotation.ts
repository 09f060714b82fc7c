import type { Kysely } from 'kysely'
import { appendAudit } from '../db/audit.ts'
import type { Database } from '../db/schema.ts'
import { newKey, readKey, removeKey } from './files.ts'
import { followKeys, readRegister, RING_NAMES, rowOf, type Keys, type RingName } from './keys.ts'
import { countByKey, PLACES, replaceSealed, sealedOtherwise, type Sealed } from './places.ts'
import type { KeyRow } from './rings.ts'
import { openBytes, SealBroken, sealBytes } from './seal.ts'

export interface VaultParts { db: Kysely<Database>, keys: Keys, folder: string, now: string }

/** Keys that can be exchanged. The others cannot: what they made can be neither found nor checked again without them (see `keys_cli.fixed.<name>`). */
export const ROTATABLE = [...RING_NAMES, 'signing'] as const
export type Rotatable = (typeof ROTATABLE)[number]

/** Rows in one transaction: about 10 ms, so that nobody who files a complaint meanwhile waits longer. */
const BATCH = 100
/** For so long a running process may still hold the former key in hand: it follows within ten seconds, a request ends within five minutes. */
const SETTLED_MS = 60 * 60_000

/** `started`: a new key is in use; false where an exchange that was interrupted was only finished. `broken`: texts that no key opens, by table, column and row. */
export interface Rotation { id: string, started: boolean, moved: number, broken: string[] }

/** Makes a key beside the one in use, to be copied to other machines before it is used. Gives the one that waits already. */
export async function makeKey ({ db, keys, folder, now }: VaultParts, name: Rotatable): Promise<KeyRow> {
  const waiting = (await readRegister(db)).find(row => row.name === name && row.state === 'ready')
  if (waiting !== undefined) return waiting
  const made = { ...rowOf(name, newKey(folder, name)), made_at: now }
  await db.transaction().execute(async trx => {
    await trx.insertInto('vault_key').values(made).execute()
    await audit({ trx, keys, now }, 'key.made', made)
  })
  return made
}

/**
 * Takes a new key into use and seals anew what the former ones sealed, in small transactions beside the running portal. After an
 * interruption the same call finishes that first, and no further key is made. Throws StartError.
 */
export async function rotateKey (parts: VaultParts, name: Rotatable): Promise<Rotation> {
  const { db, keys } = parts
  const unfinished = name !== 'signing' && await hasMovable(parts, name)
  if (!unfinished) await putInUse(parts, name, await makeKey(parts, name))
  await followKeys(db, keys)
  const done = name === 'signing' ? { moved: 0, broken: [] } : await sealAnew(parts, name)
  return { id: name === 'signing' ? keys.signing.currentId() : keys[name].current.id, started: !unfinished, ...done }
}

async function putInUse ({ db, keys, folder, now }: VaultParts, name: Rotatable, next: KeyRow): Promise<void> {
  readKey(folder, name, next.id) // before anything depends on it
  await db.transaction().execute(async trx => {
    await trx.updateTable('vault_key').set({ state: 'former', former_at: now }).where('name', '=', name).where('state', '=', 'current').execute()
    await trx.updateTable('vault_key').set({ state: 'current', current_at: now }).where('name', '=', name).where('id', '=', next.id).execute()
    await audit({ trx, keys, now }, 'key.rotated', next)
  })
}

async function countLeft ({ db, keys }: VaultParts, name: RingName): Promise<number> {
  let left = 0
  for (const place of PLACES[name]) left += (await sealedOtherwise(db, place, { id: keys[name].current.id, last: '', limit: 1 })).length
  return left
}

/** Whether an exchange was interrupted: something is left that could be sealed anew. What no key opens will never be, and holds nothing up. */
async function hasMovable ({ db, keys }: VaultParts, name: RingName): Promise<boolean> {
  for (const place of PLACES[name]) {
    for (let last = ''; ;) {
      const rows = await sealedOtherwise(db, place, { id: keys[name].current.id, last, limit: BATCH })
      if (rows.some(row => resealed(keys, name, { ...row, bound: place.bound(row.by) }) !== null)) return true
      if (rows.length < BATCH) break
      last = rows.at(-1)?.by ?? ''
    }
  }
  return false
}

/** Goes through the places until one whole round finds nothing more: a draft may become a complaint meanwhile. */
async function sealAnew (parts: VaultParts, name: RingName): Promise<{ moved: number, broken: string[] }> {
  let moved = 0
  for (;;) {
    const round = await sealRound(parts, name)
    moved += round.moved
    if (round.moved === 0) return { moved, broken: round.broken }
  }
}

async function sealRound ({ db, keys }: VaultParts, name: RingName): Promise<{ moved: number, broken: string[] }> {
  let moved = 0
  const broken: string[] = []
  for (const place of PLACES[name]) {
    for (let last = ''; ;) {
      const rows = await sealedOtherwise(db, place, { id: keys[name].current.id, last, limit: BATCH })
      const anew = rows.map(row => ({ row, sealed: resealed(keys, name, { ...row, bound: place.bound(row.by) }) }))
      await db.transaction().execute(async trx => {
        for (const { row, sealed } of anew) if (sealed !== null) await replaceSealed(trx, place, row, sealed)
      })
      for (const { row, sealed } of anew) if (sealed === null) broken.push(`${place.table}.${place.column} ${row.by}`)
      moved += anew.filter(({ sealed }) => sealed !== null).length
      if (rows.length < BATCH) break
      last = rows.at(-1)?.by ?? ''
    }
  }
  return { moved, broken }
}

/** Null for what no key opens. */
function resealed (keys: Keys, name: RingName, { sealed, bound }: Sealed & { bound: string }): string | null {
  try {
    return sealBytes(keys[name], openBytes(keys[name], sealed, bound), bound)
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
}

/** What became of the former keys of a name: destroyed, still needed (`left` texts that could not be sealed anew, `broken` those of them that no key opens), or to be kept until a moment. */
export interface Retirement { retired: string[], left: number, broken: string[], notBefore: string | null }

/** Destroys the former keys of a name once nothing needs them. An interrupted call is made good by the next one. */
export async function retireKeys (parts: VaultParts, name: Rotatable): Promise<Retirement> {
  const { db, keys, folder, now } = parts
  await followKeys(db, keys)
  const broken = name === 'signing' ? [] : (await sealAnew(parts, name)).broken
  const left = name === 'signing' ? 0 : await countLeft(parts, name)
  const retirement: Retirement = { retired: [], left, broken, notBefore: null }
  for (const row of (await readRegister(db)).filter(row => row.name === name)) {
    if (row.state === 'retired') removeKey(folder, name, row.id)
    if (row.state !== 'former' || left > 0) continue
    const settled = new Date(Date.parse(row.former_at ?? now) + SETTLED_MS).toISOString()
    if (settled > now) retirement.notBefore = settled
    else retirement.retired.push(await retire(parts, row, name))
  }
  return retirement
}

async function retire ({ db, keys, folder, now }: VaultParts, row: KeyRow, name: Rotatable): Promise<string> {
  await db.transaction().execute(async trx => {
    await trx.updateTable('vault_key').set({ state: 'retired', retired_at: now }).where('name', '=', name).where('id', '=', row.id).execute()
    await audit({ trx, keys, now }, 'key.retired', row)
  })
  removeKey(folder, name, row.id)
  return row.id
}

/** Every key with how many texts it opens; the count is null for keys that seal nothing. */
export async function listKeys (db: Kysely<Database>): Promise<Array<KeyRow & { texts: number | null }>> {
  const rows = await readRegister(db)
  const texts = new Map<string, number>()
  for (const name of RING_NAMES) {
    const ids = rows.filter(row => row.name === name).map(({ id }) => id)
    for (const place of PLACES[name]) {
      for (const [id, count] of await countByKey(db, place, ids)) texts.set(`${name} ${id || ids[0]}`, (texts.get(`${name} ${id || ids[0]}`) ?? 0) + count)
    }
  }
  return rows.map(row => ({ ...row, texts: texts.get(`${row.name} ${row.id}`) ?? null }))
}

async function audit ({ trx, keys, now }: Pick<VaultParts, 'keys' | 'now'> & { trx: Parameters<typeof appendAudit>[0] }, action: string, { name, id }: KeyRow): Promise<void> {
  await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'system', action, subject: `${name} ${id}`, result: 'done', requestId: 'cli' })
}
