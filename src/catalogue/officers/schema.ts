import Type, { type Static } from 'typebox'

const Text = (limit: number) => Type.Optional(Type.String({ maxLength: limit }))

/** Longest entries. A number may be longer than any on a card, because people type spaces between the groups. */
export const LIMITS = { number: 80, name: 50, agency: 100 } as const

export const VerifyQuery = Type.Object({ number: Text(LIMITS.number) })
export type VerifyQuery = Static<typeof VerifyQuery>

export const OfficersQuery = Type.Object({ number: Text(LIMITS.number), name: Text(LIMITS.name), agency: Text(LIMITS.agency) })
export type OfficersQuery = Static<typeof OfficersQuery>

export const OfficerParams = Type.Object({ slug: Type.String({ pattern: '^[A-Za-z0-9_-]{1,100}$' }) })
