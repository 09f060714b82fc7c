import Type from 'typebox'
import { ANSWER_KINDS, ITEM_TABS } from '../../domain/supervision/answers.ts'

/** An item is known by its document: random, so that it tells nothing of the complaint. */
export const ItemParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }) })
export const ItemsQuery = Type.Object({ tab: Type.Optional(Type.Enum([...ITEM_TABS])) })
export const ItemQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })

const Kind = Type.Enum([...ANSWER_KINDS])
/** A draft; the service knows the limits and keeps them. */
export const AnswerForm = Type.Object({ kind: Kind, no: Type.Integer({ minimum: 0, maximum: 999 }), version: Type.Integer({ minimum: 0 }), text: Type.Optional(Type.String({ maxLength: 20_000 })) })
export const SignForm = Type.Object({ kind: Kind })
export const TimeForm = Type.Object({ days: Type.Optional(Type.String({ maxLength: 20 })), reason: Type.Optional(Type.String({ maxLength: 20_000 })) })
