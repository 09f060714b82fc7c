import { sql } from 'kysely'
import type { Db } from '../../db/schema.ts'
import { perRevision } from '../lists/engine/revision.ts'

/** How much the register holds, and what was published last; counted once for each publication. */
export const registerFigures = perRevision(async db => {
  const counts = await db.selectNoFrom(eb => [
    eb.selectFrom('matter').select(sql<number>`count(*)`.as('n')).where('status', '=', 'in_force').as('matters'),
    eb.selectFrom('agency').select(sql<number>`count(*)`.as('n')).where('status', '=', 'in_force').as('agencies'),
    eb.selectFrom('officer').select(sql<number>`count(*)`.as('n')).as('officers'),
    eb.selectFrom('statute').select(sql<number>`count(*)`.as('n')).as('statutes'),
    eb.selectFrom('list_item').select(sql<number>`count(*)`.as('n')).where('status', '=', 'in_force').as('listed')
  ]).executeTakeFirstOrThrow()
  return { matters: counts.matters ?? 0, agencies: counts.agencies ?? 0, officers: counts.officers ?? 0, statutes: counts.statutes ?? 0, listed: counts.listed ?? 0, changes: await listChanges(db) }
})
export type Figures = Awaited<ReturnType<typeof registerFigures>>

/** The last publications that changed anything. */
async function listChanges (db: Db) {
  return await db.selectFrom('import_batch').select(['kind', 'recorded_at', 'new_count', 'changed_count'])
    .where(eb => eb.or([eb('new_count', '>', 0), eb('changed_count', '>', 0)])).orderBy('recorded_at', 'desc').orderBy('new_count', 'desc').orderBy('id').limit(4).execute()
}
