import { formatDate, formatDateTime } from '../../../i18n/format.ts'
import type { Translate } from '../../../i18n/index.ts'
import type { Locale } from '../../../paths.ts'
import type { Answers, Parts, Target } from '../../case/core/types.ts'
import { createDraft, saveDraft } from '../../form/filing/service.ts'
import { readNote } from './service.ts'
import type { Visit } from './types.ts'

/** The reader's words, which the complaint goes on in. */
export interface Reader { locale: Locale, t: Translate }

/** The ground that a note speaks for by itself: no certificate was shown. Everything else is the complainant's to say. */
const NOT_SHOWN = 'G01'

/**
 * Begins a complaint with what a note says: whom it is about, when it was, and an account to be gone over. The records are tied to the
 * version in force on the day of the visit when the complaint is sent. Gives the draft; the note stays until it is deleted or its time is over.
 */
export async function complaintFrom (parts: Parts, id: string, now: string, reader: Reader): Promise<string> {
  const { visit } = await readNote(parts, id, now)
  const account = { form: { count: '1', ground_1: visit.shown === 'none' ? NOT_SHOWN : '', text_1: accountOf(visit, reader) }, checked: false }
  const answers: Answers = { target: targetOf(visit), when: { date: visit.date, ...visit.time === '' ? {} : { time: visit.time } }, typed: { what: account } }
  const draft = await createDraft(parts, now)
  await saveDraft(parts, draft, answers, now)
  return draft
}

/** Officers on record by number, the others as the note describes them. */
function targetOf ({ agency, agencyId, officers }: Visit): Target {
  const known = officers.flatMap(({ officerId }) => officerId ?? [])
  const described = officers.filter(({ officerId }) => officerId === undefined).map(({ text }) => text).join('\n')
  return {
    ...agencyId !== undefined ? { agencyId } : agency === '' ? {} : { agencyText: agency },
    ...known.length === 0 ? {} : { officerIds: [...new Set(known)] },
    ...described === '' ? {} : { officerText: described }
  }
}

/** The note as an account, a line for each thing that it says. */
export function accountOf (visit: Visit, { locale, t }: Reader): string {
  const several = (words: string, codes: readonly string[]): string => codes.map(code => t(`${words}.${code}`)).join(t('visit.comma'))
  const line = (name: string, value: string): string => value === '' ? '' : t(`visit.line_${name}`, { value })
  return [
    line('date', [formatDate(locale, visit.date), visit.time].filter(part => part !== '').join(' ')),
    line('agency', visit.agency),
    line('officers', visit.officers.map(({ text }) => text).join(t('visit.comma'))),
    line('shown', visit.shown === '' ? '' : t(`visit_shown.${visit.shown}`)),
    line('purpose', visit.purpose === '' ? '' : t(`visit_purpose.${visit.purpose}`)),
    line('done', several('visit_done', visit.done)),
    line('papers', several('visit_paper', visit.papers)),
    visit.text,
    ...visit.added.map(({ at, text }) => t('visit.line_added', { at: formatDateTime(locale, at), text }))
  ].filter(text => text !== '').join('\n')
}
