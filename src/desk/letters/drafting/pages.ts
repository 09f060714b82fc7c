import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { readDraft, type DraftView } from '../../../complaints/outcome/documents/service.ts'
import { issueLetter, LETTER_LIMITS, type LetterText, proposeLetter, saveLetter, withdrawLetter } from '../../../complaints/outcome/letters/service.ts'
import { listUsable } from '../../../complaints/outcome/phrases/repository.ts'
import { putPhrase } from '../../../complaints/outcome/phrases/service.ts'
import { listLocalUse } from '../../../complaints/outcome/letter-types/repository.ts'
import { listDraftRows } from '../../../complaints/outcome/letters/repository.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { basisOf, DEMAND_KINDS, letterKind, writableLetters, type LetterField, type LetterType } from '../../../domain/supervision/letters.ts'
import { letterPlace, type PhrasePlace } from '../../../domain/supervision/phrases.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { attempt, refusalOf } from '../../case/casework/faults.ts'
import { caseFrame, phraseOptions, type PhraseOption } from '../../case/casework/present.ts'
import { ComplaintParams } from '../../case/casework/schema.ts'
import { partFrame, type PartFrame } from '../../case/parts/frame.ts'
import { partsOf, prefilled, readLetter, rowsOf, type DemandRow, type FormPart } from './form.ts'
import { DoneQuery, EndForm, LetterForm, LetterParams, TypeQuery, VersionForm } from './schema.ts'

interface Drafted { id: string, type: string, state: string, author: string, updated_at: string, document_id: string | null }
interface Visit { stale?: boolean, typed?: LetterText, text?: string, faults?: Fault[], done?: string }

declare module '../../../views.ts' {
  interface Views {
    'desk/drafting/list': PartFrame & { drafts: Drafted[], types: Array<{ type: string, basis: string, href: string }>, notice: string | null }
    'desk/drafting/form': Frame & {
      ref: string, type: LetterType, basis: string, id: string | null, version: number, addressee: string, parts: FormPart[], rows: DemandRow[], kinds: Array<{ value: string, label: string }>
      phrases: PhraseOption[], limits: typeof LETTER_LIMITS, faults: Record<string, string>, kept: FormPart[], keptRows: DemandRow[], notice: string | null, returned: { by: string, comment: string } | null
    }
    'desk/drafting/show': Frame & { draft: DraftView, basis: string, notice: string | null, issuable: boolean, proposable: boolean, withdrawable: boolean, text: string, faults: Record<string, string> }
  }
}

const config = { permission: 'letter.draft', session: 'staff' } as const
const read = { permission: 'complaint.read', session: 'staff' } as const
const sign = { permission: 'letter.sign', session: 'staff' } as const

/** The letters of a case: written, handed in, followed through their approvals, issued or taken back. */
export async function draftingPages (app: App): Promise<void> {
  app.get(ROUTES.caseLetters, { schema: { params: ComplaintParams, querystring: DoneQuery }, config: read }, async (request, reply) => await list(app, request, reply, request.query.done))

  app.get(ROUTES.caseLetterNew, { schema: { params: ComplaintParams, querystring: TypeQuery }, config }, async (request, reply) => {
    const complaint = await caseOf(app, request)
    return await form(app, request, reply, { complaint, type: request.query.type, draft: null }, { typed: prefilled(request.query.type, complaint) })
  })

  app.post(ROUTES.caseLetters, { schema: { params: ComplaintParams, body: LetterForm }, config, attachValidation: true }, async (request, reply) => await save(app, request, reply, null))
  app.post(ROUTES.caseLetter, { schema: { params: LetterParams, body: LetterForm }, config, attachValidation: true }, async (request, reply) => await save(app, request, reply, request.params.id))
  app.get(ROUTES.caseLetter, { schema: { params: LetterParams, querystring: DoneQuery }, config: read }, async (request, reply) => await show(app, request, reply, request.query))

  app.get(ROUTES.caseLetterSheet, { schema: { params: LetterParams }, config: read }, async (request, reply) => {
    const draft = await draftOf(app, request)
    return await reply.page('desk/documents/sheet', { title: draft.sheet.title, sheet: draft.sheet, digest: null, voided: null, qr: null, verify: null, docx: null, leave: request.path('caseLetter', [draft.ref, draft.id]), draft: true, reading: [] }, 'print')
  })

  app.post(ROUTES.caseLetterEndings, { schema: { params: LetterParams, body: EndForm }, config }, async (request, reply) => {
    const { version, text = '' } = request.body
    return await act(app, request, reply, { text, done: 'withdrawn' }, async clerk => { await withdrawLetter(app, clerk, request.params.ref, { id: request.params.id, version, text }, app.now()) })
  })

  app.post(ROUTES.caseLetterIssues, { schema: { params: LetterParams, body: VersionForm }, config: sign }, async (request, reply) => {
    const draft = await draftOf(app, request)
    const given = { id: draft.id, version: request.body.version }
    return await act(app, request, reply, { done: draft.type === 'decision_letter' ? 'proposed' : 'issued' }, async clerk => {
      if (draft.type === 'decision_letter') await proposeLetter(app, clerk, given, app.now())
      else await issueLetter(app, clerk, given, app.now())
    })
  })
}

