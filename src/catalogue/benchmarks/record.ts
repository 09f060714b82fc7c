import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import type { DiscretionRecord } from '../../domain/records/benchmarks.ts'
import { formatDate } from '../../i18n/format.ts'
import type { RouteName } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { findCode } from '../lists/engine/find.ts'
import type { RegisterList } from '../lists/definition.ts'
import { findId, listVersions, type DiscretionKind, type Version } from './repository.ts'
import { agencyLink, basisLinks, chooseVersion, listText, matterLinks, type BasisLink, type MatterLink } from './service.ts'

/** A record of a discretion list; `version` or `on` (a day) ask for another state than the present one. */
export const DiscretionParams = Type.Object({ code: Type.String({ maxLength: 100 }) })
export const DiscretionQuery = Type.Object({ version: Type.Optional(Type.Unknown()), on: Type.Optional(Type.Unknown()) })

export interface Fact { key: string, value: string, lang?: string, href?: string }
interface Past { version: number, recordedAt: string, list: string, from: string, reason: string, href: string, current: boolean }
interface MissingView { heading: string, text: string, href: string, label: string }

/** What the pages of both kinds say. */
export interface DiscretionView extends Frame {
  code: string, violation: string, fictional: boolean, ended: boolean, older: { present: number, href: string, version: number } | null
  facts: Fact[], basis: BasisLink[], matters: MatterLink[], moreMatters: boolean, history: Past[], version: number, dataOn: string, citation: string, note: string | null, rows: Array<{ key: string, value: string }>
}

declare module '../../views.ts' {
  interface Views { 'catalogue/benchmarks/missing': Frame & MissingView }
}

interface Kind { kind: DiscretionKind, list: RegisterList, words: 'benchmarks' | 'exemptions', record: RouteName }
interface Asked { code: string, query: { version?: unknown, on?: unknown } }
export interface Chosen<R> { versions: Array<Version<R>>, chosen: Version<R> }

/** The state of a record that an address asks for. Answers by itself, and gives null, where it is unknown, written otherwise, or has no such state. */
export async function openRecord<R extends DiscretionRecord> (app: App, request: FastifyRequest, reply: FastifyReply, { kind, asked: { code, query } }: { kind: Kind, asked: Asked }): Promise<Chosen<R> | null> {
  const id = await findId(app.db, kind.kind, code)
  if (id === undefined) {
    const known = await findCode(app.db, kind.list, code)
    if (known !== null && known !== code) await reply.redirect(request.path(kind.record, [known]), 302)
    else await missing(request, reply, kind, { heading: 'missing', text: 'missing_text', values: { code }, href: request.path(kind.list.route), label: 'all' })
    return null
  }
  const versions = await listVersions<R>(app.db, kind.kind, id)
  const chosen = chooseVersion(versions, query)
  if (chosen !== undefined) return { versions, chosen }
  const first = versions.at(-1)?.state.effective_from ?? ''
  await missing(request, reply, kind, { heading: 'version_missing', text: query.version === undefined ? 'day_missing' : 'version_missing_text', values: { code, present: versions[0]?.version ?? 1, first: first === '' ? '' : formatDate(request.locale, first) }, href: request.path(kind.record, [code]), label: 'present' })
  return null
}

interface Missing { heading: string, text: string, values: Record<string, string | number>, href: string, label: string }

async function missing (request: FastifyRequest, reply: FastifyReply, { words }: Kind, { heading, text, values, href, label }: Missing): Promise<void> {
  const title = request.t(`${words}.${heading}`)
  await reply.code(404).send(await reply.page('catalogue/benchmarks/missing', { title, section: 'matters', noindex: true, heading: title, text: request.t(`${words}.${text}`, values), href, label: request.t(`${words}.${label}`) }))
}

/** Everything that both kinds of record say of themselves. */
export async function describeRecord<R extends DiscretionRecord> (app: App, request: FastifyRequest, { words, list, record }: Kind, { versions, chosen }: Chosen<R>): Promise<DiscretionView> {
  const { state, version, recordedAt } = chosen
  const present = versions[0]?.version ?? version
  const matters = await matterLinks(app, request, state.matters)
  return {
    title: state.violation,
    section: 'matters',
    noindex: version !== present,
    ...version === present ? { register: { set: list.name, code: state.code } } : {},
    breadcrumbs: [{ text: request.t(`${words}.title`), href: request.path(list.route) }, { text: state.code }],
    register: { set: list.name, code: state.code },
    code: state.code,
    violation: state.violation,
    fictional: state.fictional === 1,
    ended: state.status !== 'in_force',
    older: version === present ? null : { present, href: request.path(record, [state.code]), version },
    facts: await factsOf(app, request, state),
    basis: await basisLinks(app, request, state.bases),
    matters: matters.slice(0, 50),
    moreMatters: matters.length > 50,
    history: versions.map(past => ({ version: past.version, recordedAt: past.recordedAt, list: listText(past.state), from: past.state.effective_from, reason: past.reason, href: request.path(record, [state.code], { version: past.version }), current: past.version === version })),
    version,
    dataOn: recordedAt,
    note: state.note,
    citation: request.t(`${words}.citation`, { name: state.violation, code: state.code, version, site: app.site[request.locale].name }),
    rows: [{ key: request.t('discretion.cite'), value: request.t(`${words}.citation`, { name: state.violation, code: state.code, version, site: app.site[request.locale].name }) }]
  }
}

async function factsOf (app: App, request: FastifyRequest, state: DiscretionRecord): Promise<Fact[]> {
  const official = request.locale === 'en' ? { lang: 'zh-CN' } : {}
  const agency = await agencyLink(app, request, state.agency_id)
  const issuer = (state as { issuer?: string }).issuer
  const facts: Array<Fact | null> = [
    issuer === undefined ? null : { key: request.t('discretion.issuer'), value: issuer, ...official },
    agency === null ? null : { key: request.t('facet.agency'), value: agency.label, href: agency.href, ...agency.lang === undefined ? {} : { lang: agency.lang } },
    state.field === null ? null : { key: request.t('facet.field'), value: state.field, ...official },
    listText(state) === '' ? null : { key: request.t('discretion.list'), value: listText(state), ...official },
    { key: request.t('discretion.from'), value: formatDate(request.locale, state.effective_from) },
    state.effective_to === null ? null : { key: request.t('discretion.to'), value: formatDate(request.locale, state.effective_to) },
    { key: request.t('discretion.source'), value: state.source, ...official }
  ]
  return facts.filter(fact => fact !== null)
}
