import type { FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import type { App } from '../../../app.ts'
import { BULK_ACTS, previewBulk, readBatch, REASON_LIMIT, runBulk, UNDO_MINUTES, undoBulk, type BulkName } from '../../../complaints/work/bulk/service.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { formatDateTime } from '../../../i18n/format.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { readList, writeList } from '../queue/schema.ts'
import type { Line } from '../queue/rows.ts'
import { choicesFor, linesOf, namedValue, wishOf, type Choice } from './choices.ts'
import { BatchParams, BatchQuery, BulkForm, BulkQuery } from './schema.ts'

interface Checked extends Line { seq: number, verdict: string, able: boolean }

declare module '../../../views.ts' {
  interface Views {
    'desk/bulk/preview': Frame & {
      act: BulkName, asks: string, choices: Choice[], value: string, chosen: string | null, rows: Checked[], refs: string[], able: number, missing: number, checked: boolean
      id: string, list: string, leave: string, reason: string, limit: number, faults: Record<string, string>
    }
    'desk/bulk/show': Frame & {
      id: string, act: BulkName, chosen: string | null, items: Array<{ ref: string, href: string, result: string, undo: string | null }>, notice: string, undo: { until: string } | null, over: boolean, minutes: number, undone: boolean, list: string, leave: string
    }
  }
}

const config = { permission: 'complaint.list', session: 'staff' } as const // which act a role may use stands in BULK_ACTS

/** Doing one thing with many cases: chosen in a list, checked one by one, confirmed with one reason, told case by case, and for ten minutes taken back. */
export async function bulkPages (app: App): Promise<void> {
  app.get(ROUTES.bulk, { schema: { querystring: BulkQuery }, config }, async (request, reply) => await preview(app, request, reply, request.query))

  app.post(ROUTES.bulk, { schema: { body: BulkForm }, config }, async (request, reply) => {
    const { id, act, row, value = '', reason = '', list } = request.body
    const rows = row.map(one => ({ ref: one.slice(0, one.indexOf('.')), seq: Number(one.slice(one.indexOf('.') + 1)) }))
    try {
      await runBulk(app, await clerkOf(app, request), { id, act, value, reason, rows }, app.now())
    } catch (error) {
      const { status, faults } = refusalOf(request, error)
      return await preview(app, request, reply.code(status), { act, ref: rows.map(({ ref }) => ref), value, ...list === undefined ? {} : { list } }, { reason, faults })
    }
    return await reply.redirect(request.path('bulkBatch', [id], { list }), 303)
  })

  app.get(ROUTES.bulkBatch, { schema: { params: BatchParams, querystring: BatchQuery }, config }, async (request, reply) => await show(app, request, reply, request.query.list))

  app.post(ROUTES.bulkUndo, { schema: { params: BatchParams, body: BatchQuery }, config }, async (request, reply) => {
    await undoBulk(app, await clerkOf(app, request), request.params.id, app.now())
    return await reply.redirect(request.path('bulkBatch', [request.params.id], { list: request.body.list }), 303)
  })
}

async function preview (app: App, request: FastifyRequest, reply: FastifyReply, query: BulkQuery, { reason = '', faults = [] }: { reason?: string, faults?: Fault[] } = {}): Promise<string> {
  const clerk = await clerkOf(app, request)
  const { act, ref = [] } = query
  const list = listOf(query.list)
  const leave = request.path('queue', [], { ...readList(list) })
  if (act === undefined || ref.length === 0) return await nothing(request, reply.code(422), { act, some: ref.length > 0, list, leave })
  const { wish, fault } = await wishOf(app, request, clerk, act, query.value)
  if (fault !== null) reply.code(422)
  const chosen = await previewBulk(app, clerk, ref, wish, app.now())
  const lines = await linesOf(app, request, chosen.map(({ ref }) => ref))
  const errors = fault === null ? faults : [fault]
  return await reply.page('desk/bulk/preview', {
    title: request.t(`bulk_act.${act}`),
    section: 'queue',
    back: { href: leave, label: request.t('bulk.back') },
    self: request.path('bulk', [], { act, ref, value: query.value, list }),
    errors,
    faults: byField(errors),
    act,
    asks: BULK_ACTS[act].asks,
    choices: await choicesFor(app, request, clerk, act),
    value: query.value ?? '',
    chosen: wish === null ? null : await namedValue(app, request, wish),
    rows: chosen.flatMap(({ ref, seq, against }) => {
      const line = lines.get(ref)
      return line === undefined ? [] : [{ ...line, seq, able: against === null, verdict: against === null ? request.t('bulk.can') : request.t(`bulk_result.${against}`) }]
    }),
    refs: chosen.map(({ ref }) => ref),
    able: chosen.filter(({ against }) => against === null).length,
    missing: new Set(ref).size - chosen.length,
    checked: wish !== null,
    id: randomBytes(16).toString('base64url'),
    list,
    leave,
    reason,
    limit: REASON_LIMIT
  })
}

/** Nothing was chosen: said on a page that leads back. */
async function nothing (request: FastifyRequest, reply: FastifyReply, { act, some, list, leave }: { act: BulkName | undefined, some: boolean, list: string, leave: string }): Promise<string> {
  const errors = [...some ? [] : ['bulk.error.rows'], ...act === undefined ? ['bulk.error.act'] : []].map(key => ({ field: '', text: request.t(key) }))
  return await reply.page('desk/bulk/preview', {
    title: request.t('bulk.title'), section: 'queue', back: { href: leave, label: request.t('bulk.back') }, self: request.path('queue'), errors, faults: {},
    act: act ?? 'supervisor', asks: 'none', choices: [], value: '', chosen: null, rows: [], refs: [], able: 0, missing: 0, checked: false, id: '', list, leave, reason: '', limit: REASON_LIMIT
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, given: string | undefined): Promise<string> {
  const clerk = await clerkOf(app, request)
  const batch = await readBatch(app, clerk, (request.params as { id: string }).id, app.now())
  const list = listOf(given)
  const done = batch.items.filter(({ result }) => result === 'done')
  const undone = batch.items.filter(({ undo }) => undo === 'undone')
  const until = new Date(Date.parse(batch.at) + UNDO_MINUTES * 60_000).toISOString()
  return await reply.page('desk/bulk/show', {
    title: request.t(`bulk_act.${batch.act}`),
    section: 'queue',
    back: { href: request.path('queue', [], { ...readList(list) }), label: request.t('bulk.back') },
    id: batch.id,
    act: batch.act,
    chosen: await namedValue(app, request, batch),
    items: batch.items.map(({ ref, result, undo }) => ({ ref, href: request.path('complaint', [ref]), result: request.t(`bulk_result.${result}`), undo: undo === null ? null : request.t(`bulk_undo.${undo}`) })),
    notice: batch.undone ? request.t('bulk.undone', { done: undone.length, left: done.length - undone.length }) : request.t('bulk.done', { done: done.length, left: batch.items.length - done.length }),
    undo: batch.undoable ? { until: formatDateTime(request.locale, until) } : null,
    over: !batch.undoable && !batch.undone && done.length > 0,
    minutes: UNDO_MINUTES,
    undone: batch.undone,
    list,
    leave: request.path('queue', [], { ...readList(list) })
  })
}

/** The list that somebody came from, if it is one; else the usual. */
function listOf (text: string | undefined): string {
  return writeList(readList(text ?? '') ?? {})
}
