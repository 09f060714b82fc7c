import Type from 'typebox'
import { CLOCKS } from '../../../domain/time/clocks.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'

const Ref = Type.String({ pattern: REFERENCE_PATTERN })

export const FileParams = Type.Object({ ref: Ref, id: Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }) })
export const ClockParams = Type.Object({ ref: Ref, clock: Type.Enum([...CLOCKS]) })
