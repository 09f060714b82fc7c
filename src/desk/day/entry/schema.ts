import Type, { type Static } from 'typebox'

const Text = Type.Optional(Type.String())

/** Where an item comes from, as typed: faults are told field by field, so nothing is refused here. */
export const EntryBody = Type.Object({ source: Text, number: Text, body: Text, received_on_year: Text, received_on_month: Text, received_on_day: Text })
export type EntryBody = Static<typeof EntryBody>

/** One of the entries that somebody began. */
export const EntryId = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })
/** `source` and `form` stand in the code on a paper form: where it is from, and which questions it asks. */
export const EntryQuery = Type.Object({ removed: Text, source: Type.Optional(Type.String({ maxLength: 40 })), form: Type.Optional(Type.String({ maxLength: 40 })) })
