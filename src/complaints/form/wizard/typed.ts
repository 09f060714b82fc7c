import type { Answers, Typed } from '../filing/service.ts'
import type { AnsweredStep, StepForm } from '../steps/schema.ts'

/** The answers with a page as it was sent, to be shown when it is opened again: faults survive a redirect, so that "back" never sends twice. */
export function withTyped (answers: Answers, step: AnsweredStep, typed: Typed): Answers {
  const { _csrf: _token, do: _button, ...form } = typed.form
  return { ...answers, typed: { ...answers.typed, [step]: { ...typed, form } } }
}

/** The answers once a page is saved: nothing of it waits any more, and forms opened before are behind. */
export function withSave (answers: Answers, step: AnsweredStep): Answers {
  const { [step]: _settled, ...typed } = answers.typed ?? {}
  return { ...answers, typed, saves: { ...answers.saves, [step]: (answers.saves?.[step] ?? 0) + 1 } }
}

/** The number that a page's form carries, to tell whether another tab saved the page since it was opened. */
export function saveNo (answers: Answers, step: AnsweredStep): string {
  return String(answers.saves?.[step] ?? 0)
}

/** Whether another tab saved other answers to this page since the form was opened. Sending the same twice is no conflict. */
export function isOvertaken (form: StepForm, step: AnsweredStep, kept: Answers, sent: Partial<Answers>): boolean {
  const seen = form['save_no']
  if (seen === undefined || seen === saveNo(kept, step)) return false
  return Object.entries(sent).some(([name, value]) => JSON.stringify(value) !== JSON.stringify(kept[name as keyof Answers]))
}
