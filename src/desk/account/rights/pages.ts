import type { App } from '../../../app.ts'
import { allows, PERMISSIONS, STAFF_ROLES, type Permission, type StaffRole } from '../../../domain/process/permissions.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'

/** What the public and a complainant may stands on the public pages, not here. */
const OUTSIDE: readonly Permission[] = ['public', 'complaint.own', 'visit.own']

declare module '../../../views.ts' {
  interface Views { 'desk/rights/show': Frame & { roles: Array<{ role: StaffRole, own: boolean, may: Permission[] }>, rows: Array<{ permission: Permission, roles: StaffRole[] }> } }
}

/** Who may what, generated from the table that the portal itself asks (features.md M3). */
export async function rightsPages (app: App): Promise<void> {
  app.get(ROUTES.deskRights, { config: { permission: 'account.own', session: 'staff' } }, async (request, reply) => {
    const permissions = (Object.keys(PERMISSIONS) as Permission[]).filter(permission => !OUTSIDE.includes(permission))
    return await reply.page('desk/rights/show', {
      title: request.t('rights_page.title'),
      roles: STAFF_ROLES.map(role => ({ role, own: role === request.actor?.role, may: permissions.filter(permission => permission !== 'account.own' && allows(role, permission)) })),
      rows: permissions.map(permission => ({ permission, roles: STAFF_ROLES.filter(role => allows(role, permission)) }))
    })
  })
}
