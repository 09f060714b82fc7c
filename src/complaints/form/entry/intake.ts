import { localDate } from '../../../domain/time/calendar.ts'
import { inTransaction } from '../../../db/open.ts'
import { AppError } from '../../../errors.ts'
import { FORBIDDEN } from '../../../forms/characters.ts'
import { findById } from '../../case/core/repository.ts'
import type { Answers, Entry, FieldFaults, Parts } from '../../case/core/types.ts'
import { createDraft, saveDraft, submitDraft } from '../filing/service.ts'
import { openDocument } from '../../case/ledger/documents.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { ANSWERED, type StepForm } from '../steps/schema.ts'
import { OWN_WORDS, readStep, withAnswers } from '../steps/service.ts'
import { sourceKey } from './filing.ts'
import { findBySourceKey } from './repository.ts'
import { readEntry } from './service.ts'

/** What another system hands over: a number at its source, and the answers of the public form in flat fields. Blank fields are left out. */
export interface HandedOver {
  source: string, source_number?: string, source_body?: string, received_on?: string, urgent?: boolean, occurred_on?: string
  issues: Array<{ ground: string, text: string }>
  [field: string]: unknown
}
/** Answers that came with their source. */
export type Entered = Answers & { entry: Entry }

/** Fields that the pages of the form call otherwise; all others have the same name there. */
const ON_THE_FORM: Readonly<Record<string, string>> = { kind: 'complaint_kind', occurred_about: 'about', other_procedure: 'kind', other_stage: 'stage', other_body: 'body', identity_mode: 'mode' }
const HANDED_OVER: Readonly<Record<string, string>> = { ...Object.fromEntries(Object.entries(ON_THE_FORM).map(([own, form]) => [form, own])), date: 'occurred_on' }
const TARGET = ['agency', 'officer', 'decision', 'plate', 'inspection_code'] as const

/**
 * Reads what was handed over with the rules of the public form; all faults at once, by the names of `HandedOver`. Nobody can be asked back: words that
 * may mean several records stay words, and where nobody is named the target is not known.
 */
export async function readHandedOver (parts: Parts, item: HandedOver, now: string): Promise<{ answers: Entered } | { faults: FieldFaults }> {
  const today = localDate(now)
  const { source, source_number: number = '', source_body: body = '', received_on: receivedOn = null } = item
  const entry = await readEntry(parts, { source, number, body, receivedOn }, today)
  const faults: FieldFaults = 'faults' in entry ? Object.fromEntries(Object.entries(entry.faults).map(([field, fault]) => [/^(number|body)$/.test(field) ? `source_${field}` : field, fault])) : {}
  const form = formOf(item, faults)
  let answers: Answers = {}
  for (const step of ANSWERED) {
    const read = await readStep(parts.db, step, form, answers, today)
    for (const [field, fault] of Object.entries(read.faults)) faults[nameOf(field)] = fault
    answers = withAnswers(answers, step, read.answers)
  }
  return 'faults' in entry || Object.keys(faults).length > 0 ? { faults } : { answers: { ...answers, entry: entry.entry } }
}

/** `text_2` → `issues.1.text`, as the second issue is called where it came from. */
function nameOf (field: string): string {
  const [, part, no] = /^(ground|text)_(\d+)$/.exec(field) ?? []
  return part === undefined ? HANDED_OVER[field] ?? field : `issues.${Number(no) - 1}.${part}`
}

/** The item as the fields of all pages together, cleaned as what a browser sends is. */
function formOf (item: HandedOver, faults: FieldFaults): StepForm {
  const clean = (name: string, value: unknown): string => {
    const text = String(value).replace(/\r\n?/g, '\n').normalize('NFC').trim()
    if (FORBIDDEN.test(text)) faults[name] = { key: 'intake.characters' }
    return FORBIDDEN.test(text) ? '' : text
  }
  const { source: _source, source_number: _number, source_body: _body, received_on: _received, issues, urgent, occurred_on: day = '', ...rest } = item
  const form: Record<string, string> = { agency_choice: OWN_WORDS, matter_choice: OWN_WORDS, kind: 'none', count: String(issues.length), urgent: urgent === true ? '1' : '' }
  for (const [name, value] of Object.entries(rest)) form[ON_THE_FORM[name] ?? name] = clean(name, value)
  for (const [at, { ground, text }] of issues.entries()) Object.assign(form, { [`ground_${at + 1}`]: ground, [`text_${at + 1}`]: clean(`issues.${at}.text`, text) })
  if (day !== '') for (const [at, part] of ['year', 'month', 'day'].entries()) form[`date_${part}`] = day.split('-')[at] ?? ''
  if (TARGET.every(field => (form[field] ?? '') === '')) form['unsure'] = '1'
  return form
}

/** The reference of the complaint that an item of a source has become; undefined when it is new. */
export async function findHandedOver ({ db, keys }: Parts, item: Pick<Entry, 'source' | 'number'>): Promise<string | undefined> {
  const key = sourceKey(keys, { ...item, receivedOn: '' })
  return key === null ? undefined : await findBySourceKey(db, key)
}

/**
 * Files what was handed over, in the caller's transaction or one of its own: draft, complaint, receipt, event and audit together. The same rules as for
 * every complaint hold, none is suspected, and no query code exists until the complainant asks for one. Errors: `form_invalid`.
 */
export async function fileHandedOver ({ db, keys }: Parts, answers: Entered, now: string, requestId: string): Promise<{ id: string, ref: string }> {
  return await inTransaction(db, async trx => {
    const parts = { db: trx, keys }
    const id = await createDraft(parts, now)
    await saveDraft(parts, id, answers, now)
    const { ref, made } = await submitDraft(parts, id, now, { requestId, handedOver: true })
    if (!made) throw new AppError('draft_gone')
    return { id, ref }
  })
}

/** What the receipt of a complaint says, as it was issued: the same however far the complaint has come. */
export async function readTaken ({ db, keys }: Parts, id: string): Promise<{ ref: string, submittedAt: string, dueOn: string | null }> {
  const row = await findById(db, id)
  const receipt = await db.selectFrom('document').select(['id', 'sealed']).where('complaint_id', '=', id).where('type', '=', 'receipt').executeTakeFirst()
  return { ref: row.ref, submittedAt: row.submitted_at, dueOn: receipt === undefined ? null : openDocument(sealFor(keys, row), receipt).dueOn ?? null }
}
