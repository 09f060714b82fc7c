import type { App } from '../../app.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { hasTagged, listTrades } from '../industries/repository.ts'
import { listProhibitionRows } from '../search/repository.ts'
import { registerFigures, type Figures } from './repository.ts'
import { answerable } from './service.ts'

interface Strip { no: number, title: string | null, lang: string | undefined }

declare module '../../views.ts' {
  interface Views { 'catalogue/home/show': Frame & { figures: Figures, prohibitions: Strip[], examples: string[], industries: Array<{ label: string, href: string }> } }
}

/** The way in: search, the four tasks, the prohibitions, what the register holds. */
export async function home (app: App): Promise<void> {
  const examples = answerable(app.config)
  app.get(ROUTES.home, { config: { permission: 'public' } }, async (request, reply) => {
    const english = request.locale === 'en'
    const prohibitions = await listProhibitionRows(app.db)
    return await reply.page('catalogue/home/show', {
      title: '',
      description: request.t('home.lead', { city: app.site[request.locale].cityName }),
      hideSearch: true,
      figures: await registerFigures(app.db),
      examples: (await examples(app.db))[request.locale],
      industries: (await hasTagged(app.db) ? await listTrades(app.db) : []).map(({ slug, name, name_en: nameEn }) => ({ label: english ? nameEn : name, href: request.path('industry', [slug]) })),
      prohibitions: prohibitions.map(row => ({ no: row.no, title: (english ? row.title_en : null) ?? row.title, lang: english && row.title_en === null ? 'zh-CN' : undefined }))
    })
  })
}
