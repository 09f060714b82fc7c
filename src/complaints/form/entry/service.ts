import type { Db } from '../../../db/schema.ts'
import { hasComplainant, SOURCES, type SourceCode } from '../../../domain/process/sources.ts'
import { isDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import type { FileStore } from '../../../files/store.ts'
import type { Keys } from '../../../vault/keys.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Answers, Entry, Fault, FieldFaults, Parts } from '../../case/core/types.ts'
import { createDraft, discardDraft, saveDraft } from '../filing/service.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { sourceKey } from './filing.ts'
import { findBySourceKey, isEntryOf, listEntered, markEntered } from './repository.ts'

export type { Entry } from '../../case/core/types.ts'
export { fileHandedOver, findHandedOver, readHandedOver, readTaken, type Entered, type HandedOver } from './intake.ts'

/** Longest number and name of a source, in code points. */
export const SOURCE_LIMIT = 100

/** What the first page of an entry sent. */
export interface EntryForm { source?: string, number?: string, body?: string, receivedOn?: string | null }

/**
 * Reads where an item comes from: an entry, or the fault of each field. An item that has the same number at the same source is entered once;
 * the fault then names the reference it has here. `today` is the date in China.
 */
export async function readEntry ({ db, keys }: Parts, form: EntryForm, today: string): Promise<{ entry: Entry } | { faults: FieldFaults }> {
  const source = Object.hasOwn(SOURCES, form.source ?? '') && SOURCES[form.source as SourceCode].by !== 'public' ? form.source as SourceCode : undefined
  const [number, body] = [clean(form.number), clean(form.body)]
  const faults: FieldFaults = source === undefined ? { source: { key: 'entry.error.source' } } : fieldFaults(source, { number, body })
  const day = dayFault(form.receivedOn, today)
  if (day !== undefined) faults['received_on'] = day
  if (source === undefined || Object.keys(faults).length > 0) return { faults }
  const entry: Entry = { source, receivedOn: form.receivedOn as string, ...number === '' ? {} : { number }, ...body === '' ? {} : { body } }
  const known = await findKnown(db, keys, entry)
  return known === undefined ? { entry } : { faults: { number: { key: 'entry.error.known', values: { ref: known } } } }
}

function clean (text: string | undefined): string {
  return (text ?? '').normalize('NFC').trim()
}

function fieldFaults (source: SourceCode, given: { number: string, body: string }): FieldFaults {
  const faults: FieldFaults = {}
  for (const field of ['number', 'body'] as const) {
    if ([...given[field]].length > SOURCE_LIMIT) faults[field] = { key: 'entry.error.long', values: { max: SOURCE_LIMIT } }
    else if (given[field] === '' && (SOURCES[source].asks as readonly string[]).includes(field)) faults[field] = { key: `entry.error.${field}` }
  }
  return faults
}

function dayFault (day: string | null | undefined, today: string): Fault | undefined {
  if (day === undefined || day === null || !isDate(day)) return { key: 'entry.error.received_on' }
  return day > today ? { key: 'entry.error.future' } : undefined
}

async function findKnown (db: Db, keys: Keys, entry: Entry): Promise<string | undefined> {
  const key = sourceKey(keys, entry)
  return key === null ? undefined : await findBySourceKey(db, key)
}

/** Opens a draft that a member of staff fills in for somebody. Errors: `forbidden`. */
export async function beginEntry (parts: Parts, actor: Actor, entry: Entry, now: string): Promise<string> {
  demandPermission(actor, 'complaint.enter')
  return await parts.db.transaction().execute(async trx => {
    const own = { db: trx, keys: parts.keys }
    const id = await createDraft(own, now, true)
    await markEntered(trx, id, actor.id as number, entry)
    await saveDraft(own, id, answersOf(entry), now)
    return id
  })
}

/** Where nobody complains, nobody is asked who they are. */
function answersOf (entry: Entry): Answers {
  return hasComplainant(entry.source) ? { entry } : { entry, mode: 'anonymous', reply: 'none', steps: ['you'] }
}

/** An unfinished entry, for the list of those who began it. */
export interface Unfinished { id: string, entry: Entry, savedAt: string, issues: number, files: boolean }

/** What a member of staff began and has not sent. */
export async function listUnfinished ({ db, keys }: Parts, accountId: number): Promise<Unfinished[]> {
  return (await listEntered(db, accountId)).flatMap(row => {
    const { entry, issues = [] } = JSON.parse(sealFor(keys, row).open('answers', row.sealed)) as Answers
    return entry === undefined ? [] : [{ id: row.id, entry, savedAt: row.saved_at, issues: issues.length, files: false }]
  })
}

/** Whether a person may go on with an entry: only who began it. Errors: `draft_gone`. */
export async function demandOwnEntry ({ db }: Parts, id: string, accountId: number): Promise<void> {
  if (!await isEntryOf(db, id, accountId)) throw new AppError('draft_gone')
}

/** Deletes an unsent entry of one's own. Errors: `draft_gone`. */
export async function dropEntry (parts: Parts, files: FileStore, id: string, accountId: number): Promise<void> {
  await demandOwnEntry(parts, id, accountId)
  await discardDraft(parts, files, id)
}
