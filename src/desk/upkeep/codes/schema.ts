import Type from 'typebox'
import { ENDINGS } from '../../../catalogue/codes/service.ts'

/** Whatever stands in an address is a page or a search; odd ones mean the first page and everybody. */
export const CodesQuery = Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })), page: Type.Optional(Type.String({ maxLength: 20 })) })
export const SheetQuery = Type.Object({ page: Type.Optional(Type.String({ maxLength: 20 })), done: Type.Optional(Type.String({ maxLength: 20 })), count: Type.Optional(Type.String({ maxLength: 10 })) })
export const SheetParams = Type.Object({ slug: Type.String({ maxLength: 100 }) })

/** Reasons that a person gives; that a card was issued anew is found out by the register itself. */
export const GIVEN_ENDINGS = ENDINGS.filter(ending => ending !== 'reissued')
export const EndingForm = Type.Object({ number: Type.String({ minLength: 1, maxLength: 80 }), ending: Type.Enum([...GIVEN_ENDINGS]) })
export const MakeForm = Type.Object({})
