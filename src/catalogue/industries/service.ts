import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { startOfDay } from '../../domain/time/calendar.ts'
import { AppError } from '../../errors.ts'
import { listExemptions, listIndustries, listMatterLines, listRecentChanges, type ExemptionLine, type Industry, type MatterLine } from './repository.ts'

/** Matters of one power on a page, so that it stays below 60 KB in a large city; the rest is one link away. */
const MOST = { penalty: 60, inspection: 25, coercion: 25, permit: 25 } as const
const CHANGES = 10
const EXEMPTIONS = 8

export interface Group { category: string, total: number, lines: MatterLine[] }

/** One trade, else `not_found`. */
export async function findIndustry (db: Kysely<Database>, slug: string): Promise<Industry> {
  const industry = (await listIndustries(db)).find(one => one.slug === slug)
  if (industry === undefined) throw new AppError('not_found', { slug })
  return industry
}

/** The matters that a trade meets, by power, the closest first; `wanted` caps each power. */
export async function groupsOf (db: Kysely<Database>, industry: Industry, wanted: Readonly<Record<string, number>> = MOST): Promise<Group[]> {
  const groups = Object.entries(wanted).map(([category, most]) => ({ category, all: industry.byCategory.get(category) ?? [], most })).filter(({ all }) => all.length > 0)
    .map(({ category, all, most }) => ({ category, total: all.length, ids: all.slice(0, most) }))
  const lines = new Map((await listMatterLines(db, groups.flatMap(({ ids }) => ids))).map(line => [line.id, line]))
  return groups.map(({ category, total, ids }) => ({ category, total, lines: ids.flatMap(id => lines.get(id) ?? []) }))
}

/** The exemptions that are about the penalties shown. */
export async function exemptionsOf (db: Kysely<Database>, groups: readonly Group[]): Promise<ExemptionLine[]> {
  const lines = groups.filter(({ category }) => category === 'penalty').flatMap(group => group.lines)
  return await listExemptions(db, [...new Set(lines.flatMap(({ code, base_code: base }) => base === null ? [code] : [code, base]))], EXEMPTIONS)
}

/** What changed for a trade since the quarter began. */
export async function changesOf (db: Kysely<Database>, industry: Industry, today: string): Promise<Array<MatterLine & { at: string, version: number }>> {
  const changes = await listRecentChanges(db, new Set([...industry.byCategory.values()].flat()), startOfDay(quarterStart(today)), CHANGES)
  const lines = new Map((await listMatterLines(db, [...new Set(changes.map(change => change.record_id))])).map(line => [line.id, line]))
  return changes.flatMap(({ record_id: id, recorded_at: at, version }) => {
    const line = lines.get(id)
    return line === undefined ? [] : [{ ...line, at, version }]
  })
}

/** The first day of the quarter of a day. */
export function quarterStart (today: string): string {
  const month = Math.ceil(Number(today.slice(5, 7)) / 3) * 3 - 2
  return `${today.slice(0, 4)}-${String(month).padStart(2, '0')}-01`
}

/** What a penalty is for, in the words of its name: 对…的处罚. Null where the name is made otherwise. */
export function conductOf ({ name, category }: Pick<MatterLine, 'name' | 'category'>): string | null {
  return category === 'penalty' ? /^对(.+?)的?(?:行政)?处罚$/u.exec(name)?.[1] ?? null : null
}
