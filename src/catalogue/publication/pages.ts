import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { PUBLICATION_RULES } from '../../domain/decisions/publication.ts'
import { formatDate, formatNumber } from '../../i18n/format.ts'
import { pageNumber, pagerOf, type Pager } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { registerNames } from '../agencies/repository.ts'
import { countByDays, listWithdrawn } from '../decisions/repository.ts'
import { officialName, type Label } from '../lists/labels.ts'
import { loadPublicationRules } from './repository.ts'
import { publicationFigures, timelinessJudge, type PublicationFigures } from './timeliness.ts'

const WITHDRAWN_A_PAGE = 50
const AGENCIES_SHOWN = 40
interface Cell { text: string, href?: string, lang?: string }

interface PublicationView extends Frame {
  rules: Array<{ rule: string, amount: number, unit: string, basis: string, kind: string }>
  figures: PublicationFigures
  agencies: { columns: Array<{ label: string, numeric?: true }>, rows: Array<{ cells: Cell[] }>, more: number }
  withdrawn: { columns: Array<{ label: string }>, rows: Array<{ cells: Cell[] }> }
  pager: Pager
}

declare module '../../views.ts' {
  interface Views {
    'catalogue/publication/show': PublicationView
  }
}

/** How decisions are published and taken back. */
export async function publication (app: App): Promise<void> {
  app.get(ROUTES.decisionRules, { schema: { querystring: Type.Object({ page: Type.Optional(Type.String()) }) }, config: { permission: 'public' } }, async (request, reply) =>
    await reply.page('catalogue/publication/show', await describePublication(app, request, request.query.page)))
}

/** The rules with their basis, how well they are kept, and every withdrawal. */
async function describePublication (app: App, request: FastifyRequest, page: string | undefined): Promise<PublicationView> {
  const kept = await loadPublicationRules(app.db)
  const rules = PUBLICATION_RULES.flatMap(name => kept.get(name) ?? [])
  const [rows, judge] = [await countByDays(app.db), await timelinessJudge(app.db)]
  const figures = publicationFigures(rows, judge)
  const pages = Math.max(1, Math.ceil(figures.withdrawn / WITHDRAWN_A_PAGE))
  const shown = Math.min(pageNumber(page), pages)
  const english = request.locale === 'en'
  return {
    title: request.t('decisions.rules_title'),
    breadcrumbs: [{ text: request.t('decisions.title'), href: request.path('decisions') }, { text: request.t('decisions.rules_title') }],
    rules: rules.map(({ rule, amount, unit, basis, basisEn, kind }) => ({ rule, amount, unit, kind, basis: english ? basisEn : basis })),
    figures,
    agencies: await agencyTable(app, request, new Map([...Map.groupBy(rows, row => row.agency_id)].map(([id, own]) => [id, publicationFigures(own, judge)]))),
    withdrawn: withdrawnTable(request, await listWithdrawn(app.db, (shown - 1) * WITHDRAWN_A_PAGE, WITHDRAWN_A_PAGE)),
    pager: pagerOf(shown, pages, number => request.path('decisionRules', [], { page: number === 1 ? '' : number }))
  }
}

const labelCell = ({ label, lang }: Label, href: string): Cell => ({ text: label, href, ...lang === undefined ? {} : { lang } })

async function agencyTable (app: App, request: FastifyRequest, figures: ReadonlyMap<number, PublicationFigures>): Promise<PublicationView['agencies']> {
  const { agencies } = await registerNames(app.db)
  const known = agencies.flatMap(agency => {
    const own = figures.get(agency.id)
    return own === undefined ? [] : [{ agency, own }]
  }).sort((a, b) => b.own.all - a.own.all || a.agency.id - b.agency.id)
  const number = (count: number): Cell => ({ text: formatNumber(request.locale, count) })
  return {
    columns: [{ label: request.t('facet.agency') }, ...['all', 'late', 'expired', 'withdrawn'].map(name => ({ label: request.t(`decisions.count_${name}`), numeric: true as const }))],
    rows: known.slice(0, AGENCIES_SHOWN).map(({ agency, own }) => ({ cells: [labelCell(officialName(request, agency), request.path('decisions', [], { agency: agency.slug })), number(own.all), number(own.late), number(own.expired), number(own.withdrawn)] })),
    more: Math.max(0, known.length - AGENCIES_SHOWN)
  }
}

function withdrawnTable (request: FastifyRequest, rows: Awaited<ReturnType<typeof listWithdrawn>>): PublicationView['withdrawn'] {
  return {
    columns: ['column.decision_number', 'facet.agency', 'decisions.ground', 'decisions.overturned_on', 'decisions.withdrawn_on'].map(key => ({ label: request.t(key) })),
    rows: rows.map(row => ({
      cells: [
        labelCell({ label: row.number, lang: request.locale === 'en' ? 'zh-CN' : undefined }, request.path('decision', [row.code])),
        labelCell(officialName(request, { name: row.agency, name_en: row.agency_en }), request.path('agency', [row.agency_slug])),
        { text: request.t(`withdrawal_ground.${row.withdrawal_ground ?? ''}`) },
        { text: formatDate(request.locale, row.overturned_on ?? '') },
        { text: formatDate(request.locale, row.withdrawn_on ?? '') }
      ]
    }))
  }
}
