import Type from 'typebox'

const Account = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const PeopleQuery = Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })), done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
export const AccountForm = Type.Object({ account: Account })
export const AgencyForm = Type.Object({ agency: Account, version: Account, q: Type.Optional(Type.String({ maxLength: 100 })) })
