import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { absentFor, beginHandover, continueHandover, endAbsence, HANDOVER_NOTE_LIMIT, listAbsences, listPeople, readHandover, setAbsence, type Away, type Handover } from '../../../complaints/allotment/absence/service.ts'
import { allows, CASEWORK } from '../../../domain/process/permissions.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { AbsenceForm, HandoverForm, IdParams, PageQuery } from './schema.ts'

interface Option { value: string, label: string, selected: boolean, lang: string }
type Typed = Record<string, string | number>

declare module '../../../views.ts' {
  interface Views {
    'desk/absence/list': Frame & {
      notice: string | null, leads: boolean, me: number, standsFor: Array<{ name: string, until: string, href: string }>, rows: Array<Away & { removable: boolean }>
      people: Option[], deputies: Option[], from: Option[], takers: Option[], typed: Typed, faults: Record<string, string>, limit: number
    }
    'desk/absence/handover': Frame & { handover: Handover, movable: number }
  }
}

const config = { permission: 'complaint.claim', session: 'staff' } as const

/** Who is away and who stands in; all cases of a person handed to another. */
export async function absencePages (app: App): Promise<void> {
  app.get(ROUTES.absences, { schema: { querystring: PageQuery }, config }, async (request, reply) => {
    const { done, person } = request.query
    return await show(app, request, reply, { ...done === undefined ? {} : { done }, typed: person === undefined ? {} : { account: person, from_person: person } })
  })

  app.post(ROUTES.absences, { schema: { body: AbsenceForm }, config, attachValidation: true }, async (request, reply) => {
    const { account, deputy, from_year: fy = '', from_month: fm = '', from_day: fd = '', to_year: ty = '', to_month: tm = '', to_day: td = '' } = request.body
    const day = (year: string, month: string, date: string): string => `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
    return await act(app, request, reply, async clerk => {
      await setAbsence(app, clerk, { accountId: account ?? clerk.id, from: day(fy, fm, fd), to: day(ty, tm, td), deputyId: deputy ?? null }, app.now())
      return request.path('absences', [], { done: 'set' })
    })
  })

  app.post(ROUTES.absenceEndings, { schema: { params: IdParams }, config }, async (request, reply) => {
    await endAbsence(app, await clerkOf(app, request), request.params.id, app.now())
    return await reply.redirect(request.path('absences', [], { done: 'ended' }), 303)
  })

  app.post(ROUTES.handovers, { schema: { body: HandoverForm }, config, attachValidation: true }, async (request, reply) => {
    const { from_person: from, to_person: to = 0, note = '' } = request.body
    return await act(app, request, reply, async clerk => request.path('handover', [await beginHandover(app, clerk, { fromId: from ?? clerk.id, toId: to, note }, app.now())]))
  })

  app.get(ROUTES.handover, { schema: { params: IdParams }, config }, async (request, reply) => {
    const handover = await readHandover(app, await clerkOf(app, request), request.params.id, app.now())
    return await reply.page('desk/absence/handover', {
      title: request.t('handover.title'), section: 'deskMore', breadcrumbs: [{ text: request.t('nav.absences'), href: request.path('absences') }, { text: request.t('handover.title') }],
      handover, movable: handover.left.filter(({ why }) => why === null).length
    })
  })

  app.post(ROUTES.handover, { schema: { params: IdParams }, config }, async (request, reply) => {
    await continueHandover(app, await clerkOf(app, request), request.params.id, app.now())
    return await reply.redirect(request.path('handover', [request.params.id]), 303)
  })
}

/** Does it and goes on; what is refused stays in its form. */
async function act (app: App, request: FastifyRequest, reply: FastifyReply, work: (clerk: Clerk) => Promise<string>): Promise<unknown> {
  const typed = request.body as Typed
  const faults = fieldErrors(request)
  if (faults.length > 0) return await show(app, request, reply.code(422), { typed, faults })
  try {
    return await reply.redirect(await work(await clerkOf(app, request)), 303)
  } catch (error) {
    const refused = refusalOf(request, error)
    return await show(app, request, reply.code(refused.status), { typed, faults: refused.faults })
  }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, typed, faults = [] }: { done?: string, typed: Typed, faults?: Fault[] }): Promise<string> {
  const clerk = await clerkOf(app, request)
  const today = localDate(app.now())
  const leads = allows(clerk.role, 'complaint.assign')
  const people = await listPeople(app.db, clerk.bureauIds, CASEWORK)
  const options = (field: string): Option[] => people.map(({ id, name, role, bureau }) => ({ value: String(id), label: `${name} · ${request.t(`role.${role}`)} · ${bureau}`, selected: String(id) === String(typed[field] ?? ''), lang: 'zh-CN' }))
  const key = `absence_done.${done ?? ''}`
  return await reply.page('desk/absence/list', {
    title: request.t('nav.absences'),
    section: 'deskMore',
    errors: faults,
    faults: byField(faults),
    notice: hasWord(request.locale, key) ? request.t(key) : null,
    leads,
    me: clerk.id,
    standsFor: (await absentFor(app.db, clerk.id, today)).map(({ id, name, until }) => ({ name, until, href: request.path('queue', [], { view: 'open', handler: id }) })),
    rows: (await listAbsences(app.db, clerk.bureauIds, today)).map(row => ({ ...row, removable: leads || row.accountId === clerk.id })),
    people: options('account'),
    deputies: options('deputy').filter(({ value }) => leads || value !== String(clerk.id)),
    from: options('from_person'),
    takers: options('to_person'),
    typed,
    limit: HANDOVER_NOTE_LIMIT
  })
}
