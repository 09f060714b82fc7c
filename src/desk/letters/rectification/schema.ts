import Type from 'typebox'
import { VERDICTS } from '../../../domain/supervision/answers.ts'

export const RectificationQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
export const VerdictForm = Type.Object({
  document: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }), no: Type.Integer({ minimum: 1, maximum: 999 }), verdict: Type.Optional(Type.Enum([...VERDICTS])), text: Type.Optional(Type.String({ maxLength: 20_000 }))
})
