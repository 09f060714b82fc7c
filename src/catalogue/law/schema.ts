import Type, { type Static } from 'typebox'

const Text = Type.Optional(Type.String())

export const LawQuery = Type.Object({ q: Text, level: Type.Optional(Type.String({ maxLength: 40 })), page: Text })
export type LawQuery = Static<typeof LawQuery>

export const StatuteParams = Type.Object({ slug: Type.String({ maxLength: 200 }) })
export const StatuteQuery = Type.Object({ page: Text, article: Text })
export type StatuteQuery = Static<typeof StatuteQuery>

/** 122, or 12-1 for 第十二条之一. */
export const ArticleParams = Type.Object({ slug: Type.String({ maxLength: 200 }), article: Type.String({ pattern: '^[1-9][0-9]{0,3}(-[1-9][0-9]?)?$' }) })
export const PageQuery = Type.Object({ page: Text })
export type PageQuery = Static<typeof PageQuery>
