import { randomBytes } from 'node:crypto'
import { canonical } from '../../../db/records.ts'
import { isDate, localDate } from '../../../domain/time/calendar.ts'
import type { RecordKind } from '../../../domain/supervision/measures.ts'
import { AppError } from '../../../errors.ts'
import { listAssigned } from '../assignments/repository.ts'
import type { ComplaintRow } from '../../case/core/repository.ts'
import type { Actor, FieldFaults, Parts } from '../../case/core/types.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { examine, writeAct, type Hold } from './hold.ts'
import { changeSheet, findSheet, insertAddition, insertSheet, listAdditions, listSheets, nextNo, type SheetRow } from './repository.ts'

/** What a record says; dates and times as the supervisors write them (China). */
export interface Sheet { on: string, from: string, to: string, place: string, persons: string, content: string }
export interface Supervisor { id: number, name: string, card: string, signedAt: string | null }
export interface RecordView extends Sheet {
  id: string, no: number, kind: RecordKind, version: number, state: 'draft' | 'frozen' | 'signed', supervisors: [Supervisor, Supervisor], digest: string | null, createdAt: string
  additions: Array<{ no: number, text: string, by: string, at: string }>
}
type Person = Actor & { id: number }

export const SHEET_LIMITS = { place: 200, persons: 1000, content: 10_000 } as const
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/

/** The records of a case, oldest first. */
export async function readRecords (parts: Parts, complaint: Pick<ComplaintRow, 'id' | 'wrapped_key'>): Promise<RecordView[]> {
  const views: RecordView[] = []
  for (const row of await listSheets(parts.db, complaint.id)) views.push(await viewOf(parts, sealFor(parts.keys, complaint), row))
  return views
}

/** One record. Errors: `not_found`. */
export async function readRecord (parts: Parts, complaint: Pick<ComplaintRow, 'id' | 'wrapped_key'>, id: string): Promise<RecordView> {
  return await viewOf(parts, sealFor(parts.keys, complaint), await findSheet(parts.db, complaint.id, id))
}

async function viewOf ({ db }: Parts, seal: Seal, row: SheetRow): Promise<RecordView> {
  const names = new Map((await db.selectFrom('account').select(['id', 'name']).where('id', 'in', [row.first_id, row.second_id]).execute()).map(({ id, name }) => [id, name]))
  const additions = (await listAdditions(db, row.id)).map(({ no, sealed, by, at }) => ({ no, text: seal.open(`record:${row.id}:addition:${no}`, sealed), by: by ?? '', at }))
  const both = row.first_signed_at !== null && row.second_signed_at !== null
  return {
    ...JSON.parse(seal.open(`record:${row.id}`, row.sealed)) as Sheet,
    id: row.id, no: row.no, kind: row.kind as RecordKind, version: row.version, state: both ? 'signed' : row.digest === null ? 'draft' : 'frozen', digest: row.digest, createdAt: row.created_at, additions,
    supervisors: [
      { id: row.first_id, name: names.get(row.first_id) ?? '', card: row.first_card, signedAt: row.first_signed_at },
      { id: row.second_id, name: names.get(row.second_id) ?? '', card: row.second_card, signedAt: row.second_signed_at }
    ]
  }
}

/**
 * Begins a record, or changes one that nobody has signed. Whoever writes is one of its two supervisors, the other is on the case too, and both have their
 * certificates (行政执法监督 by two: the provincial rules). Errors: as `examine`, `form_invalid`, `stale_version`. Returns the record's id.
 */
export async function writeRecord (parts: Parts, actor: Person, ref: string, { id, version = 1, kind, second, sheet }: { id?: string, version?: number, kind: RecordKind, second: number, sheet: Sheet }, now: string): Promise<string> {
  const faults = faultsIn(sheet, now)
  if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
  return await examine(parts, actor, ref, { now }, async hold => {
    const people = await supervisorsOf(hold, actor, second)
    const own = id ?? randomBytes(16).toString('base64url')
    const text = { kind, ...people, sealed: hold.seal.close(`record:${own}`, canonical(sheet)) }
    if (id === undefined) {
      const no = await nextNo(hold.trx, 'record_sheet', hold.complaint.id)
      await insertSheet(hold.trx, { id: own, complaint_id: hold.complaint.id, no, version: 1, author_id: actor.id, created_at: now, digest: null, first_signed_at: null, second_signed_at: null, ...text })
    } else {
      const row = await findSheet(hold.trx, hold.complaint.id, id)
      if (row.digest !== null) throw refused('record_frozen')
      if (row.first_id !== actor.id && row.second_id !== actor.id) throw refused('record_not_yours')
      await changeSheet(hold.trx, { id, version }, text)
    }
    await writeAct(parts, hold, actor, { action: 'record.written', subject: own }, now)
    return own
  })
}

