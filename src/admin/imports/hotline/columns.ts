import { GROUNDS } from '../../../domain/process/grounds.ts'
import type { Enumeration } from '../../../domain/records/enumerations.ts'
import { translate } from '../../../i18n/index.ts'
import type { Columns } from '../schema.ts'

/** How lists of the 12345 hotline name what they hold; nothing of it is shown in a report. */
export const HOTLINE_COLUMNS = {
  source_number: { names: ['工单编号', '工单号', '受理单号', '编号'], required: true, max: 100 },
  received_on: { names: ['转办日期', '转办时间', '派单日期', '派单时间', '交办时间', '收到日期'], required: true },
  kind: { names: ['诉求类型', '诉求类别', '类别'] },
  urgent: { names: ['是否紧急', '紧急'] },
  agency: { names: ['被投诉单位', '被反映单位', '涉及单位', '执法主体'], hush: true },
  officer: { names: ['执法人员', '被投诉人员', '被反映人员'], hush: true },
  ground: { names: ['投诉事由', '事由'] },
  text: { names: ['诉求内容', '工单内容', '反映内容', '投诉内容', '来电内容'], required: true, hush: true },
  occurred_on: { names: ['发生日期', '发生时间', '事发日期', '事发时间'], hush: true },
  place: { names: ['发生地点', '发生地址', '事发地点', '事发地址'], hush: true },
  claim: { names: ['诉求目的', '主要诉求', '请求事项'], hush: true },
  confidential: { names: ['是否保密', '信息保密', '来电人是否要求保密'] },
  name: { names: ['来电人', '来电人姓名', '诉求人', '诉求人姓名', '姓名'], hush: true },
  phone: { names: ['来电号码', '联系电话', '诉求人电话', '电话'], hush: true },
  email: { names: ['电子邮箱', '邮箱'], hush: true },
  address: { names: ['联系地址', '通信地址'], hush: true },
  org: { names: ['企业名称', '来电单位', '单位名称'], hush: true }
} as const satisfies Columns

export const ITEM_KINDS = { complaint: { zh: '投诉' }, report: { zh: '举报' }, suggestion: { zh: '批评建议', aliases: ['建议', '意见建议'] } } as const satisfies Enumeration

/** Grounds by their words or codes. */
export const ITEM_GROUNDS: Enumeration = Object.fromEntries(Object.keys(GROUNDS).map(code => [code, { zh: translate('zh-CN', `ground.${code}`), aliases: [code] }]))
