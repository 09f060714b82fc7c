import { answeringOf, countedPeriod, type Answering } from '../../../catalogue/supervision/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import { answerable } from '../../../domain/supervision/answers.ts'
import { DEMAND_STATES, settled, type DemandState } from '../../../domain/supervision/demands.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import { listTiedAgencies } from '../../work/conflicts/repository.ts'
import { findPatterns, type PatternCard } from '../consequences/service.ts'
import { standingOf } from '../agency-answers/repository.ts'
import { countStatements, listCases, listSentTo, type Looking, type SentRow } from './repository.ts'

/** A letter that still waits for something: for the agency until it answered everything, then for the bureau to look at it. */
export interface OpenLetter { id: string, ref: string, type: string, number: string, on: string, dueOn: string | null, late: boolean, read: boolean, states: DemandState[], waits: 'agency' | 'bureau' }
export interface AgencyStanding {
  letters: OpenLetter[], cases: { all: number, open: number }, demands: Record<DemandState | 'overdue', number>, period: { from: string, to: string }, figures: Answering
  patterns: PatternCard[] | null, statements: Array<{ state: string, count: number }>
}

/** Everything that the bureau has going with an agency, as far as it exists for whoever asks. Errors: `forbidden`; `not_found` for whoever has a tie with it. */
export async function standingWith (parts: Parts, viewer: Actor & Looking, agency: { id: number, name: string }, now: string): Promise<AgencyStanding> {
  demandPermission(viewer, 'complaint.read')
  const { db } = parts
  if ((await listTiedAgencies(db, viewer.id)).includes(agency.id)) throw new AppError('not_found', { agency: agency.id })
  const today = localDate(now)
  const [sent, cases] = [await listSentTo(db, agency.id, viewer), await listCases(db, agency.id, viewer)]
  const known = await standingOf(db, [...new Set(sent.map(({ complaintId }) => complaintId))])
  const own = known.demands.filter(({ document_id: id }) => sent.some(letter => letter.id === id))
  const refs = new Set(cases.map(({ ref }) => ref))
  const period = countedPeriod(today)
  return {
    letters: sent.flatMap(row => openLetter(row, known, today)).sort((a, b) => (a.dueOn ?? '9') < (b.dueOn ?? '9') ? -1 : 1),
    cases: { all: cases.length, open: cases.filter(({ open }) => open).length },
    demands: { ...tally(own.map(({ state }) => state as DemandState)), overdue: own.filter(({ state, due_on: due }) => (state === 'open' || state === 'disputed') && due < today).length },
    period,
    figures: await answeringOf(db, agency.id, { ...period, today, counts: letter => sent.some(({ id }) => id === letter) }),
    patterns: allows(viewer.role, 'pattern.review') ? patternsAbout(await findPatterns(parts, { bureauIds: viewer.bureauIds, now }), agency.name, refs) : null,
    statements: await countStatements(db, agency.id, viewer)
  }
}

type Known = Awaited<ReturnType<typeof standingOf>>

function openLetter ({ id, complaintId, ref, status, type, number, issuedAt, received }: SentRow, { demands, explained, clocks }: Known, today: string): OpenLetter[] {
  const line = { id, ref, type, number, on: localDate(issuedAt), read: received !== null }
  if (type === 'agency_notice') {
    if (explained.includes(id) || !answerable('explanation', type, status as Status)) return []
    const dueOn = clocks.find(clock => clock.complaint_id === complaintId && clock.clock === 'agency_explanation')?.due_on ?? null
    return [{ ...line, dueOn, late: dueOn !== null && dueOn < today, states: [], waits: 'agency' }]
  }
  const own = demands.filter(({ document_id: letter }) => letter === id)
  if (own.every(({ state }) => settled(state as DemandState))) return []
  const left = own.filter(({ state }) => state === 'open' || state === 'disputed').map(({ due_on: due }) => due).sort()
  const dueOn = left[0] ?? null
  return [{ ...line, dueOn, late: dueOn !== null && dueOn < today, states: own.map(({ state }) => state as DemandState), waits: dueOn === null ? 'bureau' : 'agency' }]
}

function tally (states: readonly DemandState[]): Record<DemandState, number> {
  return Object.fromEntries(DEMAND_STATES.map(state => [state, states.filter(other => other === state).length])) as Record<DemandState, number>
}

/** Patterns about the agency, with the complaints that exist for whoever looks. */
function patternsAbout (cards: readonly PatternCard[], agency: string, refs: ReadonlySet<string>): PatternCard[] {
  return cards.filter(card => card.agency === agency && card.dismissed === null).map(card => ({ ...card, refs: card.refs.filter(ref => refs.has(ref)) })).filter(card => card.refs.length > 0)
}
