import { AGENCY_KINDS, type Enumeration } from './enumerations.ts'

/** Where a power comes from (权力来源). */
export const POWER_SOURCES = {
  statutory: { zh: '法定本级行使', aliases: ['法定', '本级行使', '法定职权'] },
  delegated_down: { zh: '上级下放', aliases: ['下放'] },
  authorised: { zh: '授权', aliases: ['法律法规授权'] },
  entrusted: { zh: '委托', aliases: ['依法委托'] },
  other: { zh: '其他', aliases: ['其它'] }
} as const satisfies Enumeration

/** What became of an old code. */
export const SUCCESSIONS = {
  renumbered: { zh: '重新编码', aliases: ['编码变更', '变更编码', '更名'] },
  merged: { zh: '合并', aliases: ['并入', '事项合并'] },
  split: { zh: '拆分', aliases: ['分设', '事项拆分'] }
} as const satisfies Enumeration
export type Succession = keyof typeof SUCCESSIONS

/** Parts of a record's page, in the order in which they stand there. */
export const SECTIONS = ['holder', 'bases', 'procedure', 'charges', 'supervision', 'remedies', 'dates', 'codes'] as const
export type Section = (typeof SECTIONS)[number]

/** How the text of a field is checked and shown; every value is kept as text, a flag as 1 or 0. */
export type FieldType = 'text' | 'code' | 'codes' | 'words' | 'date' | 'flag' | 'url'

/** One field of a matter that nothing is searched or counted by. Its name for people is the word `matter_field.<key>`. */
export interface MatterField {
  /** how source files call the column */
  names: readonly string[]
  type: FieldType
  section: Section
  /** a closed list instead of free text; labels at `<words>.<code>` */
  values?: { table: Enumeration, words: string }
  pattern?: RegExp
  max?: number
}

/**
 * What `matter.details` holds: everything of domain.md 6.1 beyond the columns. Import, page, comparison and data dictionary read this
 * table; the order inside a section is the order of the page.
 */
