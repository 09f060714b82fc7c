import Type from 'typebox'
import { CLOCKS } from '../../domain/time/clocks.ts'

const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))

export const RuleParams = Type.Object({ clock: Type.Enum([...CLOCKS]) })
export const ListQuery = Type.Object({ done: Type.Optional(Type.Literal('1')) })
/** What a period is to be; the service knows the limits and keeps them. */
export const RuleForm = Type.Object({ days: Text(20), day_type: Text(20), kind: Text(20), basis: Text(2000), basis_en: Text(2000), reason: Text(2000), from_year: Text(10), from_month: Text(10), from_day: Text(10) })
