import type { FastifyRequest } from 'fastify'
import type { Db } from '../../../db/schema.ts'
import { formatDate } from '../../../i18n/format.ts'
import type { RouteName } from '../../../paths.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import type { Answers } from '../../case/core/types.ts'
import { takeAim } from '../filing/target.ts'

export { agenciesNamed } from './agencies.ts'

/** A rule as it stood on the day of the event, with the page of that version. */
export interface VersionShown { text: string, href: string }

const KINDS: Readonly<Record<string, { table: 'matter' | 'benchmark' | 'exemption', page: RouteName }>> = {
  matter: { table: 'matter', page: 'matter' }, benchmark: { table: 'benchmark', page: 'benchmark' }, exemption: { table: 'exemption', page: 'exemption' }
}

/** The versions to which the complaint will be tied (design.md 2.4): chosen anew whenever the day of the event changes. */
export async function versionsOf (db: Db, request: FastifyRequest, { rule = {}, when = {} }: Answers): Promise<VersionShown[]> {
  const { links } = await takeAim(db, { rule }, when.date)
  const shown: VersionShown[] = []
  for (const { kind, record_id: id, record_version: version } of links) {
    const place = KINDS[kind]
    if (place === undefined) continue
    const row = await db.selectFrom('record_version').select(['data', 'recorded_at']).where('kind', '=', kind).where('record_id', '=', id).where('version', '=', version).executeTakeFirst()
    const state = JSON.parse(row?.data ?? '{}') as { name?: string, violation?: string }
    const { code } = await db.selectFrom(place.table).select('code').where('id', '=', id).executeTakeFirstOrThrow()
    const published = row === undefined ? '' : localDate(row.recorded_at)
    shown.push({
      text: request.t(when.date !== undefined && published > when.date ? 'rule.version_later' : 'rule.version', { name: state.name ?? state.violation ?? code, version, date: published === '' ? '' : formatDate(request.locale, published) }),
      href: kind === 'matter' ? request.path('matterVersion', [code, String(version)]) : request.path(place.page, [code], { version })
    })
  }
  return shown
}
