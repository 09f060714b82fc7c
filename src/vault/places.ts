import { sql } from 'kysely'
import type { Db } from '../db/schema.ts'
import type { RingName } from './keys.ts'

/** A column whose texts open with a key of a ring itself; `by` is unique, and `bound` as whoever seals there has it. */
interface Place { table: string, by: string, column: string, bound: (by: string) => string }

/**
 * Everything that the keys outside the database open directly: wrapped keys of complaints, and small texts that have no key of their own.
 * Rotation seals all of it anew. What is missing here would be lost with the old key: `test/house/code.test.ts` looks for it.
 */
export const PLACES: Readonly<Record<RingName, readonly Place[]>> = {
  identity: [
    { table: 'identity', by: 'complaint_id', column: 'wrapped_key', bound: id => `key|identity|${id}` },
    { table: 'contact', by: 'id', column: 'wrapped_key', bound: id => `key|contact|${id}` },
    { table: 'code_request', by: 'id', column: 'asked_sealed', bound: id => `code_request|${id}` },
    { table: 'outbox', by: 'id', column: 'sealed', bound: id => `outbox|${id}` },
    { table: 'account', by: 'username', column: 'totp_sealed', bound: username => `totp|${username}` },
    { table: 'account', by: 'username', column: 'email_sealed', bound: username => `account-email|${username}` },
    { table: 'subscription', by: 'id', column: 'email_sealed', bound: id => `subscription|${id}` },
    { table: 'correction', by: 'digest', column: 'contact_sealed', bound: digest => `correction|${digest}` }
  ],
  content: [
    { table: 'draft', by: 'id', column: 'wrapped_key', bound: id => `key|content|${id}` },
    { table: 'complaint', by: 'id', column: 'wrapped_key', bound: id => `key|content|${id}` },
    { table: 'conflict_declaration', by: 'id', column: 'sealed', bound: id => `conflict|${id}` },
    { table: 'correction', by: 'digest', column: 'sealed', bound: digest => `correction|${digest}` },
    { table: 'pattern_dismissal', by: 'pattern', column: 'sealed', bound: pattern => `pattern|${pattern}` },
    { table: 'handover', by: 'id', column: 'note_sealed', bound: id => `handover|${id}` }
  ],
  visits: [
    { table: 'visit_note', by: 'id', column: 'wrapped_key', bound: id => `key|visit|${id}` }
  ]
}

export interface Sealed { by: string, sealed: string }

/** What a place holds that was not sealed with the key of this id, after `last`, in the order of `by`. Emptied texts are none. */
export async function sealedOtherwise (db: Db, { table, by, column }: Place, { id, last, limit }: { id: string, last: string, limit: number }): Promise<Sealed[]> {
  const { rows } = await sql<Sealed>`
    select ${sql.ref(by)} as "by", ${sql.ref(column)} as sealed from ${sql.table(table)}
    where ${sql.ref(column)} <> '' and ${sql.ref(column)} not like ${`v2.%.${id}.%`} and ${sql.ref(by)} > ${last} order by ${sql.ref(by)} limit ${sql.lit(limit)}`.execute(db)
  return rows
}

/** How many texts of a place a key sealed, by its id; those from before keys had names count under ''. */
export async function countByKey (db: Db, { table, column }: Place, ids: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const count = async (pattern: string): Promise<number> => {
    const { rows: [row] } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)} where ${sql.ref(column)} like ${pattern}`.execute(db)
    return row?.n ?? 0
  }
  for (const id of ids) counts.set(id, await count(`v2.%.${id}.%`))
  counts.set('', await count('a1.%') + await count('k1.%'))
  return counts
}

/** Puts the newly sealed text in place of the one that was read; what changed meanwhile stays as it is. */
export async function replaceSealed (trx: Db, { table, by, column }: Place, { by: key, sealed: old }: Sealed, sealed: string): Promise<void> {
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sealed} where ${sql.ref(by)} = ${key} and ${sql.ref(column)} = ${old}`.execute(trx)
}
