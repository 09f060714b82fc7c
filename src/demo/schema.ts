import Type, { type Static } from 'typebox'
import { PHRASE_PLACES } from '../domain/supervision/phrases.ts'
import { REVEAL_REASONS } from '../complaints/case/core/service.ts'
import { codesOf, CATEGORIES, TARGETS } from '../domain/records/enumerations.ts'
import { FINDINGS } from '../domain/process/findings.ts'
import { CONFIRMATIONS } from '../domain/aftermath/follow-up.ts'
import { REVIEW_OUTCOMES } from '../domain/aftermath/review.ts'
import { GROUNDS } from '../domain/process/grounds.ts'
import { IDENTITY_MODES } from '../domain/process/identity-modes.ts'
import { PROMPT_ANSWERS, PROMPTS } from '../domain/process/prompts.ts'
import { PAPER_ACTS } from '../domain/time/remedies.ts'
import { PARALLELS, PARALLEL_STAGES } from '../domain/process/parallel.ts'
import { WITHDRAWAL_GROUNDS } from '../domain/decisions/publication.ts'
import { ACCOUNT_ACTS } from '../domain/staff/account-acts.ts'
import { STAFF_ROLES } from '../domain/process/permissions.ts'
import { PATHS, REFUSALS } from '../domain/process/refusals.ts'
import { SUSPENSIONS } from '../domain/supervision/suspensions.ts'
import { LETTER_TYPES } from '../domain/supervision/letters.ts'
import { ACTIONS } from '../domain/process/workflow.ts'
import { CHECKLIST } from '../domain/supervision/checklist.ts'
import { PRIORITIES } from '../domain/work/priorities.ts'

const Text = Type.String({ minLength: 1, maxLength: 2000 })
const Optional = Type.Optional(Text)
const strict = { additionalProperties: false } as const

/** What somebody does with a demo complaint, some working days after it was submitted. */
const Step = Type.Object({
  after: Type.Integer({ minimum: 0, maximum: 200 }),
  by: Type.Enum(['complainant', ...STAFF_ROLES]),
  do: Type.Enum([...ACTIONS, 'claim', 'message', 'question', 'note', 'finding', 'reveal', 'confirm', 'review', 'recusal', 'refuse_recusal', 'rate', 'assign', 'letter', 'interview', 'ask_footage', 'comply', 'verify_demands', 'pay_back', 'take_back', 'demand', 'statement']),
  text: Optional,
  issue: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
  finding: Type.Optional(Type.Enum(codesOf(FINDINGS))),
  refusal: Type.Optional(Type.Enum(codesOf(REFUSALS))),
  path: Type.Optional(Type.Enum([...PATHS])),
  receiving_body: Optional,
  parallel: Optional,
  reason: Type.Optional(Type.Enum([...REVEAL_REASONS])),
  suspension: Type.Optional(Type.Enum([...SUSPENSIONS])),
  review_outcome: Type.Optional(Type.Enum([...REVIEW_OUTCOMES])),
  confirmation: Type.Optional(Type.Enum([...CONFIRMATIONS])),
  letter: Type.Optional(Type.Enum(LETTER_TYPES)),
  amount: Optional,
  file: Optional,
  who: Optional,
  scores: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 5 }), { minItems: 3, maxItems: 3 }))
}, strict)
export type Step = Static<typeof Step>

/** One fictional grievance; records of the register are named by slug, code and number. */
const Story = Type.Object({
  key: Text,
  agency: Optional,
  agencyText: Optional,
  matter: Optional,
  officer: Type.Optional(Type.Boolean()),
  decision: Type.Optional(Type.Boolean()),
  prohibition: Type.Optional(Type.Integer()),
  notSure: Type.Optional(Type.Array(Type.Enum(['agency', 'officer', 'matter', 'decision']))),
  issues: Type.Array(Type.Object({ ground: Type.Enum(codesOf(GROUNDS)), text: Text }, strict), { minItems: 1, maxItems: 10 }),
  when: Type.Object({ days: Type.Optional(Type.Integer({ minimum: 0 })), about: Optional, time: Optional }, strict),
  place: Type.String({ maxLength: 200 }),
  claim: Text,
  mode: Type.Enum(codesOf(IDENTITY_MODES)),
  urgent: Type.Optional(Type.Boolean()),
  prompts: Type.Optional(Type.Partial(Type.Record(Type.Enum(codesOf(PROMPTS)), Type.Enum([...PROMPT_ANSWERS])))),
  paper: Type.Optional(Type.Object({ act: Type.Enum([...PAPER_ACTS]), days: Type.Integer({ minimum: 0, maximum: 400 }) }, strict)),
  parallel: Type.Optional(Type.Object({ kind: Type.Enum(codesOf(PARALLELS)), body: Optional, stage: Type.Optional(Type.Enum([...PARALLEL_STAGES])) }, strict))
}, strict)
export type Story = Static<typeof Story>

