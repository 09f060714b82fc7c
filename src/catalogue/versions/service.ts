import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { isDate, localDate } from '../../domain/time/calendar.ts'
import { hasWord } from '../../i18n/index.ts'
import type { Frame } from '../../views.ts'
import { registerNames } from '../agencies/repository.ts'
import { listTrades, tradeNamesOf } from '../industries/repository.ts'
import { basisViews, type BasisView } from '../matters/content/bases.ts'
import { keptContent, type KeptMatter, type MatterContent } from '../matters/content/content.ts'
import type { MatterRecord } from '../matters/repository.ts'
import { agencyNameOn, listLawTextsOn, listVersionData, type VersionRow } from './repository.ts'

/** Why a version that was asked for is not shown; words at `versions.fault_<name>`. */
export type VersionFault = 'date' | 'version' | 'before_first' | 'none'
export type Picked = { row: VersionRow, fault?: undefined } | { row?: undefined, fault: VersionFault }

/** The version that a number names. `versions` come newest first. */
export function versionOfNumber (versions: readonly VersionRow[], asked: string): Picked {
  const row = /^[1-9]\d{0,8}$/.test(asked) ? versions.find(one => one.version === Number(asked)) : undefined
  return row === undefined ? { fault: versions.length === 0 ? 'none' : 'version' } : { row }
}

/** The version that was published at the end of a day in China. Days to come have the present one. */
export function versionOfDay (versions: readonly VersionRow[], asked: string): Picked {
  if (!isDate(asked)) return { fault: 'date' }
  const row = versions.find(one => localDate(one.recorded_at) <= asked)
  if (row !== undefined) return { row }
  return { fault: versions.length === 0 ? 'none' : 'before_first' }
}

/** What a version was asked for by: a day or a number. */
export function pickVersion (versions: readonly VersionRow[], asked: string): Picked {
  return /^\d+$/.test(asked) ? versionOfNumber(versions, asked) : versionOfDay(versions, asked)
}

/** When a version ceased to be the present one; null for the present one. */
export function endOf (versions: readonly VersionRow[], version: number): string | null {
  return versions.findLast(one => one.version > version)?.recorded_at ?? null
}

/** What pages below a matter have above them. */
export function trailOf (request: FastifyRequest, matter: MatterRecord, last: string): Pick<Frame, 'section' | 'noindex' | 'breadcrumbs'> {
  return { section: 'matters', noindex: true, breadcrumbs: [{ text: request.t('matters.title'), href: request.path('matters') }, { text: matter.code, href: request.path('matter', [matter.code]) }, { text: last }] }
}

/** Who published, in words: a program by what it does, an office or a person by name. */
export function publisherOf (request: FastifyRequest, actor: string): { label: string, lang: string | undefined } {
  const key = `publisher.${actor.replaceAll(' ', '_')}`
  if (hasWord(request.locale, key)) return { label: request.t(key), lang: undefined }
  return { label: actor, lang: request.locale === 'en' ? 'zh-CN' : undefined }
}

/** What kind of change a version is, in words. */
export function changeWord (request: FastifyRequest, change: string): string {
  return hasWord(request.locale, `change_kind.${change}`) ? request.t(`change_kind.${change}`) : request.t('change_kind.changed')
}

/** What versions of a matter say. Agencies go by the names they have now: for lists of many versions. */
export async function readContents (db: Kysely<Database>, matter: MatterRecord, versions: number[]): Promise<Map<number, MatterContent>> {
  const named = await namesOf(db)
  return new Map(Array.from(await listVersionData(db, matter.id, versions), ([version, data]) => [version, keptContent(data, named)]))
}

/** One version as it was on a day: with the name that its agency had, and the texts that its bases had. */
export async function readVersion (db: Kysely<Database>, request: FastifyRequest, matter: MatterRecord, version: number, day: string): Promise<{ content: MatterContent, bases: BasisView[] } | null> {
  const data = (await listVersionData(db, matter.id, [version])).get(version)
  if (data === undefined) return null
  const named = await namesOf(db)
  const then = await agencyNameOn(db, (JSON.parse(data) as KeptMatter).agency_id, day)
  const content = keptContent(data, { ...named, agency: id => ({ ...named.agency(id), ...then }) })
  return { content, bases: basisViews(request, content.bases, await listLawTextsOn(db, content.bases, day)) }
}

async function namesOf (db: Kysely<Database>): Promise<Parameters<typeof keptContent>[1]> {
  const { agencies, byRegion } = await registerNames(db)
  const trades = await listTrades(db)
  const byId = new Map(agencies.map(agency => [agency.id, agency]))
  return {
    agency: id => { const agency = byId.get(id); return { name: agency?.name ?? String(id), name_en: agency?.name_en ?? null, slug: agency?.slug ?? null } },
    region: code => byRegion.get(code) ?? { name: code, name_en: null },
    trades: tags => tradeNamesOf(trades, tags)
  }
}
