import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { MULTIPART, sendFile } from '../../complaints/form/evidence/service.ts'
import { itemOf, itemsOf, type ItemLine } from '../../complaints/outcome/agency-answers/service.ts'
import { findOwnFile } from '../../complaints/outcome/agency-files/service.ts'
import { noteReading, takeReleased } from '../../complaints/outcome/packet/service.ts'
import { ITEM_TABS, type ItemTab } from '../../domain/supervision/answers.ts'
import { daysBetween, localDate } from '../../domain/time/calendar.ts'
import { ROUTES } from '../../paths.ts'
import { itemActs } from './acts.ts'
import { ItemFileParams, ItemParams, ItemQuery, ItemsQuery } from './schema.ts'
import { packetShown, personOf, sheetOf, showItem, type Line } from './views.ts'

const config = { permission: 'agency.item', session: 'staff' } as const

/** What was sent to an agency: its list, each with everything that can be answered to it, what was released for it, and files. */
export async function itemPages (app: App): Promise<void> {
  await app.register(multipart, MULTIPART)
  app.get(ROUTES.agencyItems, { schema: { querystring: ItemsQuery }, config }, async (request, reply) => await list(app, request, reply, request.query.tab ?? 'active'))

  app.get(ROUTES.agencyItem, { schema: { params: ItemParams, querystring: ItemQuery }, config }, async (request, reply) => await showItem(app, request, reply, request.query))

  app.get(ROUTES.agencyPacket, { schema: { params: ItemParams }, config }, async (request, reply) => {
    const { id } = request.params
    const { item, ref } = await itemOf(app, personOf(request), id, app.now())
    await noteReading(app, personOf(request), { ref, subject: id, action: 'agency.packet_read' }, app.now())
    const name = request.t(`document.${item.type}`)
    return await reply.page('agency/items/packet', {
      title: `${name} ${item.number}`, noindex: true, item, name, sheet: sheetOf(request, item), packet: packetShown(request, item),
      answers: request.t(item.type === 'agency_notice' ? 'agency.how_explanation' : 'agency.how_demands'), leave: request.path('agencyItem', [id])
    }, 'print')
  })

  app.get(ROUTES.agencyPacketFile, { schema: { params: ItemFileParams }, config }, async (request, reply) => {
    const file = await takeReleased(app, app.files, personOf(request), request.params, app.now())
    return await sendFile(reply, file, await file.open())
  })

  app.get(ROUTES.agencyFile, { schema: { params: ItemFileParams }, config }, async (request, reply) => {
    const { item, stored } = await findOwnFile(app, app.files, personOf(request), request.params)
    const content = await stored.open()
    if (stored.sent) await noteReading(app, personOf(request), { ref: item.ref, subject: stored.id, action: 'agency.file_read' }, app.now()) // a draft is the agency's own
    return await sendFile(reply, stored, content)
  })

  itemActs(app)
}

async function list (app: App, request: FastifyRequest, reply: FastifyReply, tab: ItemTab): Promise<string> {
  const lines = await itemsOf(app, personOf(request))
  const shown = lines.filter(line => line.tab === tab)
  // What is finished is due no more, and keeps the order of its dates.
  const items = (tab === 'archive' ? shown.map(line => ({ ...line, dueOn: null })) : shown.toSorted(byDueDate)).map(line => lineOf(request, line, localDate(app.now())))
  return await reply.page('agency/items/index', {
    title: request.t('agency.title'), section: 'agencyItems', noindex: true, tab, items, late: items.filter(({ late }) => late).length,
    tabs: ITEM_TABS.map(name => ({ label: request.t(`agency_tab.${name}`), href: request.path('agencyItems', [], { tab: name === 'active' ? undefined : name }), current: name === tab, count: lines.filter(line => line.tab === name).length }))
  })
}

function byDueDate (a: ItemLine, b: ItemLine): number {
  const [first, second] = [a.dueOn ?? '9', b.dueOn ?? '9']
  return first < second ? -1 : first > second ? 1 : 0
}

function lineOf (request: FastifyRequest, line: ItemLine, today: string): Line {
  const left = line.dueOn === null ? 99 : daysBetween(today, line.dueOn)
  return { ...line, name: request.t(`document.${line.type}`), href: request.path('agencyItem', [line.id]), late: left < 0, state: left < 0 ? 'overdue' : left === 0 ? 'today' : left <= 5 ? 'soon' : 'calm' }
}
