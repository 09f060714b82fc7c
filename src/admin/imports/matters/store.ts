import { keepVersions, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { indexTexts } from '../../../db/text.ts'
import { PENALTY_KINDS, type Change, type PenaltyKind } from '../../../domain/records/enumerations.ts'
import { readDetails, writeDetails } from '../../../domain/records/matter-fields.ts'
import { ImportError } from '../faults.ts'
import type { Directory } from '../register/directory.ts'
import type { Current, Item } from '../schema.ts'
import type { MatterState } from './state.ts'

/** The stored matters with these codes, each with its legal bases. */
export async function findMatters (db: Db, codes: string[]): Promise<Map<string, Current<MatterState>>> {
  const rows = await db.selectFrom('matter').selectAll().where('code', 'in', codes).execute()
  const found = new Map(rows.map(({ id, version, updated_at: _, details, ...state }) => [id, { id, version, state: { ...state, details: readDetails(details), bases: [] as MatterState['bases'] } }]))
  if (found.size === 0) return new Map()
  const bases = await db.selectFrom('legal_basis').selectAll().where('matter_id', 'in', [...found.keys()]).orderBy('matter_id').orderBy('seq').execute()
  for (const { matter_id: id, seq: _, ...basis } of bases) found.get(id)?.state.bases.push(basis)
  return new Map([...found.values()].map(current => [current.state.code, current]))
}

/** What kind of change a row said it is, and why; where it says nothing the states tell. */
export interface Note { change?: Change | undefined, reason?: string | undefined }
export interface Storing { publication: Publication, directory: Directory, notes: ReadonlyMap<string, Note>, breathe: () => Promise<void> }

/** Writes a batch of new or changed matters with their bases, versions and index terms. */
export async function storeMatters (trx: Db, items: Array<Item<MatterState>>, { publication, directory, notes, breathe }: Storing): Promise<void> {
  const settled = items.map(item => ({ ...item, state: { ...item.state, agency_id: directory.realId(item.state.agency_id) } }))
  const ids = await insertNew(trx, settled.filter(item => item.current === undefined), publication.at)
  for (const item of settled) if (item.current !== undefined) { await update(trx, item, item.current, publication.at); ids.set(item.key, item.current.id) }
  const bases = settled.flatMap(({ key, state }) => state.bases.map((basis, seq) => ({ matter_id: ids.get(key) as number, seq, ...basis })))
  for (let at = 0; at < bases.length; at += 200) await trx.insertInto('legal_basis').values(bases.slice(at, at + 200)).execute()
  await breathe()
  await keepVersions(trx, settled.map(({ key, state, current }) => ({ kind: 'matter', id: ids.get(key) as number, version: (current?.version ?? 0) + 1, data: state, change: changeOf(notes.get(key)?.change, state, current), reason: notes.get(key)?.reason })), publication)
  const names = await agencyNames(trx, settled)
  const texts = settled.map(({ key, state }) => ({ id: ids.get(key) as number, name: [state.name, state.aliases ?? ''].join(' '), body: bodyOf(state, names.get(state.agency_id) ?? '') }))
  for (let at = 0; at < texts.length; at += 20) { await indexTexts(trx, 'matter_search', texts.slice(at, at + 20)); await breathe() }
}

function changeOf (said: Change | undefined, state: MatterState, current: Current<MatterState> | undefined): Change | undefined {
  return said ?? (state.status === 'repealed' && current !== undefined && current.state.status !== 'repealed' ? 'cancelled' : undefined)
}

const columnsOf = ({ bases: _, details, ...columns }: MatterState) => ({ ...columns, details: writeDetails(details) })

async function insertNew (trx: Db, items: Array<Item<MatterState>>, at: string): Promise<Map<string, number>> {
  if (items.length === 0) return new Map()
  const rows = items.map(({ state }) => ({ ...columnsOf(state), version: 1, updated_at: at }))
  const made = await trx.insertInto('matter').values(rows).returning(['id', 'code']).execute()
  return new Map(made.map(({ id, code }) => [code, id]))
}

async function update (trx: Db, { key, state }: Item<MatterState>, current: Current<MatterState>, at: string): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable('matter').set({ ...columnsOf(state), version: current.version + 1, updated_at: at })
    .where('id', '=', current.id).where('version', '=', current.version).executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new ImportError('changed_meanwhile', { key })
  await trx.deleteFrom('legal_basis').where('matter_id', '=', current.id).execute()
}

async function agencyNames (trx: Db, items: Array<Item<MatterState>>): Promise<Map<number, string>> {
  const rows = await trx.selectFrom('agency').select(['id', 'name']).where('id', 'in', [...new Set(items.map(item => item.state.agency_id))]).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** What a search finds beside the name: who, which codes, on which law, in which field, with which penalty. */
function bodyOf (state: MatterState, agency: string): string {
  const kinds = (state.penalty_kinds ?? '').split(' ').map(kind => PENALTY_KINDS[kind as PenaltyKind]?.zh ?? '')
  const bases = state.bases.map(basis => `《${basis.law_name}》${basis.article ?? ''} ${basis.quoted_text ?? ''}`)
  const { previous_codes: previous = '', task_code: task = '', local_task_code: local = '' } = state.details
  return [agency, state.code, previous, task, local, state.field ?? '', ...kinds, ...bases].join('\n')
}
