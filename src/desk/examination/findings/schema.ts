import Type from 'typebox'
import { FINDINGS, type Finding } from '../../../domain/process/findings.ts'
import { REDRESS, RULE_KINDS } from '../../../domain/supervision/rules.ts'

const IssueNo = Type.Integer({ minimum: 1, maximum: 1000 })

export const FindingQuery = Type.Object({ issue: IssueNo })
export const FindingForm = Type.Object({
  issue: IssueNo,
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  seen: Type.Optional(Type.Integer({ minimum: 0 })),
  finding: Type.Enum(Object.keys(FINDINGS) as Finding[]),
  reasons: Type.Optional(Type.String({ maxLength: 20_000 })),
  rule: Type.Enum([...RULE_KINDS]),
  cite: Type.Optional(Type.String({ maxLength: 1000 })),
  prohibition: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  redress: Type.Optional(Type.Array(Type.Enum([...REDRESS]), { maxItems: REDRESS.length })),
  required: Type.Optional(Type.String({ maxLength: 20_000 }))
})
