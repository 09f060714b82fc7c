import Type, { type Static } from 'typebox'

const carried = {
  matter: Type.Optional(Type.String({ maxLength: 64 })),
  officer: Type.Optional(Type.String({ maxLength: 64 })),
  agency: Type.Optional(Type.String({ maxLength: 100 })),
  prohibition: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
  decision: Type.Optional(Type.String({ maxLength: 100 })),
  /** the day of the act, where the page before already asked for it */
  on: Type.Optional(Type.String({ maxLength: 10 }))
}

/** The public records that a page may hand over. */
export const Carried = Type.Object(carried)
export type Carried = Static<typeof Carried>

export const StartQuery = Type.Object({ ...carried, expired: Type.Optional(Type.String()), discarded: Type.Optional(Type.String()) })
export type StartQuery = Static<typeof StartQuery>
