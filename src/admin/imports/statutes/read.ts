import { articleOf, lawKey } from '../../../domain/records/citations.ts'
import { factsOf } from '../../../domain/law/statutes.ts'
import { isDate } from '../../../domain/time/calendar.ts'
import type { BasisLevel } from '../../../domain/records/enumerations.ts'
import type { Cells } from '../cells/cells.ts'
import type { Outcome } from '../schema.ts'

export interface Article { article_no: number, sub_no: number, label: string, chapter: string | null, body: string }
/** One text of a statute as it is published and kept: its columns without id, version and time, and its articles. */
export interface StatuteState {
  slug: string, name: string, law_key: string, level: BasisLevel | null, text_date: string, history: string | null, article_count: number
  issuer: string | null, doc_no: string | null, effective_on: string | null, effective_article: string | null, amended_by: string | null, repeals: string | null, source: string, articles: Article[]
}

const INFO_END = '<!-- INFO END -->'
const ARTICLE = /^(第[零〇一二两三四五六七八九十百千\d]{1,9}条(?:之[一二三四五六七八九十]{1,3})?)[ \u3000]+(.*)$/
const ANNEX = /^(附件?表?[0-9一二三四五六七八九十]{0,3})(?=[：:\s]|$)/
const EMPTY = /[\u200B\uFEFF]/g

/** Reads one statute: `# title`, history lines, the end mark, chapters and 第N条 paragraphs; the date stands in the file's name. */
export function readStatute (cells: Cells, source: string): Outcome<StatuteState> {
  const date = readDate(cells)
  const text = (cells.read('text') ?? '').replace(EMPTY, '').replace(/\r\n?/g, '\n')
  if (date === undefined || cells.faults.length > 0) return null
  const [head = '', body] = text.split(INFO_END, 2)
  const [first = '', ...history] = head.split('\n').map(line => line.trim()).filter(line => line !== '')
  const name = /^# +(\S.*)$/.exec(first)?.[1]
  if (name === undefined) { cells.fault('text', 'statute_title', {}, first); return null }
  if (body === undefined) { cells.fault('text', 'statute_mark', {}, name); return null }
  const { notes, articles } = readBody(body, name)
  const count = articles.filter(article => article.article_no > 0).length
  if (count === 0) { cells.fault('text', 'statute_articles', {}, name); return null }
  history.push(...notes)
  const key = lawKey(name)
  const facts = factsOf(history, articles.filter(article => article.article_no > 0))
  return {
    key: `${key} ${date}`,
    change: {
      slug: key, name, law_key: key, level: levelIn(name, history), text_date: date, history: history.join('\n') || null, article_count: count,
      issuer: facts.issuer, doc_no: facts.docNo, effective_on: facts.effectiveOn, effective_article: facts.effectiveArticle, amended_by: facts.amendedBy, repeals: facts.repeals.join('\n') || null, source, articles
    }
  }
}

function readDate (cells: Cells): string | undefined {
  const file = String(cells.read('file') ?? '')
  const date = /\((\d{4}-\d{2}-\d{2})\)\.md$/.exec(file)?.[1]
  if (date !== undefined && isDate(date)) return date
  cells.fault('file', 'statute_date', {}, file)
  return undefined
}

/** Articles with their chapter; an annex follows as article 0; a line before the first article belongs to the history. */
function readBody (body: string, name: string): { notes: string[], articles: Article[] } {
  const [notes, articles, chapters]: [string[], Article[], string[]] = [[], [], []]
  for (const line of body.split('\n').map(line => line.trim()).filter(line => line !== '')) {
    const heading = /^(#{2,6}) +(.+)$/.exec(/^附\s*则$/.test(line) ? '## 附则' : line) // a heading that lost its mark
    const next = heading === null ? startOf(line, articles.length > 0, chapters) : null
    if (heading !== null) chapters.splice((heading[1]?.length ?? 2) - 2, chapters.length, tidy(heading[2] ?? ''))
    else if (next !== null) articles.push(next)
    else if (articles.length > 0) add(articles.at(-1), line)
    else if (line.replace(/\s/g, '') !== name.replace(/\s/g, '')) notes.push(line)
  }
  return { notes, articles }
}

/** One space after 第一章, none inside a short title that was spread over the line. */
function tidy (heading: string): string {
  return heading.replace(/\s+/g, ' ').replace(/^(第.{1,6}[编章节]) ?/, '$1 ').replace(/(^| )(\S) (\S)$/, '$1$2$3').trim()
}

function startOf (line: string, annexes: boolean, chapters: string[]): Article | null {
  const [, label, body] = ARTICLE.exec(line) ?? []
  if (label !== undefined && body !== undefined) {
    const number = articleOf(label)
    return { article_no: number?.article ?? 0, sub_no: number?.sub ?? 0, label, chapter: chapters.filter(part => part !== undefined).join(' › ') || null, body }
  }
  const annex = annexes ? ANNEX.exec(line)?.[1] : undefined
  return annex === undefined ? null : { article_no: 0, sub_no: 0, label: annex, chapter: null, body: line }
}

function add (article: Article | undefined, line: string): void {
  if (article !== undefined) article.body = `${article.body}\n${line}`
}

/** The rank of a statute from its own history: who passed or issued it. What the history does not say is not guessed. */
function levelIn (name: string, history: string[]): BasisLevel | null {
  const text = history.join('\n')
  if (/全国人民代表大会/.test(text) && /法典?$/.test(name)) return 'law'
  if (/(国务院|政务院)(、[^\n]{1,20})?(令|公布|发布|批准)|政务院政治法律委员会批准/.test(text)) return 'administrative_regulation'
  return /(部|总局|委员会|局|署|银行|总署|总会|办公室)(、[^\n]{0,60})?(令|公告)|(部|总局|委员会|局|银行|办公室)[^\n]{0,30}(公布|发布)/.test(text) ? 'department_rule' : null
}
