import type { Db } from '../../db/schema.ts'
import type { Target } from '../core/types.ts'
import type { Carried } from './schema.ts'
import { findAgencyOrigin, findDecisionOrigin, findMatterOrigin, findOfficerOrigin, findProhibitionOrigin } from './repository.ts'

type Kind = Exclude<keyof Carried, 'on'>
/** A record that the visitor came from: the field of the address that names it, and what to call it. */
export interface Chip { kind: Kind, value: string, label: string | null, labelEn: string | null }

/** The records behind an address such as `/complain?matter=…`, and the target they make. What does not exist is left out. */
export async function originsOf (db: Db, carried: Carried): Promise<{ chips: Chip[], target: Target }> {
  const look = async <T>(value: string | undefined, find: (db: Db, value: string) => Promise<T | undefined>): Promise<T | undefined> =>
    value === undefined ? undefined : await find(db, value)
  const [matter, officer, agency, decision, prohibition] = await Promise.all([
    look(carried.matter, findMatterOrigin), look(carried.officer, findOfficerOrigin), look(carried.agency, findAgencyOrigin),
    look(carried.decision, findDecisionOrigin), look(carried.prohibition, findProhibitionOrigin)
  ])
  const found = { matter, officer, agency, decision, prohibition }
  const chips = (Object.keys(found) as Kind[]).flatMap(kind => {
    const record = found[kind]
    return record === undefined ? [] : [{ kind, value: carried[kind] as string, label: record.label, labelEn: record.labelEn ?? record.label }]
  })
  const agencyId = (agency ?? officer ?? decision ?? matter)?.agencyId ?? undefined
  const target = { agencyId, matterId: matter?.id, officerId: officer?.id, decisionId: decision?.id, prohibitionNo: prohibition?.id }
  return { chips, target: Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined)) }
}
