import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'

/** What complaints consist of; in a database that is still being filled, all of it is the demo city's. */
const COMPLAINT_TABLES = [
  'complaint_issue', 'complaint_link', 'identity', 'event', 'message', 'note', 'attachment', 'clock', 'document', 'complaint', 'draft', 'number_series', 'recusal', 'confirmation', 'rating', 'complaint_tie', 'case_flag',
  'document_draft', 'approval', 'demand', 'agency_answer', 'agency_receipt', 'agency_file', 'agency_statement', 'demand_confirmation'
] as const

/** Takes out what an interrupted loading has left. Only for a database in the state `loading` or an empty one: nothing in it was ever anybody's. */
export async function clearDemo (db: Kysely<Database>): Promise<void> {
  await db.transaction().execute(async trx => {
    await trx.deleteFrom('correction').execute()
    await trx.deleteFrom('account_request').execute()
    await trx.deleteFrom('search_miss').execute()
    for (const table of ['routing_rule_version', 'routing_rule', 'absence', 'handover'] as const) await trx.deleteFrom(table).execute()
    await trx.deleteFrom('phrase_version').execute()
    await trx.deleteFrom('phrase').execute()
    for (const table of ['saved_view', 'bulk_item', 'bulk_batch', 'case_visit', 'account_setting'] as const) await trx.deleteFrom(table).execute()
    for (const table of COMPLAINT_TABLES) await trx.deleteFrom(table).execute()
    await trx.deleteFrom('certificate_code').where('officer_id', 'in', trx.selectFrom('officer').select('id').where('fictional', '=', 1)).execute()
    await trx.deleteFrom('decision_search').where('rowid', 'in', trx.selectFrom('decision').select('id').where('fictional', '=', 1)).execute()
    await trx.deleteFrom('benchmark_tier').where('benchmark_id', 'in', trx.selectFrom('benchmark').select('id').where('fictional', '=', 1)).execute()
    await trx.deleteFrom('benchmark_matter').where('benchmark_id', 'in', trx.selectFrom('benchmark').select('id').where('fictional', '=', 1)).execute()
    await trx.deleteFrom('exemption_matter').where('exemption_id', 'in', trx.selectFrom('exemption').select('id').where('fictional', '=', 1)).execute()
    for (const kind of ['officer', 'decision', 'entrustment', 'benchmark', 'exemption'] as const) {
      await trx.deleteFrom('record_version').where('kind', '=', kind).where('record_id', 'in', trx.selectFrom(kind).select('id').where('fictional', '=', 1)).execute()
      await trx.deleteFrom(kind).where('fictional', '=', 1).execute()
    }
  })
}
