import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../../app.ts'
import { findAgency } from '../../../catalogue/agencies/repository.ts'
import { ANSWERINGS, DEMAND_OUTCOMES } from '../../../catalogue/supervision/service.ts'
import { standingWith, type AgencyStanding, type OpenLetter } from '../../../complaints/outcome/agency-standing/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { DEMAND_STATES } from '../../../domain/supervision/demands.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { dueState } from '../../../domain/time/clocks.ts'
import { formatDate, formatNumber } from '../../../i18n/format.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'

interface Row { key: string, value: string, href?: string }
interface Line extends Omit<OpenLetter, 'states'> { states: string[], name: string, href: string, caseHref: string, due: string, waiting: string }
interface Card { title: string, name: string, han: boolean, refs: Array<{ ref: string, href: string }> }

declare module '../../../views.ts' {
  interface Views {
    'desk/agencies/show': Frame & { heading: string, lang: string | null, public: string, letters: Line[], late: number, demands: Row[], cases: Row[], figures: Row[], period: string, patterns: Card[] | null, statements: Row[] }
  }
}

/** Everything that the bureau has going with one agency: letters, demands, what is due, patterns and figures. */
export async function agencyDesk (app: App): Promise<void> {
  const config = { permission: 'complaint.read', session: 'staff' } as const
  app.get(ROUTES.deskAgency, { schema: { params: Type.Object({ slug: Type.String({ maxLength: 200 }) }) }, config }, async (request, reply) => {
    const agency = await findAgency(app.db, request.params.slug)
    const standing = await standingWith(app, await clerkOf(app, request), agency, app.now())
    const english = request.locale === 'en' && agency.name_en !== null
    const heading = english ? agency.name_en as string : agency.name
    return await reply.page('desk/agencies/show', {
      title: heading, section: 'queue', noindex: true, heading, lang: english ? null : 'zh-CN', public: `${request.path('agency', [agency.slug])}#supervision`,
      letters: standing.letters.map(letter => lineOf(request, letter, localDate(app.now()))),
      late: standing.letters.filter(({ late }) => late).length,
      period: request.t('desk_agency.period', { from: formatDate(request.locale, standing.period.from), to: formatDate(request.locale, standing.period.to) }),
      ...rowsOf(request, agency.id, standing),
      patterns: standing.patterns?.map(({ kind, name, refs }) => ({
        title: request.t(`pattern.${kind}`, { count: refs.length }), name: kind === 'ground' ? request.t(`ground.${name}`) : name, han: kind !== 'ground', refs: refs.map(ref => ({ ref, href: request.path('complaint', [ref]) }))
      })) ?? null
    })
  })
}

function lineOf (request: FastifyRequest, letter: OpenLetter, today: string): Line {
  const { ref, type, dueOn, on, waits } = letter
  return {
    ...letter, states: letter.states.map((state, at) => request.t('desk_agency.demand', { no: at + 1, state: request.t(`demand_state.${state}`) })), name: request.t(`document.${type}`), href: request.path('rectification', [ref]), caseHref: request.path('complaint', [ref]), due: dueOn === null ? '' : dueState(dueOn, today, on),
    waiting: request.t(`desk_agency.waits_${waits}`)
  }
}

function rowsOf (request: FastifyRequest, agencyId: number, { cases, demands, figures, statements }: AgencyStanding): { cases: Row[], demands: Row[], figures: Row[], statements: Row[] } {
  const row = (key: string, value: number): Row => ({ key: request.t(key), value: formatNumber(request.locale, value) })
  const lists = allows(request.actor?.role ?? null, 'complaint.list')
  const linked = (line: Row, view: string): Row => lists ? { ...line, href: request.path('queue', [], { view, agency: agencyId }) } : line
  const all = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count, 0)
  return {
    cases: [linked(row('desk_agency.cases_open', cases.open), 'open'), linked(row('desk_agency.cases_all', cases.all), 'all')],
    demands: [...DEMAND_STATES.map(state => row(`demand_state.${state}`, demands[state])), row('desk_agency.overdue', demands.overdue)],
    figures: [
      row('supervision.letters', all(figures.letters)), ...ANSWERINGS.map(name => row(`supervision.letters_${name}`, figures.letters[name])),
      row('supervision.demands', all(figures.demands)), ...DEMAND_OUTCOMES.map(name => row(`supervision.demands_${name}`, figures.demands[name]))
    ],
    statements: statements.filter(({ state }) => state !== 'draft').map(({ state, count }) => row(`statement_state.${state}`, Number(count)))
  }
}
