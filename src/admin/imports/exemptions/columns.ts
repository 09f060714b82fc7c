import { DISCRETION_COLUMNS } from '../discretion/columns.ts'
import type { Columns } from '../schema.ts'

/** How source files name the parts of an exemption: lists of minor, first and faultless violations, and of lighter penalties. */
export const EXEMPTION_COLUMNS = {
  ...DISCRETION_COLUMNS,
  type: { names: ['类型', '免罚类型', '清单类型', '免罚种类', '适用类型'], required: true },
  conditions: { names: ['适用条件', '免罚条件', '适用情形', '条件'], required: true },
  match: { names: ['条件关系'] },
  measures: { names: ['配套监管措施', '教育措施', '配套措施', '监管措施', '配套监管和教育措施'], max: 2000 }
} as const satisfies Columns
