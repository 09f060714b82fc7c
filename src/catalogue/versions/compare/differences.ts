import type { FastifyRequest } from 'fastify'
import { formatMoney, formatNumber } from '../../../i18n/format.ts'
import type { FineRange } from '../../../domain/records/fines.ts'
import type { BasisView } from '../../matters/content/bases.ts'
import type { MatterContent } from '../../matters/content/content.ts'
import { amountOf, citedFines } from '../../matters/content/fines.ts'
import { lineNames, linesOf } from '../../matters/content/lines.ts'

/** One thing that two versions say differently; null where one of them says nothing of it. */
export interface Difference { key: string, label: string, before: string | null, after: string | null, lang: string | undefined }

/** What two contents say differently, in the order of the page. */
export function differencesOf (request: FastifyRequest, before: MatterContent, after: MatterContent): Difference[] {
  const [old, now] = [before, after].map(content => new Map(linesOf(request, content).map(line => [line.key, line])))
  const lines = lineNames(request).flatMap(({ key, label }): Difference[] => {
    const [a, b] = [old?.get(key), now?.get(key)]
    return a?.value === b?.value ? [] : [{ key, label, before: a?.value ?? null, after: b?.value ?? null, lang: (b ?? a)?.lang }]
  })
  return [...lines, ...quoteDifferences(request, before, after)]
}

/** The text that the source gives of an article both cite. */
function quoteDifferences (request: FastifyRequest, before: MatterContent, after: MatterContent): Difference[] {
  return after.bases.flatMap(basis => {
    const old = before.bases.find(other => other.law_key === basis.law_key && other.article === basis.article)
    if (old === undefined || old.quoted_text === basis.quoted_text) return []
    return [{ key: 'quoted', label: request.t('versions.quoted', { law: basis.law_name, article: basis.article ?? '' }), before: old.quoted_text, after: basis.quoted_text, lang: request.locale === 'en' ? 'zh-CN' : undefined }]
  })
}

/** One range of fines on both sides, and by how much its ends moved. */
export interface FineDifference { of: string | null, before: string | null, after: string | null, moved: string[] }

/** The ranges of fines that differ, read from the articles of each side and compared as numbers. */
export function fineDifferencesOf (request: FastifyRequest, before: readonly BasisView[], after: readonly BasisView[]): FineDifference[] {
  const [old, now] = [before, after].map(bases => citedFines(bases).map(({ range }) => range)) as [FineRange[], FineRange[]]
  return pairs(old, now).filter(([a, b]) => a?.from !== b?.from || a?.to !== b?.to).map(([a, b]) => ({
    of: [(b ?? a)?.when, (b ?? a)?.on].filter(part => part !== null && part !== undefined).join(' · ') || null,
    before: a === undefined ? null : amountOf(request, a),
    after: b === undefined ? null : amountOf(request, b),
    moved: a === undefined || b === undefined ? [] : (['from', 'to'] as const).flatMap(end => movedBy(request, end, a, b))
  }))
}

/** The fine that an end of a range has on each side: what it is imposed for, on whom and by which measure. */
const kindOf = ({ unit, base, per, on, when }: FineRange): string => JSON.stringify([unit, base, per, on, when])

/** Ranges of one kind belong together in their order; what is left alone on both sides does too, if it has one measure. */
function pairs (old: FineRange[], now: FineRange[]): Array<[FineRange | undefined, FineRange | undefined]> {
  const left = [...now]
  const take = (matches: (range: FineRange) => boolean): FineRange | undefined => {
    const at = left.findIndex(matches)
    return at < 0 ? undefined : left.splice(at, 1)[0]
  }
  const paired = old.map((range): [FineRange, FineRange | undefined] => [range, take(other => kindOf(other) === kindOf(range))])
  const alone = paired.filter(([, other]) => other === undefined)
  if (alone.length === 1 && left.length === 1 && alone[0]?.[0].unit === left[0]?.unit && alone[0]?.[0].base === left[0]?.base) { const [one] = alone; if (one !== undefined) one[1] = left.pop() }
  return [...paired, ...left.map((range): [undefined, FineRange] => [undefined, range])]
}

function movedBy (request: FastifyRequest, end: 'from' | 'to', a: FineRange, b: FineRange): string[] {
  const [old, now] = [a[end], b[end]]
  if (old === null || now === null || old === now) return []
  const [word, share] = [now > old ? 'up' : 'down', old === 0 ? null : Math.abs(now - old) / old * 100]
  const amount = a.unit === 'fen' ? formatMoney(request.locale, Math.abs(now - old)) : request.t('fines.times', { count: formatNumber(request.locale, Math.abs(now - old) / 10_000) })
  return [request.t(`fines.${end}_${word}`, { amount, percent: share === null ? '—' : `${formatNumber(request.locale, Math.round(share * 10) / 10)}%` })]
}
