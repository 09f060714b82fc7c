import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { findByRef } from '../../../complaints/case/core/repository.ts'
import { demandPermission } from '../../../complaints/case/core/service.ts'
import { findRows } from '../../../complaints/case/reading/repository.ts'
import { listSupervisors, SUPERVISING } from '../../../complaints/work/assignments/service.ts'
import { BULK_ACTS, BULK_NAMES, type BulkName, type Wish } from '../../../complaints/work/bulk/service.ts'
import { allows, type Role } from '../../../domain/process/permissions.ts'
import { PRIORITIES } from '../../../domain/work/priorities.ts'
import { normaliseReference } from '../../../domain/records/receipts.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { hasWord } from '../../../i18n/index.ts'
import type { Fault } from '../../../forms/field-errors.ts'
import type { Clerk } from '../../case/casework/actor.ts'
import { listHandlers } from '../queue/repository.ts'
import { lineOf, type Line } from '../queue/rows.ts'

export interface Choice { value: string, label: string, lang?: string }

/** What a role may do with many cases at once. */
export function actsFor (role: Role): BulkName[] {
  return BULK_NAMES.filter(name => allows(role, BULK_ACTS[name].permission))
}

/** What was asked for, understood: null while something is still to be chosen; `fault` where what was typed is none. Errors: `forbidden`. */
export async function wishOf (app: App, request: FastifyRequest, clerk: Clerk, act: BulkName, typed: string | undefined): Promise<{ wish: Wish | null, fault: Fault | null }> {
  demandPermission(clerk, BULK_ACTS[act].permission)
  const { asks } = BULK_ACTS[act]
  if (asks === 'none') return { wish: { act, value: '' }, fault: null }
  if (typed === undefined) return { wish: null, fault: null }
  const value = asks === 'case' ? await caseNamed(app, clerk, typed) : (await choicesFor(app, request, clerk, act)).find(choice => choice.value === typed)?.value ?? null
  return value === null ? { wish: null, fault: { field: 'value', text: request.t(hasWord(request.locale, `bulk.error.${asks}`) ? `bulk.error.${asks}` : 'bulk.error.person') } } : { wish: { act, value }, fault: null }
}

/** The reference of a case that exists for the person. */
async function caseNamed (app: App, clerk: Clerk, typed: string): Promise<string | null> {
  const ref = normaliseReference(typed)
  if (ref === null) return null
  return await findByRef(app.db, ref, clerk).then(row => row.ref, (error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return null
    throw error
  })
}

/** Whom an act may be about. */
export async function choicesFor (app: App, request: FastifyRequest, { bureauIds }: Clerk, act: BulkName): Promise<Choice[]> {
  const { asks } = BULK_ACTS[act]
  if (asks === 'supervisor') return (await listSupervisors(app.db, bureauIds, SUPERVISING)).map(({ id, name, cardNo }) => ({ value: String(id), label: cardNo === null ? request.t('bulk.no_card', { name }) : name, lang: 'zh-CN' }))
  if (asks === 'priority') return PRIORITIES.map(value => ({ value, label: request.t(`priority.${value}`) }))
  return asks === 'handler' ? (await listHandlers(app.db, bureauIds)).map(({ id, name }) => ({ value: String(id), label: name, lang: 'zh-CN' })) : []
}

/** What an act was about, as its readers know it: a name, or a reference. */
export async function namedValue (app: App, request: FastifyRequest, { act, value }: Wish): Promise<string | null> {
  const { asks } = BULK_ACTS[act]
  if (asks === 'none') return null
  if (asks === 'case') return value
  if (asks === 'priority') return request.t(`priority.${value}`)
  return (await app.db.selectFrom('account').select('name').where('id', '=', Number(value)).executeTakeFirst())?.name ?? null
}

/** The chosen cases as the queue shows them. */
export async function linesOf (app: App, request: FastifyRequest, refs: string[]): Promise<Map<string, Line>> {
  const today = localDate(app.now())
  return new Map((await findRows(app.db, refs)).map(row => [row.ref, lineOf(request, row, today)]))
}
