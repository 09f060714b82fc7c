import Type from 'typebox'

export const ChangeParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }) })
/** A notice as it was typed or pasted; the reader knows the rules and names each row that breaks one. */
export const NoticeForm = Type.Object({ text: Type.Optional(Type.String({ maxLength: 60_000 })), document_no: Type.Optional(Type.String({ maxLength: 80 })) })
