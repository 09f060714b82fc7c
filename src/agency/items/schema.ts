import Type, { type Static } from 'typebox'
import { ANSWER_KINDS, ITEM_TABS } from '../../domain/supervision/answers.ts'

/** An item is known by its document: random, so that it tells nothing of the complaint. */
export const ItemParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }) })
export const ItemFileParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }), file: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })
export const ItemsQuery = Type.Object({ tab: Type.Optional(Type.Enum([...ITEM_TABS])) })
export const ItemQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })

const Kind = Type.Enum([...ANSWER_KINDS])
/** A draft with its files, as a form of parts or a plain one; the service knows the limits of its text and keeps them. `do`: what besides saving, `remove_<file>`. */
export const AnswerForm = Type.Object({
  kind: Kind, no: Type.String({ pattern: '^\\d{1,3}$' }), version: Type.String({ pattern: '^\\d{1,9}$' }), text: Type.Optional(Type.String({ maxLength: 40_000 })), do: Type.Optional(Type.String({ pattern: '^(save|remove_[A-Za-z0-9_-]{22})$' }))
})
export type AnswerForm = Static<typeof AnswerForm>
export const SignForm = Type.Object({ kind: Kind, seen: Type.String({ maxLength: 40 }) })
export const TimeForm = Type.Object({ days: Type.Optional(Type.String({ maxLength: 20 })), reason: Type.Optional(Type.String({ maxLength: 20_000 })) })
