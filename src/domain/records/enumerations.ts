import { plain } from './codes.ts'

/** One value of a closed list: its official Chinese name and the other ways in which source files write it. Labels for people stand in the catalogues. */
export interface Entry { zh: string, aliases?: readonly string[], code?: string }
export type Enumeration = Readonly<Record<string, Entry>>

/** Kinds of enforcement power (行政执法监督条例 11; provincial rules for those after `inspection`). `code` is the prefix of our matter codes. */
export const CATEGORIES = {
  permit: { code: 'XK', zh: '行政许可', aliases: ['许可', '行政许可事项', '行政审批'] },
  penalty: { code: 'CF', zh: '行政处罚', aliases: ['处罚', '行政处罚事项'] },
  coercion: { code: 'QZ', zh: '行政强制', aliases: ['强制', '行政强制措施', '行政强制执行'] },
  levy: { code: 'ZS', zh: '行政征收', aliases: ['征收', '行政征用', '征用', '行政征收征用', '行政征收(征用)', '行政征收(含征用)'] },
  benefit: { code: 'GF', zh: '行政给付', aliases: ['给付'] },
  inspection: { code: 'JC', zh: '行政检查', aliases: ['检查', '监督检查', '行政监督检查', '行政监督'] },
  confirmation: { code: 'QR', zh: '行政确认', aliases: ['确认'] },
  reward: { code: 'JL', zh: '行政奖励', aliases: ['奖励'] },
  adjudication: { code: 'CJ', zh: '行政裁决', aliases: ['裁决'] },
  registration: { code: 'DJ', zh: '行政登记', aliases: ['登记'] },
  charge: { code: 'SF', zh: '行政收费', aliases: ['收费', '行政事业性收费'] },
  other: { code: 'QT', zh: '其他行政权力', aliases: ['其他', '其他权力', '其它行政权力', '其他行政职权', '其他类'] }
} as const satisfies Enumeration

/** Levels at which a power is used (行使层级). */
export const LEVELS = {
  national: { zh: '国家级', aliases: ['国家', '国家层级', '部级'] },
  provincial: { zh: '省级', aliases: ['省', '自治区级', '直辖市级', '省(自治区、直辖市)'] },
  city: { zh: '市级', aliases: ['市', '地市级', '设区的市级', '设区市级', '市本级', '地级'] },
  county: { zh: '区县级', aliases: ['县级', '区级', '区', '县', '县(区)', '区(县)', '县(区)级', '区(县)级', '县区级', '县市区级', '县(市、区)级', '县(市、区)'] },
  township: { zh: '乡镇级', aliases: ['乡级', '镇级', '街道', '乡镇', '街道级', '乡镇(街道)', '乡镇(街道)级', '镇街级'] },
  village: { zh: '村级', aliases: ['村', '社区', '村(社区)', '村(社区)级'] }
} as const satisfies Enumeration
export type Level = keyof typeof LEVELS

/** Whom a matter addresses (实施对象). One phrase of a source may mean several of them. */
export const TARGETS = {
  person: { zh: '自然人', aliases: ['个人', '公民', '社会公众'] },
  legal_person: { zh: '法人', aliases: ['企业', '企业法人', '单位', '法人及其他组织', '法人和其他组织', '法人或者其他组织', '法人或其他组织', '法人及非法人组织'] },
  unincorporated: { zh: '非法人组织', aliases: ['其他组织', '单位', '法人及其他组织', '法人和其他组织', '法人或者其他组织', '法人或其他组织', '法人及非法人组织'] },
  sole_trader: { zh: '个体工商户', aliases: ['个体户', '个体'] },
  organ: { zh: '行政机关', aliases: ['机关', '国家机关'] }
} as const satisfies Enumeration
export type Target = keyof typeof TARGETS

/** Kinds of penalty in the order from lightest to heaviest, in which combined penalties are counted (行政处罚法 9, annual report notes). */
export const PENALTY_KINDS = {
  warning: { zh: '警告' },
  public_criticism: { zh: '通报批评' },
  fine: { zh: '罚款' },
  confiscation: { zh: '没收违法所得、没收非法财物', aliases: ['没收', '没收违法所得', '没收非法财物', '没收违法所得/非法财物'] },
  licence_suspended: { zh: '暂扣许可证件', aliases: ['暂扣许可证', '暂扣执照', '暂扣证照'] },
  grade_lowered: { zh: '降低资质等级', aliases: ['降低资质'] },
  activity_limited: { zh: '限制开展生产经营活动', aliases: ['限制开展经营活动', '限制生产经营'] },
  business_halted: { zh: '责令停产停业', aliases: ['停产停业', '责令停业'] },
  business_closed: { zh: '责令关闭', aliases: ['关闭'] },
  occupation_barred: { zh: '限制从业', aliases: ['禁止从业'] },
  licence_revoked: { zh: '吊销许可证件', aliases: ['吊销许可证', '吊销执照', '吊销营业执照', '吊销证照'] },
  detention: { zh: '行政拘留', aliases: ['拘留'] },
  other: { zh: '其他', aliases: ['其它', '其他行政处罚', '法律、行政法规规定的其他行政处罚'] }
} as const satisfies Enumeration
export type PenaltyKind = keyof typeof PENALTY_KINDS

