import type { Enumeration } from './enumerations.ts'
import type { Citation } from './laws.ts'

/** How something is recorded (记录方式). */
export const RECORDINGS = {
  audio: { zh: '录音', aliases: ['音频'] },
  video: { zh: '录像', aliases: ['视频', '摄像', '执法记录仪'] },
  photo: { zh: '照相', aliases: ['拍照', '照片'] },
  whole: { zh: '全程同步录音录像', aliases: ['全程录音录像', '全程音像记录', '录音录像', '音像记录'] }
} as const satisfies Enumeration

/** When a decision has to pass legal review: the four cases of 行政处罚法 58. */
export const REVIEW_TRIGGERS = {
  public_interest: { zh: '涉及重大公共利益', aliases: ['涉及重大公共利益的'] },
  hearing: { zh: '直接关系当事人或者第三人重大权益，经过听证程序', aliases: ['直接关系当事人或者第三人重大权益，经过听证程序的', '经过听证程序', '听证'] },
  complex: { zh: '案件情况疑难复杂、涉及多个法律关系', aliases: ['案件情况疑难复杂、涉及多个法律关系的', '疑难复杂'] },
  other_law: { zh: '法律、法规规定应当进行法制审核的其他情形', aliases: ['其他', '其他情形', '法律、法规规定的其他情形'] }
} as const satisfies Enumeration

/** How closely the checked are chosen (抽查类别). */
export const INSPECTION_KINDS = {
  general: { zh: '一般检查事项', aliases: ['一般', '一般事项'] },
  key: { zh: '重点检查事项', aliases: ['重点', '重点事项'] }
} as const satisfies Enumeration

/** What a policy gives (政策类别). */
export const POLICY_KINDS = {
  funds: { zh: '资金支持', aliases: ['奖补', '补贴', '资金'] },
  tax: { zh: '税费减免', aliases: ['税费', '减税降费'] },
  finance: { zh: '融资支持', aliases: ['融资', '金融'] },
  labour: { zh: '用工支持', aliases: ['用工', '就业'] },
  access: { zh: '准入便利', aliases: ['准入', '审批便利'] },
  innovation: { zh: '创新支持', aliases: ['创新', '科技创新'] },
  other: { zh: '其他', aliases: ['其它'] }
} as const satisfies Enumeration

/** What a commitment stands for (告知承诺类别). */
export const COMMITMENT_KINDS = {
  permit: { zh: '行政许可告知承诺', aliases: ['许可', '涉企经营许可告知承诺', '审批告知承诺'] },
  proof: { zh: '证明事项告知承诺', aliases: ['证明', '证明事项'] }
} as const satisfies Enumeration

/** Where people sit together about a dispute (说事点类别). */
export const POINT_KINDS = {
  community: { zh: '社区（村）', aliases: ['社区', '村', '社区(村)'] },
  street: { zh: '街道（乡镇）', aliases: ['街道', '乡镇', '街道(乡镇)'] },
  trade: { zh: '行业', aliases: ['行业性', '专业性'] },
  site: { zh: '园区和市场', aliases: ['园区', '市场', '商圈'] }
} as const satisfies Enumeration

/**
 * One field of a record of a list. `names` are the columns that it may have in a file; the word `column.item_<key>` is its label. `of` lists the values of a
 * choice, whose words begin with `words`. `facet`: the list can be narrowed by it; `shown`: stands in the list; `prominent`: stands first on the record's page.
 */
export interface ItemField {
  names: readonly string[]
  type: 'text' | 'line' | 'choice' | 'choices' | 'date' | 'number' | 'flag' | 'phone' | 'url'
  of?: Enumeration
  words?: string
  max?: number
  required?: true
  facet?: true
  shown?: true
  prominent?: true
}

/** Facets that every kind may have: columns of the record, not of its data. */
export type CommonFacet = 'category' | 'agency' | 'region'

/** One list of the three systems (三项制度) and of what stands beside them. */
export interface ListKind {
  zh: string
  /** what a file may call the record's title and the agency that keeps it; `agency` is not needed where the law itself puts all agencies under a duty */
  title: readonly string[]
  agency: readonly string[]
  /** the rules behind the list, each read in its text; `unverified`: documents of which no text could be read */
  basis: readonly Citation[]
  unverified?: readonly string[]
  /** the newest first where nothing was asked for */
  newest?: true
  facets: readonly CommonFacet[]
  fields: Readonly<Record<string, ItemField>>
}