const caseOf = async (app: App, request: FastifyRequest): Promise<Case> => await findCase(app, (request.params as { ref: string }).ref, app.now(), await clerkOf(app, request))
const noticeOf = (request: FastifyRequest, done = ''): string | null => hasWord(request.locale, `drafting_done.${done}`) ? request.t(`drafting_done.${done}`) : null

/** A letter under the address of its own case, else `not_found`. */
async function draftOf (app: App, request: FastifyRequest): Promise<DraftView> {
  const { ref, id } = request.params as { ref: string, id: string }
  const draft = await readDraft(app, await clerkOf(app, request), id, { locale: request.locale, now: app.now() })
  if (draft.ref !== ref) throw new AppError('not_found', { id })
  return draft
}

async function list (app: App, request: FastifyRequest, reply: FastifyReply, done?: string): Promise<string> {
  const complaint = await caseOf(app, request)
  const writes = allows(request.actor?.role ?? null, 'letter.draft')
  return await reply.page('desk/drafting/list', {
    ...partFrame(request, complaint, 'letters', app.now()),
    drafts: await listDraftRows(app.db, complaint.id),
    types: writes ? writableLetters(complaint.status, localDate(app.now()), await listLocalUse(app.db)).map(type => ({ type, basis: basisOf(type).join(request.t('ui.between')), href: request.path('caseLetterNew', [complaint.ref], { type }) })) : [],
    notice: noticeOf(request, done)
  })
}

async function save (app: App, request: FastifyRequest, reply: FastifyReply, id: string | null): Promise<unknown> {
  const { ref } = request.params as { ref: string }
  const body = request.body as { type: LetterType, version?: number, act?: string, phrase?: string } & Record<string, unknown>
  const wrong = fieldErrors(request, 'drafting')
  if (wrong.length > 0) throw new AppError('bad_request') // only fields that nobody types
  const typed = readLetter(body.type, body)
  if (body.act === 'phrase') return await worded(app, request, reply, { id, type: body.type, typed, phrase: body.phrase })
  const handIn = body.act === 'hand_in'
  try {
    const saved = await saveLetter(app, await clerkOf(app, request), ref, { ...id === null ? {} : { id, version: body.version ?? 0 }, type: body.type, text: typed, handIn }, app.now())
    return await reply.redirect(request.path('caseLetter', [ref, saved], { done: handIn ? 'handed_in' : 'saved' }), 303)
  } catch (error) {
    const { status, code, faults } = refusalOf(request, error)
    const draft = id === null ? null : await draftOf(app, request)
    return await form(app, request, reply.code(status), { complaint: await caseOf(app, request), type: body.type, draft }, { typed, faults, stale: code === 'stale_version' })
  }
}

