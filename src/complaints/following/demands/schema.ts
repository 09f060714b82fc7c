import Type from 'typebox'
import { DEMAND_ANSWERS } from '../../../domain/supervision/demands.ts'

export const RefParams = Type.Object({ ref: Type.String({ maxLength: 30 }) })
/** Which demand, whether it was done, and what the complainant saw. All may be missing: whose form it is, is asked first. */
export const DemandForm = Type.Object({
  document: Type.Optional(Type.String({ maxLength: 40 })), no: Type.Optional(Type.Integer({ minimum: 1, maximum: 999 })), answer: Type.Optional(Type.Enum([...DEMAND_ANSWERS])), words: Type.Optional(Type.String({ maxLength: 20_000 }))
})