const AGENCY = ['实施主体', '执法主体', '实施机关', '责任单位', '单位名称'] as const
const WHAT = ['事项名称', '执法事项', '名称'] as const

/** Every list, by the name that stands in its address. domain.md 6.7 to 6.9 and its sources give the columns. */
export const LIST_KINDS = {
  'recording-items': {
    zh: '行政执法音像记录事项清单',
    title: ['执法事项', ...WHAT],
    agency: AGENCY,
    basis: [{ law: 'penalty', article: 47 }, { law: 'business', article: 58 }],
    unverified: ['国办发〔2018〕118号'],
    facets: ['category', 'agency'],
    fields: {
      stage: { names: ['记录环节', '环节'], type: 'line', max: 200, required: true, shown: true },
      recording: { names: ['记录方式', '方式'], type: 'choices', of: RECORDINGS, words: 'recording', facet: true, shown: true },
      starts: { names: ['记录开始时间', '开始时间'], type: 'line', max: 500 },
      content: { names: ['记录内容'], type: 'text' },
      ends: { names: ['记录结束时间', '结束时间'], type: 'line', max: 500 },
      storage: { names: ['存储期限', '保存期限', '保管期限'], type: 'line', max: 200 },
      storage_months: { names: ['存储月数', '保存月数'], type: 'number', max: 1200 }
    }
  },
  'legal-review-items': {
    zh: '重大执法决定法制审核目录',
    title: WHAT,
    agency: AGENCY,
    basis: [{ law: 'penalty', article: 58 }, { law: 'business', article: 58 }],
    unverified: ['国办发〔2018〕118号'],
    facets: ['category', 'agency'],
    fields: {
      review_trigger: { names: ['审核情形', '情形', '审核标准'], type: 'choice', of: REVIEW_TRIGGERS, words: 'review_trigger', required: true, facet: true, shown: true },
      reviewer: { names: ['审核机构', '法制审核机构'], type: 'line', max: 200, shown: true },
      review_content: { names: ['审核内容', '审核重点'], type: 'text' },
      materials: { names: ['提交材料', '送审材料'], type: 'text' },
      review_days: { names: ['审核时限', '时限'], type: 'line', max: 100 }
    }
  },
  'random-inspection-items': {
    zh: '随机抽查事项清单',
    title: ['抽查事项', '抽查事项名称', '检查项目', ...WHAT],
    agency: ['抽查主体', '检查主体', ...AGENCY],
    basis: [{ law: 'business', article: 54 }, { law: 'private_economy', article: 52 }],
    facets: ['agency'],
    fields: {
      inspection_kind: { names: ['抽查类别', '事项类别', '检查类别'], type: 'choice', of: INSPECTION_KINDS, words: 'inspection_kind', facet: true },
      object: { names: ['抽查对象', '检查对象'], type: 'line', max: 500, required: true, shown: true },
      content: { names: ['抽查内容', '检查内容'], type: 'text' },
      ratio: { names: ['抽查比例', '比例'], type: 'line', max: 100, prominent: true, shown: true },
      frequency: { names: ['抽查频次', '检查频次', '频次'], type: 'line', max: 100, prominent: true, shown: true },
      method: { names: ['抽查方式', '检查方式', '方式'], type: 'line', max: 200 }
    }
  },
  'inspection-plans': {
    zh: '涉企行政检查计划',
    title: ['计划名称', '检查计划', '检查任务', '名称'],
    agency: ['检查主体', '检查机关', ...AGENCY],
    basis: [],
    unverified: ['国办发〔2024〕54号'],
    newest: true,
    facets: ['agency'],
    fields: {
      plan_year: { names: ['年度', '计划年度'], type: 'number', max: 2100, required: true, facet: true, shown: true },
      approved_by: { names: ['批准机关', '审批机关', '备案机关'], type: 'line', max: 200, prominent: true },
      approved_on: { names: ['批准日期', '审批日期', '备案日期'], type: 'date', prominent: true },
      frequency_cap: { names: ['频次上限', '检查频次上限', '检查频次', '频次'], type: 'line', max: 200, prominent: true, shown: true },
      scope: { names: ['企业范围', '检查对象范围', '检查对象'], type: 'text', required: true, shown: true },
      content: { names: ['检查事项', '检查项目', '检查内容'], type: 'text' },
      method: { names: ['检查方式', '方式'], type: 'line', max: 200 },
      ratio: { names: ['检查比例', '抽查比例', '比例'], type: 'line', max: 100 }
    }
  },
  'enterprise-policies': {
    zh: '涉企政策措施',
    title: ['政策名称', '文件名称', '名称'],
    agency: ['制定机关', '发文机关', '牵头单位', ...AGENCY],
    basis: [{ law: 'business', article: 38 }, { law: 'private_economy', article: 11 }],
    newest: true,
    facets: ['agency'],
    fields: {
      policy_kind: { names: ['政策类别', '类别'], type: 'choice', of: POLICY_KINDS, words: 'policy_kind', facet: true, shown: true },
      document_no: { names: ['文号', '发文字号'], type: 'line', max: 100 },
      issued_on: { names: ['印发日期', '发文日期', '成文日期'], type: 'date', shown: true },
      audience: { names: ['适用对象', '支持对象'], type: 'text', required: true, shown: true, prominent: true },
      measures: { names: ['主要措施', '政策内容', '支持内容'], type: 'text', required: true, prominent: true },
      apply: { names: ['申报方式', '办理方式', '兑现方式'], type: 'text' },
      contact: { names: ['咨询电话', '联系电话'], type: 'phone' },
      competition_review: { names: ['公平竞争审查', '是否经过公平竞争审查'], type: 'flag' },
      link: { names: ['原文链接', '原文网址', '链接'], type: 'url' }
    }
  },
  'commitment-matters': {
    zh: '告知承诺事项清单',
    title: WHAT,
    agency: AGENCY,
    basis: [{ law: 'business', article: 40, paragraph: 3 }, { law: 'business', article: 44 }],
    facets: ['category', 'agency'],
    fields: {
      commitment_kind: { names: ['告知承诺类别', '承诺类别'], type: 'choice', of: COMMITMENT_KINDS, words: 'commitment_kind', required: true, facet: true, shown: true },
      promise: { names: ['承诺内容'], type: 'text', required: true, prominent: true },
      spared: { names: ['免予提交的材料', '免交材料', '证明名称'], type: 'text', shown: true, prominent: true },
      unsuitable: { names: ['不适用情形', '不适用对象'], type: 'text' },
      check: { names: ['核查方式', '事后核查方式'], type: 'text' },
      consequence: { names: ['不实承诺的后果', '不实承诺责任'], type: 'text' }
    }
  },
  'dispute-points': {
    zh: '评理说事点',
    title: ['说事点名称', '评理说事点', '名称'],
    agency: ['指导单位', '设立单位', ...AGENCY],
    basis: [],
    facets: ['region'],
    fields: {
      street: { names: ['街道', '街道(乡镇)', '所属街道', '乡镇'], type: 'line', max: 60, required: true, facet: true, shown: true },
      point_kind: { names: ['说事点类别', '类别'], type: 'choice', of: POINT_KINDS, words: 'point_kind', facet: true },
      address: { names: ['地址', '详细地址'], type: 'line', max: 300, required: true, shown: true, prominent: true },
      phone: { names: ['电话', '联系电话'], type: 'phone', shown: true, prominent: true },
      hours: { names: ['开放时间', '服务时间', '办公时间'], type: 'line', max: 200, shown: true, prominent: true },
      handles: { names: ['受理范围', '服务内容'], type: 'text' }
    }
  }
} as const satisfies Record<string, ListKind>
export type ListName = keyof typeof LIST_KINDS

export const LIST_NAMES = Object.keys(LIST_KINDS) as ListName[]

/** The description of a list, without the exact types of its fields. */
export function listKind (name: ListName): ListKind {
  return LIST_KINDS[name]
}

/** The list that a word of an address means, or undefined. */
export function listNameOf (text: string): ListName | undefined {
  return LIST_NAMES.find(name => name === text)
}
