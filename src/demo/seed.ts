import { parse } from 'csv-parse/sync'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { importRecords } from '../admin/imports/service.ts'
import type { Database, Db } from '../db/schema.ts'
import { StartError } from '../db/start-error.ts'
import { importMatters, readDemoPack } from './load.ts'
import { listEmployers, makeOfficer, publishOfficers } from './officers.ts'
import { around } from './random.ts'
import type { DemoPack } from './schema.ts'

export interface SeedParts { db: Kysely<Database>, folder: string, now: string, say: (line: string) => void }
type Row = Readonly<Record<string, string>>
interface Holder { name: string, region: string, level: string }

/** What a city like the pack's has published; scale 1. */
const CITY_MATTERS = 22_000
const CITY_OFFICERS = 23_000

const BATCH = 5000
/** Certificate numbers of generated officers have more digits than those of the demo city, so that both have room. */
const DIGITS = 8

/** Fills a demo database with generated records up to a multiple of a city. Started again, it goes on where it was cut off. */
export async function seedCity (parts: SeedParts, scale: number): Promise<void> {
  const pack = readDemoPack(parts.folder)
  await importMatters(parts)
  await seedMatters(parts, pack, Math.round(CITY_MATTERS * scale))
  await seedOfficers(parts, pack, Math.round(CITY_OFFICERS * scale))
}

async function seedMatters ({ db, folder, now, say }: SeedParts, pack: DemoPack, total: number): Promise<void> {
  const base = parse(readFileSync(path.join(folder, 'matters.csv')), { bom: true, columns: true }) as Row[]
  const rows = makeRows(base, await listHolders(db), pack.seed)
  for (let made = base.length; made < total;) {
    const batch = take(rows, Math.min(BATCH, total - made))
    const report = await importRecords({ db, now }, { kind: 'matters', input: { name: `seed ${made}`, rows: batch } })
    const fault = report.faults[0]
    if (fault !== undefined) throw new StartError('pack_invalid', { why: `demo.json/seed ${JSON.stringify(fault)}` })
    made += batch.length
    say(`  ${made} / ${total} 事项 matters`)
  }
}

async function seedOfficers ({ db, now, say }: SeedParts, pack: DemoPack, total: number): Promise<void> {
  const employers = await listEmployers(db)
  const publication = { at: now, actor: 'seed', reason: pack.officers.area, batchId: null }
  for (let made = 0; made < total; made += BATCH) {
    const officers = Array.from({ length: Math.min(BATCH, total - made) }, (_one, at) => makeOfficer(pack, around(employers, made + at), made + at, { now, digits: DIGITS }))
    await db.transaction().execute(async trx => await publishOfficers(trx, officers, publication))
    say(`  ${made + officers.length} / ${total} 人员 officers`)
  }
}

/**
 * The pack's matters once more for every district that has such an agency, then again for one kind of place after the other, until
 * nobody asks any more. The code tells where a row came from, so that the same rows come at every run.
 */
function * makeRows (base: Row[], holders: ReadonlyMap<string, Holder[]>, { settings, note }: DemoPack['seed']): Generator<Row> {
  for (let round = 0; ; round++) {
    for (const row of base) {
      for (const [at, holder] of (holders.get(row['实施主体'] ?? '') ?? []).entries()) {
        if (round === 0 && at === 0) continue // the pack's own
        const where = placeOf(settings, round)
        yield { ...row, 事项编码: `${row['事项编码']}-${holder.region}-${round}`, 事项名称: `${row['事项名称']}${where}`, 实施主体: holder.name, 行政区划: holder.region, 行使层级: holder.level, 备注: note }
      }
    }
  }
}

/** The first round has none, the next ones have one setting each, later ones two. */
function placeOf (settings: readonly string[], round: number): string {
  if (round === 0) return ''
  const second = Math.floor((round - 1) / settings.length)
  return `（${around(settings, round - 1)}${second === 0 ? '' : `、${around(settings, round - 1 + second)}`}）`
}

/** Who holds the powers of a municipal agency: itself first, then its counterparts in the districts. */
async function listHolders (db: Db): Promise<ReadonlyMap<string, Holder[]>> {
  const agencies = await db.selectFrom('agency').select(['slug', 'name', 'region_code', 'level']).orderBy('slug').execute()
  const city = agencies.filter(agency => agency.level === 'city')
  return new Map(city.map(one => [one.name, [one, ...agencies.filter(agency => agency.slug === `${one.slug}-${agency.region_code}`)].map(agency => ({
    name: agency.name, region: agency.region_code, level: agency.level
  }))]))
}

function take<T> (source: Iterator<T, unknown>, count: number): T[] {
  const taken: T[] = []
  for (let next = source.next(); next.done !== true; next = source.next()) {
    taken.push(next.value)
    if (taken.length === count) break
  }
  return taken
}
