import { writeNumeral } from '../../../domain/records/citations.ts'
import { DOCUMENTS, type DocumentType } from '../../../domain/process/documents.ts'
import { basisOf, LETTER_FIELDS, type LetterField, type LetterType } from '../../../domain/supervision/letters.ts'
import { formatDate } from '../../../i18n/format.ts'
import { translate, type Values } from '../../../i18n/index.ts'
import type { Locale } from '../../../paths.ts'
import type { Content, LetterText } from '../../case/ledger/documents.ts'

export interface Line { text: string, heading?: true }
/** An issued or drafted letter in sentences. It holds nothing of the complainant: only what was written for the agency, and the case's number. */
export interface LetterSheet { issuer: string, title: string, number: string, addressee: string, lines: Line[], attachments: string[], on: string, signed: string }

type Words = (key: string, values?: Values) => string

/** A letter to an agency in the words of a language; what was typed stays as it was issued. The parts follow each other as 一、二、三. */
export function letterSheet (locale: Locale, { type, number, content }: { type: LetterType, number: string, content: Content }): LetterSheet {
  const t: Words = (key, values) => translate(locale, key, values)
  const letter = content.letter ?? { addressee: content.receiving_body ?? '', fields: {}, demands: [] }
  const values = { caseNo: content.caseNo ?? '', basis: basisOf(type).join(t('ui.between')) }
  return {
    issuer: issuerOf(locale, type, content),
    title: t(`document.${type}`),
    number,
    addressee: t('letter.to_body', { body: letter.addressee }),
    lines: [{ text: t(`letter_open.${type}`, values) }, ...numbered(locale, partsOf(t, locale, letter)), ...content.objectionOn === undefined ? [] : [{ text: t('letter.objection', { on: formatDate(locale, content.objectionOn) }) }]],
    attachments: linesOf(letter.fields.attachments),
    on: content.issuedOn,
    signed: formatDate(locale, content.issuedOn)
  }
}

/** Who signs: the bureau, or the people's government of its level for a decision. */
export function issuerOf (locale: Locale, type: DocumentType, { bureau, bureauEn }: Pick<Content, 'bureau' | 'bureauEn'>): string {
  if (DOCUMENTS[type].issuer !== 'government') return locale === 'en' ? bureauEn : bureau
  return locale === 'en' ? translate('en', 'letter.government_of', { bureau: bureauEn }) : bureau.replace(/司法局$/, '人民政府')
}

interface Part { heading: string, lines: string[] }

function partsOf (t: Words, locale: Locale, letter: LetterText): Part[] {
  const parts: Part[] = LETTER_FIELDS.filter(field => field !== 'attachments' && field !== 'report').map(field => partOf(t, letter, field))
  return [...parts, { heading: t('letter_part.demands'), lines: demandsOf(t, locale, letter) }, partOf(t, letter, 'report')].filter(({ lines }) => lines.length > 0)
}

function partOf (t: Words, { fields, articles = [] }: LetterText, field: LetterField): Part {
  const quoted = field === 'basis' ? articles.map(({ cite, body }) => t('letter.article', { cite, body })) : []
  return { heading: t(`letter_part.${field}`), lines: [...linesOf(fields[field]), ...quoted] }
}

function demandsOf (t: Words, locale: Locale, { demands }: LetterText): string[] {
  return demands.map(({ kind, text, dueOn }, at) => t(dueOn === undefined ? 'letter.demand_open' : 'letter.demand', { no: at + 1, kind: t(`demand_kind.${kind}`), text, on: dueOn === undefined ? '' : formatDate(locale, dueOn) }))
}

function numbered (locale: Locale, parts: Part[]): Line[] {
  return parts.flatMap(({ heading, lines }, at) => [{ text: locale === 'en' ? `${at + 1}. ${heading}` : `${writeNumeral(at + 1)}、${heading}`, heading: true as const }, ...lines.map(text => ({ text }))])
}

function linesOf (text = ''): string[] {
  return text.split(/\n+/).map(line => line.trim()).filter(line => line !== '')
}
