import { letterSheet, type LetterSheet } from '../../../complaints/outcome/documents/service.ts'
import { ruleText } from '../../../complaints/work/investigation/service.ts'
import type { DocumentView } from '../../../complaints/case/reading/service.ts'
import { REFUSALS, type Refusal } from '../../../domain/process/refusals.ts'
import { LETTERS, type LetterType } from '../../../domain/supervision/letters.ts'
import { formatDate } from '../../../i18n/format.ts'
import { hasWord, translate, type Values } from '../../../i18n/index.ts'
import type { Locale } from '../../../paths.ts'

/** A document in sentences. What was issued is the Chinese one; in another language it is a reading of it. */
export function letterOf (locale: Locale, { type, number, content, toComplainant }: DocumentView): LetterSheet {
  if (content.letter !== undefined && Object.hasOwn(LETTERS, type)) return letterSheet(locale, { type: type as LetterType, number, content })
  const t = (key: string, values?: Values): string => translate(locale, key, values)
  return {
    issuer: locale === 'en' ? content.bureauEn : content.bureau,
    title: t(`document.${type}`),
    number,
    addressee: toComplainant ? t('letter.to_complainant') : t('letter.to_body', { body: content.receiving_body ?? '' }),
    lines: paragraphsOf(locale, type, content).map(text => ({ text })),
    attachments: [],
    on: content.issuedOn,
    signed: formatDate(locale, content.issuedOn)
  }
}

function paragraphsOf (locale: Locale, type: string, content: Content): string[] {
  const t = (key: string, values?: Values): string => translate(locale, key, values)
  const due = content.dueOn === undefined ? undefined : formatDate(locale, content.dueOn)
  const values = { ref: content.ref, caseNo: content.caseNo ?? content.ref, body: content.receiving_body ?? '', due, date: formatDate(locale, content.issuedOn) }
  const sentence = (key: string): string[] => hasWord(locale, key) ? [t(key, values)] : []
  return [
    ...sentence(`letter_open.${type}`),
    ...content.review_outcome === undefined ? [] : [t('letter.review_outcome', { outcome: t(`review_outcome.${content.review_outcome}`) })],
    ...refusalOf(t, content),
    ...content.suspension === undefined ? [] : [t('letter.suspension', { suspension: t(`suspension.${content.suspension}`) })],
    ...content.text?.split(/\n+/) ?? [],
    ...findingsOf(t, content),
    ...detailsOf(t, content),
    ...due === undefined ? [] : sentence(`letter_due.${type}`),
    ...content.remedy === undefined ? [] : [t(`remedy.${content.remedy}`)],
    ...sentence(`letter_close.${type}`)
  ]
}

type Words = (key: string, values?: Values) => string
type Content = DocumentView['content']

function refusalOf (t: Words, { refusal }: Content): string[] {
  if (refusal === undefined) return []
  const { basis } = REFUSALS[refusal] as Refusal
  return [t('letter.refusal', { ground: t(`refusal.${refusal}`) }), ...basis === undefined ? [] : [t('letter.basis', { basis })]]
}

function findingsOf (t: Words, { issues = [] }: Content): string[] {
  return issues.map(({ rule, redress = [], required, ...issue }) => [
    t('letter.issue', { no: issue.no, ground: t(`ground.${issue.ground}`), finding: t(`finding.${issue.finding}`), reasons: issue.reasons }),
    ...rule === undefined ? [] : [t('letter.rule', { rule: ruleText(t, rule) })],
    ...redress.length === 0 ? [] : [t('letter.redress', { redress: redress.map(code => t(`redress.${code}`)).join(t('ui.between')) })],
    ...required === undefined ? [] : [t('letter.required', { required })]
  ].join(''))
}

function detailsOf (t: Words, { receiving_body: body, parallel, earlier_reference: earlier, path, refusal }: Content): string[] {
  return [
    ...body === undefined || refusal === undefined ? [] : [t('letter.right_body', { body })],
    ...parallel === undefined ? [] : [t('letter.parallel', { parallel })],
    ...earlier === undefined ? [] : [t('letter.earlier', { ref: earlier })],
    ...path === undefined ? [] : [t('letter.path', { path: t(`path.${path}`) })]
  ]
}
