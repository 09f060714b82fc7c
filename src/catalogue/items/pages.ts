import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { AppError } from '../../errors.ts'
import { LIST_NAMES, listKind, listNameOf, type ListName } from '../../domain/records/list-kinds.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { registerNames } from '../agencies/repository.ts'
import { citing, type Cited } from '../guide/service.ts'
import { listQuery, type ListQuery } from '../lists/definition.ts'
import { findCode, listCounts } from '../lists/engine/find.ts'
import { labelOf } from '../lists/labels.ts'
import { showList } from '../lists/page.ts'
import { readWish } from '../lists/wish.ts'
import { ITEM_LISTS, itemList } from './list.ts'
import { describeItem, type ItemView } from './record.ts'
import { countLists, findItem } from './repository.ts'
import { listTitle } from './service.ts'

interface ListCard { title: string, href: string, purpose: string, count: number, unverified: number, updatedAt: string | null, basis: Cited[], documents: readonly string[], districts: Array<{ label: string, lang: string | undefined, count: number, href: string }> }

declare module '../../views.ts' {
  interface Views {
    'catalogue/items/index': Frame & { cards: ListCard[] }
    'catalogue/items/show': ItemView
  }
}

const ListParams = Type.Object({ list: Type.String({ maxLength: 60 }) })
const ItemParams = Type.Object({ list: Type.String({ maxLength: 60 }), code: Type.String({ maxLength: 100 }) })
/** One address serves all lists: whatever can narrow any of them; what a list does not know it does not read. */
const ItemsQuery = listQuery({ ...itemList('recording-items'), facets: ITEM_LISTS.flatMap(list => list.facets) })

/** The lists of the three systems: all of them, one of them, one record. */
export async function items (app: App): Promise<void> {
  app.get(ROUTES.lists, { config: { permission: 'public' } }, async (request, reply) =>
    await reply.page('catalogue/items/index', { title: request.t('items.title'), description: request.t('items.lead'), cards: await cardsOf(app, request) }))

  app.get(ROUTES.list, { schema: { params: ListParams, querystring: ItemsQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) =>
    await showItems(app, request, reply, { name: nameOf(request.params.list), query: request.query }))

  app.get(ROUTES.listItem, { schema: { params: ItemParams }, config: { permission: 'public' } }, async (request, reply) => {
    const name = nameOf(request.params.list)
    const { code } = request.params
    const known = await findCode(app.db, itemList(name), code)
    if (known !== null && known !== code) return await reply.redirect(request.path('listItem', [name, known]), 302)
    return await reply.page('catalogue/items/show', await describeItem(app, request, name, await findItem(app.db, name, code)))
  })
}

function nameOf (text: string): ListName {
  const name = listNameOf(text)
  if (name === undefined) throw new AppError('not_found', { list: text })
  return name
}

interface Asked { name: ListName, query: ListQuery }

async function showItems (app: App, request: FastifyRequest, reply: FastifyReply, { name, query }: Asked) {
  const list = itemList(name)
  const wish = readWish(list, query)
  const code = wish.page === 1 && Object.keys(wish.selection).length === 0 ? await findCode(app.db, list, wish.question.text) : null
  if (code !== null) return await reply.redirect(request.path('listItem', [name, code]), 302)
  const breadcrumbs = [{ text: request.t('items.title'), href: request.path('lists') }, { text: listTitle(request, name) }]
  return await showList({ app, request, list, intro: request.t(`${list.words}.purpose`) }, reply, wish, { breadcrumbs })
}

async function cardsOf (app: App, request: FastifyRequest): Promise<ListCard[]> {
  const cite = await citing(app.db, request)
  const counts = new Map((await countLists(app.db)).map(row => [row.kind, row]))
  return await Promise.all(LIST_NAMES.map(async name => {
    const known = counts.get(name)
    return {
      title: listTitle(request, name),
      href: request.path('list', [name]),
      purpose: request.t(`${itemList(name).words}.purpose`),
      count: known?.count ?? 0,
      unverified: known?.unverified ?? 0,
      updatedAt: known?.updated_at ?? null,
      basis: listKind(name).basis.map(cite),
      documents: listKind(name).unverified ?? [],
      districts: await districtsOf(app, request, name)
    }
  }))
}

/** Where people look by place: each district with its number. */
async function districtsOf (app: App, request: FastifyRequest, name: ListName): Promise<ListCard['districts']> {
  const list = itemList(name)
  const rule = list.facets.find(facet => facet.name === 'region')
  if (rule === undefined) return []
  const names = await registerNames(app.db)
  const counts = (await listCounts(app.db, list))['region'] ?? new Map<string, number>()
  return [...counts].sort(([a], [b]) => a < b ? -1 : 1).map(([value, count]) => ({ ...labelOf(request, names, rule, value), count, href: request.path('list', [name], { region: value }) }))
}
