import Type, { type Static } from 'typebox'

const Text = (limit: number) => Type.Optional(Type.String({ maxLength: limit }))

/** Longer than any card number, because people type spaces between the groups. */
export const VerifyQuery = Type.Object({ number: Text(80) })
export type VerifyQuery = Static<typeof VerifyQuery>

export const OfficersQuery = Type.Object({ number: Text(80), name: Text(50), agency: Text(100) })
export type OfficersQuery = Static<typeof OfficersQuery>

export const OfficerParams = Type.Object({ slug: Type.String({ pattern: '^[A-Za-z0-9_-]{1,100}$' }) })
