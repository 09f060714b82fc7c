import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'
import { findByRef, insertEvent, lockComplaint, touchComplaint, type ComplaintRow } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts, Viewer } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { BULK_ACTS, type Before, type BulkName, type Told } from './acts.ts'
import { findBatch, findItem, insertBatch, listItems, listLastEvents, markUndone, updateItem, type BatchRow, type ItemRow } from './repository.ts'

export { BULK_ACTS, BULK_NAMES, type BulkName } from './acts.ts'

type Person = Actor & Viewer & { id: number }
/** So many cases at once; a page of the queue shows no more. */
export const MOST_ROWS = 100
export const REASON_LIMIT = 500
/** How long a batch can be taken back. */
export const UNDO_MINUTES = 10

export interface Wish { act: BulkName, value: string }
/** A case that was chosen: how it stood when it was looked at, and what stands against the act. */
export interface Chosen { id: string, ref: string, seq: number, against: string | null }
export interface Batch { id: string, act: BulkName, value: string, at: string, undoable: boolean, undone: boolean, items: Array<{ ref: string, result: string, undo: string | null }> }

/** The chosen cases that exist for the person, each with what stands against the act; without a wish nothing does yet. */
export async function previewBulk ({ db }: Pick<Parts, 'db'>, actor: Person, refs: readonly string[], wish: Wish | null, now: string): Promise<Chosen[]> {
  const rows = await visible(db, actor, refs)
  const last = await listLastEvents(db, rows.map(({ id }) => id))
  const chosen: Chosen[] = []
  for (const row of rows) {
    const against = wish === null ? null : await BULK_ACTS[wish.act].against(db, { row, value: wish.value, me: actor.id, now })
    chosen.push({ id: row.id, ref: row.ref, seq: last.get(row.id) ?? 0, against })
  }
  return chosen
}

/** What does not exist for the person is passed over, as if it did not exist. */
async function visible (db: Db, actor: Person, refs: readonly string[]): Promise<ComplaintRow[]> {
  const rows: ComplaintRow[] = []
  for (const ref of [...new Set(refs)].slice(0, MOST_ROWS)) {
    const row = await findByRef(db, ref, actor).catch(absent)
    if (row !== undefined) rows.push(row)
  }
  return rows
}

function absent (error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined
  throw error
}

export interface Order extends Wish { id: string, reason: string, rows: ReadonlyArray<{ ref: string, seq: number }> }

/**
 * Does one act with many cases, each in a transaction of its own with event and audit: what somebody changed since it was looked at, and what the
 * act cannot be done with, is written down as such, and the others are done. A form that is sent twice is done once. Errors: `forbidden`, `form_invalid`.
 */
export async function runBulk (parts: Parts, actor: Person, order: Order, now: string): Promise<void> {
  const { id, act, value, rows } = order
  demandPermission(actor, BULK_ACTS[act].permission)
  if (order.reason.trim() === '') throw new AppError('form_invalid', { fields: { reason: { key: 'bulk.reason_missing' } } })
  if ([...order.reason].length > REASON_LIMIT) throw new AppError('form_invalid', { fields: { reason: { key: 'field.maxLength', values: { limit: REASON_LIMIT } } } })
  const found = await visible(parts.db, actor, rows.map(({ ref }) => ref))
  const fresh = await parts.db.transaction().execute(async trx => await insertBatch(trx, { id, account_id: actor.id, act, value, at: now, undone_at: null }, found.map(row => row.id)))
  if (!fresh) return
  for (const { id: complaintId, ref } of found) {
    const item = { batch_id: id, complaint_id: complaintId }
    const refused = await one(parts, actor, { order, item, ref, seq: rows.find(row => row.ref === ref)?.seq ?? 0 }, now)
    if (refused !== null) await updateItem(parts.db, item, { result: refused })
  }
}

/** Carries out of a transaction, which it undoes, why nothing was done. */
class Refused extends Error {}

interface Task { order: Order, item: Pick<ItemRow, 'batch_id' | 'complaint_id'>, ref: string, seq: number }

/** One case: null when it was done, else why not. */
async function one (parts: Parts, actor: Person, { order, item, ref, seq }: Task, now: string): Promise<string | null> {
  const act = BULK_ACTS[order.act]
  return await settled(async () => {
    await parts.db.transaction().execute(async trx => {
      const row = await held(trx, actor, ref, order)
      if ((await listLastEvents(trx, [row.id])).get(row.id) !== seq) throw new Refused('changed')
      const deed = { row, value: order.value, me: actor.id, now }
      const against = await act.against(trx, deed)
      if (against !== null) throw new Refused(against)
      const { before, ...told } = await act.apply(trx, deed)
      await write(trx, parts, actor, { row, told, reason: order.reason, mark: 'done', now })
      await updateItem(trx, item, { result: 'done', before: JSON.stringify(before), seq: (await listLastEvents(trx, [row.id])).get(row.id) ?? null })
    })
  })
}

