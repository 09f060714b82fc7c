import type { Selectable } from 'kysely'
import type { DecisionTable, Db } from '../../db/schema.ts'
import type { BasisKind } from '../../domain/time/clocks.ts'
import type { PublicationRuleName, PublicationRules } from '../../domain/decisions/publication.ts'

/** A decision as it is published and kept: its columns without id, version and time. */
export type DecisionState = Omit<Selectable<DecisionTable>, 'id' | 'version' | 'updated_at'>
export interface StoredDecision { id: number, version: number, state: DecisionState }

/** How soon decisions are published here and for how long, as the bureau has set it. */
export async function loadPublicationRules (db: Db): Promise<PublicationRules> {
  const rows = await db.selectFrom('publication_rule').selectAll().execute()
  return new Map(rows.map(row => [row.rule as PublicationRuleName, {
    rule: row.rule as PublicationRuleName, amount: row.amount, unit: row.unit, finePersonFen: row.fine_person_fen, fineOrganisationFen: row.fine_organisation_fen, basis: row.basis, basisEn: row.basis_en, kind: row.kind as BasisKind
  }]))
}

/** The stored decisions with these numbers. */
export async function findDecisionStates (db: Db, numbers: string[]): Promise<Map<string, StoredDecision>> {
  const rows = await db.selectFrom('decision').selectAll().where('number', 'in', numbers).execute()
  return new Map(rows.map(({ id, version, updated_at: _, ...state }) => [state.number, { id, version, state }]))
}

/** Decisions that are still shown although their last public day is past; in slices. */
export async function listOverdue (db: Db, today: string, limit: number): Promise<StoredDecision[]> {
  const rows = await db.selectFrom('decision').selectAll().where('status', '=', 'in_force').where('public_until', '<', today).orderBy('id').limit(limit).execute()
  return rows.map(({ id, version, updated_at: _, ...state }) => ({ id, version, state }))
}

/** Writes new decisions; gives their ids by number. */
export async function insertDecisions (trx: Db, states: DecisionState[], at: string): Promise<Map<string, number>> {
  if (states.length === 0) return new Map()
  const made = await trx.insertInto('decision').values(states.map(state => ({ ...state, version: 1, updated_at: at }))).returning(['id', 'number']).execute()
  return new Map(made.map(row => [row.number, row.id]))
}

/** Writes the next version of a decision; false when somebody else was first. */
export async function updateDecision (trx: Db, { id, version }: StoredDecision, state: DecisionState, at: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('decision').set({ ...state, version: version + 1, updated_at: at }).where('id', '=', id).where('version', '=', version).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Names of agencies and matters, for the search index. */
export async function listNames (db: Db, table: 'agency' | 'matter', ids: Array<number | null>): Promise<Map<number, string>> {
  const wanted = [...new Set(ids)].filter(id => id !== null)
  if (wanted.length === 0) return new Map()
  const rows = await db.selectFrom(table).select(['id', 'name']).where('id', 'in', wanted).execute()
  return new Map(rows.map(row => [row.id, row.name]))
}
