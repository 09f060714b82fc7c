import type { Columns } from '../schema.ts'

/** What benchmarks and exemptions have in common, as source files name it (domain.md 6.7). */
export const DISCRETION_COLUMNS = {
  code: { names: ['编码', '基准编码', '裁量基准编码', '清单编码', '清单事项编码', '免罚编码'], required: true, max: 100 },
  violation: { names: ['违法行为', '违法事项', '违法行为名称', '违法情形'], required: true, max: 500 },
  agency: { names: ['实施主体', '实施机关', '执法主体', '实施部门', '执法部门'], required: true },
  region_code: { names: ['行政区划', '行政区划代码', '区划代码'] },
  matters: { names: ['事项编码', '关联事项', '对应事项编码', '基本编码', '关联事项编码'] },
  field: { names: ['执法领域', '领域', '所属领域', '条线'] },
  law: { names: ['处罚依据', '法律依据', '设定依据', '依据'] },
  article: { names: ['依据条文', '依据条款', '条款', '法条'] },
  list_name: { names: ['清单名称', '基准名称', '文件名称'], max: 200 },
  list_version: { names: ['清单版本', '基准版本', '版本'], max: 50 },
  effective_from: { names: ['施行日期', '生效日期', '实施日期'] },
  effective_to: { names: ['失效日期', '有效期至', '截止日期'] },
  note: { names: ['备注', '说明'] },
  source: { names: ['数据来源', '来源'], max: 200 },
  verified: { names: ['是否核实', '已核实'] },
  status: { names: ['状态'] },
  department: { names: ['实施主体编码', '统一社会信用代码'] },
  number: { names: ['序号'], unstored: true }
} as const satisfies Columns
