import Type, { type Static } from 'typebox'

const Code = Type.String({ maxLength: 100 })
const Text = Type.Optional(Type.String({ maxLength: 100 }))

export const HistoryParams = Type.Object({ code: Code })
/** `date`: a day that a reader typed, to be led to its own address. */
export const HistoryQuery = Type.Object({ page: Text, date: Text })

export const VersionParams = Type.Object({ code: Code, version: Type.String({ maxLength: 40 }) })
export const DayParams = Type.Object({ code: Code, date: Type.String({ maxLength: 40 }) })

/** `from` and `to` are version numbers or days; `with` is the code of the same power elsewhere. */
export const CompareQuery = Type.Object({ from: Text, to: Text, with: Text })
export type CompareQuery = Static<typeof CompareQuery>
