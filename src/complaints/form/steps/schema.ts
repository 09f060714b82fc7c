import Type, { type Static } from 'typebox'

/** The pages of the form in their order; the one place that knows it. */
export const STEPS = ['target', 'what', 'when-where', 'rule', 'effect', 'elsewhere', 'evidence', 'you', 'check'] as const
export type StepName = (typeof STEPS)[number]

/** Pages that must be saved before the next one opens (security.md F-2), an optional one by "continue" alone. `check` is the last. */
export const ANSWERED = STEPS.slice(0, -1) as ReadonlyArray<Exclude<StepName, 'check'>>
export type AnsweredStep = (typeof ANSWERED)[number]

/** Longest entries, in code points. Text areas say the number; a longer text is kept and the fault explained. */
export const LIMITS = {
  agency: 100, officer: 300, decision: 100, plate: 20, inspection_code: 64, about: 50, time: 50, place: 200, matter: 300, cost: 1000, claim: 1000, body: 200, name: 50, org: 100, email: 254, address: 200, agent_name: 50, agent_phone: 30
} as const
/** Shortest account of an issue: less says nothing that could be examined (domain.md 8.3). */
export const LEAST_TEXT = 20

export const StepParams = Type.Object({ step: Type.Enum([...ANSWERED]) })

export const StepQuery = Type.Object({ return: Type.Optional(Type.Literal('check')), begun: Type.Optional(Type.String()) })
export type StepQuery = Static<typeof StepQuery>

/** Fields differ by page; each page's reader knows its own and passes over the others. */
export const StepForm = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]))
export type StepForm = Static<typeof StepForm>
