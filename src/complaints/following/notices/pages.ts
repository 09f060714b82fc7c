import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { endNotices, readEnding } from './service.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/notices/end': Frame & { token: string, masked: string | null, ended: boolean }
  }
}

const Params = Type.Object({ token: Type.String({ maxLength: 120 }) })
const config = { permission: 'public', limit: 'lookup' } as const

/** The link of a notice: a page with a button, because filters open links too; a mail program may post to it at once (RFC 8058). */
export async function notices (app: App): Promise<void> {
  app.get(ROUTES.noticeEnd, { schema: { params: Params }, config }, async (request, reply) => await show(app, request, reply, request.params.token))

  app.post(ROUTES.noticeEnd, { schema: { params: Params }, config: { ...config, program: true } }, async (request, reply) => {
    await endNotices(app, request.params.token, app.now(), request.id)
    return await reply.redirect(request.path('noticeEnd', [request.params.token]), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, token: string): Promise<string> {
  const found = await readEnding(app, token)
  const ended = found?.notify !== true
  return await reply.page('complaints/notices/end', { title: request.t(ended ? 'notices.ended' : 'notices.end'), noindex: true, hideSearch: true, token, masked: found?.masked ?? null, ended })
}
