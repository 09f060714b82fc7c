import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { fold } from '../../db/text.ts'
import { LEVELS } from '../../domain/records/enumerations.ts'
import { perRevision } from '../lists/engine/revision.ts'
import { listAliases, registerNames, type AgencyRow } from './repository.ts'
import type { AgenciesQuery } from './schema.ts'

/** Names, English names and aliases of each agency in one folded text. */
const searchTexts = perRevision(async db => {
  const aliases = Map.groupBy(await listAliases(db), row => row.agency_id)
  const { agencies } = await registerNames(db)
  return new Map(agencies.map(agency => [agency.id, fold([agency.name, agency.name_en ?? '', ...(aliases.get(agency.id) ?? []).map(row => row.alias)].join(' '))]))
})

/** The agencies whose names or aliases hold all phrases; those with the shortest names first. All agencies without a phrase. */
export async function findAgencies (db: Kysely<Database>, runs: readonly string[]): Promise<AgencyRow[]> {
  const { agencies } = await registerNames(db)
  if (runs.length === 0) return agencies
  const texts = await searchTexts(db)
  return agencies.filter(agency => runs.every(run => texts.get(agency.id)?.includes(run) === true)).sort((a, b) => a.name.length - b.name.length || a.id - b.id)
}

export const AGENCY_FACETS = ['level', 'sector', 'region'] as const
export type AgencyFacet = (typeof AGENCY_FACETS)[number]
export interface AgencyOption { value: string, label: string, lang: string | undefined, count: number, checked: boolean }

function valueOf (agency: AgencyRow, facet: AgencyFacet): string {
  return facet === 'level' ? agency.level : facet === 'sector' ? agency.sector ?? '' : agency.region_code
}

const passes = (agency: AgencyRow, query: AgenciesQuery, facet: AgencyFacet): boolean => query[facet]?.includes(valueOf(agency, facet)) ?? true

/** The agencies that pass every filter. */
export function filterAgencies (agencies: AgencyRow[], query: AgenciesQuery): AgencyRow[] {
  return agencies.filter(agency => AGENCY_FACETS.every(facet => passes(agency, query, facet)))
}

/** The values of a filter with their counts under the other filters; the register has at most some 1,500 agencies. */
export function agencyOptions (request: FastifyRequest, agencies: AgencyRow[], query: AgenciesQuery, facet: AgencyFacet): AgencyOption[] {
  const others = agencies.filter(agency => AGENCY_FACETS.every(other => other === facet || passes(agency, query, other)))
  const groups = Map.groupBy(others.filter(agency => valueOf(agency, facet) !== ''), agency => valueOf(agency, facet))
  const values = [...new Set([...query[facet] ?? [], ...groups.keys()])]
  return values.map(value => {
    const sample = groups.get(value)?.[0]
    return { value, ...labelOf(request, facet, value, sample), count: groups.get(value)?.length ?? 0, checked: query[facet]?.includes(value) === true }
  }).sort((a, b) => Number(b.checked) - Number(a.checked) || b.count - a.count || (a.value < b.value ? -1 : 1))
}

function labelOf (request: FastifyRequest, facet: AgencyFacet, value: string, sample: AgencyRow | undefined): { label: string, lang: string | undefined } {
  const english = request.locale === 'en'
  if (facet === 'level' && Object.hasOwn(LEVELS, value)) return { label: request.t(`level.${value}`), lang: undefined }
  if (facet === 'region' && sample?.region !== null && sample !== undefined) return { label: english ? sample.region_en ?? sample.region : sample.region, lang: undefined }
  return { label: value, lang: english ? 'zh-CN' : undefined }
}
