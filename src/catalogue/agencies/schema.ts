import Type, { type Static } from 'typebox'

const Text = Type.Optional(Type.String())
const Values = Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }))

export const AgenciesQuery = Type.Object({ q: Text, level: Values, region: Values, sector: Values, page: Text })
export type AgenciesQuery = Static<typeof AgenciesQuery>

export const AgencyParams = Type.Object({ slug: Type.String({ maxLength: 200 }) })
