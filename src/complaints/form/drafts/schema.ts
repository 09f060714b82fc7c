import Type, { type Static } from 'typebox'

/** How a draft is opened again: its code, on whose device, or that it is to be deleted. */
export const Resumption = Type.Object({
  code: Type.Optional(Type.String({ maxLength: 60 })),
  device: Type.Optional(Type.String({ maxLength: 10 })),
  do: Type.Optional(Type.String({ maxLength: 10 }))
})
export type Resumption = Static<typeof Resumption>

export const ResumeQuery = Type.Object({ left: Type.Optional(Type.String()), expired: Type.Optional(Type.String()) })
export type ResumeQuery = Static<typeof ResumeQuery>
