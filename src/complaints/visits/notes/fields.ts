import type { FieldFaults } from '../../case/core/types.ts'
import { readWhen, textOf } from '../../form/steps/fields.ts'
import type { StepForm } from '../../form/steps/schema.ts'
import { DONE, LIMITS, MOST_OFFICERS, PAPERS, PURPOSES, SHOWN, type Visit } from './types.ts'

/** What a form says: the note, records not yet looked up, and its faults by field. */
export interface VisitReading { visit: Visit, faults: FieldFaults }

const lengthOf = (text: string): number => Array.from(text).length

/** Reads the form of a visit. Only the day is asked for, and one thing besides: what people remember differs. `today` is the date in China. */
export function readVisit (form: StepForm, today: string): VisitReading {
  const when = readWhen({ ...form, about: '', place: '' }, today, [])
  const visit: Visit = {
    date: when.answers.when?.date ?? '',
    time: textOf(form, 'time'),
    agency: textOf(form, 'agency'),
    officers: linesOf(textOf(form, 'officers')).map(text => ({ text })),
    purpose: oneOf(PURPOSES, textOf(form, 'purpose')),
    shown: oneOf(SHOWN, textOf(form, 'shown')),
    done: severalOf(DONE, form['done']),
    papers: severalOf(PAPERS, form['papers']),
    text: textOf(form, 'text'),
    added: []
  }
  const faults: FieldFaults = { ...when.faults, ...tooLong(form) }
  const odd = impossibleTime(visit.time)
  if (odd !== undefined) faults['time'] = { key: 'visit.error.time', values: { time: odd } }
  if (visit.officers.length > MOST_OFFICERS) faults['officers'] = { key: 'visit.error.officers_many', values: { max: MOST_OFFICERS, count: visit.officers.length } }
  if (visit.papers.includes('none') && visit.papers.length > 1) faults['papers'] = { key: 'visit.error.papers_none' }
  if (Object.keys(faults).length === 0 && isBare(visit)) faults['agency'] = { key: 'visit.error.nothing' }
  return { visit, faults }
}

function tooLong (form: StepForm): FieldFaults {
  const over = (['agency', 'officers', 'text'] as const).filter(field => lengthOf(textOf(form, field)) > LIMITS[field])
  return Object.fromEntries(over.map(field => [field, { key: `visit.error.${field}_long`, values: { max: LIMITS[field], count: lengthOf(textOf(form, field)) } }]))
}

/** The first time on a clock in free text that no clock shows; 上午九点 and 下班以后 are times too. */
function impossibleTime (text: string): string | undefined {
  const clocks = text.normalize('NFKC').matchAll(/(\d+)\s*[:时点](?:\s*(\d+))?/g)
  return [...clocks].find(([, hours, minutes = '0']) => Number(minutes) > 59 || Number(hours) * 60 + Number(minutes) > 24 * 60)?.[0]
}

/** A day alone is no note. */
function isBare ({ agency, officers, purpose, shown, done, papers, text }: Visit): boolean {
  return [agency, purpose, shown, text].every(value => value === '') && [officers, done, papers].every(list => list.length === 0)
}

/** One officer on each line, or several parted by commas or semicolons. */
function linesOf (text: string): string[] {
  return text.split(/[\n,，;；、]/).map(line => line.trim()).filter(line => line !== '')
}

function oneOf<const T extends string> (choices: readonly T[], value: string): T | '' {
  return choices.find(choice => choice === value) ?? ''
}

function severalOf<const T extends string> (choices: readonly T[], value: string | string[] | undefined): T[] {
  const given = new Set([value ?? []].flat())
  return choices.filter(choice => given.has(choice))
}

/** What is wrong with an addition; null when nothing is. */
export function additionFault (text: string): FieldFaults[string] | null {
  if (text === '') return { key: 'visit.error.addition' }
  const count = lengthOf(text)
  return count > LIMITS.addition ? { key: 'visit.error.addition_long', values: { max: LIMITS.addition, count } } : null
}
