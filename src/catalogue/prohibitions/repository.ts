import { AppError } from '../../errors.ts'
import type { Db } from '../../db/schema.ts'
import { perRevision } from '../lists/engine/revision.ts'

/** All prohibitions in their order, those without verified wording included. */
export async function listProhibitions (db: Db) {
  return await db.selectFrom('prohibition').selectAll().orderBy('no').execute()
}
export type ProhibitionRow = Awaited<ReturnType<typeof listProhibitions>>[number]

/** One prohibition, else `not_found`. */
export async function findProhibition (db: Db, no: number): Promise<ProhibitionRow> {
  return await db.selectFrom('prohibition').selectAll().where('no', '=', no).executeTakeFirstOrThrow(() => new AppError('not_found', { no }))
}

/** When the present version was published. */
export async function findPublishedAt (db: Db, { no, version }: ProhibitionRow): Promise<string | null> {
  const row = await db.selectFrom('record_version').select('recorded_at').where('kind', '=', 'prohibition').where('record_id', '=', no).where('version', '=', version).executeTakeFirst()
  return row?.recorded_at ?? null
}

/** Prohibition → ids of the matters in force that are filed under it, in the order of their codes. */
export const mattersByProhibition = perRevision(async db => {
  const rows = await db.selectFrom('matter').select(['id', 'prohibition_nos']).where('prohibition_nos', 'is not', null).where('status', '=', 'in_force').orderBy('code').execute()
  const found = new Map<number, number[]>()
  for (const { id, prohibition_nos: numbers } of rows) {
    for (const no of new Set((numbers as string).split(' ').map(Number))) {
      const ids = found.get(no)
      if (ids === undefined) found.set(no, [id])
      else ids.push(id)
    }
  }
  return found
})

/** Matters by their ids, in the order of their codes. */
export async function listMatters (db: Db, ids: readonly number[]) {
  if (ids.length === 0) return []
  return await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id')
    .select(['matter.code', 'matter.name', 'matter.category', 'agency.name as agency']).where('matter.id', 'in', ids).orderBy('matter.code').execute()
}
export type MatterLine = Awaited<ReturnType<typeof listMatters>>[number]
