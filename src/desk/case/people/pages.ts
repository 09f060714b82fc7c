import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { assign, bureausOf, listAssigned, listSupervisors, nameAgency, SUPERVISING, unassign, type Assigned } from '../../../complaints/work/assignments/service.ts'
import { agenciesNamed } from '../../../complaints/form/naming/service.ts'
import { findCase } from '../../../complaints/case/reading/service.ts'
import { allows, PERMISSIONS } from '../../../domain/process/permissions.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import { clerkOf, type Clerk } from '../casework/actor.ts'
import { attempt } from '../casework/faults.ts'
import { ComplaintParams } from '../casework/schema.ts'
import { partFrame, type PartFrame } from '../parts/frame.ts'
import { listReaders, type Reader } from './repository.ts'
import { AccountForm, AgencyForm, PeopleQuery } from './schema.ts'

interface Option { value: string, label: string, lang: string }
interface Visit { q?: string, done?: string, faults?: Fault[] }

declare module '../../../views.ts' {
  interface Views {
    'desk/people/show': PartFrame & {
      notice: string | null, q: string, found: Option[], searched: boolean, names: boolean
      assigned: Array<Assigned & { removable: boolean }>, candidates: Option[], joinable: boolean, few: boolean, decides: boolean
      readers: Reader[], looks: Array<{ at: string, actor: string, what: string }>, faults: Record<string, string>
    }
  }
}

/** Who has to do with a case: the agency it is about, who answers for it, who examines it, who may open it. */
export async function peoplePages (app: App): Promise<void> {
  app.get(ROUTES.people, { schema: { params: ComplaintParams, querystring: PeopleQuery }, config: { permission: 'complaint.read', session: 'staff' } }, async (request, reply) => {
    return await show(app, request, reply, request.query)
  })

  app.post(ROUTES.peopleAssignments, { schema: { params: ComplaintParams, body: AccountForm }, config: { permission: 'complaint.investigate', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    return await act(app, request, reply, 'assigned', async clerk => { await assign(app, clerk, request.params.ref, request.body.account, app.now()) })
  })

  app.post(ROUTES.peopleEndings, { schema: { params: ComplaintParams, body: AccountForm }, config: { permission: 'complaint.investigate', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    return await act(app, request, reply, 'unassigned', async clerk => { await unassign(app, clerk, request.params.ref, request.body.account, app.now()) })
  })

  app.post(ROUTES.peopleAgency, { schema: { params: ComplaintParams, body: AgencyForm }, config: { permission: 'complaint.claim', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    const { agency, version } = request.body
    return await act(app, request, reply, 'agency', async clerk => { await nameAgency(app, clerk, request.params.ref, { agencyId: agency, version }, app.now()) })
  })
}

/** Does it and goes back to the page; what is refused is said there, with what was searched for. */
async function act (app: App, request: FastifyRequest, reply: FastifyReply, done: string, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  const { q } = request.body as { q?: string }
  const kept = q === undefined ? {} : { q }
  return await attempt(app, request, reply, { words: 'people', work, again: async faults => await show(app, request, reply, { ...kept, faults }), to: request.path('people', [(request.params as { ref: string }).ref], { done }) })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { q = '', done, faults = [] }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, (request.params as { ref: string }).ref, app.now(), clerk)
  const bureaus = await bureausOf(app.db, { bureau_id: complaint.bureauId, delegated_to: complaint.delegatedTo })
  const assigned = await listAssigned(app.db, complaint.id)
  const free = (await listSupervisors(app.db, bureaus, SUPERVISING)).filter(({ id }) => assigned.every(other => other.id !== id))
  const leads = allows(clerk.role, 'complaint.assign')
  const open = complaint.closedAt === null
  const key = `people_done.${done ?? ''}`
  return await reply.page('desk/people/show', {
    ...partFrame(request, complaint, 'people', app.now()),
    errors: faults,
    faults: byField(faults),
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    q,
    found: q === '' ? [] : (await agenciesNamed(app.db, q)).map(({ id, name }) => ({ value: String(id), label: name, lang: 'zh-CN' })),
    searched: q !== '',
    names: open && allows(clerk.role, 'complaint.claim'),
    assigned: assigned.map(person => ({ ...person, removable: open && (leads || person.id === clerk.id) })),
    candidates: open && leads ? free.map(person => ({ value: String(person.id), label: request.t(person.cardNo === null ? 'people.no_card_option' : 'people.option', { name: person.name, role: request.t(`role.${person.role}`), card: person.cardNo ?? '' }), lang: 'zh-CN' })) : [],
    joinable: open && !leads && free.some(({ id }) => id === clerk.id),
    few: assigned.filter(({ cardNo }) => cardNo !== null).length < 2,
    decides: allows(clerk.role, 'recusal.decide'),
    readers: await listReaders(app.db, complaint.id, bureaus, PERMISSIONS['complaint.read']),
    looks: complaint.events.filter(({ action }) => action === 'identity_viewed' || action === 'original_opened').map(({ at, actor, action }) => ({ at, actor: actor ?? '', what: request.t(`event.${action}`) }))
  })
}
