import type { Db } from '../../../db/schema.ts'
import { articleOf, lawKey } from '../../../domain/records/citations.ts'
import type { Finding } from '../../../domain/process/findings.ts'
import { mayBeNone, REDRESS, type Redress, type RuleApplied, type RuleKind } from '../../../domain/supervision/rules.ts'
import { AppError } from '../../../errors.ts'
import type { Seal } from '../../case/ledger/sealing.ts'

/** What a finding rests on and leads to, besides its reasons. */
export interface Applied { rule: RuleApplied | null, redress: Redress[], required: string | null }

/** Longest citation, and what an agency has to do, in code points. */
export const CITATION_LIMIT = 200
export const REQUIRED_LIMIT = 1000

/** A rule as a form asks for it: a citation (《法律》第几条), or the number of a prohibition. */
export interface RuleAnswer { kind: RuleKind, cite?: string, prohibition?: number }

/** Looks a rule up in the register. Errors: `form_invalid` with the field `cite` or `prohibition`. */
export async function resolveRule (db: Db, { kind, cite = '', prohibition }: RuleAnswer): Promise<RuleApplied> {
  const wrong = (field: string, key: string): AppError => new AppError('form_invalid', { fields: { [field]: { key } } })
  if (kind === 'none') return { kind }
  if (kind === 'prohibition') {
    const row = await db.selectFrom('prohibition').select('no').where('no', '=', prohibition ?? -1).executeTakeFirst()
    if (row === undefined) throw wrong('prohibition', 'finding_rule.no_prohibition')
    return { kind, no: row.no }
  }
  const typed = cite.trim()
  if (typed === '') throw wrong('cite', 'finding_rule.no_cite')
  if ([...typed].length > CITATION_LIMIT) throw new AppError('form_invalid', { fields: { cite: { key: 'field.maxLength', values: { limit: CITATION_LIMIT } } } })
  if (kind === 'other') return { kind, cite: typed }
  const found = await findCited(db, typed)
  if (found === null) throw wrong('cite', 'finding_rule.not_in_library')
  return found
}

/** The article of the law library that a citation means; null when there is none. */
async function findCited (db: Db, cite: string): Promise<RuleApplied | null> {
  const at = cite.search(/第[^第条]{1,9}条/)
  const no = articleOf(cite)
  if (at < 1 || no === null) return null
  const statute = await db.selectFrom('statute').select(['id', 'slug', 'name', 'text_date']).where('law_key', '=', lawKey(cite.slice(0, at))).executeTakeFirst()
  if (statute === undefined) return null
  const article = await db.selectFrom('statute_article').select('label').where('statute_id', '=', statute.id).where('article_no', '=', no.article).where('sub_no', '=', no.sub).executeTakeFirst()
  if (article === undefined) return null
  return { kind: 'article', cite: `《${statute.name}》${cite.slice(at)}`, slug: statute.slug, article: no.sub === 0 ? String(no.article) : `${no.article}-${no.sub}`, textDate: statute.text_date }
}

/** What a form or a caller says of a finding's rule and what follows from it. */
export interface Applying { rule?: RuleApplied, redress?: readonly Redress[], required?: string }
type Columns = Record<'rule_kind' | 'rule_sealed' | 'redress' | 'required_sealed', string | null>

/** The columns of an issue that keep a rule and what follows from it. Errors: `form_invalid` (`rule`, `required`). */
export function closeApplied (seal: Seal, no: number, finding: Finding, { rule, redress = [], required = '' }: Applying): Columns {
  if ([...required].length > REQUIRED_LIMIT) throw new AppError('form_invalid', { fields: { required: { key: 'field.maxLength', values: { limit: REQUIRED_LIMIT } } } })
  if (mayBeNone(finding)) return { ...ruleColumns(seal, no, rule ?? { kind: 'none' }), redress: null, required_sealed: null }
  if (rule?.kind === 'none') throw new AppError('form_invalid', { fields: { rule: { key: 'finding_rule.wrong_needs_rule' } } })
  const codes = REDRESS.filter(code => redress.includes(code))
  return {
    ...rule === undefined ? { rule_kind: null, rule_sealed: null } : ruleColumns(seal, no, rule),
    redress: codes.length === 0 ? null : codes.join(' '),
    required_sealed: required.trim() === '' ? null : seal.close(`issue:${no}:required`, required.trim())
  }
}

function ruleColumns (seal: Seal, no: number, rule: RuleApplied): Pick<Columns, 'rule_kind' | 'rule_sealed'> {
  return { rule_kind: rule.kind, rule_sealed: seal.close(`issue:${no}:rule`, JSON.stringify(rule)) }
}

/** The same, opened. */
export function openApplied (seal: Seal, { no, rule_sealed: rule, redress, required_sealed: required }: { no: number, rule_sealed: string | null, redress: string | null, required_sealed: string | null }): Applied {
  return {
    rule: rule === null ? null : JSON.parse(seal.open(`issue:${no}:rule`, rule)) as RuleApplied,
    redress: (redress ?? '').split(' ').filter(code => code !== '') as Redress[],
    required: required === null ? null : seal.open(`issue:${no}:required`, required)
  }
}

/** A rule in the words of a reader; citations stay as official texts write them. */
export function ruleText (t: (key: string, values?: Record<string, string | number>) => string, rule: RuleApplied): string {
  if (rule.kind === 'none') return t('rule_applied.none')
  return rule.kind === 'prohibition' ? t('rule_applied.prohibition', { no: rule.no }) : rule.cite
}
