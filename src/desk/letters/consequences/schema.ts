import Type from 'typebox'

export const DoneQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
const Text = Type.Optional(Type.String({ maxLength: 20_000 }))
const Word = Type.Optional(Type.String({ maxLength: 40 }))
const No = Type.Integer({ minimum: 1, maximum: 10_000 })

export const WithdrawalForm = Type.Object({ no: No, reason: Text, overturned_on: Word, do: Word })
export const MeasureForm = Type.Object({ measure: Word, officer: Type.Optional(Type.String({ maxLength: 2000 })), reasons: Text })
export const MeasureEnding = Type.Object({ no: No, state: Word })
export const RecoveryForm = Type.Object({ issue: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })), kind: Word, amount: Type.Optional(Type.String({ maxLength: 100 })), note: Text })
export const PatternForm = Type.Object({ pattern: Type.String({ maxLength: 100 }), reason: Text })
