import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { App } from '../../../app.ts'
import { judge, VERDICTS } from '../../../complaints/work/quarantine/service.ts'
import { listQueue, visibleBureaus } from '../../../complaints/case/reading/repository.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { REFERENCE_PATTERN } from '../../../domain/records/receipts.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { pagerOf, type Pager } from '../../../pager.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { lineOf, type Line } from '../queue/rows.ts'

interface Held extends Line { reasons: string[], looked: boolean, pick: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/quarantine/list': Frame & { rows: Held[], total: number, may: boolean, done: number | null, verdict: string, pager: Pager }
  }
}

const SIZE = 50
const Query = Type.Object({
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
  release: Type.Optional(Type.Integer({ minimum: 0, maximum: SIZE })),
  keep: Type.Optional(Type.Integer({ minimum: 0, maximum: SIZE }))
})
type Query = Static<typeof Query>
const Judgement = Type.Object({
  ref: Type.Optional(Type.Array(Type.String({ pattern: REFERENCE_PATTERN }), { maxItems: SIZE })),
  verdict: Type.Enum([...VERDICTS])
})

/** Complaints kept apart because a machine may have sent them: why, and the buttons that let them go or leave them there, one or many at once. */
export async function quarantinePages (app: App): Promise<void> {
  app.get(ROUTES.quarantine, { schema: { querystring: Query }, config: { permission: 'complaint.list', session: 'staff' } }, async (request, reply) => await show(app, request, reply, { query: request.query, picked: true }))

  app.post(ROUTES.quarantine, { schema: { body: Judgement }, config: { permission: 'complaint.triage', session: 'staff' } }, async (request, reply) => {
    const { ref = [], verdict } = request.body
    if (ref.length === 0) return await show(app, request, reply.code(422), { query: {}, picked: false })
    const judged = await judge(app, await clerkOf(app, request), ref, verdict, app.now())
    return await reply.redirect(request.path('quarantine', [], { [verdict]: judged }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { query, picked }: { query: Query, picked: boolean }): Promise<string> {
  const today = localDate(app.now())
  const bureauIds = await visibleBureaus(app.db, request.actor?.bureauId ?? 0)
  const queue = await listQueue(app.db, { view: 'quarantine', bureauIds, size: SIZE, ...query.page === undefined ? {} : { page: query.page } }, today)
  const verdict = VERDICTS.find(name => query[name] !== undefined)
  return await reply.page('desk/quarantine/list', {
    title: request.t('quarantine.title'),
    section: 'queue',
    back: { href: request.path('queue'), label: request.t('nav.queue') },
    rows: queue.rows.map(row => ({
      ...lineOf(request, row, today),
      reasons: row.suspicions.map(code => request.t(`suspicion.${code}`)),
      looked: row.quarantine === 'kept',
      pick: request.t('quarantine.pick', { ref: row.ref })
    })),
    total: queue.total,
    may: allows(request.actor?.role ?? null, 'complaint.triage'),
    done: verdict === undefined ? null : query[verdict] ?? null,
    verdict: verdict ?? '',
    pager: pagerOf(queue.page, queue.pages, page => request.path('quarantine', [], { page })),
    ...picked ? {} : { errors: [{ field: 'ref', text: request.t('quarantine.error.none') }] }
  })
}
