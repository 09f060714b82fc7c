import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { canonical } from '../../../db/records.ts'
import { keepRuleOf, lastPublicDay, type PublicationRules } from '../../../domain/decisions/publication.ts'
import { readDetails } from '../../../domain/decisions/fields.ts'
import { decisionCode } from '../../../catalogue/publication/service.ts'
import type { DecisionState } from '../../../catalogue/publication/repository.ts'
import type { Cells } from '../cells/cells.ts'
import { checkState } from '../cells/check.ts'
import { coverIn } from '../../../domain/decisions/parties.ts'
import { TEXTS, type DecisionChange } from './read.ts'

/** The end of publication that the file itself names, instead of one by rule. */
const AS_GIVEN = 'given'

const text = (maxLength: number) => Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength })])
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** The limits of what is stored; what the process writes (withdrawal) is not the file's to say. */
const check = Compile(Type.Object({
  number: Type.String({ minLength: 6, maxLength: 60 }), party_name: Type.String({ minLength: 1, maxLength: 200 }), violation: text(500), facts: Type.String({ maxLength: 5000 }),
  basis: text(3000), content: Type.String({ minLength: 1, maxLength: 5000 }), benchmark_code: text(60), decided_on: day, published_on: day, public_until: day
}))

/** What has to be known beside the row. */
export interface DecisionContext { rules: PublicationRules, today: string, matterIds: ReadonlyMap<string, number>, fictional: boolean, source: string }
type Left = { leftOut: string, column: string }

/** The fields that a penalty must show (双公示); of other acts the number, agency, party, kind, result and day are enough. */
const PENALTY_NEEDS = ['facts', 'basis', 'penalty_kinds'] as const

const BLANK = {
  matter_id: null, matter_version: null, party_uscc: null, violation: null, facts: '', basis: null, penalty_kinds: null, fine_fen: null, confiscated_fen: null, benchmark_code: null, tier: null, details: null,
  status: 'in_force', overturned_on: null, withdrawn_on: null, withdrawal_ground: null, withdrawal_reason: null, replaced_by: null
} as const

/** The decision after the change; null with faults in the cells, or why the row is left aside. */
export function mergeDecision (cells: Cells, change: DecisionChange, current: DecisionState | undefined, context: DecisionContext): DecisionState | Left | null {
  const aside = leftAside(cells, change, current)
  if (aside !== undefined) return aside
  const { details, matter, public: _public, public_until: until, cover: _cover, ...rest } = change
  const blank = { ...BLANK, code: decisionCode(change.number), published_on: context.today, until_rule: '', public_until: '', source: context.source, fictional: context.fictional ? 1 : 0 }
  const given = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, value ?? emptyOf(key)]))
  const state = coverAll({ ...blank, ...current, ...given, matter_id: matterOf(cells, matter, current, context), details: detailsOf(details, current) } as DecisionState, change, current)
  checkNeeds(cells, state)
  if (cells.faults.length > 0) return null
  const settled = withPeriod(state, until, current, context)
  checkDays(cells, settled, context.today)
  if (cells.faults.length > 0 || !checkState(cells, check, settled)) return null
  if (settled.public_until >= context.today) return { ...settled, status: 'in_force' }
  return current === undefined || current.status === 'expired' ? { leftOut: 'publication_over', column: cells.title('decided_on') } : settled
}

/** What is not for the public is not stored; what was taken back does not come again by a list. */
function leftAside (cells: Cells, change: DecisionChange, current: DecisionState | undefined): Left | null | undefined {
  if (current?.status === 'withdrawn') return { leftOut: 'decision_withdrawn', column: cells.title('number') }
  if (change.public !== 0) return undefined
  if (current === undefined) return { leftOut: 'not_public', column: cells.title('public') }
  cells.fault('public', 'withdraw_first')
  return null
}

const emptyOf = (key: string): '' | null => key === 'facts' || key === 'content' ? '' : null

function matterOf (cells: Cells, code: string | null | undefined, current: DecisionState | undefined, { matterIds }: DecisionContext): number | null {
  if (code === null || code === undefined) return code === null ? null : current?.matter_id ?? null
  const id = matterIds.get(code)
  if (id === undefined) cells.fault('matter', 'matter_unknown')
  return id ?? null
}

function detailsOf (details: DecisionChange['details'], current: DecisionState | undefined): string | null {
  const all = Object.entries({ ...readDetails(current?.details ?? null), ...details }).filter(([, value]) => value !== null)
  return all.length === 0 ? null : canonical(Object.fromEntries(all))
}

/** What was stored before is covered too: a party that was taken for a firm may turn out to be a person, under either name. */
function coverAll (state: DecisionState, { cover }: DecisionChange, current: DecisionState | undefined): DecisionState {
  const other = current !== undefined && (current.party_name !== state.party_name || current.party_type !== state.party_type)
  const told = (text: string): string => other ? coverIn(cover(text), current.party_name, state.party_type) : cover(text)
  const texts = Object.fromEntries(TEXTS.map(field => [field, state[field] === null ? null : told(state[field])]))
  const details = Object.entries(readDetails(state.details)).map(([key, value]) => [key, told(value)])
  return { ...state, ...texts, details: details.length === 0 ? null : canonical(Object.fromEntries(details)) }
}

function checkNeeds (cells: Cells, state: DecisionState): void {
  for (const field of ['category', 'decided_on', 'content', 'party_type'] as const) if ((state[field] ?? '') === '') cells.fault(field, 'required')
  if (state.party_type === 'person' && state.party_uscc !== null) cells.fault('party_uscc', 'person_with_code', {}, '')
  if (state.category === 'penalty') checkPenalty(cells, state)
}

function checkPenalty (cells: Cells, state: DecisionState): void {
  for (const field of PENALTY_NEEDS) if ((state[field] ?? '') === '') cells.fault(field, 'required')
  const fined = (state.fine_fen ?? 0) > 0
  if (fined && !(state.penalty_kinds ?? '').split(' ').includes('fine')) cells.fault('penalty_kinds', 'fine_without_kind')
  const organisation = state.party_type !== 'person' && state.party_type !== 'sole_trader'
  if (organisation && state.party_uscc === null) cells.fault('party_uscc', 'required')
}

/** The end that the file names, else by the rule for such a decision, counted from the day of publication. */
function withPeriod (state: DecisionState, until: string | null | undefined, current: DecisionState | undefined, { rules }: DecisionContext): DecisionState {
  if (typeof until === 'string') return { ...state, public_until: until, until_rule: AS_GIVEN }
  if (until === undefined && current?.until_rule === AS_GIVEN) return state
  const name = keepRuleOf(state, rules)
  const rule = rules.get(name)
  return rule === undefined ? state : { ...state, public_until: lastPublicDay(state.published_on, rule), until_rule: name }
}

function checkDays (cells: Cells, { decided_on: decided, published_on: published, public_until: until }: DecisionState, today: string): void {
  if (decided > today) cells.fault('decided_on', 'day_in_future')
  if (published > today) cells.fault('published_on', 'day_in_future')
  if (published < decided) cells.fault('published_on', 'end_before_start', { start: decided })
  if (until < published) cells.fault('public_until', 'end_before_start', { start: published })
}
