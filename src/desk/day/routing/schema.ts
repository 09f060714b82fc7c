import Type, { type Static } from 'typebox'
import { COMPLAINT_KINDS } from '../../../complaints/allotment/routing/service.ts'
import { GROUNDS, type GroundCode } from '../../../domain/process/grounds.ts'
import { SOURCES, type SourceCode } from '../../../domain/process/sources.ts'
import { CHECKLIST, type CheckCode } from '../../../domain/supervision/checklist.ts'
import { PRIORITIES } from '../../../domain/work/priorities.ts'

const Text = Type.Optional(Type.String({ maxLength: 2000 }))
const Id = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const Account = Type.Optional(Id)

/** A rule as its form sends it; `do` is what is wanted. */
export const RuleForm = Type.Object({
  name: Text,
  agency: Text,
  region: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
  grounds: Type.Optional(Type.Array(Type.Enum(Object.keys(GROUNDS) as GroundCode[]), { maxItems: 40 })),
  keywords: Text,
  source: Type.Optional(Type.Enum(Object.keys(SOURCES) as SourceCode[])),
  fine: Text,
  urgent: Type.Optional(Type.String()),
  kind: Type.Optional(Type.Enum([...COMPLAINT_KINDS])),
  handler: Account,
  suggest: Type.Optional(Type.String()),
  supervisor_1: Account,
  supervisor_2: Account,
  priority: Type.Optional(Type.Enum([...PRIORITIES])),
  checks: Type.Optional(Type.Array(Type.Enum(Object.keys(CHECKLIST) as CheckCode[]), { maxItems: 40 })),
  reason: Text,
  version: Type.Optional(Id),
  do: Type.Optional(Type.Enum(['save', 'try']))
})
export type RuleForm = Static<typeof RuleForm>
export const RuleParams = Type.Object({ id: Type.String({ pattern: '^[\\w-]{36}$' }) })
export const SwitchForm = Type.Object({ on: Type.Enum(['0', '1']) })
export const MoveForm = Type.Object({ to: Type.Enum(['up', 'down']) })
export const DoneQuery = Type.Object({ done: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
