import { sql } from 'kysely'
import type { Db } from '../../../db/schema.ts'
import type { Candidate } from './repository.ts'

/** As many as the city's own body and one of each district, so that nobody's is cut off. */
const OFFERED = 20

interface Place { code: string, name: string, parent: string | null }

/**
 * The agency of that very name; else those that the words may mean, by name, English name or other name, the city's before the districts'.
 * A district in front of the words (和平区城管, 和平城管局) narrows them to its own bodies, where it has such a one.
 */
export async function agenciesNamed (db: Db, text: string): Promise<Candidate[]> {
  const exact = await agencies(db).where('name', '=', text).execute()
  if (exact.length > 0) return exact
  const { region, words } = await readPlace(db, text.normalize('NFKC').replace(/\s+/g, ''))
  const local = region === null ? [] : await agenciesLike(db, words, region)
  if (local.length > 0) return local
  const whole = await agenciesLike(db, text, null)
  return whole.length > 0 || words === '' ? whole : await agenciesLike(db, words, null)
}

const agencies = (db: Db) => db.selectFrom('agency').select(['id', 'name', sql<null>`null`.as('note')])

const like = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, sign => `\\${sign}`)}%`

async function agenciesLike (db: Db, words: string, region: string | null): Promise<Candidate[]> {
  const pattern = like(words)
  const found = agencies(db).where('status', '=', 'in_force').where(eb => eb.or([
    sql<boolean>`lower(agency.name) like ${pattern} escape '\\'`,
    sql<boolean>`lower(agency.name_en) like ${pattern} escape '\\'`,
    // People call a district's body as they call the city's, whose slug its own begins with (src/content/agencies.ts).
    eb.exists(eb.selectFrom('agency_alias').innerJoin('agency as known', 'known.id', 'agency_alias.agency_id').select('agency_alias.alias')
      .where(sql<boolean>`lower(agency_alias.alias) like ${pattern} escape '\\'`)
      .where(sql<boolean>`(known.id = agency.id or agency.slug = known.slug || '-' || agency.region_code)`))
  ]))
  return await (region === null ? found : found.where('region_code', '=', region)).orderBy('level').orderBy('region_code').orderBy('id').limit(OFFERED).execute()
}

/** Takes city and district off the front of the words, with or without 市, 区 or 县. */
async function readPlace (db: Db, text: string): Promise<{ region: string | null, words: string }> {
  const places: Place[] = await db.selectFrom('division').select(['code', 'name', 'parent_code as parent']).execute()
  const city = cut(text, places.filter(place => place.parent === null))
  const district = cut(city.words, places.filter(place => place.parent !== null))
  return { region: district.region ?? city.region, words: district.words }
}

function cut (text: string, places: Place[]): { region: string | null, words: string } {
  for (const { code, name } of places) {
    const short = name.replace(/[市区县]$/u, '')
    const front = text.startsWith(name) ? name : short.length > 1 && text.startsWith(short) ? short : null
    if (front !== null) return { region: code, words: text.slice(front.length) }
  }
  return { region: null, words: text }
}
