import { articleOf, lawKey } from '../../../domain/records/citations.ts'

/** A legal basis as it stands in a matter; `quoted_text` undefined: the file says nothing of it. */
export interface Basis { law_name: string, law_key: string, article: string | null, article_no: number | null, quoted_text: string | null | undefined }

/** Why the cells of legal bases do not fit together, by rule. */
export interface BasisFault { rule: string, values: Record<string, number> }

const ARTICLE_START = /第[零〇一二两三四五六七八九十百千\d]{1,9}条/

interface Citation { law: string, articles: string[] }

/**
 * Pairs laws, articles and quoted texts. Several laws are separated by ；, a line break or 》、《; articles by ；、 or a line break before 第…条.
 * One law may have several articles; otherwise the counts must agree, because a wrong pair would quote the wrong article.
 */
export function readBases (laws: string, articles: string | null | undefined, quotes: string | null | undefined): Basis[] | BasisFault {
  const citations = splitLaws(laws)
  const listed = splitArticles(articles ?? '')
  const pairs = pair(citations, listed)
  if (pairs === null) return { rule: 'bases_articles', values: { laws: citations.length, articles: listed.length } }
  const texts = splitQuotes(quotes, pairs.length)
  if (texts === null) return { rule: 'bases_quotes', values: { bases: pairs.length } }
  return pairs.map(([law, article], at) => ({
    law_name: law,
    law_key: lawKey(law),
    article,
    article_no: article === null ? null : articleOf(article)?.article ?? null,
    quoted_text: texts === undefined ? undefined : texts[at] ?? null
  }))
}

function splitLaws (text: string): Citation[] {
  return text.split(/[；;\n]|(?<=》)、(?=《)/).map(part => part.trim()).filter(part => part !== '').map(part => {
    const close = part.lastIndexOf('》')
    const start = close >= 0 ? close + 1 : part.search(ARTICLE_START)
    const [name, rest] = start < 0 ? [part, ''] : [part.slice(0, start), part.slice(start)]
    return { law: stripMarks(name.trim()), articles: ARTICLE_START.test(rest) ? splitArticles(rest.replace(/^[^第]*/, '')) : [] }
  })
}

/** Takes the outer 《》 away; those of a law named inside the name stay. */
function stripMarks (name: string): string {
  const open = name.indexOf('《')
  return open >= 0 && name.endsWith('》') ? name.slice(open + 1, -1) : name
}

function splitArticles (text: string): string[] {
  return text.split(/[；;\n]|[、，,](?=\s*第[零〇一二两三四五六七八九十百千\d]{1,9}条)/).map(part => part.trim()).filter(part => part !== '')
}

function pair (citations: Citation[], listed: string[]): Array<[string, string | null]> | null {
  const own = citations.some(citation => citation.articles.length > 0)
  if (own && listed.length === 0) return citations.flatMap(({ law, articles }) => (articles.length === 0 ? [null] : articles).map((article): [string, string | null] => [law, article]))
  if (own) return null
  if (listed.length === 0) return citations.map(({ law }) => [law, null])
  const [first] = citations
  if (citations.length === 1 && first !== undefined) return listed.map(article => [first.law, article])
  return citations.length === listed.length ? citations.map(({ law }, at) => [law, listed[at] ?? null]) : null
}

/** One basis takes the whole text; several need as many paragraphs. */
function splitQuotes (text: string | null | undefined, count: number): string[] | null | undefined {
  if (text === undefined) return undefined
  if (text === null) return []
  if (count === 1) return [text]
  const parts = text.split(/\n+/).map(part => part.trim()).filter(part => part !== '')
  return parts.length === count ? parts : null
}
