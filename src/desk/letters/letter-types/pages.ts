import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { listLocalLetters, type LocalLetter } from '../../../complaints/outcome/letter-types/repository.ts'
import { BASIS_LIMIT, switchLetter } from '../../../complaints/outcome/letter-types/service.ts'
import { basisOf, inUse, letterKind, LETTER_TYPES, type LetterType } from '../../../domain/supervision/letters.ts'
import type { Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { TypeParams, TypesQuery, UseForm } from './schema.ts'

interface Row { type: LetterType, basis: string, chain: string, from: string | null, local: boolean, used: boolean, said: LocalLetter | null, typed: string, error: string, boxId: string }

declare module '../../../views.ts' {
  interface Views { 'desk/letter-types/list': Frame & { notice: string | null, rows: Row[], limit: number } }
}

const config = { permission: 'letter.configure', session: 'staff' } as const

/** Which letters there are, on what basis and through whose hands; those of local rules are put into use here. */
export async function letterTypePages (app: App): Promise<void> {
  app.get(ROUTES.letterTypes, { schema: { querystring: TypesQuery }, config }, async (request, reply) => await list(app, request, reply, request.query))

  app.post(ROUTES.letterType, { schema: { params: TypeParams, body: UseForm }, config }, async (request, reply) => {
    const { params: { type }, body: { used, basis = '' } } = request
    try {
      await switchLetter(app, await clerkOf(app, request), { type, used: used === '1', basis }, app.now())
    } catch (error) {
      const { status, faults } = refusalOf(request, error)
      return await list(app, request, reply.code(status), { type, basis, faults: faults.map(({ text }) => ({ field: `basis-${type}`, text })) })
    }
    return await reply.redirect(request.path('letterTypes', [], { done: used === '1' ? 'on' : 'off' }), 303)
  })
}

async function list (app: App, request: FastifyRequest, reply: FastifyReply, { done, type: tried, basis = '', faults = [] }: { done?: 'on' | 'off', type?: LetterType, basis?: string, faults?: Fault[] }): Promise<string> {
  const said = await listLocalLetters(app.db)
  const uses = new Map(said.map(({ type, in_use: used }) => [type, used === 1]))
  const between = request.t('ui.between')
  return await reply.page('desk/letter-types/list', {
    title: request.t('nav.letterTypes'),
    section: 'letterTypes',
    errors: faults,
    notice: done === undefined ? null : request.t(`letter_type_done.${done}`),
    limit: BASIS_LIMIT,
    rows: LETTER_TYPES.map(type => {
      const { chain, from, local } = letterKind(type)
      const own = said.find(row => row.type === type) ?? null
      return {
        type, basis: basisOf(type).join(between), chain: chain.map(step => request.t(`letter_step.${step}`)).join(request.t('letter_type.then')), from, local: local !== undefined, used: inUse(type, uses), said: own,
        typed: tried === type ? basis : own?.basis ?? '', error: tried === type ? faults[0]?.text ?? '' : '', boxId: `basis-${type}`
      }
    })
  })
}
