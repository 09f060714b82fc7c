import Type from 'typebox'
import { DOCUMENTS, type DocumentType } from '../../../domain/process/documents.ts'

const Short = Type.Optional(Type.String({ maxLength: 2000 }))

export const RegisterQuery = Type.Object({
  type: Type.Optional(Type.Union([Type.Literal(''), Type.Enum(Object.keys(DOCUMENTS) as DocumentType[])])),
  year: Type.Optional(Type.String({ pattern: '^(\\d{4})?$' })),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  void: Type.Optional(Type.String({ maxLength: 3 })),
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 }))
})
export const IssuedParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }) })
export const DoneQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
export const DeliveryForm = Type.Object({ way: Short, state: Short, on_year: Short, on_month: Short, on_day: Short, receiver: Short, receipt: Short, remark: Type.Optional(Type.String({ maxLength: 20_000 })) })
export const VoidForm = Type.Object({ text: Type.Optional(Type.String({ maxLength: 20_000 })) })
