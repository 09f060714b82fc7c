/** Parts of an agency's page, in the order in which they stand there. */
export const AGENCY_SECTIONS = ['what', 'where', 'confirmation'] as const
export type AgencySection = (typeof AGENCY_SECTIONS)[number]

/** How a field is checked and shown; `needed`: has to be published, so that its absence is shown as not verified. */
export interface AgencyField { names: readonly string[], type: 'text' | 'number' | 'phone' | 'postcode' | 'email' | 'url' | 'date' | 'flag', section: AgencySection, needed?: true, max?: number }

/**
 * What `agency.details` holds: the fields of domain.md 6.4 beyond the columns. Import, page and export read this table; names for people
 * are the words `agency_field.<key>`. The head's name is public by 政府信息公开条例 20 (二).
 */
export const AGENCY_FIELDS = {
  units: { names: ['内设执法机构', '内设执法机构及分工', '内设机构', '执法机构及分工'], type: 'text', section: 'what', needed: true, max: 5000 },
  jurisdiction: { names: ['管辖范围', '执法管辖范围'], type: 'text', section: 'what', needed: true, max: 3000 },
  area: { names: ['执法区域', '执法地域'], type: 'text', section: 'what', max: 1000 },
  direct: { names: ['是否直属', '直属机构'], type: 'flag', section: 'what' },
  staff_quota: { names: ['编制数', '编制数量', '编制'], type: 'number', section: 'what' },
  head: { names: ['机构负责人', '负责人', '主要负责人'], type: 'text', section: 'what', max: 60 },
  postcode: { names: ['邮编', '邮政编码'], type: 'postcode', section: 'where' },
  email: { names: ['邮箱', '电子邮箱', '电子邮件'], type: 'email', section: 'where', max: 254 },
  hours: { names: ['办公时间', '对外办公时间', '工作时间'], type: 'text', section: 'where', needed: true, max: 300 },
  website: { names: ['网站', '门户网站', '网址'], type: 'url', section: 'where', max: 500 },
  supervise_phone: { names: ['监督电话', '监督投诉电话', '投诉电话'], type: 'phone', section: 'where', needed: true },
  supervise_procedure: { names: ['受理反馈程序', '投诉受理反馈程序', '监督受理程序'], type: 'text', section: 'where', max: 2000 },
  confirmed_by: { names: ['主体资格确认机关', '资格确认机关', '主体确认机关'], type: 'text', section: 'confirmation', needed: true, max: 200 },
  confirmed_on: { names: ['主体资格确认日期', '资格确认日期', '确认日期'], type: 'date', section: 'confirmation' },
  notice_url: { names: ['主体资格公告', '确认公告链接', '公告链接', '资格公告链接'], type: 'url', section: 'confirmation', needed: true, max: 500 }
} as const satisfies Record<string, AgencyField>
export type AgencyFieldName = keyof typeof AGENCY_FIELDS
export type AgencyDetails = Readonly<Partial<Record<AgencyFieldName, string>>>

/** What a record's `details` say; a key that the table no longer has is left out. */
export function readAgencyDetails (json: string | null): AgencyDetails {
  const stored = json === null ? {} : JSON.parse(json) as Record<string, unknown>
  return Object.fromEntries(Object.entries(stored).filter(([key, value]) => Object.hasOwn(AGENCY_FIELDS, key) && typeof value === 'string'))
}

/** The text that is stored; null for none. */
export function writeAgencyDetails (details: AgencyDetails): string | null {
  const entries = Object.entries(details).sort(([a], [b]) => a < b ? -1 : 1)
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries))
}
