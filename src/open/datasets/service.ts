import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { App } from '../../app.ts'
import { publishedAt } from '../../catalogue/register/repository.ts'
import { idsOf, readRecords, SETS, sizeOf, type PublicSet } from '../../catalogue/register/service.ts'
import { packFolder, type Config } from '../../config.ts'
import { readDatasets } from '../../content/pack.ts'
import type { Datasets } from '../../content/schema.ts'
import { canonical, readRevision } from '../../db/records.ts'
import type { Database } from '../../db/schema.ts'
import { addDays, localDate } from '../../domain/time/calendar.ts'
import { translate } from '../../i18n/index.ts'
import type { Locale } from '../../paths.ts'

const packs = new WeakMap<Config, Datasets>()

function packOf (config: Config): Datasets {
  const known = packs.get(config) ?? readDatasets(packFolder(config))
  packs.set(config, known)
  return known
}

/** Under what terms the register may be used; `verified` is false as long as the bureau has decided none. */
export function licenceOf ({ config, site }: App, locale: Locale): { name: string, url: string | null, verified: boolean } {
  const { licence } = packOf(config)
  if (licence === null) return { name: translate(locale, 'data.licence_undecided', { bureau: site[locale].bureauName }), url: null, verified: false }
  return { name: locale === 'en' ? licence.nameEn : licence.name, url: licence.url, verified: true }
}

/** fresh: confirmed within its interval; due: within the interval after; overdue: later; empty: nothing was published. */
export type Freshness = 'fresh' | 'due' | 'overdue' | 'empty'

export interface Dataset { set: PublicSet, rows: number, updatedAt: string | null, nextOn: string | null, freshness: Freshness, interval: { days: number, basis: string, basisEn: string } }

/** How a set stands on a day: its size, its last publication, and when it should be confirmed next. */
export async function describeSet (app: App, set: PublicSet, now: string): Promise<Dataset> {
  const { intervals, usual } = packOf(app.config)
  const interval = intervals.find(entry => entry.set === set.name) ?? usual
  const rows = await sizeOf(app.db, set)
  const updatedAt = rows === 0 ? null : await publishedAt(app.db, set)
  const nextOn = updatedAt === null ? null : addDays(localDate(updatedAt), interval.days)
  return { set, rows, updatedAt, nextOn, freshness: freshnessOf(nextOn, interval.days, localDate(now)), interval }
}

/** All sets as they stand. */
export async function describeSets (app: App, now: string): Promise<Dataset[]> {
  const found: Dataset[] = []
  for (const set of SETS) found.push(await describeSet(app, set, now))
  return found
}

function freshnessOf (nextOn: string | null, days: number, today: string): Freshness {
  if (nextOn === null) return 'empty'
  if (today <= nextOn) return 'fresh'
  return today <= addDays(nextOn, days) ? 'due' : 'overdue'
}

interface Sum { revision: number, value: string | null, work: Promise<void> }
/** A small set is reckoned while the page waits; a large one is there at the next look. */
const PATIENCE_MS = 200
const sums = new WeakMap<Kysely<Database>, Map<string, Sum>>()

/**
 * SHA-256 of a set: of each record in the order of codes one line of canonical JSON (keys sorted) of the public fields. Reckoned in the
 * background once for each publication; null until it is known. Anybody can do the same from the JSON file and compare.
 */
export async function checksumOf (db: Kysely<Database>, set: PublicSet, failed: (error: Error) => void): Promise<string | null> {
  const known = sums.get(db) ?? new Map<string, Sum>()
  sums.set(db, known)
  const revision = await readRevision(db, 'register')
  const sum = known.get(set.name)
  const entry = sum?.revision === revision ? sum : begin(db, set, revision, failed)
  known.set(set.name, entry)
  if (entry.value === null) await Promise.race([entry.work, setTimeout(PATIENCE_MS, undefined, { ref: false })])
  return entry.value
}

function begin (db: Kysely<Database>, set: PublicSet, revision: number, failed: (error: Error) => void): Sum {
  const entry: Sum = { revision, value: null, work: Promise.resolve() }
  entry.work = digest(db, set).then(value => { entry.value = value }, (error: Error) => {
    entry.revision = -1
    failed(error)
  })
  return entry
}

/** The checksum, waited for. */
export async function digest (db: Kysely<Database>, set: PublicSet): Promise<string> {
  const hash = createHash('sha256')
  for await (const slice of readRecords(db, set, await idsOf(db, set, null))) {
    for (const record of slice) hash.update(`${canonical(Object.fromEntries(set.fields.map(({ key }) => [key, record[key] ?? null])))}\n`)
  }
  return hash.digest('hex')
}
