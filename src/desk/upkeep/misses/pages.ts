import { stringify } from 'csv-stringify/sync'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { KEPT_DAYS, SHOWN_FROM } from '../../../catalogue/misses/service.ts'
import { listMisses, type Miss } from '../../../catalogue/misses/repository.ts'
import { addDays, localDate } from '../../../domain/time/calendar.ts'
import { harmless } from '../../../domain/records/spreadsheet.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'

declare module '../../../views.ts' {
  interface Views { 'desk/misses/list': Frame & { spans: Array<{ label: string, href: string, current: boolean }>, rows: Array<Miss & { href: string }>, kept: number, file: string } }
}

const SPANS = [30, 90, KEPT_DAYS] as const
const MOST = 300
const MissQuery = Type.Object({ days: Type.Optional(Type.String()) })
const CONFIG = { permission: 'search.review', session: 'staff' } as const

/** What people looked for and did not find: what the register lacks, or calls otherwise. The words alone; nobody knows whose. */
export async function missPages (app: App): Promise<void> {
  const rowsOf = async (days: number): Promise<Miss[]> => await listMisses(app.db, addDays(localDate(app.now()), 1 - days), SHOWN_FROM, MOST)

  app.get(ROUTES.misses, { schema: { querystring: MissQuery }, config: CONFIG }, async (request, reply) => {
    const days = spanOf(request.query.days)
    return await reply.page('desk/misses/list', {
      title: request.t('nav.misses'),
      section: 'misses',
      spans: SPANS.map(span => ({ label: request.t('misses.days', { count: span }), href: request.path('misses', [], { days: span }), current: span === days })),
      rows: (await rowsOf(days)).map(row => ({ ...row, href: request.path('search', [], { q: row.words }) })),
      kept: KEPT_DAYS,
      file: request.path('missesFile', [], { days })
    })
  })

  app.get(ROUTES.missesFile, { schema: { querystring: MissQuery }, config: CONFIG }, async (request, reply) => {
    const rows = await rowsOf(spanOf(request.query.days))
    reply.header('content-disposition', 'attachment; filename="searches.csv"')
    return await reply.type('text/csv; charset=utf-8').send(`\uFEFF${stringify([[request.t('misses.words'), request.t('misses.count'), request.t('misses.on_days'), request.t('misses.last')], ...rows.map(row => [harmless(row.words), row.count, row.days, row.last])], { record_delimiter: 'windows' })}`)
  })
}

function spanOf (typed: string | undefined): number {
  return SPANS.find(span => String(span) === typed) ?? SPANS[0]
}
