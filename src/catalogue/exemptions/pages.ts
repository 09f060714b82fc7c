import type { App } from '../../app.ts'
import { EXEMPTION_TYPES, type ExemptionRecord } from '../../domain/records/benchmarks.ts'
import { ROUTES } from '../../paths.ts'
import { describeRecord, DiscretionParams, DiscretionQuery, openRecord, type DiscretionView } from '../benchmarks/record.ts'
import { citing, type Cited } from '../guide/service.ts'
import { listQuery } from '../lists/definition.ts'
import { findCode } from '../lists/engine/find.ts'
import { showList } from '../lists/page.ts'
import { readWish } from '../lists/wish.ts'
import { EXEMPTIONS } from './list.ts'
import { exemptionView, type ExemptionView } from './service.ts'

declare module '../../views.ts' {
  interface Views {
    'catalogue/exemptions/show': DiscretionView & { exemption: ExemptionView, statutory: { conditions: string[], basis: Cited[] }, education: Cited, check: string }
  }
}

const KIND = { kind: 'exemption', list: EXEMPTIONS, words: 'exemptions', record: 'exemption' } as const

/** The exemptions: their list, and each with its conditions to tick. */
export async function exemptions (app: App): Promise<void> {
  app.get(ROUTES.exemptions, { schema: { querystring: listQuery(EXEMPTIONS) }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const wish = readWish(EXEMPTIONS, request.query)
    const code = await findCode(app.db, EXEMPTIONS, wish.question.text)
    if (code !== null) return await reply.redirect(request.path('exemption', [code]), 302)
    return await showList({ app, request, list: EXEMPTIONS, intro: request.t('exemptions.intro'), links: [{ label: request.t('benchmarks.title'), href: request.path('benchmarks') }, { label: request.t('check_fine.title'), href: request.path('checkFine') }] }, reply, wish)
  })

  app.get(ROUTES.exemption, { schema: { params: DiscretionParams, querystring: DiscretionQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const found = await openRecord<ExemptionRecord>(app, request, reply, { kind: KIND, asked: { code: request.params.code, query: request.query } })
    if (found === null) return reply
    const { state } = found.chosen
    const view = await describeRecord(app, request, KIND, found)
    const { basis, conditions } = EXEMPTION_TYPES[state.type]
    const cite = await citing(app.db, request)
    return await reply.page('catalogue/exemptions/show', {
      ...view,
      exemption: exemptionView(request, state),
      statutory: { conditions: Array.from({ length: conditions }, (_one, at) => request.t(`exemption_condition.${state.type}_${at + 1}`)), basis: basis.map(cite) },
      education: cite({ law: 'penalty', article: 33, paragraph: 3 }),
      check: request.path('checkFine', [], { matter: view.matters[0]?.code })
    })
  })
}
