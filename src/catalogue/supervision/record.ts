import type { FastifyRequest } from 'fastify'
import type { Db } from '../../db/schema.ts'
import type { Counts } from '../../domain/records/small-numbers.ts'
import { formatDate, formatNumber } from '../../i18n/format.ts'
import type { Fact } from '../matters/record.ts'
import { ANSWERINGS, DEMAND_OUTCOMES, supervisionOf } from './service.ts'

export interface SupervisionView { period: string, rows: Fact[], statements: Array<{ about: string, text: string, lang?: string }> }

/** How the agency answers supervision, in rows that say where a number may not be told, and what it says itself. */
export async function supervisionView (db: Db, request: FastifyRequest, agencyId: number, today: string): Promise<SupervisionView> {
  const { from, to, letters, demands, statements } = await supervisionOf(db, agencyId, today)
  const told = (value: number | null | undefined): string => value === null || value === undefined ? request.t('supervision.few') : formatNumber(request.locale, value)
  const row = (key: string, value: number | null | undefined): Fact => ({ key: request.t(`supervision.${key}`), value: told(value) })
  const parts = <K extends string>(prefix: string, { total, parts }: Counts<K>, names: readonly K[]): Fact[] => total === null || total === 0 ? [] : names.map(name => row(`${prefix}_${name}`, parts?.[name]))
  return {
    period: request.t('supervision.period', { from: formatDate(request.locale, from), to: formatDate(request.locale, to) }),
    rows: [row('letters', letters.total), ...parts('letters', letters, ANSWERINGS), row('demands', demands.total), ...parts('demands', demands, DEMAND_OUTCOMES)],
    statements: statements.map(({ type, text, on }) => ({ about: request.t('supervision.about', { letter: request.t(`document.${type}`), date: formatDate(request.locale, on) }), text, ...request.locale === 'en' ? { lang: 'zh-CN' } : {} }))
  }
}
