import { LETTER_LIMITS, type LetterDemand, type LetterText } from '../../../complaints/outcome/letters/service.ts'
import { ruleText } from '../../../complaints/work/investigation/service.ts'
import type { Case } from '../../../complaints/case/reading/service.ts'
import { wrongFound } from '../../../domain/process/findings.ts'
import { basisOf, DEMAND_KINDS, letterKind, type DemandKind, type LetterField, type LetterType } from '../../../domain/supervision/letters.ts'
import type { Redress } from '../../../domain/supervision/rules.ts'
import { hasWord, translate, type Values } from '../../../i18n/index.ts'

const BLANK_ROWS = 2
/** What a finding said should be put right, as a demand. */
const FROM_REDRESS = {
  revoked: 'revoke', changed: 'change', refunded: 'refund', returned: 'return_property', exemption_applied: 'change', apology: 'apologise', redone: 'redo', officer_measure: 'discipline', rule_fixed: 'fix_rule'
} as const satisfies Record<Redress, DemandKind>

export interface DemandRow { no: number, kind: string, text: string, dueOn: string }
export interface FormPart { field: LetterField, value: string, required: boolean }

/** What was typed; rows that were left empty are none. */
export function readLetter (type: LetterType, body: Readonly<Record<string, unknown>>): LetterText {
  const text = (name: string): string => typeof body[name] === 'string' ? body[name].replaceAll('\r\n', '\n').trim() : ''
  const { fields, demands } = letterKind(type)
  const rows = demands ? Array.from({ length: LETTER_LIMITS.demands + BLANK_ROWS }, (_, at) => at + 1) : []
  return {
    addressee: text('addressee'),
    fields: Object.fromEntries(fields.map(field => [field, text(field)])),
    demands: rows.map(no => demandOf(text(`demand_kind_${no}`), text(`demand_text_${no}`), text(`demand_due_${no}`))).filter(({ kind, text }) => (kind as string) !== '' || text !== '')
  }
}

function demandOf (kind: string, text: string, dueOn: string): LetterDemand {
  return { kind: (DEMAND_KINDS as readonly string[]).includes(kind) ? kind as DemandKind : '' as DemandKind, text, ...dueOn === '' ? {} : { dueOn } }
}

/** The parts of a letter as its form shows them. */
export function partsOf (type: LetterType, { fields }: LetterText): FormPart[] {
  const kind = letterKind(type)
  return kind.fields.map(field => ({ field, value: fields[field] ?? '', required: kind.needs.includes(field) }))
}

/** The demands, and two empty rows for more. */
export function rowsOf (type: LetterType, { demands }: LetterText): DemandRow[] {
  if (!letterKind(type).demands) return []
  const empty = Math.max(0, Math.min(BLANK_ROWS, LETTER_LIMITS.demands - demands.length))
  return [...demands.map(({ kind, text, dueOn = '' }) => ({ kind: kind as string, text, dueOn })), ...Array.from({ length: empty }, () => ({ kind: '', text: '', dueOn: '' }))].map((row, at) => ({ no: at + 1, ...row }))
}

/** A new letter, filled in from what was found; official letters are Chinese whatever the reader's language. */
export function prefilled (type: LetterType, { agency, issues, caseNo }: Case): LetterText {
  const t = (key: string, values?: Values): string => translate('zh-CN', key, values)
  const wrong = issues.filter(({ finding }) => wrongFound([finding]))
  const rules = wrong.flatMap(({ applied: { rule } }) => rule === null || rule.kind === 'none' ? [] : [ruleText(t, rule)])
  const phrase = (field: string): string => [`letter_phrase.${field}.${type}`, `letter_phrase.${field}`].filter(key => hasWord('zh-CN', key)).map(key => t(key, { caseNo: caseNo ?? '' }))[0] ?? ''
  const given: Partial<Record<LetterField, string>> = {
    facts: wrong.map(({ no, ground, reasons }) => t('letter.fact', { no, ground: t(`ground.${ground}`), reasons: reasons ?? '' })).join('\n'),
    basis: [...new Set([...rules, ...basisOf(type)])].join('\n')
  }
  return {
    addressee: letterKind(type).addressee === 'agency' ? agency?.name ?? '' : '',
    fields: Object.fromEntries(letterKind(type).fields.map(field => [field, (given[field] ?? '') === '' ? phrase(field) : given[field]])),
    demands: letterKind(type).demands ? wrong.flatMap(issue => demandsFrom(issue.applied)).slice(0, LETTER_LIMITS.demands) : []
  }
}

function demandsFrom ({ redress, required }: Case['issues'][number]['applied']): LetterDemand[] {
  if (required === null && redress.length === 0) return []
  const kinds: DemandKind[] = redress.length === 0 ? ['other'] : redress.map(code => FROM_REDRESS[code])
  return kinds.map((kind, at) => ({ kind, text: at === 0 ? required ?? translate('zh-CN', `demand_phrase.${kind}`) : translate('zh-CN', `demand_phrase.${kind}`) }))
}
