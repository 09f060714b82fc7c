import type { Kysely } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import { codesById, idsOf, SETS, type PublicSet } from '../../catalogue/register/service.ts'
import type { Wish } from '../../catalogue/lists/engine/find.ts'
import type { Database } from '../../db/schema.ts'
import { canonical } from '../../db/records.ts'
import { CHANGES, type Change } from '../../domain/records/enumerations.ts'
import { listNewest, listStates, listVersions, type Between, type VersionRow } from './repository.ts'

/** What somebody follows: a whole set, what a list's address means of it, or one record. */
export interface Scope { set: PublicSet, wish: Wish | null, id?: number }

/** How a publication looks to a reader; words at `feed.did_<kind>`. */
export type ChangeKind = Change

/** One publication of one record; `fields` are the keys that differ from the version before. */
export interface Publication { set: PublicSet, id: number, code: string, name: string | null, version: number, at: string, kind: ChangeKind, fields: string[] }

/** Publications read at once, and at most for one answer: an import publishes thousands in one moment. */
const SLICE = 1000
const MOST = 25_000
/** States read at once: that of a statute holds its whole text. */
const FEW = 10

export interface Changes { rows: Publication[], more: boolean }

/** What was published of a scope, newest first. What the public does not see any more is left out. */
export async function changesOf (db: Kysely<Database>, { set, wish, id }: Scope, limit: number, between: Between = {}): Promise<Changes> {
  const codeOf = await codesById(db, set)
  const narrowed = wish === null || id !== undefined ? null : new Set(await idsOf(db, set, wish))
  const rows: VersionRow[] = []
  let ended = narrowed?.size === 0
  for (let offset = 0; offset < MOST && rows.length <= limit && !ended; offset += SLICE) {
    const slice = await listVersions(db, set.kind, { ...id === undefined ? {} : { id }, ...between }, SLICE, offset)
    for (const row of slice) if ((narrowed?.has(row.record_id) ?? true) && codeOf(row.record_id) !== undefined) rows.push(row)
    ended = slice.length < SLICE
    await setImmediate()
  }
  return { rows: await describe(db, set, rows.slice(0, limit), codeOf), more: rows.length > limit || !ended }
}

async function describe (db: Kysely<Database>, set: PublicSet, rows: VersionRow[], codeOf: (id: number) => string | undefined): Promise<Publication[]> {
  const states = new Map<string, Record<string, unknown>>()
  for (let at = 0; at < rows.length; at += FEW) {
    for (const [key, state] of await listStates(db, set.kind, rows.slice(at, at + FEW))) states.set(key, state)
    await setImmediate()
  }
  return rows.map(row => {
    const state = states.get(`${row.record_id} ${row.version}`) ?? {}
    const before = states.get(`${row.record_id} ${row.version - 1}`)
    const name = state['name'] ?? state['title'] ?? state['violation'] ?? state['number'] ?? null
    return {
      set, id: row.record_id, code: codeOf(row.record_id) ?? '', name: typeof name === 'string' ? name : null, version: row.version, at: row.recorded_at, ...compare(row, state, before)
    }
  })
}

/** Keys that say nothing to a reader. */
const SILENT = new Set(['updated_at', 'updatedAt', 'version', 'source', 'source_file'])

/** What the import said of the publication counts; where it said nothing, the end of a record is seen from its state. */
function compare ({ change, version }: VersionRow, state: Record<string, unknown>, before: Record<string, unknown> | undefined): { kind: ChangeKind, fields: string[] } {
  const said = (Object.keys(CHANGES) as ChangeKind[]).find(kind => kind === change) ?? 'changed'
  if (before === undefined) return { kind: said === 'changed' && version === 1 ? 'new' : said, fields: [] }
  const keys = [...new Set([...Object.keys(state), ...Object.keys(before)])].filter(key => !SILENT.has(key) && canonical(state[key] ?? null) !== canonical(before[key] ?? null))
  const ended = before['status'] === 'in_force' && state['status'] !== undefined && state['status'] !== 'in_force'
  return { kind: said === 'changed' && ended ? 'cancelled' : said, fields: keys }
}

/** The newest changes of everything: one question for all kinds, and only what is told is looked up. */
export async function newestChanges (db: Kysely<Database>, limit: number): Promise<Publication[]> {
  const sets = await Promise.all(SETS.map(async set => ({ set, codeOf: await codesById(db, set) })))
  const kinds = [...new Set(SETS.map(set => set.kind))]
  const found: Array<{ row: VersionRow, of: typeof sets[number] }> = []
  for (let [offset, size] = [0, limit * 2]; offset < MOST && found.length < limit; [offset, size] = [offset + size, SLICE]) {
    const slice = await listNewest(db, kinds, size, offset)
    for (const row of slice) {
      const of = sets.find(({ set, codeOf }) => set.kind === row.kind && codeOf(row.record_id) !== undefined)
      if (of !== undefined) found.push({ row, of })
    }
    if (slice.length < size) break
    await setImmediate()
  }
  const told: Publication[] = []
  for (const of of sets) told.push(...await describe(db, of.set, found.slice(0, limit).filter(one => one.of === of).map(one => one.row), of.codeOf))
  return told.sort(byTime)
}

const byTime = (a: Publication, b: Publication): number => a.at < b.at ? 1 : a.at > b.at ? -1 : 0

/** Changes of several scopes in one, newest first. */
export async function mergedChanges (db: Kysely<Database>, scopes: readonly Scope[], limit: number): Promise<Publication[]> {
  const found: Publication[] = []
  for (const scope of scopes) found.push(...(await changesOf(db, scope, limit)).rows)
  return found.sort(byTime).slice(0, limit)
}
