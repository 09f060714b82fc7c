import Type from 'typebox'
import { REVEAL_REASONS } from '../../complaints/core/service.ts'

export const RevealForm = Type.Object({
  category: Type.Enum([...REVEAL_REASONS]),
  text: Type.Optional(Type.String({ maxLength: 2000 }))
})
