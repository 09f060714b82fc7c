import Type from 'typebox'

export const IndustryParams = Type.Object({ slug: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }) })
