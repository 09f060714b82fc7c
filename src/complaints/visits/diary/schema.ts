import Type, { type Static } from 'typebox'

const Slug = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,100}$' }))

export const VisitsQuery = Type.Object({ expired: Type.Optional(Type.String()), left: Type.Optional(Type.String()), deleted: Type.Optional(Type.String()) })
/** What another page hands over: who was checked, or which agency, and what they came for. */
export const NewQuery = Type.Object({ officer: Slug, agency: Slug, purpose: Type.Optional(Type.String({ maxLength: 64 })) })
export type NewQuery = Static<typeof NewQuery>
export const Opening = Type.Object({ ref: Type.String({ minLength: 1, maxLength: 100 }), code: Type.String({ minLength: 1, maxLength: 100 }) })
export const VisitParams = Type.Object({ ref: Type.String({ maxLength: 30 }) })
export const Addition = Type.Object({ addition: Type.Optional(Type.String()) })
export const Deletion = Type.Object({ confirm: Type.Optional(Type.String()) })
export const Conversion = Type.Object({ replace: Type.Optional(Type.String()) })
export { StepForm as VisitForm } from '../../form/steps/schema.ts'
