import Type, { type Static } from 'typebox'
import { REVIEW_OUTCOMES } from '../../../domain/aftermath/review.ts'
import { SUSPENSIONS } from '../../../domain/supervision/suspensions.ts'
import { RECORDED_CHANNELS } from '../../../domain/process/sources.ts'
import { AFTER } from '../../account/habits/schema.ts'
import { PATHS, REFUSALS, type RefusalCode } from '../../../domain/process/refusals.ts'

export const StepQuery = Type.Object({ action: Type.String({ pattern: '^[a-z_]{1,40}$' }) })

/** The form of any step; which fields a step asks for stands in the workflow, their limits in the service. `seen` is the last event that was on the page. */
export const StepForm = Type.Object({
  action: Type.String({ maxLength: 40 }),
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  seen: Type.Optional(Type.Integer({ minimum: 0 })),
  text: Type.Optional(Type.String({ maxLength: 50_000 })),
  refusal: Type.Optional(Type.Enum(Object.keys(REFUSALS) as RefusalCode[])),
  receiving_body: Type.Optional(Type.String({ maxLength: 2000 })),
  parallel: Type.Optional(Type.String({ maxLength: 2000 })),
  earlier_reference: Type.Optional(Type.String({ maxLength: 2000 })),
  path: Type.Optional(Type.Enum([...PATHS])),
  review_outcome: Type.Optional(Type.Enum([...REVIEW_OUTCOMES])),
  bureau: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  channel: Type.Optional(Type.Enum([...RECORDED_CHANNELS])),
  then: Type.Optional(Type.Enum([...AFTER])),
  suspension: Type.Optional(Type.Enum([...SUSPENSIONS])),
  phrase: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' })),
  act: Type.Optional(Type.Literal('phrase'))
})
export type StepForm = Static<typeof StepForm>
