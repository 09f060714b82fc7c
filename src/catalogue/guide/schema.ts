import Type from 'typebox'
import { POWERS } from '../../domain/process/rights.ts'

/** A power that has no page of rights is an unknown address. */
export const RightsParams = Type.Object({ power: Type.Enum([...POWERS]) })
