import Type from 'typebox'
import { PRIORITIES } from '../../../domain/work/priorities.ts'

/** A change of the priority; the service knows the limit of the reason. */
export const PriorityForm = Type.Object({ priority: Type.Optional(Type.Enum([...PRIORITIES])), text: Type.Optional(Type.String({ maxLength: 20_000 })) })
