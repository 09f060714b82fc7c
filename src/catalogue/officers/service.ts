import type { App } from '../../app.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { officerStatus, type OfficerStatus } from '../../domain/records/officer-status.ts'
import { findByNumber, officersUpdatedAt, type Officer } from './repository.ts'

/** What is advised beside the help of each state; the words are `verify.do_<name>`. 行政处罚法 42 (two officers), 55 (the certificate is shown). */
const ADVICE: Readonly<Record<OfficerStatus, readonly string[]>> = {
  valid: ['two', 'certificate'],
  expiring: ['two', 'certificate'],
  expired: ['certificate', 'complain'],
  suspended: ['certificate', 'complain'],
  not_found: ['number', 'certificate']
}

/** The answer at the door: the state on this day, when it was looked up, how old the data are. `blind`: in order, but there is nothing to compare with the card. */
export interface Verdict { status: OfficerStatus, blind: boolean, checkedAt: string, dataAt: string | null, advice: readonly string[], officer: Officer | null, number: string | null }

/** What is said of an officer, or of nobody, at an instant. */
export function verdictOf (officer: Officer | null, checkedAt: string, rest: { dataAt: string | null, number: string | null }): Verdict {
  const status = officerStatus(officer?.certificate ?? null, localDate(checkedAt))
  const blind = officer !== null && officer.details === null && (status === 'valid' || status === 'expiring')
  return { status, blind, checkedAt, advice: ADVICE[status], officer, ...rest }
}

/** The answer for a number, given plainly and as it was typed: registers of before may hold it as printed. */
export async function verify (app: App, number: string, typed: string): Promise<Verdict> {
  const officer = await findByNumber(app.db, [...new Set([number, typed])])
  return verdictOf(officer, app.now(), { dataAt: await officersUpdatedAt(app.db), number })
}
