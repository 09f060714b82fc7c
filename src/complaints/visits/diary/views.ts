import type { FastifyRequest } from 'fastify'
import { groupQueryCode } from '../../../domain/records/receipts.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { formatDate, formatDateTime } from '../../../i18n/format.ts'
import type { Frame } from '../../../views.ts'
import type { FieldFaults } from '../../case/core/types.ts'
import type { StepForm } from '../../form/steps/schema.ts'
import { exampleDate, textOf } from '../../form/steps/service.ts'
import type { readNote } from '../notes/service.ts'
import { DONE, LIMITS, PAPERS, PURPOSES, SHOWN, type Visit } from '../notes/types.ts'

export type OpenNote = Awaited<ReturnType<typeof readNote>>
interface Option { value: string, label: string, checked: boolean }
interface Row { key: string, value?: string, list?: Array<{ text: string, href?: string }> }

export interface NewPage extends Frame { once: string, form: StepForm, faults: Record<string, string>, limits: typeof LIMITS, example: string, purposes: Option[], shown: Option[], done: Option[], papers: Option[], agencies: string[] }
export interface NotePage extends Frame { ref: string, rows: Row[], text: string, added: Array<{ at: string, text: string }>, madeAt: string, endsAt: string, open: boolean, typed: string, faults: Record<string, string>, limit: number }
export interface ReceiptPage extends Frame { ref: string, code: string | null, until: string, endsAt: string, rows: Row[], text: string }

/** What every page of the private notes tells its layout. */
export const quiet = { section: 'verify', noindex: true, hideSearch: true } as const

/** Faults in the reader's words; the date in them as the reader writes dates. */
export function faultsIn (request: FastifyRequest, faults: FieldFaults): Fault[] {
  const shown = (value: string | number): string | number => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? formatDate(request.locale, value) : value
  return Object.entries(faults).map(([field, { key, values = {} }]) => ({
    field, text: request.t(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)])))
  }))
}

interface Typed { once: string, form: StepForm, errors: Fault[], today: string, agencies: string[] }

/** The form, empty, filled in from a record, or as it was sent. */
export function newPage (request: FastifyRequest, { once, form, errors, today, agencies }: Typed): NewPage {
  const options = (words: string, codes: readonly string[], chosen: string[]): Option[] => codes.map(value => ({ value, label: request.t(`${words}.${value}`), checked: chosen.includes(value) }))
  const several = (name: string): string[] => [form[name] ?? []].flat()
  return {
    ...quiet,
    title: request.t('visit.new_title'),
    once,
    form,
    faults: byField(errors),
    ...errors.length === 0 ? {} : { errors },
    limits: LIMITS,
    example: exampleDate(today),
    agencies,
    purposes: options('visit_purpose', PURPOSES, [textOf(form, 'purpose')]),
    shown: options('visit_shown', SHOWN, [textOf(form, 'shown')]),
    done: options('visit_done', DONE, several('done')),
    papers: options('visit_paper', PAPERS, several('papers'))
  }
}

/** What a note says, a row for each thing; certificate numbers that are on record lead to the check. */
function rowsOf (request: FastifyRequest, visit: Visit): Row[] {
  const words = (prefix: string, codes: readonly string[]): Array<{ text: string }> => codes.map(code => ({ text: request.t(`${prefix}.${code}`) }))
  const rows: Row[] = [
    { key: request.t('visit.date'), value: [formatDate(request.locale, visit.date), visit.time].filter(part => part !== '').join(' ') },
    { key: request.t('visit.agency'), value: visit.agency },
    { key: request.t('visit.officers'), list: visit.officers.map(({ text, officerId }) => ({ text: officerId === undefined ? text : request.t('visit.officer_known', { text }) })) },
    { key: request.t('visit.shown'), list: words('visit_shown', [visit.shown].filter(code => code !== '')) },
    { key: request.t('visit.purpose'), list: words('visit_purpose', [visit.purpose].filter(code => code !== '')) },
    { key: request.t('visit.done'), list: words('visit_done', visit.done) },
    { key: request.t('visit.papers'), list: words('visit_paper', visit.papers) }
  ]
  return rows.filter(({ value, list }) => (value ?? '') !== '' || (list ?? []).length > 0)
}

/** The note to read, add to, delete and turn into a complaint. `open`: this browser has a complaint that is not sent. */
export function notePage (request: FastifyRequest, note: OpenNote, { open, typed = '', errors = [] }: { open: boolean, typed?: string, errors?: Fault[] }): NotePage {
  return {
    ...quiet,
    title: request.t('visit.title', { date: formatDate(request.locale, note.visit.date) }),
    back: { href: request.path('visits') },
    ref: note.ref,
    rows: rowsOf(request, note.visit),
    text: note.visit.text,
    added: note.visit.added.map(({ at, text }) => ({ at: formatDateTime(request.locale, at), text })),
    madeAt: note.madeAt,
    endsAt: note.endsAt,
    open,
    typed,
    faults: byField(errors),
    limit: LIMITS.addition,
    ...errors.length === 0 ? {} : { errors }
  }
}

/** What is kept by whoever wrote the note: reference and code, to be copied or printed. */
export function receiptPage (request: FastifyRequest, note: OpenNote): ReceiptPage {
  return {
    ...quiet,
    title: request.t(note.code === null ? 'visit.kept_before' : 'visit.kept'),
    ref: note.ref,
    code: note.code === null ? null : groupQueryCode(note.code),
    until: note.codeUntil,
    endsAt: note.endsAt,
    rows: rowsOf(request, note.visit),
    text: note.visit.text
  }
}
