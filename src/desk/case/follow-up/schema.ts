import Type from 'typebox'
import { FLAGS } from '../../../complaints/following/requests/repository.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'

const Ref = Type.String({ pattern: REFERENCE_PATTERN })
const Id = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const RefParams = Type.Object({ ref: Ref })
export const RecusalParams = Type.Object({ ref: Ref, id: Id })
export const RecusalForm = Type.Object({ granted: Type.Enum(['yes', 'no']), account: Type.Optional(Id), reasons: Type.Optional(Type.String({ maxLength: 20_000 })) })
export const FlagForm = Type.Object({ kind: Type.Enum([...FLAGS]) })
