import type { App } from '../../app.ts'
import type { BenchmarkRecord } from '../../domain/records/benchmarks.ts'
import { ROUTES } from '../../paths.ts'
import { listQuery } from '../lists/definition.ts'
import { findCode } from '../lists/engine/find.ts'
import { showList } from '../lists/page.ts'
import { readWish } from '../lists/wish.ts'
import { BENCHMARKS } from './list.ts'
import { describeRecord, DiscretionParams, DiscretionQuery, openRecord, type DiscretionView } from './record.ts'
import { isExcerpt, tierView, type TierView } from './service.ts'

declare module '../../views.ts' {
  interface Views {
    'catalogue/benchmarks/show': DiscretionView & { legalText: string | null, excerpt: boolean, tiers: TierView[], check: string }
  }
}

const KIND = { kind: 'benchmark', list: BENCHMARKS, words: 'benchmarks', record: 'benchmark' } as const

/** The discretion benchmarks: their list, and each with its tiers as a table. */
export async function benchmarks (app: App): Promise<void> {
  app.get(ROUTES.benchmarks, { schema: { querystring: listQuery(BENCHMARKS) }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const wish = readWish(BENCHMARKS, request.query)
    const code = await findCode(app.db, BENCHMARKS, wish.question.text)
    if (code !== null) return await reply.redirect(request.path('benchmark', [code]), 302)
    return await showList({ app, request, list: BENCHMARKS, intro: request.t('benchmarks.intro'), links: [{ label: request.t('exemptions.title'), href: request.path('exemptions') }, { label: request.t('check_fine.title'), href: request.path('checkFine') }] }, reply, wish)
  })

  app.get(ROUTES.benchmark, { schema: { params: DiscretionParams, querystring: DiscretionQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const found = await openRecord<BenchmarkRecord>(app, request, reply, { kind: KIND, asked: { code: request.params.code, query: request.query } })
    if (found === null) return reply
    const { state } = found.chosen
    const view = await describeRecord(app, request, KIND, found)
    return await reply.page('catalogue/benchmarks/show', {
      ...view,
      legalText: state.legal_text,
      excerpt: isExcerpt(state.legal_text),
      tiers: state.tiers.map(tier => tierView(request, tier)),
      check: request.path('checkFine', [], { matter: view.matters[0]?.code, benchmark: state.code })
    })
  })
}
