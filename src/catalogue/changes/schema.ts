import Type, { type Static } from 'typebox'

const Text = Type.Optional(Type.String({ maxLength: 100 }))
const Values = Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }))

/** `set` and `change` are kinds of records and of changes, `day` is a day in China. Odd ones mean the usual ones or find nothing. */
export const ChangesQuery = Type.Object({ set: Values, change: Values, day: Text, page: Text })
export type ChangesQuery = Static<typeof ChangesQuery>
