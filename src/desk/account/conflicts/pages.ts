import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { findAgencyName } from '../../../complaints/case/core/repository.ts'
import { declareConflict, endConflict, readDeclarations, type Declared } from '../../../complaints/work/conflicts/service.ts'
import { officerNumbered } from '../../../complaints/form/naming/repository.ts'
import { agenciesNamed } from '../../../complaints/form/naming/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf, type Clerk } from '../../case/casework/actor.ts'
import { ConflictForm, ConflictQuery, EndingForm } from './schema.ts'

interface Visit { q?: string | undefined, agency?: number | undefined, officer?: string | undefined, ref?: string | undefined, text?: string | undefined, done?: string | undefined }

declare module '../../../views.ts' {
  interface Views {
    'desk/conflicts/show': Frame & {
      notice: string | null, q: string, found: Array<{ value: string, label: string, lang: string }>, searched: boolean, agency: string, officer: string, ref: string, text: string
      rows: Declared[], leads: boolean, faults: Record<string, string>
    }
  }
}

/** Ties that a person has with agencies, officers, cases or people, and that keep them from deciding about those (features.md T27). */
export async function conflictPages (app: App): Promise<void> {
  app.get(ROUTES.conflicts, { schema: { querystring: ConflictQuery }, config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => await show(app, request, reply, request.query, []))

  app.post(ROUTES.conflicts, { schema: { body: ConflictForm }, config: { permission: 'account.own', session: 'staff' }, attachValidation: true }, async (request, reply) => {
    const faults = fieldErrors(request, 'conflicts')
    const typed = request.body as Visit
    if (faults.length > 0) return await show(app, request, reply.code(422), typed, faults)
    try {
      await declare(app, await clerkOf(app, request), typed)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
      const field = ['agency', 'officer'].find(name => name in error.details) ?? 'ref'
      return await show(app, request, reply.code(422), typed, [{ field, text: request.t(`conflicts.${field}.unknown`) }])
    }
    return await reply.redirect(request.path('conflicts', [], { done: 'declared' }), 303)
  })

  app.post(ROUTES.conflictEndings, { schema: { body: EndingForm }, config: { permission: 'recusal.decide', session: 'staff' } }, async (request, reply) => {
    await endConflict(app, await clerkOf(app, request), request.body.id, app.now())
    return await reply.redirect(request.path('conflicts', [], { done: 'ended' }), 303)
  })
}

async function declare (app: App, clerk: Clerk, { agency, officer = '', ref, text = '' }: Visit): Promise<void> {
  if (agency !== undefined) await findAgencyName(app.db, agency)
  const named = officer.trim() === '' ? null : await officerNumbered(app.db, officer)
  if (named === undefined) throw new AppError('not_found', { officer })
  await declareConflict(app, clerk, { agencyId: agency ?? null, officerId: named?.id ?? null, ref: ref === undefined ? null : ref.trim().toUpperCase(), text }, app.now())
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { q = '', agency, officer = '', ref = '', text = '', done }: Visit, errors: Fault[]): Promise<string> {
  const clerk = await clerkOf(app, request)
  const leads = allows(clerk.role, 'recusal.decide')
  const found = q === '' ? [] : await agenciesNamed(app.db, q)
  return await reply.page('desk/conflicts/show', {
    title: request.t('conflicts.title'),
    errors,
    faults: byField(errors),
    notice: done === undefined ? null : request.t(`conflicts.${done}`),
    q,
    found: found.map(({ id, name }) => ({ value: String(id), label: name, lang: 'zh-CN' })),
    searched: q !== '',
    agency: String(agency ?? (found.length === 1 ? found[0]?.id : '') ?? ''),
    officer,
    ref,
    text,
    leads,
    rows: await readDeclarations(app, clerk, leads)
  })
}
