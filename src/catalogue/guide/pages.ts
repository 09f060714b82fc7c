import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { MOMENTS, POWERS, RIGHTS, type Moment, type Power } from '../../domain/process/rights.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { citedRights, type RightView } from './citations.ts'
import { RightsParams } from './schema.ts'

interface Tab { label: string, href: string, current: boolean }

declare module '../../views.ts' {
  interface Views {
    'catalogue/guide/rights': Frame & { lead: string, tabs: Tab[], groups: Array<{ when: Moment, rights: RightView[] }>, power: Power }
  }
}

/** What the law lets people ask for, by the power that is used on them. */
export async function guide (app: App): Promise<void> {
  app.get(ROUTES.rights, { schema: { params: RightsParams }, config: { permission: 'public' } }, async (request, reply) => {
    const { power } = request.params
    const rights = await citedRights(app.db, request, RIGHTS[power])
    return await reply.page('catalogue/guide/rights', {
      title: request.t(`rights.title_${power}`),
      description: request.t(`rights.lead_${power}`),
      breadcrumbs: [{ text: request.t('rights.trail') }, { text: request.t(`category.${power}`) }],
      power,
      lead: request.t(`rights.lead_${power}`),
      tabs: tabsOf(request, power),
      groups: MOMENTS.map(when => ({ when, rights: rights.filter(right => right.when === when) })).filter(group => group.rights.length > 0)
    })
  })
}

function tabsOf (request: FastifyRequest, chosen: Power): Tab[] {
  return POWERS.map(power => ({ label: request.t(`category.${power}`), href: request.path('rights', [power]), current: power === chosen }))
}
