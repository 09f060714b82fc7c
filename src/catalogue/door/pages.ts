import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { doorRights, isPower, type Power } from '../../domain/process/rights.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { citedRights, type RightView } from '../guide/service.ts'
import { DoorQuery } from './schema.ts'

interface Tab { label: string, href: string, current: boolean }

declare module '../../views.ts' {
  interface Views {
    'catalogue/door/show': Frame & { tabs: Tab[], power: Power, rights: RightView[], officer: string | null }
  }
}

/** Powers that are used at somebody's door; the others are asked for at a counter. */
const AT_THE_DOOR = ['inspection', 'penalty', 'coercion'] as const satisfies readonly Power[]
const USUAL: Power = 'inspection'

/** The card for the door: what one may ask for there and then, by power, in large type on one screen. It can be printed beforehand. */
export async function door (app: App): Promise<void> {
  app.get(ROUTES.door, { schema: { querystring: DoorQuery }, config: { permission: 'public' }, attachValidation: true }, async (request, reply) => {
    const { power: asked = '', officer } = request.validationError === undefined ? request.query : {}
    const power = isPower(asked) ? asked : USUAL
    request.unshared = officer !== undefined // who was checked is nobody else's business
    return await reply.page('catalogue/door/show', {
      title: request.t('door.title'),
      description: request.t('door.description'),
      noindex: officer !== undefined,
      tabs: tabsOf(request, power, officer),
      power,
      rights: await citedRights(app.db, request, doorRights(power)),
      officer: officer ?? null
    }, 'door')
  })
}

function tabsOf (request: FastifyRequest, chosen: Power, officer: string | undefined): Tab[] {
  return AT_THE_DOOR.map(power => ({ label: request.t(`category.${power}`), href: request.path('door', [], { power, officer }), current: power === chosen }))
}
