import type { Db } from '../../../db/schema.ts'
import type { Rule, Target } from '../../case/core/types.ts'
import type { Carried } from './schema.ts'
import {
  findAgencyOrigin, findBenchmarkOrigin, findDecisionOrigin, findExemptionOrigin, findMatterOrigin, findOfficerOrigin, findProhibitionOrigin, type Origin
} from './repository.ts'

type Kind = Exclude<keyof Carried, 'on'>
/** A record that the visitor came from: the field of the address that names it, and what to call it. */
export interface Chip { kind: Kind, value: string, label: string | null, labelEn: string | null }

/** The records behind an address such as `/complain?matter=…`, and the answers they make. What does not exist is left out. */
export async function originsOf (db: Db, carried: Carried): Promise<{ chips: Chip[], target: Target, rule: Rule }> {
  const kinds = Object.keys(FINDERS) as Kind[]
  const records = await Promise.all(kinds.map(async kind => carried[kind] === undefined ? undefined : await FINDERS[kind](db, carried[kind])))
  const found: Partial<Record<Kind, Origin>> = Object.fromEntries(kinds.flatMap((kind, at) => records[at] === undefined ? [] : [[kind, records[at]]]))
  const chips = (Object.keys(found) as Kind[]).map((kind): Chip => {
    const { label, labelEn } = found[kind] as Origin
    return { kind, value: carried[kind] as string, label, labelEn: labelEn ?? label }
  })
  const { agency, officer, decision, matter, prohibition, benchmark, exemption } = found
  const agencyId = (agency ?? officer ?? decision ?? matter ?? benchmark)?.agencyId ?? undefined
  return {
    chips,
    target: given<Target>({ agencyId, officerIds: officer && [officer.id], decisionId: decision?.id }),
    rule: given<Rule>({ matterId: matter?.id, prohibitionNo: prohibition?.id, benchmarkId: benchmark?.id, exemptionId: exemption?.id })
  }
}

const FINDERS: Record<Kind, (db: Db, value: string) => Promise<Origin | undefined>> = {
  matter: findMatterOrigin,
  officer: findOfficerOrigin,
  agency: findAgencyOrigin,
  decision: findDecisionOrigin,
  prohibition: findProhibitionOrigin,
  benchmark: findBenchmarkOrigin,
  exemption: findExemptionOrigin
}

function given<T extends object> (values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T
}
