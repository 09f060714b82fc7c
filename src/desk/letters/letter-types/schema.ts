import Type from 'typebox'
import { LETTER_TYPES } from '../../../domain/supervision/letters.ts'

export const TypeParams = Type.Object({ type: Type.Enum(LETTER_TYPES) })
export const TypesQuery = Type.Object({ done: Type.Optional(Type.Enum(['on', 'off'])) })
export const UseForm = Type.Object({ used: Type.Enum(['0', '1']), basis: Type.Optional(Type.String({ maxLength: 3000 })) })
