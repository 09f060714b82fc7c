import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { countOfficers } from '../../agencies/repository.ts'
import { listCounts } from '../../lists/engine/find.ts'
import { MATTERS } from '../list.ts'
import { countOnArticles, type BasisRecord, type MatterRecord } from '../repository.ts'

/** A way to other records, and how many there are. */
export interface CountedLink { label: string, href: string, count: number, lang?: string }

/** Articles whose other matters are counted on one page. */
const ARTICLES = 6

/** From a matter to what shares its agency, field and articles; what would lead to nothing else is left out. */
export async function relatedLinks (db: Kysely<Database>, request: FastifyRequest, matter: MatterRecord, bases: BasisRecord[]): Promise<CountedLink[]> {
  const counts = await listCounts(db, MATTERS)
  const lists: CountedLink[] = [
    { label: request.t('related.agency'), href: request.path('matters', [], { agency: matter.agency_slug }), count: counts['agency']?.get(matter.agency_slug) ?? 0 },
    { label: request.t('related.field'), href: request.path('matters', [], { field: matter.field }), count: counts['field']?.get(matter.field ?? '') ?? 0 }
  ]
  const officers = await countOfficers(db, matter.agency_id)
  return [
    ...lists.filter(link => link.count > 1),
    ...await articleLinks(db, request, bases),
    ...(officers === 0 ? [] : [{ label: request.t('related.officers'), href: request.path('officers', [], { agency: matter.agency_slug }), count: officers }])
  ]
}

async function articleLinks (db: Kysely<Database>, request: FastifyRequest, bases: BasisRecord[]): Promise<CountedLink[]> {
  const cited = new Map(bases.flatMap(basis => basis.slug === null || basis.article_no === null || basis.article?.includes('条之') === true ? [] : [[`${basis.law_key} ${basis.article_no}`, basis]]))
  const shown = [...cited].slice(0, ARTICLES)
  const counts = await countOnArticles(db, shown.map(([, basis]) => basis))
  return shown.filter(([key]) => (counts.get(key) ?? 0) > 1).map(([key, basis]) => ({
    label: request.t('related.article', { law: basis.law_name.replace(/^《(.*)》$/u, '$1'), no: basis.article_no }),
    href: request.path('article', [basis.slug ?? '', basis.article_no ?? '']),
    count: counts.get(key) ?? 0
  }))
}
