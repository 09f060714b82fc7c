import { loadCalendar } from '../../db/reckoner.ts'
import type { Db } from '../../db/schema.ts'
import { publishDue } from '../../domain/decisions/publication.ts'
import { loadPublicationRules } from './repository.ts'
import { lateDays } from './service.ts'

/** Whether a decision was published in time: the last day for it, and by how many working days it was later (0: in time). */
export interface Timeliness { dueOn: string, lateDays: number, assured: boolean }
export type Judge = (decision: { category: string, decided_on: string, published_on: string }) => Timeliness

/** A judge with the calendar and the rules as they stand; the days of one decision day are reckoned once. */
export async function timelinessJudge (db: Db): Promise<Judge> {
  const [rules, calendar] = [await loadPublicationRules(db), await loadCalendar(db)]
  const dues = new Map<string, { date: string, assured: boolean }>()
  return decision => {
    const key = `${decision.category} ${decision.decided_on}`
    const due = dues.get(key) ?? publishDue(decision, rules, calendar)
    dues.set(key, due)
    return { dueOn: due.date, lateDays: lateDays(due.date, decision.published_on, calendar), assured: due.assured }
  }
}

/** What is counted of the decisions of an agency or of all; withdrawn and expired ones count on. */
export interface PublicationFigures { shown: number, expired: number, withdrawn: number, late: number, all: number }

type Row = Parameters<Judge>[0] & { status: string, count: number }

/** Adds up rows of decision days. */
export function publicationFigures (rows: readonly Row[], judge: Judge): PublicationFigures {
  const figures = { shown: 0, expired: 0, withdrawn: 0, late: 0, all: 0 }
  for (const row of rows) {
    figures.all += row.count
    figures[row.status === 'in_force' ? 'shown' : row.status === 'withdrawn' ? 'withdrawn' : 'expired'] += row.count
    if (judge(row).lateDays > 0) figures.late += row.count
  }
  return figures
}
