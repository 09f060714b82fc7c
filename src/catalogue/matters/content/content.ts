import { readDetails, type MatterDetails } from '../../../domain/records/matter-fields.ts'
import type { Named } from '../../agencies/repository.ts'
import type { MatterRecord } from '../repository.ts'

/** A legal basis as the matter itself keeps it. */
export interface CitedBasis { law_name: string, law_key: string, article: string | null, article_no: number | null, quoted_text: string | null }

/** What a matter says in one of its versions: the present one as the page shows it, an older one as it was published. */
export interface MatterContent {
  code: string
  base_code: string | null
  name: string
  category: string
  status: string
  agency: Named & { slug: string | null }
  region: Named
  field: string | null
  levels: string
  targets: string | null
  penalty_kinds: string | null
  statutory_days: number | null
  promise_days: number | null
  day_unit: string | null
  frequency_cap: string | null
  prohibition_nos: string | null
  aliases: string | null
  guide_url: string | null
  note: string | null
  tags: string | null
  /** the trades that the tags stand for */
  trades: Named[]
  source: string
  details: MatterDetails
  bases: CitedBasis[]
}

/** The present content of a stored matter. */
export function presentContent (matter: MatterRecord, bases: CitedBasis[], trades: Named[]): MatterContent {
  return {
    ...matter,
    agency: { name: matter.agency, name_en: matter.agency_en, slug: matter.agency_slug },
    region: { name: matter.region ?? matter.region_code, name_en: matter.region_en },
    details: readDetails(matter.details),
    trades,
    bases
  }
}

/** The state of a matter as it was published; what later fields hold was not there yet. */
export type KeptMatter = Omit<MatterContent, 'agency' | 'region' | 'trades'> & { agency_id: number, region_code: string }

const LATER = { tags: null, details: {}, bases: [] } as const

/** The content of a kept version (`record_version.data`), with the names that its agency, division and trades had or have. */
export function keptContent (data: string, named: { agency: (id: number) => MatterContent['agency'], region: (code: string) => Named, trades: (tags: string | null) => Named[] }): MatterContent {
  const kept = { ...LATER, ...JSON.parse(data) as KeptMatter }
  return { ...kept, agency: named.agency(kept.agency_id), region: named.region(kept.region_code), trades: named.trades(kept.tags) }
}
