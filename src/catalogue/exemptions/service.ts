import type { FastifyRequest } from 'fastify'
import type { Db } from '../../db/schema.ts'
import { EXEMPTION_TYPES, type ExemptionRecord, type ExemptionTypeName } from '../../domain/records/benchmarks.ts'
import { listText } from '../benchmarks/service.ts'
import { listExemptionsOf } from './repository.ts'

export interface ExemptionView {
  code: string, type: ExemptionTypeName, effect: string, title: string, violation: string, need: string, conditions: string[], measures: string | null, list: string, from: string, fictional: boolean, verified: boolean
}

/** An exemption in the reader's words: what follows, and under which conditions. */
export function exemptionView (request: FastifyRequest, state: ExemptionRecord): ExemptionView {
  return {
    code: state.code,
    type: state.type,
    effect: EXEMPTION_TYPES[state.type].effect,
    title: request.t(`exemption_effect.${state.type}`),
    violation: state.violation,
    need: request.t(`exemptions.need_${state.match}`),
    conditions: state.conditions,
    measures: state.measures,
    list: listText(state),
    from: state.effective_from,
    fictional: state.fictional === 1,
    verified: state.verified === 1
  }
}

/** The exemptions of a matter, for its page. */
export async function exemptionsOfMatter (db: Db, request: FastifyRequest, matter: { code: string, base_code: string | null }): Promise<ExemptionView[]> {
  return (await listExemptionsOf(db, matter)).map(({ state }) => exemptionView(request, state))
}

/** At a glance: whether a benchmark and exemptions are published, each leading to its part of the page. */
export function reliefFacts (request: FastifyRequest, benchmarks: unknown[], exemptions: unknown[]): Array<{ key: string, value: string, href?: string }> {
  return [
    { key: request.t('benchmarks.one'), value: request.t(benchmarks.length === 0 ? 'discretion.none' : 'discretion.some', { count: benchmarks.length }), ...benchmarks.length === 0 ? {} : { href: '#benchmarks' } },
    { key: request.t('exemptions.short'), value: request.t(exemptions.length === 0 ? 'discretion.none' : 'discretion.some', { count: exemptions.length }), ...exemptions.length === 0 ? {} : { href: '#exemptions' } }
  ]
}
