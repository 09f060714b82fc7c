import type { FastifyReply, FastifyRequest } from 'fastify'
import multipart from '@fastify/multipart'
import { randomBytes } from 'node:crypto'
import type { App } from '../../../app.ts'
import { findByRef } from '../../../complaints/case/core/repository.ts'
import { markVisit } from '../../../complaints/case/presence/repository.ts'
import { markSeen } from '../../../complaints/case/correspondence/repository.ts'
import { lowerUrgency } from '../../../complaints/case/core/service.ts'
import { addNote, claim, sendMessage } from '../../../complaints/case/correspondence/service.ts'
import { MULTIPART, UPLOAD_BYTES } from '../../../complaints/form/evidence/service.ts'
import { TEXT_LIMIT } from '../../../complaints/form/filing/service.ts'
import { readRouting, type Routing } from '../../../complaints/allotment/routing/service.ts'
import { lapses, type Lapse } from '../../../complaints/case/remedies/service.ts'
import { dueIfStarted, findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { FINDABLE } from '../../../domain/process/workflow.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { formatDateTime } from '../../../i18n/format.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { deskFiles, fileFaultsOf, messageIn, readyFiles, type DeskFile } from '../files/service.ts'
import { listOf, nextAfter, readHabits, rememberList, shortcutsOf, type Habits, type Shortcut } from '../../account/habits/service.ts'
import { cameSince, holderOf, presenceOf, type Held, type Present } from '../colleagues/service.ts'
import { clerkOf, type Clerk } from './actor.ts'
import { refusalOf } from './faults.ts'
import { caseFrame, chipsOf, linksOf, stepsOf, timelineOf, toldOf, type Chip, type Item, type NextStep } from './present.ts'
import { tabsOf } from '../parts/frame.ts'
import { CaseQuery, ClaimForm, ComplaintParams, MessageForm, NoteForm, TextForm, type Tab } from './schema.ts'

/** What the case page shows besides the case: where one is, what was just done, what was typed and refused. */
interface Visit { tab: Tab, done?: string, about?: string, typed?: string, asking?: boolean, faults?: Fault[], held?: boolean, seen?: number }

declare module '../../../views.ts' {
  interface Views {
    'desk/casework/show': Frame & {
      complaint: Case, files: DeskFile[], tab: Tab, tabs: Array<{ label: string, href: string, count?: number, current: boolean }>
      chips: Chip[], steps: NextStep[], seen: number, mine: boolean, presence: Present[], held: Held | null, shortcuts: Shortcut[], list: string, changes: Item[], last: { notes: number, messages: number }, notice: { text: string, next: { ref: string, href: string } | null, list: string } | null
      timeline: Item[], links: ReturnType<typeof linksOf>, told: ReturnType<typeof toldOf>, messages: ReturnType<typeof messagesOf>
      lapses: Lapse[], routing: Routing | null, leads: boolean, triages: boolean, lowering: string, findable: boolean, once: string, asking: boolean, ready: DeskFile[], field: { accept: string, room: number, files: number, megabytes: number }, recusals: boolean, typed: string, limit: number, faults: Record<string, string>
    }
  }
}

/** A case: everything about one complaint, and what may be done with it. Never who complained. */
export async function casework (app: App): Promise<void> {
  await app.register(multipart, MULTIPART)

  app.get(ROUTES.complaint, {
    schema: { params: ComplaintParams, querystring: CaseQuery }, config: { permission: 'complaint.read', session: 'staff' }
  }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    const { tab = 'overview', done, about, list } = request.query
    if (list !== undefined) await rememberList(app, clerk.id, list)
    const page = await show(app, request, reply, clerk, { tab, ...done === undefined ? {} : { done }, ...about === undefined ? {} : { about } })
    await markVisit(app.db, (await findByRef(app.db, request.params.ref)).id, clerk.id, app.now())
    await markSeen(app.db, request.params.ref)
    return page
  })

  app.post(ROUTES.messages, {
    schema: { params: ComplaintParams, body: MessageForm }, bodyLimit: UPLOAD_BYTES, config: { permission: 'complaint.message', session: 'staff', ownFormCheck: true }
  }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    const { fields: { text = '', asks, once, seen }, refused } = await messageIn(app, request, clerk)
    const faults = fileFaultsOf(request, refused)
    return await write(app, request, reply, {
      clerk, tab: 'messages', done: 'message', text, asking: asks !== undefined, faults, ...seenIn(seen), work: async text => { await sendMessage(app, clerk, request.params.ref, { text, asks: asks !== undefined, nonce: once, ...seenIn(seen) }, app.now()) }
    })
  })

  app.post(ROUTES.notes, {
    schema: { params: ComplaintParams, body: NoteForm }, config: { permission: 'complaint.note', session: 'staff' }
  }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    const { seen } = request.body
    return await write(app, request, reply, { clerk, tab: 'notes', done: 'note', ...seen === undefined ? {} : { seen }, work: async text => { await addNote(app, clerk, request.params.ref, { text, seen }, app.now()) } })
  })

  app.post(ROUTES.urgencyEndings, {
    schema: { params: ComplaintParams, body: TextForm }, config: { permission: 'complaint.triage', session: 'staff' }
  }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    return await write(app, request, reply, { clerk, tab: 'overview', done: 'lower_urgency', work: async text => { await lowerUrgency(app, clerk, request.params.ref, text, app.now()) } })
  })

  app.post(ROUTES.claims, {
    schema: { params: ComplaintParams, body: ClaimForm }, config: { permission: 'complaint.claim', session: 'staff' }
  }, async (request, reply) => {
    const clerk = await clerkOf(app, request)
    try {
      await claim(app, clerk, request.params.ref, app.now(), { takeOver: request.body.take_over !== undefined, holder: request.body.holder })
    } catch (error) {
      const { status, code, faults } = refusalOf(request, error)
      return await show(app, request, reply.code(status), clerk, { tab: 'overview', faults, held: code === 'already_claimed' })
    }
    return await reply.redirect(request.path('complaint', [request.params.ref], { done: 'claim' }), 303)
  })
}

