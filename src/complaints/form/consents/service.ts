import { CONSENTS, type ConsentCode } from '../../../domain/process/consents.ts'
import { detectPersonal, suspectPersonal } from '../../../domain/records/masking.ts'
import type { Answers, FieldFaults } from '../../case/core/types.ts'
import { readDraft, saveDraft } from '../filing/service.ts'
import type { Parts } from '../../case/core/service.ts'

export type Consents = Partial<Record<ConsentCode, string>>
type Form = Record<string, string | string[] | undefined>

/** What sending agrees to: the sentence at the button, and what was ticked beside it, each in the version of its text. */
export function consentsIn (form: Form): Consents {
  return Object.fromEntries(Object.entries(CONSENTS).filter(([code, consent]) => !('own' in consent) || (form[code] ?? '') !== '').map(([code, { version }]) => [code, version]))
}

/** Sensitive numbers in what was written need the consent of their own (个人信息保护法 29), or have to go. */
export function consentFaults (answers: Answers, form: Form): FieldFaults {
  return isSensitive(answers) && (form['sensitive'] ?? '') === '' ? { sensitive: { key: 'consent.error.sensitive' } } : {}
}

function isSensitive ({ issues = [], place = '', effect, claim = '', target }: Answers): boolean {
  const texts = [...issues.map(({ text }) => text), place, effect?.cost ?? '', claim, target?.officerText ?? '']
  return texts.some(text => suspectPersonal(text).has('resident_id') || detectPersonal(text).some(({ kind }) => kind === 'bank_card'))
}

/** Whether the consents that the answers need were given; keeps the form with the draft where not, so that its page can say so. Errors: `draft_gone`. */
export async function agrees (parts: Parts, id: string, form: Form, now: string): Promise<boolean> {
  const { answers, submittedAt } = await readDraft(parts, id)
  if (submittedAt !== null || Object.keys(consentFaults(answers, form)).length === 0) return true
  const kept = { summary: form['summary'] === undefined ? '' : '1' }
  await saveDraft(parts, id, { ...answers, typed: { ...answers.typed, check: { form: kept, checked: true } } }, now)
  return false
}
