import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { CHANNELS, placeOf, QUESTIONS, type Answers, type Channel, type ChannelName, type Question, type QuestionName } from '../../domain/process/channels.ts'
import { hasWord } from '../../i18n/index.ts'
import { ROUTES, type RouteName } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { ChannelQuery } from './schema.ts'
import { citing, type Cited } from './service.ts'

interface Given { question: string, answer: string, href: string }
interface Way { label: string, href: string }

declare module '../../views.ts' {
  interface Views {
    'catalogue/guide/question': Frame & { name: QuestionName, no: number, most: number, options: Array<{ value: string, label: string, hint?: string }>, kept: Array<{ name: string, value: string }>, fault: string | undefined }
    'catalogue/guide/channel': Frame & { end: ChannelName, here: Channel['here'], basis: Cited[], phones: readonly string[], ways: Way[], given: Given[], deadline: string | null, complain: string }
  }
}

/** Where each result leads besides the reckoning of a date: pages of this portal only; other bodies are named, never linked by guess. */
const WAYS: Partial<Record<ChannelName, ReadonlyArray<readonly [RouteName, string[], Record<string, string>]>>> = {
  statement: [['rights', ['penalty'], {}]],
  permit: [['matters', [], { category: 'permit' }], ['rights', ['permit'], {}]],
  report: [['agencies', [], {}]],
  supervise: [['rights', ['penalty'], {}]]
}

/** Which body is the right one: at most six questions, one on each page, everything in the address. */
export async function channel (app: App): Promise<void> {
  app.get(ROUTES.guideChannel, { schema: { querystring: ChannelQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const place = placeOf(request.query)
    if ('end' in place) return await showEnd(app, request, reply, place)
    return await ask(request, reply, place)
  })
}

/** A question; 422 when it was answered with nothing, or with what is no answer. */
async function ask (request: FastifyRequest, reply: FastifyReply, { answers, ask }: { answers: Answers, ask: Question & { name: QuestionName } }): Promise<string> {
  const { name, options } = ask
  const fault = (request.query as ChannelQuery).asked === name ? request.t('channel.choose') : undefined
  const order = Object.keys(answers) as QuestionName[]
  const previous = order.slice(0, -1)
  if (fault !== undefined) reply.code(422)
  return await reply.page('catalogue/guide/question', {
    title: request.t(`channel.${name}`),
    noindex: order.length > 0 || fault !== undefined,
    hideSearch: true,
    back: order.length === 0 ? { href: request.path('guide') } : { href: request.path('guideChannel', [], pick(answers, previous)) },
    name,
    no: order.length + 1,
    most: QUESTIONS.length,
    options: options.map(value => optionOf(request, name, value)),
    kept: order.map(question => ({ name: question, value: answers[question] ?? '' })),
    fault,
    ...fault === undefined ? {} : { errors: [{ field: name, text: fault }] }
  })
}

function optionOf (request: FastifyRequest, question: string, value: string): { value: string, label: string, hint?: string } {
  const hint = `channel_hint.${question}.${value}`
  return { value, label: request.t(`channel_option.${question}.${value}`), ...hasWord(request.locale, hint) ? { hint: request.t(hint) } : {} }
}

async function showEnd (app: App, request: FastifyRequest, reply: FastifyReply, { answers, end }: { answers: Answers, end: ChannelName }): Promise<string> {
  const { basis, act, phones, here }: Channel = CHANNELS[end]
  const order = Object.keys(answers) as QuestionName[]
  const cite = await citing(app.db, request)
  return await reply.page('catalogue/guide/channel', {
    title: request.t(`channel_end.${end}`),
    noindex: true,
    back: { href: request.path('guideChannel', [], pick(answers, order.slice(0, -1))) },
    end,
    here,
    basis: basis.map(cite),
    phones: phones ?? [],
    ways: (WAYS[end] ?? []).map(([name, params, query]) => ({ label: request.t(`channel_way.${name}_${params[0] ?? query['category'] ?? 'all'}`), href: request.path(name, params, query) })),
    given: order.map((question, at) => ({
      question: request.t(`channel.${question}`), answer: request.t(`channel_option.${question}.${answers[question] ?? ''}`), href: request.path('guideChannel', [], pick(answers, order.slice(0, at)))
    })),
    deadline: act === undefined ? null : request.path('guideDeadlines', [], { act }),
    complain: request.path('complain')
  })
}

function pick (answers: Answers, names: readonly QuestionName[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map(name => [name, answers[name]]))
}
