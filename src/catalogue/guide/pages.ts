import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { MOMENTS, POWERS, RIGHTS, type Moment, type Power } from '../../domain/process/rights.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { channel } from './channel.ts'
import { deadlines } from './deadlines.ts'
import { citedRights, type RightView } from './service.ts'
import { RightsParams } from './schema.ts'

interface Tab { label: string, href: string, current: boolean }

declare module '../../views.ts' {
  interface Views {
    'catalogue/guide/start': Frame & { powers: Array<{ label: string, href: string }> }
    'catalogue/guide/rights': Frame & { lead: string, tabs: Tab[], groups: Array<{ when: Moment, rights: RightView[] }>, power: Power }
  }
}

/** Guidance before anything is sent: the right body, the last day, the rights that people have. */
export async function guide (app: App): Promise<void> {
  await app.register(channel)
  await app.register(deadlines)

  app.get(ROUTES.guide, { config: { permission: 'public' } }, async (request, reply) => await reply.page('catalogue/guide/start', {
    title: request.t('guide.title'),
    description: request.t('guide.lead'),
    powers: POWERS.map(power => ({ label: request.t(`rights.title_${power}`), href: request.path('rights', [power]) }))
  }))

  app.get(ROUTES.rights, { schema: { params: RightsParams }, config: { permission: 'public' } }, async (request, reply) => {
    const { power } = request.params
    const rights = await citedRights(app.db, request, RIGHTS[power])
    return await reply.page('catalogue/guide/rights', {
      title: request.t(`rights.title_${power}`),
      description: request.t(`rights.lead_${power}`),
      breadcrumbs: [{ text: request.t('guide.trail'), href: request.path('guide') }, { text: request.t(`category.${power}`) }],
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
