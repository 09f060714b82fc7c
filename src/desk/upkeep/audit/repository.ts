import { sql, type SqlBool } from 'kysely'
import { engineOf } from '../../../db/open.ts'
import type { Db } from '../../../db/schema.ts'

/** A line of the chain: who did what to which, and whether it was let through. */
export interface AuditLine { seq: number, at: string, username: string | null, actor: string | null, role: string, action: string, subject: string, result: string, requestId: string }

/** Which entries; `seqs` are the first and last that a span of time can hold. */
export interface AuditFilter { from?: string, until?: string, seqs?: Span, actors?: readonly number[], action?: string, subject?: string, result?: string }
interface Span { first: number, last: number }

/** How many entries the chain has: its numbers have no gaps. */
export async function countAudit (db: Db): Promise<number> {
  return (await db.selectFrom('audit_entry').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst())?.seq ?? 0
}

/** The entries of a filter beside a number, newest first: those before it, or the nearest after it. */
export async function listAudit (db: Db, filter: AuditFilter, { before, after, size }: { before?: number, after?: number, size: number }): Promise<AuditLine[]> {
  const rows = await matching(db, filter)
    .$if(before !== undefined, query => query.where('seq', '<', before ?? 0)).$if(after !== undefined, query => query.where('seq', '>', after ?? 0))
    .leftJoin('account', 'account.id', 'audit_entry.actor_id')
    .select(['seq', 'at', 'account.username', 'account.name as actor', 'audit_entry.role', 'action', 'subject', 'result', 'request_id as requestId'])
    .orderBy('seq', after === undefined ? 'desc' : 'asc').limit(size).execute()
  return after === undefined ? rows : rows.reverse()
}

function matching (db: Db, { from, until, seqs, actors, action, subject, result }: AuditFilter) {
  return db.selectFrom('audit_entry').where(eb => eb.and([
    ...seqs === undefined ? [] : [eb('seq', '>=', seqs.first), eb('seq', '<=', seqs.last)],
    // Which entries a time can hold is known already: an index on it would only tempt to sort them.
    ...from === undefined ? [] : [sql<SqlBool>`at || '' >= ${from}`],
    ...until === undefined ? [] : [sql<SqlBool>`at || '' < ${until}`],
    ...actors === undefined ? [] : [actors.length === 0 ? sql<SqlBool>`1 = 0` : eb('actor_id', 'in', actors)],
    ...action === undefined ? [] : [eb('action', '=', action)],
    ...subject === undefined ? [] : [begins(db, subject)],
    ...result === undefined ? [] : [eb('result', '=', result)]
  ]))
}

/** By the index, character by character: a reference finds what was done to its files too. */
function begins (db: Db, text: string): ReturnType<typeof sql<SqlBool>> {
  const subject = engineOf(db) === 'postgres' ? sql`subject collate "C"` : sql`subject`
  return sql<SqlBool>`${subject} >= ${text} and ${subject} < ${`${text}\u{10FFFF}`}`
}

/** The first and last entry of a span of time. Clocks are set back now and then: the numbers alone have an order. */
export async function spanOf (db: Db, from: string | undefined, until: string | undefined): Promise<Span> {
  const { first, last } = await db.selectFrom('audit_entry').$if(from !== undefined, query => query.where('at', '>=', from ?? '')).$if(until !== undefined, query => query.where('at', '<', until ?? ''))
    .select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')]).executeTakeFirstOrThrow()
  return { first: Number(first ?? 1), last: Number(last ?? 0) }
}

/** The accounts that a user name or a name means, or a part of it. */
export async function accountsNamed (db: Db, text: string): Promise<number[]> {
  const part = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const rows = await db.selectFrom('account').select('id').where(sql<SqlBool>`username like ${part} escape '\\' or name like ${part} escape '\\'`).orderBy('id').limit(200).execute()
  return rows.map(({ id }) => id)
}
