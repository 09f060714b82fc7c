import type { App } from '../../../app.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/privacy/show': Frame & { columns: Array<{ label: string }>, rows: Array<{ cells: Array<{ text: string }> }> }
  }
}

/** Every field that a complaint asks for or makes. Who sees it and how long it stays stand at `privacy.<field>_who` and `…_long`. */
const FIELDS = ['identity', 'text', 'target', 'consent', 'files', 'code', 'draft', 'note', 'messages', 'log', 'address'] as const

/** What this software keeps, who sees it and for how long: only what it does now. */
export async function privacy (app: App): Promise<void> {
  app.get(ROUTES.privacy, { config: { permission: 'public' } }, async (request, reply) => await reply.page('complaints/privacy/show', {
    title: request.t('privacy.title'),
    hideSearch: true,
    columns: ['field', 'who', 'long'].map(column => ({ label: request.t(`privacy.column_${column}`) })),
    rows: FIELDS.map(field => ({ cells: [request.t(`privacy.${field}`), request.t(`privacy.${field}_who`), request.t(`privacy.${field}_long`)].map(text => ({ text })) }))
  }))
}
