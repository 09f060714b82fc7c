import Type, { type Static } from 'typebox'

const Values = Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }))
const Text = Type.Optional(Type.String())

/** A list of matters, as its address says it. Odd pages, sorts and sizes mean the usual ones; unknown facet values find nothing. */
export const MattersQuery = Type.Object({ q: Text, category: Values, agency: Values, level: Values, field: Values, region: Values, sort: Text, per: Text, page: Text })
export type MattersQuery = Static<typeof MattersQuery>

/** A citation names the version; only the present one has a page. */
export const MatterQuery = Type.Object({ version: Text })
export const MatterParams = Type.Object({ code: Type.String({ maxLength: 100 }) })
