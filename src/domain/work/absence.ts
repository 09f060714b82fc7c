import type { Role } from '../process/permissions.ts'
import type { Approval } from '../supervision/letters.ts'

/** Longest absence that can be set at once, in days. */
export const ABSENCE_LIMIT = 366

/**
 * Which roles may take a step of a letter's approval for somebody who is away, as their deputy (本局自定). The legal look asks for a legal reviewer
 * (参照《行政处罚法》第五十八条), and only who may sign signs: nobody stands in there but people of the same role, who need no deputyship.
 */
export const DEPUTISED: Readonly<Record<Approval, readonly Role[]>> = { legal: [], head: ['approver'], leader: [] }

/** Whether a person may stand in for another: somebody else of the same bureau, of a role that handles cases. */
export function mayStandIn (deputy: { id: number, bureauId: number, role: Role }, person: { id: number, bureauId: number }, casework: readonly Role[]): boolean {
  return deputy.id !== person.id && deputy.bureauId === person.bureauId && casework.includes(deputy.role)
}