/** Locks a case that exists for the person; where the act is about another case too, both, always in one order. */
async function held (trx: Db, actor: Person, ref: string, { act, value }: Wish): Promise<ComplaintRow> {
  const { id } = await findByRef(trx, ref, actor)
  const other = BULK_ACTS[act].asks === 'case' ? [(await findByRef(trx, value, actor)).id] : []
  for (const one of [id, ...other].sort()) await lockComplaint(trx, one)
  return await findByRef(trx, ref, actor)
}

async function settled (work: () => Promise<void>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof Refused) return error.message
    if (error instanceof AppError && error.code === 'not_found') return 'gone'
    throw error
  }
}

interface Line { row: ComplaintRow, told: Told, reason?: string, mark: 'done' | 'undone', now: string }

async function write (trx: Db, { keys }: Parts, actor: Person, { row, told, reason, mark, now }: Line): Promise<void> {
  await entry(trx, keys, actor, { row, told, ...reason === undefined ? {} : { reason }, mark, now })
  const other = told.details?.['other'] // a tie is told in the history of both
  if (other !== undefined) await entry(trx, keys, actor, { row: await findByRef(trx, other, actor), told: { ...told, details: { other: row.ref } }, ...reason === undefined ? {} : { reason }, mark, now })
}

async function entry (trx: Db, keys: Parts['keys'], actor: Person, { row, told, reason, mark, now }: Line): Promise<void> {
  const { id, ref, status } = row
  await touchComplaint(trx, id, {}, now)
  const typed = { ...told.typed, ...reason === undefined ? {} : { text: reason } }
  await insertEvent(trx, sealFor(keys, row), id, { action: told.event, from: status, to: status, actorId: actor.id, role: actor.role, audience: 'internal', details: { ...told.details, bulk: mark }, typed, at: now })
  await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `complaint.${told.event}`, subject: ref, result: 'done', requestId: actor.requestId })
}

/** A batch of one's own with what became of each case that still exists for the person. Errors: `not_found`. */
export async function readBatch ({ db }: Pick<Parts, 'db'>, actor: Person, id: string, now: string): Promise<Batch> {
  const batch = await findBatch(db, id, actor.id)
  const items = await listItems(db, id)
  const seen = new Set((await visible(db, actor, items.map(({ ref }) => ref))).map(({ ref }) => ref))
  const left = items.some(({ result, undo }) => result === 'done' && undo === null)
  return {
    id, act: batch.act as BulkName, value: batch.value, at: batch.at, undoable: left && inTime(batch, now), undone: batch.undone_at !== null,
    items: items.filter(({ ref }) => seen.has(ref)).map(({ ref, result, undo }) => ({ ref, result, undo }))
  }
}

function inTime ({ at }: BatchRow, now: string): boolean {
  return Date.parse(now) - Date.parse(at) <= UNDO_MINUTES * 60_000
}

/**
 * Takes a batch back, case by case: only where nothing else happened to the case since. May be sent again where a process ended in between.
 * Errors: `forbidden`, `not_found`, `undo_over` after ten minutes.
 */
export async function undoBulk (parts: Parts, actor: Person, id: string, now: string): Promise<void> {
  const batch = await findBatch(parts.db, id, actor.id)
  const act = batch.act as BulkName
  demandPermission(actor, BULK_ACTS[act].permission)
  if (!inTime(batch, now)) throw new AppError('undo_over', { id })
  await markUndone(parts.db, id, now)
  for (const item of (await listItems(parts.db, id)).filter(({ result, undo }) => result === 'done' && undo === null)) {
    const kept = await settled(async () => {
      await parts.db.transaction().execute(async trx => {
        const row = await held(trx, actor, item.ref, { act, value: batch.value })
        if ((await findItem(trx, item)).undo !== null) throw new Refused('undone')
        if (row.updated_at !== batch.at || (await listLastEvents(trx, [row.id])).get(row.id) !== item.seq) throw new Refused('moved')
        const told = await BULK_ACTS[act].undo(trx, { row, value: batch.value, me: actor.id, now, before: JSON.parse(item.before ?? '{}') as Before })
        await write(trx, parts, actor, { row, told, mark: 'undone', now })
        await updateItem(trx, item, { undo: 'undone' })
      })
    })
    if (kept !== null && kept !== 'undone') await updateItem(parts.db, item, { undo: kept })
  }
}
