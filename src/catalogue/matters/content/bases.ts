import type { FastifyRequest } from 'fastify'
import { parseNumeral } from '../../../domain/records/citations.ts'
import { articleNo } from '../../law/service.ts'
import { paragraphsOf } from '../../search/engine/snippet.ts'
import type { CitedBasis } from './content.ts'

/** A statute in the library, with the text that is to be shown. */
export interface LawText { slug: string, law_key: string, text_date: string, articles: LawArticle[] }
export interface LawArticle { article_no: number, sub_no: number, label: string, body: string }

export interface BasisView {
  law: string, article: string | null, lawHref: string | null, articleHref: string | null, paragraphs: string[], textDate: string | null, quoted: boolean
  /** the text of what is cited of the article, for reading the fines in it */
  cited: string
  /** the text is the one that a benchmark quotes; `excerpt` where that breaks off */
  byBenchmark?: boolean
  excerpt?: boolean
}

/** The bases of a matter with the text of their articles; paragraphs of one article that follow each other share its text. */
export function basisViews (request: FastifyRequest, bases: readonly CitedBasis[], laws: readonly LawText[]): BasisView[] {
  const byKey = new Map(laws.map(law => [law.law_key, law]))
  const joined: BasisView[] = []
  for (const basis of bases) {
    const view = basisView(request, basis, byKey.get(basis.law_key))
    const last = joined.at(-1)
    if (last === undefined || view.articleHref === null || last.articleHref !== view.articleHref) { joined.push(view); continue }
    last.article = `${last.article ?? ''}、${view.article ?? ''}`
    if (!last.cited.includes(view.cited)) last.cited += `\n${view.cited}`
  }
  return joined
}

function basisView (request: FastifyRequest, basis: CitedBasis, law: LawText | undefined): BasisView {
  const article = law === undefined ? undefined : articleOf(basis, law.articles)
  const text = article?.body ?? basis.quoted_text
  return {
    law: basis.law_name.replace(/^《(.*)》$/u, '$1'),
    article: basis.article,
    lawHref: law === undefined ? null : request.path('statute', [law.slug]),
    articleHref: law === undefined || article === undefined ? null : request.path('article', [law.slug, articleNo(article)]),
    paragraphs: paragraphsOf(text),
    textDate: article === undefined || law === undefined ? null : law.text_date,
    quoted: article === undefined && text !== null,
    cited: citedPart(text ?? '', basis.article ?? '')
  }
}

/** The article that a basis names: the longest label that begins it, else the plain one of that number. */
function articleOf (basis: CitedBasis, articles: readonly LawArticle[]): LawArticle | undefined {
  const same = articles.filter(article => article.article_no === basis.article_no)
  const named = same.filter(article => basis.article?.startsWith(article.label) === true)
  return named.sort((a, b) => b.label.length - a.label.length)[0] ?? same.find(article => article.sub_no === 0)
}

/** The paragraph that a citation names (第二款), with its items; the whole article where it names none or the text has no such paragraph. */
export function citedPart (text: string, citation: string): string {
  const named = [...citation.matchAll(/第([一二三四五六七八九十\d]{1,3})款/g)].map(match => parseNumeral(match[1] ?? '') ?? 0)
  if (named.length === 0) return text
  const paragraphs: string[] = []
  for (const line of paragraphsOf(text)) {
    if (/^[(（][一二三四五六七八九十\d]+[)）]/.test(line) && paragraphs.length > 0) paragraphs[paragraphs.length - 1] += `\n${line}`
    else paragraphs.push(line)
  }
  const cited = named.map(no => paragraphs[no - 1])
  return cited.includes(undefined) ? text : cited.join('\n')
}
