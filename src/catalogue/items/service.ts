import type { FastifyRequest } from 'fastify'
import type { Db } from '../../db/schema.ts'
import { LIST_NAMES, listKind, type ListName } from '../../domain/records/list-kinds.ts'
import { dataOf, valueView, type ItemValueView } from './list.ts'
import { countByAgency, listByArticle, listByMatter, type CitingRow } from './repository.ts'

/** The records of one list that belong to another record; `all` leads to the list narrowed to them. */
export interface ListGroup { name: ListName, heading: string, count: number, rows: Array<{ title: string, href: string, line: ItemValueView | undefined, fictional: boolean }>, all: string | null }

/** Records of one list shown on another record's page; the rest stands behind a link. */
const SHOWN = 3

/** The words of a list's name. */
export function listTitle (request: FastifyRequest, name: ListName): string {
  return request.t(`list_${name.replaceAll('-', '_')}.title`)
}

/** What the lists say of a matter, list by list. */
export async function listsOfMatter (db: Db, request: FastifyRequest, code: string): Promise<ListGroup[]> {
  return groupsOf(request, await listByMatter(db, code), name => request.path('list', [name], { q: code }))
}

/** The records of the lists that rest on an article. */
export async function listsOfArticle (db: Db, request: FastifyRequest, statute: { name: string, law_key: string }, article: { article_no: number, sub_no: number, label: string }): Promise<ListGroup[]> {
  const words = `${statute.name.replace('中华人民共和国', '')}${article.label}`
  return groupsOf(request, await listByArticle(db, statute.law_key, article), name => request.path('list', [name], { q: words }))
}

/** How many records each list has of an agency, with a way to them. */
export async function listsOfAgency (db: Db, request: FastifyRequest, agency: { id: number, slug: string }): Promise<Array<{ label: string, count: number, href: string }>> {
  const counts = new Map((await countByAgency(db, agency.id)).map(row => [row.kind, row.count]))
  return LIST_NAMES.flatMap(name => {
    const count = counts.get(name) ?? 0
    return count === 0 ? [] : [{ label: listTitle(request, name), count, href: request.path('list', [name], listKind(name).facets.includes('agency') ? { agency: agency.slug } : {}) }]
  })
}

function groupsOf (request: FastifyRequest, found: CitingRow[], allOf: (name: ListName) => string): ListGroup[] {
  const byKind = Map.groupBy(found, row => row.kind)
  return LIST_NAMES.flatMap(name => {
    const rows = byKind.get(name) ?? []
    if (rows.length === 0) return []
    return [{
      name,
      heading: listTitle(request, name),
      count: rows.length,
      rows: rows.slice(0, SHOWN).map(row => ({ title: row.title, href: request.path('listItem', [name, row.code]), line: lineOf(name, row), fictional: row.fictional === 1 })),
      all: rows.length > SHOWN ? allOf(name) : null
    }]
  })
}

/** The first field that the list itself shows of a record. */
function lineOf (name: ListName, row: { data: string }): ItemValueView | undefined {
  const data = dataOf(row)
  for (const [key, field] of Object.entries(listKind(name).fields)) {
    const view = field.shown === true ? valueView(key, field, data) : undefined
    if (view !== undefined) return view
  }
  return undefined
}
