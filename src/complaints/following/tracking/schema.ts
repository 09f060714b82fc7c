import Type from 'typebox'
import { CLOCKS } from '../../../domain/time/clocks.ts'

export const RefParams = Type.Object({ ref: Type.String({ maxLength: 30 }) })
export const TrackQuery = Type.Object({ done: Type.Optional(Type.String({ maxLength: 30 })) })
export const ClockParams = Type.Object({ ref: Type.String({ maxLength: 30 }), clock: Type.Enum([...CLOCKS]) })
export const DocumentParams = Type.Object({ ref: Type.String({ maxLength: 30 }), id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })
export const Message = Type.Object({ text: Type.Optional(Type.String()), once: Type.Optional(Type.String({ maxLength: 40 })), _csrf: Type.Optional(Type.String()) })
