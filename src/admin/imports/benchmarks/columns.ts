import { DISCRETION_COLUMNS } from '../discretion/columns.ts'
import type { Columns } from '../schema.ts'

/** How source files name the parts of a benchmark; one row for each tier. */
export const BENCHMARK_COLUMNS = {
  ...DISCRETION_COLUMNS,
  issuer: { names: ['制定机关', '发布机关', '制定部门'], max: 200 },
  legal_text: { names: ['法定罚则', '罚则', '罚则原文', '法定处罚幅度'] },
  tier: { names: ['裁量阶次', '阶次', '裁量等级', '裁量阶次名称'], required: true },
  circumstances: { names: ['适用情节', '适用条件', '违法情节', '情节', '适用情形'], required: true, max: 2000 },
  match: { names: ['情节关系'] },
  conditions: { names: ['情节要件', '要件'], max: 2000 },
  kinds: { names: ['处罚种类', '处罚类别'] },
  floor: { names: ['罚款下限', '下限', '裁量下限'] },
  ceiling: { names: ['罚款上限', '上限', '裁量上限'] },
  base: { names: ['罚款基数', '倍数基数', '基数'] },
  base_from: { names: ['基数起点', '基数不低于'] },
  base_below: { names: ['基数不满', '基数低于'] },
  measures: { names: ['其他措施', '其他处罚', '并处措施'] }
} as const satisfies Columns
