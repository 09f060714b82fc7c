import Type, { type Static } from 'typebox'

const carried = {
  matter: Type.Optional(Type.String({ maxLength: 64 })),
  officer: Type.Optional(Type.String({ maxLength: 64 })),
  agency: Type.Optional(Type.String({ maxLength: 100 })),
  prohibition: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
  decision: Type.Optional(Type.String({ maxLength: 100 })),
  benchmark: Type.Optional(Type.String({ maxLength: 100 })),
  exemption: Type.Optional(Type.String({ maxLength: 100 })),
  /** the day of the act, where the page before already asked for it */
  on: Type.Optional(Type.String({ maxLength: 10 }))
}

/** What an address or a form hands over, without anything else that it holds. */
export function carriedIn (given: Carried): Carried {
  return Object.fromEntries(Object.keys(carried).flatMap(name => name in given ? [[name, given[name as keyof Carried]]] : []))
}

/** The public records that a page may hand over. */
export const Carried = Type.Object(carried)
export type Carried = Static<typeof Carried>

const word = Type.Optional(Type.String({ maxLength: 10 }))

/** Beginning: on whose device, and what becomes of a form that still waits in this browser (`delete` or `keep`). */
export const Beginning = Type.Object({ ...carried, device: word, replace: word })
export type Beginning = Static<typeof Beginning>

/** `shared` is the address for the bureau's own public computers: they offer no memory. */
export const StartQuery = Type.Object({ ...carried, expired: word, discarded: word, waiting: word, shared: word })
export type StartQuery = Static<typeof StartQuery>
