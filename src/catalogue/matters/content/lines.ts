import type { FastifyRequest } from 'fastify'
import { matterFields, type MatterField, type MatterFieldKey, type Section } from '../../../domain/records/matter-fields.ts'
import { hasWord } from '../../../i18n/index.ts'
import { formatDate } from '../../../i18n/format.ts'
import type { Named } from '../../agencies/repository.ts'
import { officialName } from '../../lists/labels.ts'
import type { MatterContent } from './content.ts'

/** One thing that a matter says, worded. The page, its versions and their comparison show the same lines. */
export interface ContentLine { key: string, label: string, part: Part, value: string, lang?: string, href?: string }
/** `head` stands in the title and at a glance, `about` below the holder; the rest are parts of the page. */
type Part = 'head' | 'about' | Section

type Said = string | { text: string, lang?: string | undefined, href?: string } | null
interface Line { key: string, word: string, part: Part, says: (request: FastifyRequest, content: MatterContent) => Said }

const LINES: readonly Line[] = [
  { key: 'name', word: 'column.name', part: 'head', says: (request, { name }) => official(request, name) },
  { key: 'category', word: 'facet.category', part: 'head', says: (request, { category }) => request.t(`category.${category}`) },
  { key: 'agency', word: 'facet.agency', part: 'head', says: (request, { agency }) => labelled(officialName(request, agency)) },
  { key: 'region', word: 'facet.region', part: 'head', says: (request, { region }) => labelled(officialName(request, region)) },
  { key: 'levels', word: 'facet.level', part: 'head', says: (request, { levels }) => listed(request, 'level', levels) },
  { key: 'field', word: 'facet.field', part: 'head', says: (request, { field }) => official(request, field) },
  { key: 'status', word: 'column.status', part: 'head', says: (request, { status }) => request.t(`record_status.${status}`) },
  { key: 'penalty_kinds', word: 'matters.penalty_kinds', part: 'about', says: (request, { penalty_kinds: kinds }) => listed(request, 'penalty_kind', kinds) },
  { key: 'targets', word: 'matters.targets', part: 'about', says: (request, { targets }) => listed(request, 'target', targets) },
  { key: 'frequency_cap', word: 'matters.frequency_cap', part: 'about', says: (request, { frequency_cap: cap }) => official(request, cap) },
  { key: 'aliases', word: 'matters.aliases', part: 'about', says: (request, { aliases }) => official(request, aliases) },
  { key: 'note', word: 'matters.note', part: 'about', says: (request, { note }) => official(request, note) },
  { key: 'statutory_days', word: 'matters.statutory_days', part: 'procedure', says: (request, matter) => period(request, matter.statutory_days, matter.day_unit) },
  { key: 'promise_days', word: 'matters.promise_days', part: 'procedure', says: (request, matter) => period(request, matter.promise_days, matter.day_unit) },
  { key: 'guide_url', word: 'matters.guide', part: 'procedure', says: (_request, { guide_url: url }) => link(url) },
  { key: 'bases', word: 'matters.bases', part: 'bases', says: (request, { bases }) => official(request, bases.map(basis => `《${basis.law_name.replace(/^《(.*)》$/u, '$1')}》${basis.article ?? ''}`).join('\n')) },
  { key: 'prohibition_nos', word: 'matters.prohibitions', part: 'supervision', says: (request, { prohibition_nos: numbers }) => prohibitions(request, numbers) },
  { key: 'tags', word: 'matters.tags', part: 'codes', says: (request, { trades }) => tradeNames(request, trades) },
  { key: 'base_code', word: 'matters.base_code', part: 'codes', says: (_request, { base_code: code }) => code },
  ...matterFields.map((field): Line => ({ key: field.key, word: `matter_field.${field.key}`, part: field.section, says: (request, { details }) => detail(request, field, details[field.key]) }))
]

/** Everything that a matter says, in the order of its page; what it leaves open is left out. */
export function linesOf (request: FastifyRequest, content: MatterContent): ContentLine[] {
  return LINES.flatMap(({ key, word, part, says }) => {
    const said = says(request, content)
    const { text, lang, href } = typeof said === 'string' || said === null ? { text: said ?? '', lang: undefined, href: undefined } : said
    return text === '' ? [] : [{ key, label: request.t(word), part, value: text, ...lang === undefined ? {} : { lang }, ...href === undefined ? {} : { href } }]
  })
}

/** What each line is called, in the order of the page, also those that a matter leaves open. */
export function lineNames (request: FastifyRequest): Array<{ key: string, label: string }> {
  return LINES.map(({ key, word }) => ({ key, label: request.t(word) }))
}

function labelled ({ label, lang }: { label: string, lang: string | undefined }): Said {
  return { text: label, lang }
}

/** Official Chinese text, marked as such on English pages. */
function official (request: FastifyRequest, text: string | null | undefined): Said {
  return text === null || text === undefined ? null : { text, lang: request.locale === 'en' ? 'zh-CN' : undefined }
}

/** A trade without an English name makes the line a Chinese one. */
function tradeNames (request: FastifyRequest, trades: readonly Named[]): Said {
  const labels = trades.map(trade => officialName(request, trade))
  return { text: labels.map(({ label }) => label).join(request.t('ui.between')), lang: labels.find(({ lang }) => lang !== undefined)?.lang }
}

function listed (request: FastifyRequest, words: string, codes: string | null): string {
  return (codes ?? '').split(' ').filter(code => code !== '').map(code => hasWord(request.locale, `${words}.${code}`) ? request.t(`${words}.${code}`) : code).join(request.t('ui.between'))
}

/** A length of time with its unit. */
export function period (request: FastifyRequest, days: number | null, unit: string | null): string {
  return days === null ? '' : request.t(`matters.period_${unit ?? 'working_days'}`, { count: days })
}

function prohibitions (request: FastifyRequest, numbers: string | null): string {
  return (numbers ?? '').split(' ').filter(no => no !== '').map(no => request.t('matters.prohibition_no', { no })).join(request.t('ui.between'))
}

function link (url: string | null | undefined): Said {
  return url !== null && url !== undefined && /^https?:\/\//.test(url) ? { text: url, href: url } : null
}

function detail (request: FastifyRequest, { type, values }: MatterField & { key: MatterFieldKey }, value: string | undefined): Said {
  if (value === undefined) return null
  if (values !== undefined) return listed(request, values.words, value)
  if (type === 'flag') return request.t(`matter_flag.${value}`)
  if (type === 'date') return formatDate(request.locale, value)
  if (type === 'url') return link(value)
  if (type === 'code' || type === 'codes') return value.replaceAll(' ', request.t('ui.between'))
  return official(request, value)
}
