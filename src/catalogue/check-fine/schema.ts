import Type, { type Static } from 'typebox'

const typed = Type.Optional(Type.Unknown()) // read by hand: the same field twice, or anything else, is a wrong answer and no crash

/** Everything that was answered so far stands in the address; `step` is the page that is asked for. */
export const CheckQuery = Type.Object({
  q: typed, page: typed, matter: typed, on: typed, on_year: typed, on_month: typed, on_day: typed, benchmark: typed, c: typed, x: typed, tier: typed, fine: typed, base: typed, step: typed
})
export type CheckQuery = Static<typeof CheckQuery>
