import Type, { type Static } from 'typebox'

const Account = Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))
const Part = Type.Optional(Type.String({ maxLength: 10 }))

/** Who is away from when to when, and who stands in. */
export const AbsenceForm = Type.Object({ account: Account, deputy: Account, from_year: Part, from_month: Part, from_day: Part, to_year: Part, to_month: Part, to_day: Part })
export type AbsenceForm = Static<typeof AbsenceForm>
export const HandoverForm = Type.Object({ from_person: Account, to_person: Account, note: Type.Optional(Type.String({ maxLength: 20_000 })) })
export type HandoverForm = Static<typeof HandoverForm>
export const IdParams = Type.Object({ id: Type.String({ pattern: '^[\\w-]{36}$' }) })
export const PageQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })), person: Account })
