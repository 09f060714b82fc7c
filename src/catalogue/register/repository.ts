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

/** When something of each kind was last published, by kind; items of the lists that share one kind by `list_item <list>`. */
const publishedByKind = perRevision(async db => {
  const kinds = await db.selectFrom('record_version').select(eb => ['kind', eb.fn.max('recorded_at').as('at')]).groupBy('kind').execute()
  const lists = await db.selectFrom('record_version').innerJoin('list_item', 'list_item.id', 'record_version.record_id').where('record_version.kind', '=', 'list_item')
    .select(eb => ['list_item.kind as list', eb.fn.max('recorded_at').as('at')]).groupBy('list_item.kind').execute()
  return new Map([...kinds.map(row => [row.kind, row.at] as const), ...lists.map(row => [`list_item ${row.list}`, row.at] as const)])
})

/** When records of a set were last published; null before the first time. */
export async function publishedAt (db: Kysely<Database>, { kind, name }: { kind: string, name: string }): Promise<string | null> {
  return (await publishedByKind(db)).get(kind === 'list_item' ? `${kind} ${name}` : kind) ?? null
}
