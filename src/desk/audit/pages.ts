import type { App } from '../../app.ts'
import { hasWord } from '../../i18n/index.ts'
import { pagerOf, type Pager } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { countAudit, listAudit, type AuditLine } from './repository.ts'
import { AuditQuery } from './schema.ts'

declare module '../../views.ts' {
  interface Views { 'desk/audit/list': Frame & { rows: Array<AuditLine & { what: string }>, total: number, from: number, to: number, pager: Pager } }
}

const SIZE = 50

/** The audit chain to read, newest first: references and user names, never what a complaint says. */
export async function auditPages (app: App): Promise<void> {
  app.get(ROUTES.audit, { schema: { querystring: AuditQuery }, config: { permission: 'audit.read', session: 'staff' } }, async (request, reply) => {
    const total = await countAudit(app.db)
    const pages = Math.max(1, Math.ceil(total / SIZE))
    const page = Math.min(request.query.page ?? 1, pages)
    const from = (page - 1) * SIZE + 1
    const lines = await listAudit(app.db, total - from + 1, SIZE)
    return await reply.page('desk/audit/list', {
      title: request.t('nav.audit'),
      section: 'audit',
      rows: lines.map(line => ({ ...line, what: wordOf(line.action) })),
      total,
      from,
      to: from + lines.length - 1,
      pager: pagerOf(page, pages, page => request.path('audit', [], { page }))
    })

    /** A step of the workflow has its own word; an action that no word is known for stands as its code. */
    function wordOf (action: string): string {
      const key = [`audit_action.${action}`, `action.${action.replace(/^complaint\./, '')}`].find(key => hasWord(request.locale, key))
      return key === undefined ? action : request.t(key)
    }
  })
}
