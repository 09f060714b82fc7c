import Type from 'typebox'
import { ListText } from '../../account/habits/schema.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'

/** Parts of a case, each with its own address; words at `case_tab.<tab>`. */
export const TABS = ['overview', 'timeline', 'messages', 'notes', 'documents'] as const
export type Tab = (typeof TABS)[number]

export const ComplaintParams = Type.Object({ ref: Type.String({ pattern: REFERENCE_PATTERN }) })
export const CaseQuery = Type.Object({ tab: Type.Optional(Type.Enum([...TABS])), done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })), about: Type.Optional(Type.String({ pattern: REFERENCE_PATTERN })), list: Type.Optional(ListText) })

/** A message or a note; the service knows the limits and keeps them. */
export const TextForm = Type.Object({ text: Type.Optional(Type.String({ maxLength: 20_000 })) })
const Seen = Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 }))
/** A note; `seen` is the last one that was on the page. */
export const NoteForm = Type.Object({ ...TextForm.properties, seen: Seen })
/** A message; `once` is the mark of its form, `asks` that an answer is wanted. */
export const MessageForm = Type.Object({ text: Type.Optional(Type.String({ maxLength: 20_000 })), asks: Type.Optional(Type.String()), seen: Type.Optional(Type.String({ maxLength: 12 })), once: Type.Optional(Type.String({ maxLength: 40 })), _csrf: Type.Optional(Type.String()) })
/** `holder` is who had the case when the page was opened: it is taken from nobody else. */
export const ClaimForm = Type.Object({ take_over: Type.Optional(Type.String()), holder: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })) })