/** Signs: the first signature freezes the text, the second ends the record. Errors: as `examine`, `form_invalid` for somebody else, `stale_version`. */
export async function signRecord (parts: Parts, actor: Person, ref: string, { id, version }: { id: string, version: number }, now: string): Promise<void> {
  await examine(parts, actor, ref, { now }, async hold => {
    const row = await findSheet(hold.trx, hold.complaint.id, id)
    const place = row.first_id === actor.id ? 'first_signed_at' : row.second_id === actor.id ? 'second_signed_at' : null
    if (place === null) throw refused('record_not_yours')
    if (row[place] !== null) return
    const digest = digestOf(hold.seal, row)
    if (row.digest !== null && row.digest !== digest) throw new Error(`record ${id} is not what was signed`)
    await changeSheet(hold.trx, { id, version }, { [place]: now, digest })
    await writeAct(parts, hold, actor, { action: 'record.signed', event: 'record_signed', details: { record: row.no }, subject: id }, now)
  })
}

/** Gives a record that only one has signed back for changes; the signature is void. Errors: as `signRecord`. */
export async function returnRecord (parts: Parts, actor: Person, ref: string, { id, version }: { id: string, version: number }, now: string): Promise<void> {
  await examine(parts, actor, ref, { now }, async hold => {
    const row = await findSheet(hold.trx, hold.complaint.id, id)
    if (row.first_id !== actor.id && row.second_id !== actor.id) throw refused('record_not_yours')
    if (row.digest === null || (row.first_signed_at !== null && row.second_signed_at !== null)) throw refused('record_frozen')
    await changeSheet(hold.trx, { id, version }, { digest: null, first_signed_at: null, second_signed_at: null })
    await writeAct(parts, hold, actor, { action: 'record.returned', subject: id }, now)
  })
}

/** Adds to a signed record: what was signed stays as it is. Errors: as `signRecord`. */
export async function addToRecord (parts: Parts, actor: Person, ref: string, { id, text }: { id: string, text: string }, now: string): Promise<void> {
  if (text.trim() === '') throw new AppError('form_invalid', { fields: { text: { key: 'investigate.addition_empty' } } })
  if ([...text].length > SHEET_LIMITS.persons) throw new AppError('form_invalid', { fields: { text: { key: 'field.maxLength', values: { limit: SHEET_LIMITS.persons } } } })
  await examine(parts, actor, ref, { now }, async hold => {
    const row = await findSheet(hold.trx, hold.complaint.id, id)
    if (row.first_id !== actor.id && row.second_id !== actor.id) throw refused('record_not_yours')
    if (row.first_signed_at === null || row.second_signed_at === null) throw refused('record_not_signed')
    const no = (await listAdditions(hold.trx, id)).length + 1
    await insertAddition(hold.trx, { record_id: id, no, sealed: hold.seal.close(`record:${id}:addition:${no}`, text.trim()), account_id: actor.id, at: now })
    await writeAct(parts, hold, actor, { action: 'record.added', subject: `${id} ${no}` }, now)
  })
}

/** What the signatures stand for: text, kind and both certificates. */
function digestOf (seal: Seal, row: SheetRow): string {
  return seal.digest(canonical([row.kind, row.no, row.first_id, row.first_card, row.second_id, row.second_card, seal.open(`record:${row.id}`, row.sealed)]))
}

async function supervisorsOf ({ trx, complaint }: Hold, { id }: Person, second: number): Promise<Pick<SheetRow, 'first_id' | 'second_id' | 'first_card' | 'second_card'>> {
  const assigned = await listAssigned(trx, complaint.id)
  const [own, other] = [assigned.find(person => person.id === id), assigned.find(person => person.id === second)]
  if (own?.cardNo == null) throw refused('not_on_case')
  if (other?.cardNo == null || other.id === own.id) throw new AppError('form_invalid', { fields: { second: { key: 'investigate.second_missing' } } })
  return { first_id: own.id, second_id: other.id, first_card: own.cardNo, second_card: other.cardNo }
}

function faultsIn ({ on, from, to, place, persons, content }: Sheet, now: string): FieldFaults {
  const long = (field: keyof typeof SHEET_LIMITS, text: string): FieldFaults => text.trim() === ''
    ? { [field]: { key: `investigate.${field}_missing` } }
    : [...text].length > SHEET_LIMITS[field] ? { [field]: { key: 'field.maxLength', values: { limit: SHEET_LIMITS[field] } } } : {}
  return {
    ...isDate(on) && on <= localDate(now) ? {} : { on: { key: 'investigate.on_wrong' } },
    ...TIME.test(from) && TIME.test(to) ? from <= to ? {} : { to: { key: 'investigate.times_reversed' } } : { from: { key: 'investigate.times_wrong' } },
    ...long('place', place), ...long('persons', persons), ...long('content', content)
  }
}

function refused (why: string): AppError {
  return new AppError('form_invalid', { fields: { '': { key: `investigate.${why}` } } })
}