/** Rank of a legal basis (效力级别), highest first. Only the last one cannot by itself carry a penalty (行政处罚法 16). */
export const BASIS_LEVELS = {
  law: { zh: '法律' },
  administrative_regulation: { zh: '行政法规' },
  local_regulation: { zh: '地方性法规', aliases: ['地方法规', '自治条例', '单行条例'] },
  department_rule: { zh: '部门规章', aliases: ['国务院部门规章'] },
  local_rule: { zh: '地方政府规章', aliases: ['政府规章', '地方规章'] },
  state_council_decision: { zh: '国务院决定', aliases: ['国务院文件'] },
  normative_document: { zh: '规范性文件', aliases: ['行政规范性文件'] }
} as const satisfies Enumeration
export type BasisLevel = keyof typeof BASIS_LEVELS

/** What kind of body an agency is (行政执法主体性质). */
export const AGENCY_KINDS = {
  administrative_organ: { zh: '行政机关', aliases: ['法定机关', '法定行政机关'] },
  authorised_organisation: { zh: '法律法规授权组织', aliases: ['授权组织', '法律、法规授权的组织', '被授权组织'] },
  entrusted_organisation: { zh: '受委托组织', aliases: ['委托组织', '被委托组织', '受委托的组织'] }
} as const satisfies Enumeration

/** Units in which a time limit of a matter is given. */
export const TIME_UNITS = {
  working_days: { zh: '工作日', aliases: ['个工作日'] },
  days: { zh: '日', aliases: ['自然日', '天', '日历日'] },
  months: { zh: '月', aliases: ['个月'] },
  years: { zh: '年' }
} as const satisfies Enumeration
export type TimeUnit = keyof typeof TIME_UNITS

/** What a publication did to a record (变更类型); words at `change_kind.<kind>`. */
export const CHANGES = {
  new: { zh: '新增', aliases: ['新设', '设立'] },
  changed: { zh: '修改', aliases: ['变更', '更新'] },
  cancelled: { zh: '取消', aliases: ['废止', '撤销', '停用'] },
  delegated: { zh: '下放', aliases: ['委托下放', '赋权'] },
  adjusted: { zh: '调整', aliases: ['承接', '合并', '重新编码', '划转'] }
} as const satisfies Enumeration
export type Change = keyof typeof CHANGES

/** The keys of a list in their order, typed: for schemas, facets and tests. */
export function codesOf<T extends object> (table: T): Array<keyof T & string> {
  return Object.keys(table) as Array<keyof T & string>
}

const indexes = new WeakMap<Enumeration, ReadonlyMap<string, string[]>>()

// Made once for each list: an import asks a hundred thousand times.
function indexOf (table: Enumeration): ReadonlyMap<string, string[]> {
  const known = indexes.get(table)
  if (known !== undefined) return known
  const index = new Map<string, string[]>()
  for (const [key, entry] of Object.entries(table)) {
    const names = [key, entry.zh, ...entry.code === undefined ? [] : [entry.code], ...entry.aliases ?? []]
    for (const name of new Set(names.map(plain))) index.set(name, [...index.get(name) ?? [], key])
  }
  indexes.set(table, index)
  return index
}

/** Every key of a list that a text means: by key, code, official name or alias; full width, case and spaces do not matter. */
function recogniseEach<T extends Enumeration> (table: T, text: string): Array<keyof T & string> {
  return indexOf(table).get(plain(text)) ?? []
}

/** The one key of a list that a cell means, or null: what the list does not know is never guessed. */
export function recognise<T extends Enumeration> (table: T, text: string): (keyof T & string) | null {
  return recogniseEach(table, text)[0] ?? null
}

/** A cell with several values (自然人、法人；市级/区县级): the keys in the order of the list, and the words that it does not know. */
export function recogniseAll<T extends Enumeration> (table: T, text: string): { keys: Array<keyof T & string>, unknown: string[] } {
  if (recognise(table, text) !== null) return { keys: recogniseEach(table, text), unknown: [] }
  const words = text.split(/[、，,；;/|\n]|以及|和(?=自然人|法人|个体)/).map(word => word.trim()).filter(word => word !== '')
  const found = new Set(words.flatMap(word => recogniseEach(table, word)))
  return { keys: codesOf(table).filter(key => found.has(key)), unknown: words.filter(word => recognise(table, word) === null) }
}
