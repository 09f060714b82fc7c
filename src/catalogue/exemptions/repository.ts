import { prepared } from '../../db/prepared.ts'
import type { Db } from '../../db/schema.ts'
import type { ExemptionRecord } from '../../domain/records/benchmarks.ts'

const exemptionsFor = prepared((db, code: string, base: string) => db.selectFrom('exemption')
  .innerJoin('record_version as v', join => join.onRef('v.record_id', '=', 'exemption.id').onRef('v.version', '=', 'exemption.version').on('v.kind', '=', 'exemption'))
  .select(['exemption.id', 'v.data']).where('exemption.status', '=', 'in_force')
  .where('exemption.id', 'in', db.selectFrom('exemption_matter').select('exemption_id').where(eb => eb.or([eb('matter_key', '=', code), eb('matter_key', '=', base)])))
  .orderBy('exemption.code').limit(20))

/** The exemptions of a matter as they are published now. */
export async function listExemptionsOf (db: Db, matter: { code: string, base_code: string | null }): Promise<Array<{ id: number, state: ExemptionRecord }>> {
  return (await exemptionsFor(db, matter.code, matter.base_code ?? matter.code)).map(({ id, data }) => ({ id, state: JSON.parse(data) as ExemptionRecord }))
}

/** Exemptions after a code, in the order of codes, with what their list is searched and narrowed by. */
export async function listExemptionSlice (db: Db, after: string, limit: number) {
  return await db.selectFrom('exemption').innerJoin('agency', 'agency.id', 'exemption.agency_id')
    .select(['exemption.id', 'exemption.code', 'exemption.violation', 'exemption.field', 'exemption.type', 'exemption.status', 'exemption.updated_at', 'exemption.list_version', 'agency.slug as agency'])
    .where('exemption.code', '>', after).orderBy('exemption.code').limit(limit).execute()
}

/** What a list shows and hands out of the given exemptions. */
export async function listExemptionRows (db: Db, ids: number[]) {
  return await db.selectFrom('exemption').innerJoin('agency', 'agency.id', 'exemption.agency_id')
    .select(['exemption.id', 'exemption.code', 'exemption.version', 'exemption.violation', 'exemption.type', 'exemption.field', 'exemption.bases', 'exemption.conditions', 'exemption.match', 'exemption.measures', 'exemption.list_name', 'exemption.list_version', 'exemption.effective_from',
      'exemption.effective_to', 'exemption.verified', 'exemption.fictional', 'exemption.status', 'exemption.updated_at', 'agency.name as agency', 'agency.slug as agency_slug'])
    .where('exemption.id', 'in', ids).execute()
}
