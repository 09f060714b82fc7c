import Type from 'typebox'
import { CLOCKS } from '../../domain/time/clocks.ts'

export const Entrance = Type.Object({ ref: Type.String({ minLength: 1, maxLength: 100 }), code: Type.String({ minLength: 1, maxLength: 100 }) })
export const EntranceQuery = Type.Object({ expired: Type.Optional(Type.String()), left: Type.Optional(Type.String()), receipt: Type.Optional(Type.String()) })
export const RefParams = Type.Object({ ref: Type.String({ maxLength: 30 }) })
export const ClockParams = Type.Object({ ref: Type.String({ maxLength: 30 }), clock: Type.Enum([...CLOCKS]) })
export const DocumentParams = Type.Object({ ref: Type.String({ maxLength: 30 }), id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })
export const Message = Type.Object({ text: Type.Optional(Type.String()) })
export const Withdrawal = Type.Object({ confirm: Type.Optional(Type.String()), reason: Type.Optional(Type.String()) })