export const MATTER_FIELDS = {
  power_source: { names: ['权力来源', 'powerSource'], type: 'text', section: 'holder', values: { table: POWER_SOURCES, words: 'power_source' } },
  body_nature: { names: ['实施主体性质', '实施机构性质', 'bodyNature'], type: 'text', section: 'holder', values: { table: AGENCY_KINDS, words: 'agency_kind' } },
  entrusting_body: { names: ['委托部门', '委托机关', '委托单位', 'entrustingBody'], type: 'text', section: 'holder', max: 200 },
  handling_unit: { names: ['承办机构', '承办处室', '内设机构', '责任处室', 'handlingUnit'], type: 'text', section: 'holder', max: 200 },
  joint_units: { names: ['联办机构', '联办部门', '协同部门', 'jointUnits'], type: 'words', section: 'holder', max: 1000 },
  exec_basis: { names: ['实施依据', 'execBasis'], type: 'text', section: 'bases' },
  filing_standard: { names: ['立案依据', '立案标准', 'filingStandard'], type: 'text', section: 'bases' },
  accept_conditions: { names: ['受理条件', '申请条件', '办理条件', 'acceptCondition'], type: 'text', section: 'procedure' },
  flow_text: { names: ['办理流程', '执法流程', '执法程序', '流程说明', 'flowText'], type: 'text', section: 'procedure' },
  flow_file: { names: ['流程图', '流程图地址', '流程图链接', 'flowFile'], type: 'url', section: 'procedure', max: 500 },
  statutory_note: { names: ['法定时限说明', '法定办结时限说明'], type: 'text', section: 'procedure', max: 1000 },
  promise_note: { names: ['承诺时限说明', '承诺办结时限说明'], type: 'text', section: 'procedure', max: 1000 },
  is_fee: { names: ['是否收费', 'isFee'], type: 'flag', section: 'charges' },
  fee_basis: { names: ['收费依据', '收费标准及依据', 'feeBasis'], type: 'text', section: 'charges', max: 2000 },
  levy_type: { names: ['征收种类', 'levyType'], type: 'text', section: 'charges', max: 200 },
  reducible: { names: ['减免审批', '是否可减免', 'reducible'], type: 'flag', section: 'charges' },
  legal_review: { names: ['是否需法制审核', '是否需要法制审核', '法制审核', 'legalReview'], type: 'flag', section: 'supervision' },
  legal_review_reason: { names: ['法制审核理由', '法制审核情形', '法制审核依据'], type: 'text', section: 'supervision', max: 1000 },
  recording: { names: ['音像记录要求', '音像记录', '全过程记录要求', 'avRecord'], type: 'text', section: 'supervision', max: 1000 },
  remedy: { names: ['救济渠道', '救济途径', 'remedy'], type: 'text', section: 'remedies', max: 2000 },
  review_organ: { names: ['复议机关', '行政复议机关', 'reviewOrgan'], type: 'text', section: 'remedies', max: 200 },
  court: { names: ['诉讼法院', '管辖法院', '行政诉讼法院', 'court'], type: 'text', section: 'remedies', max: 200 },
  contact: { names: ['咨询方式', '咨询电话', 'linkWay'], type: 'text', section: 'remedies', max: 500 },
  complaint_line: { names: ['监督投诉方式', '投诉电话', '监督电话', 'superviseWay'], type: 'text', section: 'remedies', max: 500 },
  effective_from: { names: ['计划生效日期', '生效日期', '实施日期', 'effectiveFrom'], type: 'date', section: 'dates' },
  cancel_on: { names: ['计划取消日期', '取消日期', '停止实施日期', 'cancelAt'], type: 'date', section: 'dates' },
  previous_codes: { names: ['原事项编码', '原编码', '承接编码'], type: 'codes', section: 'dates', max: 1000 },
  succession: { names: ['编码承接方式', '承接方式'], type: 'text', section: 'dates', values: { table: SUCCESSIONS, words: 'succession' } },
  succession_on: { names: ['编码承接日期', '承接日期'], type: 'date', section: 'dates' },
  local_base_code: { names: ['地方基本编码', 'localCatalogCode'], type: 'code', section: 'codes', max: 50 },
  task_code: { names: ['实施编码', '实施清单编码', 'taskCode'], type: 'code', section: 'codes', max: 50 },
  local_task_code: { names: ['地方实施编码', 'localTaskCode'], type: 'code', section: 'codes', max: 50 },
  handle_item_code: { names: ['业务办理项编码', 'taskHandleItem'], type: 'code', section: 'codes', max: 50 },
  supervise_code: { names: ['监管事项目录编码', '监管事项编码', 'superviseCatalogCode'], type: 'code', section: 'codes', pattern: /^\d{14}$/ },
  inspect_list_code: { names: ['检查实施清单编码', 'inspectListCode'], type: 'code', section: 'codes', max: 100 },
  batch_no: { names: ['批次号', 'batch'], type: 'text', section: 'codes', max: 100 },
  synced_on: { names: ['同步时间', '同步日期', 'syncedAt'], type: 'date', section: 'codes' }
} as const satisfies Readonly<Record<string, MatterField>>

export type MatterFieldKey = keyof typeof MATTER_FIELDS
/** The filled fields of a matter. */
export type MatterDetails = Partial<Record<MatterFieldKey, string>>

/** The fields one by one, each with its key. */
export const matterFields: ReadonlyArray<MatterField & { key: MatterFieldKey }> = Object.entries(MATTER_FIELDS).map(([key, field]) => ({ ...field, key: key as MatterFieldKey }))

/** The details as they are stored (JSON or null); null when nothing is filled. */
export function writeDetails (details: MatterDetails | null): string | null {
  const filled = matterFields.flatMap(({ key }) => details?.[key] === undefined ? [] : [[key, details[key]]])
  return filled.length === 0 ? null : JSON.stringify(Object.fromEntries(filled))
}

/** The details of a stored matter. */
export function readDetails (text: string | null): MatterDetails {
  return text === null ? {} : JSON.parse(text) as MatterDetails
}
