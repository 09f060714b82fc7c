import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { registerNames } from '../agencies/repository.ts'
import { readQuestion } from '../search/engine/query.ts'
import { pagerOf, type Pager } from '../../pager.ts'
import { findCode } from '../search/repository.ts'
import { everydayWords, findAlternatives, type TermsFor } from '../search/synonyms.ts'
import { describeMatters, searchMatters, suggestWords, type Found, type MatterHit, type Suggestion, type Wish } from '../search/service.ts'
import { FACETS } from '../search/engine/columns.ts'
import { findMatter } from './repository.ts'
import { describeRecord, type MatterView } from './record.ts'
import { MatterParams, MatterQuery, MattersQuery } from './schema.ts'
import { addressOf, chipViews, facetViews, keptFields, sizeViews, sortViews, wishOf, type FacetView, type Link } from './service.ts'

interface Help { drops: Array<Link & { count: number }>, unworded: Link & { count: number } | null, tries: Array<Suggestion & { href: string }>, wordless: boolean }

declare module '../../views.ts' {
  interface Views {
    'catalogue/matters/list': Frame & {
      words: string, shortened: boolean, hits: MatterHit[], total: number, many: boolean, from: number, to: number
      facets: FacetView[], keep: Array<{ name: string, value: string | number }>, chips: Link[], clear: string
      sorts: Link[], sizes: Link[], pager: Pager, help: Help | null, instead: Array<Suggestion & { href: string }>
    }
    'catalogue/matters/show': Frame & MatterView
    'catalogue/matters/missing': Frame & { code: string, present?: number }
  }
}

/** The list of enforcement matters and the page of each. */
export async function matters (app: App): Promise<void> {
  const termsFor = everydayWords(app.config)
  app.get(ROUTES.matters, { schema: { querystring: MattersQuery }, config: { permission: 'public', limit: 'search' } }, async (request, reply) => {
    const wish = wishOf(request.query)
    const code = wish.page === 1 && Object.keys(wish.selection).length === 0 ? await findCode(app.db, wish.question.text) : null
    if (code !== null) return await reply.redirect(request.path('matter', [code]), 302)
    return await showList(app, request, reply, wish, termsFor)
  })

  app.get(ROUTES.matter, { schema: { params: MatterParams, querystring: MatterQuery }, config: { permission: 'public' } }, async (request, reply) => {
    const { code } = request.params
    const matter = await findMatter(app.db, code)
    const { version } = request.query
    if (matter !== undefined && version !== undefined && version !== String(matter.version)) return await reply.code(404).page('catalogue/matters/missing', { title: request.t('matters.version_missing'), section: 'matters', noindex: true, hideSearch: true, code, present: matter.version })
    if (matter !== undefined) return await reply.page('catalogue/matters/show', await describeRecord(app, request, matter))
    const known = await findCode(app.db, code)
    if (known !== null && known !== code) return await reply.redirect(request.path('matter', [known]), 302)
    return await reply.code(404).page('catalogue/matters/missing', { title: request.t('matters.missing'), section: 'matters', noindex: true, hideSearch: true, code })
  })
}

async function showList (app: App, request: FastifyRequest, reply: FastifyReply, wish: Wish, termsFor: TermsFor): Promise<string> {
  const names = await registerNames(app.db)
  const found = await searchMatters(app.db, wish)
  const chips = chipViews(request, names, wish)
  const instead = await findAlternatives(app.db, termsFor, wish.question.text, chips.length > 0 ? Infinity : found.total, 1)
  const from = (found.page - 1) * wish.per
  return await reply.page('catalogue/matters/list', {
    title: titleOf(request, wish, chips, found.page),
    section: 'matters',
    hideSearch: true,
    noindex: chips.length > 0 || wish.question.text !== '',
    words: wish.question.text,
    shortened: wish.question.shortened,
    hits: await describeMatters(app.db, found.ids, wish.question.runs),
    total: found.total,
    many: found.many,
    from: from + 1,
    to: from + found.ids.length,
    facets: facetViews(request, names, wish, found),
    keep: keptFields(wish),
    chips,
    clear: addressOf(request, { ...wish, selection: {} }),
    sorts: sortViews(request, wish),
    sizes: sizeViews(request, wish),
    pager: pagerOf(found.page, found.pages, page => addressOf(request, wish, { page: page === 1 ? '' : page })),
    instead: instead.map(({ words, total: count }) => ({ words, count, href: addressOf(request, wish, { q: words }) })),
    help: found.total === 0 ? await helpOf(app, request, wish, found) : null
  })
}

/** The title names what was asked, the filters and the page, so that a list of tabs can be told apart. */
function titleOf (request: FastifyRequest, wish: Wish, chips: Link[], page: number): string {
  const what = [...wish.question.text === '' ? [] : [wish.question.text], ...chips.map(chip => chip.label)].join(' · ')
  if (what === '') return page === 1 ? request.t('matters.title') : request.t('matters.title_page', { page })
  return page === 1 ? request.t('matters.title_filtered', { what }) : request.t('matters.title_filtered_page', { what, page })
}

/** Ways out of an empty list: each filter dropped, the words dropped, and words that do occur. */
async function helpOf (app: App, request: FastifyRequest, wish: Wish, found: Found): Promise<Help> {
  const { question, selection } = wish
  const chosen = FACETS.filter(name => selection[name] !== undefined)
  const drops = chosen.filter(name => found.without[name] > 0)
    .map(name => ({ label: request.t(`matters.facet_${name}`), count: found.without[name], href: addressOf(request, wish, { [name]: [] }) }))
  const tries = chosen.length === 0 ? await suggestWords(app.db, question) : []
  const wordless = chosen.length === 0 || question.text === '' ? 0 : (await searchMatters(app.db, { ...wish, question: readQuestion('') })).total
  return {
    drops,
    unworded: wordless === 0 ? null : { label: '', count: wordless, href: addressOf(request, wish, { q: '' }) },
    tries: tries.map(suggestion => ({ ...suggestion, href: addressOf(request, wish, { q: suggestion.words }) })),
    wordless: question.text !== '' && question.runs.length === 0
  }
}
