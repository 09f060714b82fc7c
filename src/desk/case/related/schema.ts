import Type from 'typebox'
import { TIE_KINDS } from '../../../complaints/work/related/service.ts'

const Other = Type.Optional(Type.String({ maxLength: 60 }))

export const DoneQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
export const TieForm = Type.Object({ other: Other, kind: Type.Enum([...TIE_KINDS]) })
export const OtherForm = Type.Object({ other: Other })
