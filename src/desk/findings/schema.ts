import Type from 'typebox'
import { FINDINGS, type Finding } from '../../domain/process/findings.ts'

const IssueNo = Type.Integer({ minimum: 1, maximum: 1000 })

export const FindingQuery = Type.Object({ issue: IssueNo })
export const FindingForm = Type.Object({
  issue: IssueNo,
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  seen: Type.Optional(Type.Integer({ minimum: 0 })),
  finding: Type.Enum(Object.keys(FINDINGS) as Finding[]),
  reasons: Type.Optional(Type.String({ maxLength: 20_000 }))
})
