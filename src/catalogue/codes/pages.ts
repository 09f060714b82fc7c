import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { officialAddress } from '../../config.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { findById, officersUpdatedAt } from '../officers/repository.ts'
import { verdictOf, type Verdict } from '../officers/service.ts'
import { CodeParams } from './schema.ts'
import { readCode, type Ending, type Reading } from './service.ts'

declare module '../../views.ts' {
  interface Views {
    'catalogue/codes/verdict': Frame & { verdict: Verdict, official: string | null }
    'catalogue/codes/refused': Frame & { state: 'unknown' | 'ended', ending: Ending | null, on: string | null, checkedAt: string, official: string | null }
  }
}

// What a card says is true at one moment, and who scanned whom is nobody's business: not cached, not indexed, not counted by person.
const CONFIG = { permission: 'public', cache: 'none', limit: 'lookup' } as const

/** The address behind the code on a certificate: the answer fits one screen of a telephone and needs no script. */
export async function codes (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex') })

  app.get(ROUTES.cardCode, { schema: { params: CodeParams }, config: CONFIG, exposeHeadRoute: false }, async (request, reply) => {
    const reading = await readCode(app.db, request.params.code)
    const officer = reading.state === 'in_force' ? await findById(app.db, reading.officerId) : null
    if (reading.state !== 'in_force' || officer === null) return await refuse(app, request, reply, reading)
    const verdict = verdictOf(officer, app.now(), { dataAt: await officersUpdatedAt(app.db), number: null })
    return await reply.page('catalogue/codes/verdict', { title: request.t(`officer_status.${verdict.status}`), noindex: true, verdict, official: officialAddress(app.config) }, 'door')
  })
}

/** Neither says whose the code was: whoever shows it may have found or copied it. */
async function refuse (app: App, request: FastifyRequest, reply: FastifyReply, reading: Reading): Promise<string> {
  const ended = reading.state === 'ended' ? reading : null
  return await reply.code(ended === null ? 404 : 410).page('catalogue/codes/refused', {
    title: request.t(ended === null ? 'card_code.unknown' : 'card_code.ended'),
    noindex: true,
    state: ended === null ? 'unknown' : 'ended',
    ending: ended?.ending ?? null,
    on: ended?.on ?? null,
    checkedAt: app.now(),
    official: officialAddress(app.config)
  }, 'door')
}
