import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { judgeDemand, rectificationOf, type AnswerView, type LetterLine } from '../../../complaints/outcome/agency-answers/service.ts'
import { readingsOf, type Reading } from '../../../complaints/outcome/packet/service.ts'
import { findCase } from '../../../complaints/case/reading/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { settled } from '../../../domain/supervision/demands.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { ComplaintParams } from '../../case/casework/schema.ts'
import { deskFiles, type DeskFile } from '../../case/files/service.ts'
import { partFrame, type PartFrame } from '../../case/parts/frame.ts'
import { RectificationQuery, VerdictForm } from './schema.ts'

type Answers = Array<Omit<AnswerView, 'files'> & { files: DeskFile[] }>
type Judged = Omit<LetterLine['demands'][number], 'answers'> & { answers: Answers, box: string, late: boolean, verdicts: Array<{ value: string, label: string }> }
type Letter = Omit<LetterLine, 'explanation' | 'objection' | 'demands'> & { name: string, explanation: Answers, objection: Answers, judged: Judged[] }
interface Visit { done?: string, faults?: Fault[], typed?: Record<string, string> }

declare module '../../../views.ts' {
  interface Views {
    'desk/rectification/show': PartFrame & { notice: string | null, letters: Letter[], agencyHref: string | null, left: number, readings: Array<Reading & { what: string }>, typed: Record<string, string>, faults: Record<string, string> }
  }
}

/** What was demanded of the agency, what it answered, and what the bureau says of each. */
export async function rectificationPages (app: App): Promise<void> {
  app.get(ROUTES.rectification, { schema: { params: ComplaintParams, querystring: RectificationQuery }, config: { permission: 'complaint.read', session: 'staff' } }, async (request, reply) => await show(app, request, reply, request.query))

  app.post(ROUTES.rectificationVerdicts, { schema: { params: ComplaintParams, body: VerdictForm }, config: { permission: 'complaint.investigate', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    const { document, no, verdict, text = '' } = request.body
    const at = `${document}-${no}`
    const wrong = fieldErrors(request, 'rectification')
    const faults = verdict === undefined && wrong.length === 0 ? [{ field: '', text: request.t('rectification.verdict.required') }] : wrong
    const typed = { [`text-${at}`]: text }
    const placed = (given: Fault[]): Fault[] => given.map(fault => ({ ...fault, field: fault.field === '' ? '' : `${fault.field}-${at}` }))
    if (faults.length > 0 || verdict === undefined) return await show(app, request, reply.code(422), { faults: placed(faults), typed })
    try {
      await judgeDemand(app, await clerkOf(app, request), request.params.ref, { document, no, verdict, text }, app.now())
    } catch (error) {
      const refused = refusalOf(request, error)
      return await show(app, request, reply.code(refused.status), { faults: placed(refused.faults), typed })
    }
    return await reply.redirect(request.path('rectification', [request.params.ref], { done: verdict }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { done, faults = [], typed = {} }: Visit): Promise<string> {
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, (request.params as { ref: string }).ref, app.now(), clerk)
  const letters = await rectificationOf(app, complaint.ref, clerk)
  const key = `rectification_done.${done ?? ''}`
  return await reply.page('desk/rectification/show', {
    ...partFrame(request, complaint, 'rectification', app.now()),
    errors: faults,
    faults: byField(faults),
    notice: done !== undefined && hasWord(request.locale, key) ? request.t(key) : null,
    letters: letters.map(letter => letterOf(request, letter, { ref: complaint.ref, judges: allows(clerk.role, 'complaint.investigate'), status: complaint.status, today: localDate(app.now()) })),
    readings: (await readingsOf(app, complaint)).map(reading => ({ ...reading, what: request.t(`reading.${reading.action}`) })),
    agencyHref: complaint.agency === null ? null : request.path('deskAgency', [complaint.agency.slug]),
    left: letters.flatMap(({ demands }) => demands).filter(({ state }) => !settled(state)).length,
    typed
  })
}

interface Standing { ref: string, judges: boolean, status: string, today: string }

function letterOf (request: FastifyRequest, letter: LetterLine, standing: Standing): Letter {
  const shown = (answers: AnswerView[]): Answers => answersOf(request, standing.ref, answers)
  return { ...letter, name: request.t(`document.${letter.type}`), explanation: shown(letter.explanation), objection: shown(letter.objection), judged: letter.demands.map(demand => judgedOf(request, letter, demand, standing)) }
}

/** Answers with the addresses of their files. */
function answersOf (request: FastifyRequest, ref: string, answers: AnswerView[]): Answers {
  return answers.map(answer => ({ ...answer, files: deskFiles(request, ref, answer.files) }))
}

function judgedOf (request: FastifyRequest, letter: LetterLine, demand: LetterLine['demands'][number], { ref, judges, status, today }: Standing): Judged {
  const open = judges && !letter.voided && !settled(demand.state)
  const offered = [...open && status === 'verifying' && demand.state === 'claimed' ? ['verified', 'disputed'] : [], ...open && ['verifying', 'document_issued'].includes(status) ? ['closed'] : []]
  return {
    ...demand, answers: answersOf(request, ref, demand.answers), box: `${letter.id}-${demand.no}`, late: demand.open && demand.dueOn < today,
    verdicts: offered.map(value => ({ value, label: request.t(`verdict.${value}`) }))
  }
}
