import Type, { type Static } from 'typebox'

const Text = Type.Optional(Type.String())

/** Where an item comes from, as typed: faults are told field by field, so nothing is refused here. */
export const EntryBody = Type.Object({ source: Text, number: Text, body: Text, received_on_year: Text, received_on_month: Text, received_on_day: Text })
export type EntryBody = Static<typeof EntryBody>

/** One of the entries that somebody began. */
export const EntryId = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })
export const EntryQuery = Type.Object({ removed: Text })
