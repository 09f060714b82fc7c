import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { translator } from '../../../i18n/index.ts'
import { pageNumber } from '../../../pager.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { countAudit, listAudit, type AuditFilter, type AuditLine } from './repository.ts'
import { AuditQuery, FIELDS } from './schema.ts'
import { actionChoices, exportAudit, readFilter, RESULTS, subjectOf, wordOf } from './service.ts'

interface Choice { value: string, label: string, selected?: boolean }

declare module '../../../views.ts' {
  interface Views {
    'desk/audit/list': Frame & {
      rows: Array<AuditLine & { what: string, which: string }>, asked: AuditQuery, filtered: boolean, faults: Record<string, string>
      actions: Choice[], results: Choice[], newer: string | null, older: string | null, file: string, clear: string, known: number
    }
  }
}

const SIZE = 50
/** The largest number that an entry can have on both engines. */
const MOST_SEQ = 2_147_483_647
const config = { permission: 'audit.read', session: 'staff' } as const

/** The audit chain to read and to search, newest first: references and user names, never what a complaint says. */
export async function auditPages (app: App): Promise<void> {
  app.get(ROUTES.audit, { schema: { querystring: AuditQuery }, config }, async (request, reply) => {
    const { filter, faults } = await readFilter(app.db, request.query, translator(request.locale))
    if (faults.length > 0) reply.code(422)
    return await show(app, request, reply, { query: request.query, filter, faults })
  })

  app.get(ROUTES.auditFile, { schema: { querystring: AuditQuery }, config: { ...config, limit: 'export' }, exposeHeadRoute: false }, async (request, reply) => {
    const { actor, locale } = request
    if (actor === null) throw new AppError('not_signed_in', { kind: 'staff' })
    const { filter, faults } = await readFilter(app.db, request.query, translator(request.locale))
    if (faults.length > 0) return await show(app, request, reply.code(422), { query: request.query, filter, faults })
    const file = await exportAudit(app, filter, { id: actor.id, role: actor.role, requestId: request.id }, { now: app.now(), locale })
    return await reply.type('text/csv; charset=utf-8; header=present').header('content-disposition', `attachment; filename="audit-${localDate(app.now())}.csv"`).send(file)
  })
}

interface Asked { query: AuditQuery, filter: AuditFilter, faults: Fault[] }

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { query, filter, faults }: Asked): Promise<string> {
  const { rows, newer, older } = faults.length > 0 ? { rows: [], newer: null, older: null } : await pageOf(app, query, filter)
  const asked = Object.fromEntries(FIELDS.flatMap(field => query[field] === undefined || query[field] === '' ? [] : [[field, query[field]]])) as AuditQuery
  const at = (place: Pick<AuditQuery, 'before' | 'after'>): string => request.path('audit', [], { ...asked, ...place })
  return await reply.page('desk/audit/list', {
    title: request.t('nav.audit'),
    section: 'audit',
    ...faults.length > 0 ? { errors: faults } : {},
    faults: byField(faults),
    rows: rows.map(line => ({ ...line, what: wordOf(request.locale, line.action), which: subjectOf(request.locale, line) })),
    asked,
    filtered: Object.keys(asked).length > 0,
    actions: actionChoices(request.locale),
    results: RESULTS.map(value => ({ value, label: request.t(`audit_result.${value}`) })),
    newer: newer === null ? null : at({ after: String(newer) }),
    older: older === null ? null : at({ before: String(older) }),
    file: request.path('auditFile', [], asked),
    clear: request.path('audit'),
    known: await countAudit(app.db)
  })
}

interface Page { rows: AuditLine[], newer: number | null, older: number | null }

/** A page beside an entry, and the entries beside which the next ones begin; one more is read to know whether there are any. */
async function pageOf (app: App, { before = '', after = '' }: AuditQuery, filter: AuditFilter): Promise<Page> {
  const isThere = async (beside: { before: number } | { after: number }): Promise<boolean> => (await listAudit(app.db, filter, { ...beside, size: 1 })).length > 0
  if (after !== '') {
    const found = await listAudit(app.db, filter, { after: pageNumber(after), size: SIZE + 1 })
    const rows = found.slice(-SIZE)
    return { rows, newer: found.length > SIZE ? firstOf(rows) : null, older: await isThere({ before: lastOf(rows) }) ? lastOf(rows) : null }
  }
  const found = await listAudit(app.db, filter, { ...before === '' ? {} : { before: pageNumber(before) }, size: SIZE + 1 })
  const rows = found.slice(0, SIZE)
  return { rows, newer: before !== '' && await isThere({ after: firstOf(rows) }) ? firstOf(rows) : null, older: found.length > SIZE ? lastOf(rows) : null }
}

/** Beside no entry there is nothing: a page without any leads nowhere. */
const firstOf = (rows: readonly AuditLine[]): number => rows[0]?.seq ?? MOST_SEQ
const lastOf = (rows: readonly AuditLine[]): number => rows.at(-1)?.seq ?? 0
