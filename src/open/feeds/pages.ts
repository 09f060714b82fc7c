import { Feed } from 'feed'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { wishQuery } from '../../catalogue/lists/wish.ts'
import { publishedAt } from '../../catalogue/register/repository.ts'
import { findRecord, readSetWish, setNamed, SETS } from '../../catalogue/register/service.ts'
import { AppError } from '../../errors.ts'
import { ROUTES } from '../../paths.ts'
import { printable } from '../../domain/records/spreadsheet.ts'
import { changesOf, mergedChanges, newestChanges, type Publication } from './service.ts'
import { nameOf, sentenceOf } from './words.ts'

const MOST = 50
const Text = Type.Optional(Type.String({ maxLength: 100 }))
const config = { permission: 'public', limit: 'api', cache: 'public' } as const

interface About { title: string, page: string, self: string, updated?: string, changes: Publication[] }

/** Atom feeds of what is published: everything, a search, a list as it is filtered, one record with its versions. */
export async function feeds (app: App): Promise<void> {
  app.get(ROUTES.feedAll, { config }, async (request, reply) => await send(app, request, reply, {
    title: request.t('feed.everything'), page: app.address(request.locale, 'home'), self: app.address(request.locale, 'feedAll'), changes: await newestChanges(app.db, MOST)
  }))

  app.get(ROUTES.feedSearch, { schema: { querystring: Type.Object({ q: Text }) }, config }, async (request, reply) => {
    const q = request.query.q ?? ''
    const scopes = q === '' ? [] : SETS.filter(set => set.list !== null).map(set => ({ set, wish: readSetWish(set, { q }) }))
    return await send(app, request, reply, { title: request.t('feed.search', { words: q }), page: app.address(request.locale, 'search', [], { q }), self: app.address(request.locale, 'feedSearch', [], { q }), changes: await mergedChanges(app.db, scopes, MOST) })
  })

  app.get(ROUTES.feedList, { schema: { params: Type.Object({ list: Type.String() }) }, config }, async (request, reply) => {
    const set = setNamed(request.params.list)
    const wish = readSetWish(set, request.query as Record<string, unknown>)
    const { rows } = await changesOf(app.db, { set, wish }, MOST)
    const query = wish === null ? {} : wishQuery(wish)
    const filtered = Object.values(query).some(value => value !== '' && (!Array.isArray(value) || value.length > 0))
    const title = request.t(`${set.words}.title`, { city: app.site[request.locale].cityName })
    const page = app.address(request.locale, set.route, set.params, query)
    return await send(app, request, reply, { title: filtered ? request.t('feed.filtered', { title }) : title, page, self: app.address(request.locale, 'feedList', [set.name], query), updated: await publishedAt(app.db, set) ?? BEGINNING, changes: rows })
  })

  app.get(ROUTES.feedRecord, { schema: { params: Type.Object({ list: Type.String(), code: Type.String({ maxLength: 200 }) }) }, config }, async (request, reply) => {
    const { list, code } = request.params
    const set = setNamed(list)
    const record = await findRecord(app.db, set, code)
    if (record === null) throw new AppError('not_found', { code })
    const { rows } = await changesOf(app.db, { set, wish: null, id: record.id }, MOST)
    return await send(app, request, reply, { title: record.name ?? nameOf((key, values) => request.t(key, values), { set, code, name: null }), page: app.address(request.locale, set.record, [...set.params, code]), self: app.address(request.locale, 'feedRecord', [set.name, code]), changes: rows })
  })
}

/** Before anything was published a feed is as old as time: it must have a date. */
const BEGINNING = '2020-01-01T00:00:00.000Z'

async function send (app: App, request: FastifyRequest, reply: FastifyReply, { title, page, self, updated = BEGINNING, changes }: About): Promise<FastifyReply> {
  const site = app.site[request.locale]
  const feed = new Feed({
    id: self,
    title: printable(`${title} · ${site.name}`),
    link: page,
    feedLinks: { atom: self },
    language: request.locale,
    generator: false,
    updated: new Date(changes[0]?.at ?? updated),
    author: { name: site.bureauName },
    copyright: site.demo ? request.t('layout.demo') : site.bureauName
  })
  const host = new URL(self).hostname
  for (const change of changes) {
    const link = app.address(request.locale, change.set.record, [...change.set.params, change.code])
    const name = nameOf((key, values) => request.t(key, values), change)
    feed.addItem({
      id: `tag:${host},2026:${change.set.name}/${encodeURIComponent(change.code)}/${change.version}`,
      title: asHtml(request.t('feed.entry', { name, version: change.version })),
      link,
      date: new Date(change.at),
      published: new Date(change.at),
      description: asHtml(sentenceOf(request, change))
    })
  }
  return await reply.type('application/atom+xml; charset=utf-8').send(feed.atom1())
}

/** The package hands titles and summaries out as HTML: what a record says is text in it. */
function asHtml (text: string): string {
  return printable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
