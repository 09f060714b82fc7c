import Type, { type Static } from 'typebox'

const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))

/** What the auditor asks for. `before` and `after` are numbers of entries: a page begins beside one, so that it stays what it was while entries are added. */
export const AuditQuery = Type.Object({ from: Text(40), to: Text(40), actor: Text(80), action: Text(80), subject: Text(120), result: Text(20), before: Text(20), after: Text(20) })
export type AuditQuery = Static<typeof AuditQuery>

/** The fields of the form, in their order. */
export const FIELDS = ['from', 'to', 'actor', 'action', 'subject', 'result'] as const
