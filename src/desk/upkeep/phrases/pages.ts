import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { findPhrase, listPhrases, listPhraseVersions, type OwnedPhrase, type PhraseRow } from '../../../complaints/outcome/phrases/repository.ts'
import { savePhrase, switchPhrase } from '../../../complaints/outcome/phrases/service.ts'
import { PERMISSIONS } from '../../../domain/process/permissions.ts'
import { PHRASE_BLANK, PHRASE_LIMITS, PHRASE_PLACES, PHRASE_VARIABLES } from '../../../domain/supervision/phrases.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { PhraseForm, PhraseParams, PhraseQuery, SwitchForm } from './schema.ts'

interface Option { value: string, label: string, lang?: string }
interface Typed { place: string, title: string, text: string, owner: string, review_on_year: string, review_on_month: string, review_on_day: string }
interface Visit { phrase: PhraseRow | null, typed: Typed, faults?: Fault[] }

declare module '../../../views.ts' {
  interface Views {
    'desk/phrases/list': Frame & { notice: string | null, groups: Array<{ place: string, rows: Array<OwnedPhrase & { late: boolean }> }> }
    'desk/phrases/show': Frame & {
      id: string | null, version: number, off: boolean, typed: Typed, faults: Record<string, string>, places: Option[], owners: Option[], variables: string[], limits: typeof PHRASE_LIMITS
      versions: Awaited<ReturnType<typeof listPhraseVersions>>, uses: number
    }
  }
}

const config = { permission: 'phrase.manage', session: 'staff' } as const

/** Standard wording: who answers for it, where it fits, when it is looked at again, how often it is used. */
export async function phrasePages (app: App): Promise<void> {
  app.get(ROUTES.phrases, { schema: { querystring: PhraseQuery }, config }, async (request, reply) => {
    const [phrases, today, { done }] = [await listPhrases(app.db), localDate(app.now()), request.query]
    return await reply.page('desk/phrases/list', {
      title: request.t('nav.phrases'), section: 'phrases', notice: done === undefined ? null : request.t(`phrase_done.${done}`),
      groups: PHRASE_PLACES.flatMap(place => {
        const rows = phrases.filter(phrase => phrase.place === place).map(phrase => ({ ...phrase, late: phrase.off === 0 && phrase.review_on <= today }))
        return rows.length === 0 ? [] : [{ place, rows }]
      })
    })
  })

  app.get(ROUTES.phraseNew, { schema: { querystring: PhraseQuery }, config }, async (request, reply) => {
    const [year = '', ...rest] = localDate(app.now()).split('-')
    return await show(app, request, reply, { phrase: null, typed: typedOf({ place: request.query.place ?? '', title: '', text: '', owner_id: request.actor?.id ?? 0, review_on: [Number(year) + 1, ...rest].join('-') }) })
  })

  app.get(ROUTES.phrase, { schema: { params: PhraseParams }, config }, async (request, reply) => {
    const phrase = await findPhrase(app.db, request.params.id)
    return await show(app, request, reply, { phrase, typed: typedOf(phrase) })
  })

  app.post(ROUTES.phrases, { schema: { body: PhraseForm }, config }, async (request, reply) => await save(app, request, reply, request.body))
  app.post(ROUTES.phrase, { schema: { params: PhraseParams, body: PhraseForm }, config }, async (request, reply) => await save(app, request, reply, request.body, request.params.id))

  app.post(ROUTES.phraseSwitches, { schema: { params: PhraseParams, body: SwitchForm }, config }, async (request, reply) => {
    const { version, off } = request.body
    await switchPhrase(app, await clerkOf(app, request), { id: request.params.id, version, off: off === '1' }, app.now())
    return await reply.redirect(request.path('phrases', [], { done: off === '1' ? 'off' : 'on' }), 303)
  })
}

async function save (app: App, request: FastifyRequest, reply: FastifyReply, body: PhraseForm, id?: string): Promise<unknown> {
  const { version, place = '', title = '', text = '', owner, review_on_year: year = '', review_on_month: month = '', review_on_day: day = '' } = body
  const reviewOn = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  try {
    await savePhrase(app, await clerkOf(app, request), { ...id === undefined ? {} : { id, version: version ?? 0 }, place, title, text, reviewOn, ownerId: owner ?? 0 }, app.now())
  } catch (error) {
    const { status, faults } = refusalOf(request, error)
    const typed = { place, title, text, owner: String(owner ?? ''), review_on_year: year, review_on_month: month, review_on_day: day }
    return await show(app, request, reply.code(status), { phrase: id === undefined ? null : await findPhrase(app.db, id), typed, faults })
  }
  return await reply.redirect(request.path('phrases', [], { done: 'saved' }), 303)
}

function typedOf ({ place, title, text, owner_id: owner, review_on: reviewOn }: Pick<PhraseRow, 'place' | 'title' | 'text' | 'owner_id' | 'review_on'>): Typed {
  const [year = '', month = '', day = ''] = reviewOn.split('-')
  return { place, title, text, owner: String(owner), review_on_year: year, review_on_month: month, review_on_day: day }
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { phrase, typed, faults = [] }: Visit): Promise<string> {
  const owners = await app.db.selectFrom('account').select(['id', 'name']).where('role', 'in', PERMISSIONS['phrase.manage']).where('disabled', '=', 0).orderBy('id').execute()
  const title = phrase === null ? request.t('phrase.new') : phrase.title
  return await reply.page('desk/phrases/show', {
    title,
    section: 'phrases',
    breadcrumbs: [{ text: request.t('nav.phrases'), href: request.path('phrases') }, { text: title, ...phrase === null ? {} : { lang: 'zh-CN' } }],
    errors: faults,
    faults: byField(faults),
    id: phrase?.id ?? null,
    version: phrase?.version ?? 1,
    off: phrase?.off === 1,
    uses: phrase?.uses ?? 0,
    typed,
    places: PHRASE_PLACES.map(value => ({ value, label: request.t(`phrase_place.${value}`) })),
    owners: owners.map(({ id, name }) => ({ value: String(id), label: name, lang: 'zh-CN' })),
    variables: [...Object.keys(PHRASE_VARIABLES), PHRASE_BLANK],
    limits: PHRASE_LIMITS,
    versions: phrase === null ? [] : await listPhraseVersions(app.db, phrase.id)
  })
}