/** The last message on the page, as a form of parts gives it. */
function seenIn (text: string | undefined): { seen?: number } {
  return text !== undefined && /^\d{1,9}$/.test(text) ? { seen: Number(text) } : {}
}

interface Writing { clerk: Clerk, tab: Tab, done: string, text?: string, asking?: boolean, faults?: Fault[], seen?: number, work: (text: string) => Promise<void> }

/** Saves a message or note and goes back to its list; what is refused stays in the box. */
async function write (app: App, request: FastifyRequest, reply: FastifyReply, { clerk, tab, done, work, asking = false, faults: wrong = [], seen, ...given }: Writing): Promise<unknown> {
  const text = given.text ?? (request.body as { text?: string } | null)?.text ?? ''
  const { ref } = request.params as { ref: string }
  if (wrong.length > 0) return await show(app, request, reply.code(422), clerk, { tab, typed: text, asking, faults: wrong })
  try {
    await work(text)
  } catch (error) {
    const { status, code, faults } = refusalOf(request, error)
    const overtaken = code === 'stale_version' ? { faults: [{ field: 'text', text: request.t(`overtaken.${tab}`) }], ...seen === undefined ? {} : { seen } } : { faults }
    return await show(app, request, reply.code(status), clerk, { tab, typed: text, asking, ...overtaken })
  }
  return await reply.redirect(request.path('complaint', [ref], { tab, done }), 303)
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, clerk: Clerk, visit: Visit): Promise<string> {
  const { ref } = request.params as { ref: string }
  const complaint = await findCase(app, ref, app.now(), clerk)
  const { tab } = visit
  const habits = await readHabits(app, clerk.id)
  const held = visit.held === true ? await holderOf(app, complaint, clerk) : null
  const faults = held === null ? visit.faults ?? [] : [{ field: 'held', text: request.t('claim.held', { name: held.name }) }]
  return await reply.page('desk/casework/show', {
    ...caseFrame(request, ref),
    errors: faults,
    faults: byField(faults),
    complaint,
    files: deskFiles(request, complaint.ref, complaint.attachments.filter(file => file.side === 'complainant' && file.messageId === null)),
    tab,
    tabs: tabsOf(request, complaint, tab),
    chips: chipsOf(request, complaint, localDate(app.now())),
    steps: stepsOf(request, complaint, clerk.role),
    seen: complaint.events.at(-1)?.seq ?? 0,
    mine: complaint.handler?.id === clerk.id,
    presence: await presenceOf(app, request, clerk, complaint.id),
    held,
    shortcuts: habits.keys ? shortcutsOf(request) : [],
    list: request.path('queue', [], { ...listOf(habits) }),
    ...othersIn(request, complaint, visit),
    notice: await noticeOf(app, request, clerk, habits, visit),
    timeline: tab === 'timeline' ? timelineOf(request, complaint) : [],
    links: linksOf(request, complaint),
    told: toldOf(request, complaint),
    messages: messagesOf(request, complaint),
    lapses: await lapsesOf(app, complaint),
    routing: await readRouting(app.db, complaint.id),
    leads: allows(clerk.role, 'complaint.assign'),
    triages: allows(clerk.role, 'complaint.triage'),
    lowering: tab === 'overview' ? visit.typed ?? '' : '',
    recusals: allows(clerk.role, 'recusal.decide'),
    findable: FINDABLE.includes(complaint.status) && allows(clerk.role, 'finding.record'),
    once: randomBytes(12).toString('base64url'),
    asking: visit.asking === true,
    ...await readyFiles(app, request, complaint),
    typed: visit.typed ?? '',
    limit: TEXT_LIMIT
  })
}

