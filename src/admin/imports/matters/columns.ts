import { DETAIL_COLUMNS } from '../cells/details.ts'
import type { Columns } from '../schema.ts'

/** How source files name the fields of a matter (domain.md 6.1, service-matter platforms, power lists). */
export const MATTER_COLUMNS = {
  code: { names: ['事项编码', '权力编码', '职权编码', '事项代码'], spare: ['实施编码', '实施清单编码', 'taskCode', '地方实施编码', 'localTaskCode'], required: true, max: 100 },
  base_code: { names: ['基本编码', '事项基本编码', '国家基本编码', 'catalogCode'], spare: ['地方基本编码', 'localCatalogCode'] },
  name: { names: ['事项名称', '执法事项名称', '执法事项', '权力名称', '职权名称', '权力事项名称'], required: true },
  category: { names: ['执法类别', '事项类型', '事项类别', '权力类型', '权力类别', '职权类型', '职权类别', '执法事项类别'], required: true },
  agency: { names: ['实施主体', '实施机关', '执法主体', '执法主体名称', '实施部门', '责任部门', '执法部门', '实施单位', 'bodyName'], required: true },
  region_code: { names: ['行政区划', '行政区划代码', '区划代码', '行政区划编码', 'regionCode'] },
  field: { names: ['执法领域', '领域', '所属领域', '条线', '所属条线', 'sector'] },
  levels: { names: ['行使层级', '实施层级', '权力层级', '行使级别', 'exerciseLevel'] },
  targets: { names: ['实施对象', '服务对象', '行政相对人', '行政相对人类别', 'targetTypes'] },
  penalty_kinds: { names: ['处罚种类', '处罚类别', '行政处罚种类'] },
  law: { names: ['设定依据', '法律依据', '执法依据', '法律法规名称', 'settingBasis', 'legalBasis'], spare: ['实施依据', 'execBasis'] },
  article: { names: ['依据条文', '依据条款', '条款号', '条款', '法条'] },
  quote: { names: ['依据原文', '条款内容', '条文内容', '依据内容', 'quotedText'], max: 20000 },
  statutory_days: { names: ['法定时限', '法定办结时限', '法定期限'] },
  day_unit: { names: ['时限单位', '法定时限单位', '法定办结时限单位', 'unit'] },
  promise_days: { names: ['承诺时限', '承诺办结时限', '承诺期限'] },
  promise_unit: { names: ['承诺时限单位', '承诺办结时限单位'] },
  frequency_cap: { names: ['检查频次上限', '频次上限', '年度检查频次上限', '检查频次', 'freqCap'] },
  prohibition_nos: { names: ['关联禁令', '关联十条禁令', '禁令'] },
  aliases: { names: ['别名', '俗称', '通俗名称', '常用叫法', 'alias'] },
  guide_url: { names: ['办事指南链接', '办事指南', '办事指南地址', '在线办理地址', 'guide'] },
  note: { names: ['备注', '说明', 'remark'] },
  tags: { names: ['适用行业', '行业标签', 'tags'], max: 500 },
  source: { names: ['数据来源'] },
  status: { names: ['事项状态', '状态'] },
  department: { names: ['部门编码', '实施主体编码', '实施主体统一社会信用代码', '统一社会信用代码'] },
  main_item: { names: ['主项', '主项名称'], unstored: true },
  change: { names: ['变更类型', '变动类型', '调整类型', 'changeKind'] },
  change_reason: { names: ['变更原因', '变动原因', '调整原因', 'changeReason'], max: 500 },
  ...DETAIL_COLUMNS,
  text_date: { names: ['法规施行文本日期', '依据文本日期'], unstored: true }
} as const satisfies Columns

/** What a service platform lists beside enforcement powers; such rows are left out, they are no error. */
export const NOT_ENFORCEMENT = new Set(['公共服务', '公共服务事项', '便民服务', '其他服务', '政务服务', '内部管理', '内部审批'])

/** Where a record of the register stands (事项状态). */
export const RECORD_STATUSES = {
  in_force: { zh: '在用', aliases: ['有效', '正常', '生效'] },
  suspended: { zh: '暂停', aliases: ['停用'] },
  repealed: { zh: '取消', aliases: ['废止', '撤销', '失效', '注销', '已取消', '已废止'] }
} as const
