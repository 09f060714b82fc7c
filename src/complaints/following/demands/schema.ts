import Type from 'typebox'
import { DEMAND_ANSWERS } from '../../../domain/supervision/demands.ts'

export const RefParams = Type.Object({ ref: Type.String({ maxLength: 30 }) })
/** Which demand, whether it was done, and what the complainant saw. */
export const DemandForm = Type.Object({
  document: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }), no: Type.Integer({ minimum: 1, maximum: 999 }), answer: Type.Optional(Type.Enum([...DEMAND_ANSWERS])), words: Type.Optional(Type.String({ maxLength: 20_000 }))
})
