import Type from 'typebox'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'

export const FileParams = Type.Object({ ref: Type.String({ pattern: REFERENCE_PATTERN }), id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })

/** Longest reason for a look at an original, in code points. */
export const REASON_LIMIT = 200
export const ReasonForm = Type.Object({ reason: Type.String({ minLength: 5, maxLength: REASON_LIMIT }) })
