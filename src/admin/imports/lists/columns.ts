import { listKind, type ListName } from '../../../domain/records/list-kinds.ts'
import type { Column, Columns } from '../schema.ts'

/** What every list may say of a record, whatever its kind. */
const COMMON = {
  region_code: { names: ['行政区划', '行政区划代码', '区划代码', '所在区县', 'regionCode'] },
  category: { names: ['执法类别', '权力类型', '事项类型'] },
  matters: { names: ['关联事项', '关联事项编码', '对应执法事项编码'] },
  law: { names: ['依据', '设定依据', '法律依据', '检查依据', '抽查依据', '实施依据'] },
  article: { names: ['依据条文', '依据条款', '条款号'] },
  effective_from: { names: ['施行日期', '生效日期', '起始日期', '开始日期'] },
  effective_to: { names: ['失效日期', '有效期至', '截止日期', '结束日期'] },
  status: { names: ['状态', '事项状态'] },
  verified: { names: ['是否核实', '核实'] },
  source: { names: ['数据来源', '来源'] },
  fictional: { names: ['演示数据', '是否演示数据'] },
  note: { names: ['备注', '说明'] },
  serial: { names: ['序号'], unstored: true }
} as const satisfies Columns

/** How files name the fields of a list; the kind's own names come before those that all kinds share. */
export function listColumns (name: ListName): Columns {
  const kind = listKind(name)
  const fields = Object.entries(kind.fields).map(([key, field]): [string, Column] =>
    [key, { names: field.names, ...field.required === true ? { required: true } : {}, ...field.type === 'text' ? {} : { max: field.type === 'line' ? field.max ?? 200 : 500 } }])
  const own = {
    code: { names: ['编码', '清单编码', '事项编码', '编号'], required: true, max: 60 },
    title: { names: [...new Set(kind.title)], required: true, max: 500 },
    agency: { names: [...new Set(kind.agency)] },
    ...Object.fromEntries(fields)
  } satisfies Columns
  const taken = new Set(Object.values(own).flatMap(column => [...column.names]))
  const shared = Object.entries(COMMON).map(([key, column]): [string, Column] => [key, { ...column, names: column.names.filter(word => !taken.has(word)) }])
  return { ...own, ...Object.fromEntries(shared) }
}
