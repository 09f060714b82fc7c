import { listVersions } from '../../../catalogue/benchmarks/repository.ts'
import { versionOn } from '../../../db/records.ts'
import type { ComplaintLinkTable, Db } from '../../../db/schema.ts'
import { versionHeldOn, type DiscretionRecord } from '../../../domain/records/benchmarks.ts'
import { AppError } from '../../../errors.ts'
import type { Answers } from '../../case/core/types.ts'

type LinkKind = 'agency' | 'officer' | 'matter' | 'decision' | 'prohibition' | 'benchmark' | 'exemption'
type Link = Omit<ComplaintLinkTable, 'complaint_id'>
interface Found { version: number, agencyId: number | null }

/** Where a complaint goes and what it is tied to. */
export interface Aim { agencyId: number | null, bureauId: number, links: Link[] }

/**
 * Ties a complaint to the records that were chosen, each in the version in force on the day of the event; without a day, or before the
 * first publication, in the present one. The agency follows from the officer, decision or matter where none was chosen or described.
 */
export async function takeAim (db: Db, { target = {}, rule = {} }: Pick<Answers, 'target' | 'rule'>, occurredOn: string | undefined): Promise<Aim> {
  const links: Link[] = []
  const agencies: Array<number | null> = [target.agencyId ?? null]
  const chosen: Array<[LinkKind, number | undefined]> = [
    ['agency', target.agencyId], ...(target.officerIds ?? []).map((id): [LinkKind, number] => ['officer', id]), ['decision', target.decisionId],
    ['matter', rule.matterId], ['benchmark', rule.benchmarkId], ['exemption', rule.exemptionId], ['prohibition', rule.prohibitionNo]
  ]
  for (const [kind, id] of chosen) {
    if (id === undefined) continue
    const found = await findRecord(db, kind, id)
    links.push({ kind, record_id: id, record_version: await versionInForce(db, kind, id, found.version, occurredOn) })
    agencies.push(found.agencyId)
  }
  const described = target.agencyId === undefined && (target.agencyText ?? '') !== ''
  const agencyId = described ? null : agencies.find(agency => agency !== null) ?? null
  if (agencyId !== null && target.agencyId === undefined) links.push(await agencyLink(db, agencyId, occurredOn))
  return { agencyId, bureauId: await bureauOf(db, agencyId), links }
}

async function agencyLink (db: Db, id: number, occurredOn: string | undefined): Promise<Link> {
  const { version } = await findRecord(db, 'agency', id)
  return { kind: 'agency', record_id: id, record_version: await versionInForce(db, 'agency', id, version, occurredOn) }
}

async function versionInForce (db: Db, kind: LinkKind, id: number, current: number, occurredOn: string | undefined): Promise<number> {
  if (occurredOn === undefined) return current
  const then = kind === 'benchmark' || kind === 'exemption'
    ? versionHeldOn((await listVersions<DiscretionRecord>(db, kind, id)), occurredOn)
    : await versionOn(db, kind, id, occurredOn)
  return then?.version ?? current
}

/** The present state of a chosen record; a number that no page offers is a fault of the field. */
async function findRecord (db: Db, kind: LinkKind, id: number): Promise<Found> {
  const row = await RECORDS[kind](db, id)
  if (row === undefined) throw new AppError('form_invalid', { fields: { target: { key: 'field.unknown' } } })
  return { version: row.version, agencyId: row.agency_id }
}

const RECORDS: Record<LinkKind, (db: Db, id: number) => Promise<{ version: number, agency_id: number | null } | undefined>> = {
  agency: async (db, id) => await db.selectFrom('agency').select(['version', 'id as agency_id']).where('id', '=', id).executeTakeFirst(),
  officer: async (db, id) => await db.selectFrom('officer').select(['version', 'agency_id']).where('id', '=', id).executeTakeFirst(),
  matter: async (db, id) => await db.selectFrom('matter').select(['version', 'agency_id']).where('id', '=', id).executeTakeFirst(),
  benchmark: async (db, id) => await db.selectFrom('benchmark').select(['version', 'agency_id']).where('id', '=', id).executeTakeFirst(),
  exemption: async (db, id) => {
    const row = await db.selectFrom('exemption').select('version').where('id', '=', id).executeTakeFirst()
    return row && { version: row.version, agency_id: null }
  },
  decision: async (db, id) => await db.selectFrom('decision').select(['version', 'agency_id']).where('id', '=', id).executeTakeFirst(),
  prohibition: async (db, no) => {
    const row = await db.selectFrom('prohibition').select('version').where('no', '=', no).executeTakeFirst()
    return row && { version: row.version, agency_id: null }
  }
}

/** The bureau of the agency's own division where it has one, else the city's. */
async function bureauOf (db: Db, agencyId: number | null): Promise<number> {
  const local = agencyId === null
    ? undefined
    : await db.selectFrom('bureau').innerJoin('agency', 'agency.region_code', 'bureau.region_code').select('bureau.id').where('agency.id', '=', agencyId).executeTakeFirst()
  if (local !== undefined) return local.id
  const top = await db.selectFrom('bureau').select('id').where('parent_id', 'is', null).orderBy('id').limit(1).executeTakeFirstOrThrow()
  return top.id
}
