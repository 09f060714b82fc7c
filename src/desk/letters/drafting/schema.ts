import Type from 'typebox'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'
import { LETTER_TYPES } from '../../../domain/supervision/letters.ts'

const Version = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const LetterParams = Type.Object({ ref: Type.String({ pattern: REFERENCE_PATTERN }), id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,80}$' }) })
export const DoneQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
export const TypeQuery = Type.Object({ type: Type.Enum(LETTER_TYPES) })
/** A letter as it is typed. Besides these: each part by its name, and `demand_kind_1`, `demand_text_1`, `demand_due_1` …; the service knows the limits. */
export const LetterForm = Type.Object({ type: Type.Enum(LETTER_TYPES), version: Type.Optional(Version), phrase: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' })), act: Type.Optional(Type.Enum(['save', 'hand_in', 'phrase'])) })
export const EndForm = Type.Object({ version: Version, text: Type.Optional(Type.String({ maxLength: 20_000 })) })
export const VersionForm = Type.Object({ version: Version })
