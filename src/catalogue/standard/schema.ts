import Type from 'typebox'
import { CLOCKS } from '../../domain/time/clocks.ts'
import { REMEDY_RULES, type RemedyName } from '../../domain/time/remedies.ts'

/** A period of this bureau or of the remedies; any other is an unknown address. */
export const RuleParams = Type.Object({ rule: Type.Enum([...CLOCKS, ...Object.keys(REMEDY_RULES) as RemedyName[]]) })
