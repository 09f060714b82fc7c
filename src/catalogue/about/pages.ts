import type { App } from '../../app.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { formatDate, formatNumber } from '../../i18n/format.ts'
import { registerStates, type Register } from './repository.ts'

interface Cell { text: string, href?: string }

declare module '../../views.ts' {
  interface Views { 'catalogue/about/show': Frame & { rows: Array<{ cells: Cell[] }>, importedAt: string | null } }
}

const LISTS = { matter: 'matters', agency: 'agencies', statute: 'law', officer: 'verify', prohibition: 'prohibitions', decision: 'decisions' } as const satisfies Record<Register, string | null>

/** What this site is, who answers for it, how fresh its data are and what nobody has verified. */
export async function about (app: App): Promise<void> {
  app.get(ROUTES.about, { config: { permission: 'public' } }, async (request, reply) => {
    const { registers, importedAt } = await registerStates(app.db)
    const rows = registers.map(({ name, count, unverified, publishedAt }) => {
      const list = LISTS[name]
      return {
        cells: [
          { text: request.t(`about.register_${name}`), ...(list === null ? {} : { href: request.path(list) }) },
          { text: formatNumber(request.locale, count) },
          { text: unverified === null ? request.t('about.not_marked') : formatNumber(request.locale, unverified) },
          { text: publishedAt === null ? request.t('about.no_data') : formatDate(request.locale, publishedAt) }
        ]
      }
    })
    return await reply.page('catalogue/about/show', { title: request.t('about.title'), rows, importedAt })
  })
}
