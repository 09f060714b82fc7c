import type { Db } from '../../db/schema.ts'
import { countsOf, type Counts } from '../../domain/records/small-numbers.ts'
import { addDays, localDate, startOfDay } from '../../domain/time/calendar.ts'
import { quarterBefore } from '../standard/service.ts'
import { listDemanded, listPublicStatements, type DemandedRow, type PublicStatement } from './repository.ts'

/** How an agency answered the letters it got: all demands of a letter answered by their days, one late, or still within time. */
export const ANSWERINGS = ['in_time', 'late', 'waiting'] as const
/** Where what was demanded stands: shown to be done, found not done, anything else. */
export const DEMAND_OUTCOMES = ['verified', 'disputed', 'other'] as const
type Tally<K extends string> = Record<K, number>
export interface Answering { letters: Tally<(typeof ANSWERINGS)[number]>, demands: Tally<(typeof DEMAND_OUTCOMES)[number]> }
/** The same for the public: four whole quarters, so that nothing is learnt by looking every day, and small numbers left out. */
export interface PublicAnswering { from: string, to: string, letters: Counts<(typeof ANSWERINGS)[number]>, demands: Counts<(typeof DEMAND_OUTCOMES)[number]> }

/** What the public reads about an agency under supervision: its figures and what it says itself. */
export async function supervisionOf (db: Db, agencyId: number, today: string): Promise<PublicAnswering & { statements: PublicStatement[] }> {
  const { from, to } = countedPeriod(today)
  const { letters, demands } = await answeringOf(db, agencyId, { from, to, today })
  return { from, to, letters: countsOf(letters), demands: countsOf(demands), statements: await listPublicStatements(db, agencyId) }
}

/** The last four whole quarters before a day, both days included. */
export function countedPeriod (today: string): { from: string, to: string } {
  const { year, no, to } = quarterBefore(today)
  return { from: no === 4 ? `${year}-01-01` : `${year - 1}-${String(no * 3 + 1).padStart(2, '0')}-01`, to }
}

/** The figures as they are, for whoever may know them: of letters issued from one day to another, both included; `counts` says which. */
export async function answeringOf (db: Db, agencyId: number, { from, to, today, counts = () => true }: { from: string, to: string, today: string, counts?: (letter: string) => boolean }): Promise<Answering> {
  const rows = (await listDemanded(db, agencyId, { from: startOfDay(from), to: startOfDay(addDays(to, 1)) })).filter(({ letter }) => counts(letter))
  const letters: Answering['letters'] = { in_time: 0, late: 0, waiting: 0 }
  const demands: Answering['demands'] = { verified: 0, disputed: 0, other: 0 }
  for (const [, own] of Map.groupBy(rows, ({ letter }) => letter)) letters[answering(own, today)]++
  for (const { state } of rows) demands[state === 'verified' || state === 'disputed' ? state : 'other']++
  return { letters, demands }
}

function answering (rows: readonly DemandedRow[], today: string): (typeof ANSWERINGS)[number] {
  const late = rows.some(({ answered, due, state }) => answered === null ? state === 'open' && due < today : localDate(answered) > due)
  if (late) return 'late'
  return rows.some(({ answered, state }) => answered === null && state === 'open') ? 'waiting' : 'in_time'
}