const DecisionKind = Type.Object({ category: Type.Enum(codesOf(CATEGORIES)), series: Text, violation: Optional, facts: Text, contents: Type.Array(Text, { minItems: 1 }), share: Type.Integer({ minimum: 1 }) }, strict)
export type DecisionKind = Static<typeof DecisionKind>

/** A decision that was overturned so many days ago; `replaced`: another one of the demo stands in its place. */
const DemoWithdrawal = Type.Object({ ground: Type.Enum(codesOf(WITHDRAWAL_GROUNDS)), reason: Text, days: Type.Integer({ minimum: 0, maximum: 60 }), after: Type.Integer({ minimum: 0, maximum: 30 }), replaced: Type.Boolean() }, strict)

/** An error that was reported so many days ago, and what the bureau answered so many days after. */
const DemoCorrection = Type.Object({
  record: Text, field: Text, wrong: Text, right: Type.String(), source: Type.String(), days: Type.Integer({ minimum: 0, maximum: 200 }),
  answer: Type.Optional(Type.Object({ status: Type.Enum(['fixed', 'refused']), note: Text, after: Type.Integer({ minimum: 0, maximum: 60 }) }, strict))
}, strict)

/** What one made-up administrator asked for, and another has not confirmed yet. */
const DemoRequest = Type.Object({ by: Text, act: Type.Enum(codesOf(ACCOUNT_ACTS)), username: Text, typed: Type.Record(Type.String(), Text) }, strict)

/** A routing rule; `suggested` is the user name of whom it suggests. */
const DemoRule = Type.Object({
  name: Text, reason: Text,
  when: Type.Object({ grounds: Type.Optional(Type.Array(Type.Enum(codesOf(GROUNDS)))), keywords: Type.Optional(Type.Array(Text)) }, strict),
  then: Type.Object({ suggested: Optional, priority: Type.Optional(Type.Enum([...PRIORITIES])), checks: Type.Optional(Type.Array(Type.Enum(codesOf(CHECKLIST)))) }, strict)
}, strict)

/** `demo.json` of a pack: everything fictional that its demo city is made of. A case is a story, a fate, and how many working days ago it began. */
export const DemoPack = Type.Object({
  names: Type.Object({ prefix: Text, surnames: Type.Array(Text, { minItems: 1 }), numerals: Type.Array(Text, { minItems: 10, maxItems: 10 }) }, strict),
  officers: Type.Object({ area: Text }, strict),
  accounts: Type.Array(Type.Object({ username: Text, role: Type.Enum([...STAFF_ROLES]), name: Text, agency: Optional, card: Optional }, strict)),
  decisions: Type.Object({ parties: Type.Array(Type.Tuple([Text, Type.Enum(codesOf(TARGETS))]), { minItems: 1 }), kinds: Type.Array(DecisionKind, { minItems: 1 }), withdrawals: Type.Array(DemoWithdrawal) }, strict),
  complainants: Type.Object({ email: Text }, strict),
  matters: Type.Object({ stages: Type.Array(Type.Object({ daysAgo: Type.Integer({ minimum: 0, maximum: 2000 }), reason: Text, rows: Type.Array(Type.Record(Type.String(), Type.String({ maxLength: 2000 })), { minItems: 1 }) }, strict)) }, strict),
  misses: Type.Array(Type.Object({ words: Text, count: Type.Integer({ minimum: 1, maximum: 100 }) }, strict)),
  stories: Type.Array(Story),
  fates: Type.Record(Type.String(), Type.Array(Step)),
  cases: Type.Array(Type.Tuple([Text, Text, Type.Integer({ minimum: 0, maximum: 200 })])),
  account_requests: Type.Array(DemoRequest),
  views: Type.Array(Type.Object({ name: Type.String(), list: Type.String() })),
  phrases: Type.Array(Type.Object({ place: Type.Enum([...PHRASE_PLACES]), title: Text, text: Text }, strict)),
  routing: Type.Array(DemoRule),
  corrections: Type.Array(DemoCorrection),
  seed: Type.Object({ settings: Type.Array(Text, { minItems: 1 }), note: Text }, strict)
}, strict)
export type DemoPack = Static<typeof DemoPack>
