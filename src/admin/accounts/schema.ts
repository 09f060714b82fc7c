import Type, { type Static } from 'typebox'
import { ACCOUNT_ACTS, ACTS_ON, type AccountAct } from '../../domain/staff/account-acts.ts'

const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))

export const ListQuery = Type.Object({ q: Text(60), role: Text(30), state: Text(20), page: Text(10) })
export type ListQuery = Static<typeof ListQuery>

export const AccountParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
export const DoneQuery = Type.Object({ done: Type.Optional(Type.Enum([...Object.keys(ACCOUNT_ACTS) as AccountAct[], 'requested'])) })
export const ActParams = Type.Object({ id: AccountParams.properties.id, act: Type.Enum([...ACTS_ON]) })

/** The form of any act; which fields it asks for stands in the table of acts, and the service knows what is wrong with one. */
export const ActForm = Type.Object({
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  username: Text(200), name: Text(200), role: Text(40), bureau: Text(20), agency: Text(400), card_no: Text(200), reason: Text(2000)
})
export type ActForm = Static<typeof ActForm>
