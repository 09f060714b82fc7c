import Type from 'typebox'
import { REVEAL_REASONS } from '../../../complaints/case/core/service.ts'

/** Longest explanation of a look at an identity, in code points. */
export const REVEAL_TEXT_LIMIT = 500

export const RevealForm = Type.Object({
  looks: Type.Integer({ minimum: 0 }),
  category: Type.Enum([...REVEAL_REASONS]),
  text: Type.Optional(Type.String({ maxLength: REVEAL_TEXT_LIMIT }))
})
