import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { parseNumeral } from '../../domain/records/citations.ts'
import type { Question } from '../search/engine/query.ts'
import { highlight, type Piece } from '../search/engine/snippet.ts'
import { listMatchingIds } from '../lists/engine/repository.ts'
import { listArticleRows } from '../search/repository.ts'
import { listStatutes, type StatuteRow } from './repository.ts'

export interface Link { label: string, href: string, current?: boolean }
export interface StatuteHit { name: Piece[], href: string, level: string | null, textDate: string, articleCount: number, matters: number, article: Link | null }

/** How an article stands in an address: 122, or 12-1 for 第十二条之一. */
export function articleNo (article: { article_no: number, sub_no: number }): string {
  return article.sub_no === 0 ? String(article.article_no) : `${article.article_no}-${article.sub_no}`
}

/** The article that a reader typed into the small form of a statute: 122, 第122条, 一百二十二, 12-1, 第十二条之一. */
export function askedArticle (typed: string | undefined): { no: number, sub: number } | null {
  const found = /^第?([0-9]{1,4}|[〇零一二三四五六七八九十百千]{1,9})条?(?:(?:之|-)([0-9]{1,2}|[一二三四五六七八九十]))?$/u.exec((typed ?? '').normalize('NFKC').replace(/\s/g, ''))
  return found === null ? null : { no: parseNumeral(found[1] ?? '') ?? 0, sub: parseNumeral(found[2] ?? '') ?? 0 }
}

/** The phrases of a question that name a statute: all but the article. */
export function wordsOf (question: Question): string[] {
  return question.runs.filter(run => !/^第.+条/u.test(run))
}

/** The statutes whose names hold all words of a question; all when it has no words. */
export async function findStatutes (db: Kysely<Database>, question: Question): Promise<StatuteRow[]> {
  const words = wordsOf(question)
  if (question.text !== '' && words.length === 0) return question.article === null ? [] : (await listStatutes(db)).filter(statute => statute.article_count >= (question.article?.no ?? 0))
  return (await listStatutes(db)).filter(statute => words.every(word => statute.folded.includes(word)))
}

/** A statute in a list, with a way to the article that was asked for. */
export function statuteHit (request: FastifyRequest, statute: StatuteRow, question: Question): StatuteHit {
  const { article } = question
  return {
    name: highlight(statute.name, wordsOf(question)),
    href: request.path('statute', [statute.slug]),
    level: statute.level,
    textDate: statute.text_date,
    articleCount: statute.article_count,
    matters: statute.matters,
    article: article === null || article.no > statute.article_count ? null : { label: request.t('law.article_no', { no: article.no }), href: request.path('statute', [statute.slug], { article: articleNo({ article_no: article.no, sub_no: article.sub }) }) }
  }
}

/** Where an article stands on the page of its statute: the same for every text. */
export function anchorOf (article: { article_no: number, sub_no: number, seq: number }): string {
  return article.article_no === 0 ? `annex-${article.seq}` : `a${articleNo(article)}`
}

const MANY = 1000

/** Articles that a question means: those whose statute or number it names, then those that hold its words. `ids` is cut to `limit`. */
export async function findArticles (db: Kysely<Database>, question: Question, limit: number) {
  if (question.runs.length === 0) return { total: 0, many: false, rows: [] }
  const named = await listMatchingIds(db, 'article_search', question.runs, MANY, true)
  const held = named.length >= MANY ? [] : await listMatchingIds(db, 'article_search', question.runs, MANY)
  const ids = [...new Set([...named, ...held])]
  const shown = ids.slice(0, limit)
  const rows = shown.length === 0 ? [] : await listArticleRows(db, shown)
  return { total: Math.min(ids.length, MANY), many: ids.length >= MANY, rows: shown.flatMap(id => rows.filter(row => row.id === id)) }
}