/** The form again as it was typed, with the standard wording that was chosen at the end of its part; nothing is kept yet. */
async function worded (app: App, request: FastifyRequest, reply: FastifyReply, { id, type, typed, phrase }: { id: string | null, type: LetterType, typed: LetterText, phrase: string | undefined }): Promise<string> {
  const complaint = await caseOf(app, request)
  const draft = id === null ? null : await draftOf(app, request)
  if (phrase === undefined) return await form(app, request, reply, { complaint, type, draft }, { typed })
  const { fields } = letterKind(type)
  const fieldOf = (place: PhrasePlace): LetterField | undefined => fields.find(field => letterPlace(field) === place)
  const { place, text } = await putPhrase(app, complaint, { id: phrase, places: fields.map(letterPlace), written: place => typed.fields[fieldOf(place) ?? 'facts'] ?? '' }, app.now())
  return await form(app, request, reply, { complaint, type, draft }, { typed: { ...typed, fields: { ...typed.fields, [fieldOf(place) ?? 'facts']: text } } })
}

async function act (app: App, request: FastifyRequest, reply: FastifyReply, { done = '', text = '' }: Visit, work: (clerk: Clerk) => Promise<void>): Promise<unknown> {
  const { ref, id } = request.params as { ref: string, id: string }
  return await attempt(app, request, reply, { work, again: async faults => await show(app, request, reply, { text, faults }), to: request.path('caseLetter', [ref, id], { done }) })
}

async function form (app: App, request: FastifyRequest, reply: FastifyReply, { complaint, type, draft }: { complaint: Case, type: LetterType, draft: DraftView | null }, { typed, faults = [], done, stale = false }: Visit): Promise<string> {
  const text = typed ?? draft?.text ?? prefilled(type, complaint)
  const returned = draft?.approvals.at(-1)
  return await reply.page('desk/drafting/form', {
    ...caseFrame(request, complaint.ref, request.t(`document.${type}`)),
    errors: faults,
    faults: byField(faults),
    ref: complaint.ref,
    type,
    basis: basisOf(type).join(request.t('ui.between')),
    id: draft?.id ?? null,
    version: draft?.version ?? 1,
    addressee: text.addressee,
    parts: partsOf(type, text),
    rows: rowsOf(type, text),
    ...othersText(type, stale ? draft : null, text),
    kinds: DEMAND_KINDS.map(value => ({ value, label: request.t(`demand_kind.${value}`) })),
    phrases: phraseOptions(request, await listUsable(app.db, letterKind(type).fields.map(letterPlace)), true),
    limits: LETTER_LIMITS,
    notice: noticeOf(request, done),
    returned: returned?.decision === 'returned' ? { by: returned.by, comment: returned.comment ?? '' } : null
  })
}

/** Where what a colleague saved differs from what was typed. */
function othersText (type: LetterType, draft: DraftView | null, typed: LetterText): { kept: FormPart[], keptRows: DemandRow[] } {
  const saved = draft?.text ?? typed
  const same = JSON.stringify(saved.demands) === JSON.stringify(typed.demands)
  return { kept: partsOf(type, saved).filter(({ field, value }) => value !== (typed.fields[field] ?? '')), keptRows: same ? [] : rowsOf(type, saved).filter(row => row.text !== '') }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, visit: Visit): Promise<string> {
  const { text = '', faults = [], done } = visit
  const [draft, complaint] = [await draftOf(app, request), await caseOf(app, request)]
  const role = request.actor?.role ?? null
  const writes = allows(role, 'letter.draft')
  if (draft.state === 'draft' && writes && writableLetters(complaint.status, localDate(app.now()), await listLocalUse(app.db)).includes(draft.type) && faults.length === 0) return await form(app, request, reply, { complaint, type: draft.type, draft }, visit)
  const ready = draft.state === 'approved' && allows(role, 'letter.sign')
  return await reply.page('desk/drafting/show', {
    ...caseFrame(request, draft.ref, request.t(`document.${draft.type}`)),
    errors: faults,
    faults: byField(faults),
    draft,
    basis: basisOf(draft.type).join(request.t('ui.between')),
    notice: noticeOf(request, done),
    issuable: ready && draft.type !== 'decision_letter',
    proposable: ready && draft.type === 'decision_letter',
    withdrawable: writes && ['draft', 'pending', 'approved'].includes(draft.state),
    text
  })
}
