import Type, { type Static } from 'typebox'
import { LIST_LIMIT } from '../queue/schema.ts'

/** How long the name of a view may be, and how many a person keeps. */
export const NAME_LIMIT = 40
export const MOST_VIEWS = 20

export const ViewParams = Type.Object({ id: Type.String({ pattern: '^[\\w-]{22}$' }) })
/** The page of the views: `list` is the list that somebody wants to keep. */
export const ViewsQuery = Type.Object({ list: Type.Optional(Type.String({ maxLength: LIST_LIMIT })), done: Type.Optional(Type.Enum(['saved', 'changed', 'removed'])) })
/** A view that is made or changed; the service knows the limits. */
export const ViewForm = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 2000 })),
  shared: Type.Optional(Type.String()),
  list: Type.Optional(Type.String({ maxLength: 20_000 })),
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))
})
export type ViewForm = Static<typeof ViewForm>