/** What others wrote after the page was opened, and the last of each that is on it now. */
function othersIn (request: FastifyRequest, complaint: Case, { tab, seen }: Visit): { changes: Item[], last: { notes: number, messages: number } } {
  const changes = seen === undefined ? [] : cameSince(request, complaint, tab === 'notes' ? 'notes' : 'messages', seen)
  return { changes, last: { notes: complaint.notes.at(-1)?.id ?? 0, messages: complaint.messages.at(-1)?.id ?? 0 } }
}

/** Remedies whose last day falls into the time of an open case: the complainant may wait for us and lose them. */
async function lapsesOf (app: App, { target, parallelDetails, paper, submittedAt, closedAt, clocks, dueOn }: Case): Promise<Lapse[]> {
  if (closedAt !== null) return []
  // Before acceptance the time for handling has not begun; it would end at the earliest then.
  const ahead = clocks.some(({ clock }) => clock === 'handle') ? [] : (await dueIfStarted(app, ['handle'], app.now())).map(({ on }) => on)
  const until = [...clocks.filter(clock => clock.stoppedOn === null).map(clock => clock.dueOn), ...ahead].sort().at(-1) ?? dueOn ?? localDate(app.now())
  return await lapses(app.db, { target, parallel: parallelDetails, ...paper === undefined ? {} : { paper } }, { from: localDate(submittedAt), until, today: localDate(app.now()) })
}

function messagesOf (request: FastifyRequest, complaint: Case) {
  return complaint.messages.map(({ direction, author, member, at, text, readAt, digest, replyBy, id }) => ({
    side: direction === 'out' ? 'sent' : 'received', sender: author ?? request.t(member === null ? 'role.complainant' : 'members.sender', { no: member }), ...author === null ? {} : { senderLang: 'zh-CN' }, at, text, lang: 'zh-CN', files: deskFiles(request, complaint.ref, complaint.attachments.filter(file => file.messageId === id)), digest: digest?.slice(0, 12) ?? null, replyBy, receipt: direction === 'in' ? null : readAt === null ? request.t('case.unread_yet') : request.t('case.read_at', { at: formatDateTime(request.locale, readAt) })
  }))
}

/** What was just done, with the way on: the list that the person came from, or its next case (features.md T34). */
async function noticeOf (app: App, request: FastifyRequest, clerk: Clerk, habits: Habits, { done, about }: Visit) {
  const key = `case_done.${done ?? ''}`
  if (done === undefined || !hasWord(request.locale, key)) return null
  const text = about === undefined ? request.t(key) : request.t('after.done', { ref: about, text: request.t(key) })
  const next = await nextAfter(app, clerk, habits, (request.params as { ref: string }).ref)
  return { text, next: next === null ? null : { ref: next, href: request.path('complaint', [next]) }, list: request.path('queue', [], { ...listOf(habits) }) }
}
