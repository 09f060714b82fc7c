import type { Kysely } from 'kysely'
import type { Database, Db } from '../../db/schema.ts'
import { perRevision } from '../lists/engine/revision.ts'

/** Rows by their ids, in the order of the ids. */
function inOrder<Row extends { id: number }> (ids: number[], rows: Row[]): Array<Omit<Row, 'id'>> {
  const byId = new Map(rows.map(({ id, ...row }) => [id, row]))
  return ids.flatMap(id => byId.get(id) ?? [])
}

/** Prohibitions after a number. Codes sort as text everywhere else, so these do too. */
export async function listProhibitionSlice (db: Db, after: string, limit: number) {
  const rows = await db.selectFrom('prohibition').select(['no', 'title']).execute()
  return rows.map(row => ({ id: row.no, code: String(row.no), name: row.title })).filter(row => row.code > after).sort((a, b) => a.code < b.code ? -1 : 1).slice(0, limit)
}

/** What the public may have of prohibitions, those without verified wording included: they are marked. */
export async function listPublicProhibitions (db: Db, ids: number[]) {
  const rows = await db.selectFrom('prohibition').select(['no', 'title', 'title_en', 'summary', 'text_status', 'verified_at', 'source_title', 'source_date', 'source_url', 'version']).where('no', 'in', ids).execute()
  return inOrder(ids, rows.map(row => ({ id: row.no, ...row })))
}

/** When something of each kind was last published. */
const publishedByKind = perRevision(async db => {
  const rows = await db.selectFrom('record_version').select(eb => ['kind', eb.fn.max('recorded_at').as('at')]).groupBy('kind').execute()
  return new Map(rows.map(row => [row.kind, row.at]))
})

/** When records of a kind were last published; null before the first time. */
export async function publishedAt (db: Kysely<Database>, kind: string): Promise<string | null> {
  return (await publishedByKind(db)).get(kind) ?? null
}
