import type { FastifyReply, FastifyRequest } from 'fastify'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import type { Frame } from '../../../views.ts'
import type { Tracking } from '../../case/reading/service.ts'
import { answersIn, fieldsOf } from './forms.ts'
import type { RequestForm, RequestKind } from './schema.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/actions/show': Frame & {
      ref: string, kind: RequestKind, action: string, lead: string, points: string[], barred: string[], fields: ReturnType<typeof fieldsOf>, moment: string | null
      checking: Array<{ key: string, value: string }> | null, hidden: Array<{ name: string, value: string }>, send: string, sure: string, trail: string
    }
  }
}

/** A form as typed so far; `checking`: everything is there and is shown once more; `barred`: why it cannot be done now. */
export interface Visit { kind: RequestKind, typed: RequestForm, errors?: Fault[], checking?: boolean, barred?: string[] }

/** Answers with the page on which a complainant asks for something. */
export async function showRequest (request: FastifyRequest, reply: FastifyReply, found: Tracking, { kind, typed, errors = [], checking = false, barred = againstOf(request, found, kind) }: Visit): Promise<string> {
  if (barred.length > 0 && errors.length === 0) reply.code(409)
  return await reply.page('complaints/actions/show', {
    section: 'track',
    noindex: true,
    hideSearch: true,
    title: request.t(`request.${kind}.title`),
    self: request.path('trackRequest', [found.ref, kind]),
    back: { href: request.path('tracking', [found.ref]), label: request.t('request.back') },
    ref: found.ref,
    kind,
    action: request.path('trackRequest', [found.ref, kind]),
    lead: request.t(`request.${kind}.lead`),
    points: ['1', '2', '3'].map(no => `request.${kind}.point${no}`).filter(key => hasWord(request.locale, key)).map(key => request.t(key)),
    barred,
    fields: fieldsOf(request, found, kind, { typed, faults: byField(errors) }),
    moment: kind === 'rating' ? typed.moment ?? found.followUp.ratings[0] ?? null : null,
    checking: checking ? answersIn(request, found, kind, typed) : null,
    hidden: checking ? Object.entries(typed).map(([name, value]) => ({ name, value: String(value) })) : [],
    send: request.t(`request.${kind}.send`),
    sure: request.t('request.sure'),
    trail: request.t('request.edit'),
    ...errors.length === 0 ? {} : { errors }
  })
}

/** What stands against it now, in words; empty when it may be done. */
export function againstOf (request: FastifyRequest, found: Tracking, kind: RequestKind): string[] {
  const { may, ratings } = found.followUp
  if (kind === 'rating') return ratings.length > 0 ? [] : [request.t('request.rating.barred')]
  // Whether it was put right may be said at any time after an answer; only "partly" and "no" need the case to be opened again.
  if (kind === 'rectification' && found.answeredOn !== null && may.rectification.failing.length === 0 && may.rectification.open) return []
  if (may[kind].open) return []
  const failing = may[kind].failing.map(guard => request.t(`guard.${guard}`))
  return failing.length > 0 ? failing : [request.t(`request.${kind}.barred`)]
}
