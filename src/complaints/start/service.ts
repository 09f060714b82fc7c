import type { Db } from '../../db/schema.ts'
import type { Target } from '../core/types.ts'
import type { Carried } from './schema.ts'
import { findAgencyOrigin, findDecisionOrigin, findMatterOrigin, findOfficerOrigin, findProhibitionOrigin } from './repository.ts'

/** A record that the visitor came from: the field of the address that names it, and what to call it. */
export interface Chip { kind: keyof Carried, value: string, label: string | null }

/** The records behind an address such as `/complain?matter=…`, and the target they make. What does not exist is left out. */
export async function originsOf (db: Db, carried: Carried): Promise<{ chips: Chip[], target: Target }> {
  const none = Promise.resolve(undefined)
  const [matter, officer, agency, decision, prohibition] = await Promise.all([
    carried.matter === undefined ? none : findMatterOrigin(db, carried.matter),
    carried.officer === undefined ? none : findOfficerOrigin(db, carried.officer),
    carried.agency === undefined ? none : findAgencyOrigin(db, carried.agency),
    carried.decision === undefined ? none : findDecisionOrigin(db, carried.decision),
    carried.prohibition === undefined ? none : findProhibitionOrigin(db, Number(carried.prohibition))
  ])
  const found = { matter, officer, agency, decision, prohibition: prohibition && { label: prohibition.title } }
  const chips = (Object.keys(found) as Array<keyof Carried>).flatMap(kind => {
    const record = found[kind]
    return record === undefined ? [] : [{ kind, value: carried[kind] as string, label: record.label }]
  })
  const agencyId = (agency ?? officer ?? decision ?? matter)?.agencyId ?? undefined
  const target = { agencyId, matterId: matter?.id, officerId: officer?.id, decisionId: decision?.id, prohibitionNo: prohibition?.id }
  return { chips, target: Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined)) }
}
