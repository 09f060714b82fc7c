import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { isRegionCode, plain } from '../../../domain/records/codes.ts'
import type { Level } from '../../../domain/records/enumerations.ts'
import type { AgencyTable, Db } from '../../../db/schema.ts'

export interface Division { code: string, name: string, parent: string | null }
export interface AgencyEntry { id: number, slug: string, name: string, level: string, region: string }
/** What a file may know of an agency that it makes. */
export interface Made extends AgencyEntry { uscc: string | null, sector: string | null }

/** Divisions and agencies by every name under which a file may mean them; what the file makes lies here until it is written. */
export class Directory {
  readonly divisions = new Map<string, Division>()
  readonly madeDivisions: string[] = []
  readonly madeAgencies: Made[] = []
  readonly home: string | null
  readonly #agencies = new Map<string, AgencyEntry>()
  readonly #ids = new Map<number, number>()

  constructor (divisions: Division[], home: string | null) {
    this.home = home
    for (const division of divisions) this.divisions.set(division.code, division)
  }

  know (region: string, name: string, agency: AgencyEntry): void {
    const key = `${region} ${plain(name)}`
    if (!this.#agencies.has(key)) this.#agencies.set(key, agency)
  }

  named (region: string, name: string): AgencyEntry | undefined { return this.#agencies.get(`${region} ${plain(name)}`) }
  bySlug (slug: string): AgencyEntry | undefined { return [...this.#agencies.values()].find(agency => agency.slug === slug) }

  /** The division that a cell means, by code (six to twelve digits) or by name. */
  division (text: string): Division | undefined {
    const code = plain(text).replace(/^(\d{6})0{3}(0{3})?$/, '$1').replace(/^(\d{9})0{3}$/, '$1')
    return this.divisions.get(code) ?? [...this.divisions.values()].find(division => division.name === text)
  }

  /** Adds another place's division, named by its code until somebody names it. */
  addDivision (text: string): Division | undefined {
    const code = plain(text).replace(/^(\d{6})0{3}(0{3})?$/, '$1')
    if (!isRegionCode(code)) return undefined
    const division = { code, name: code, parent: null }
    this.divisions.set(code, division)
    this.madeDivisions.push(code)
    return division
  }

  /** The agency that a file calls so within a division: full name, alias, with the division's or the city's name before it, without 区/县/市. */
  agency (division: Division, name: string): AgencyEntry | undefined {
    const parent = division.parent === null ? '' : this.divisions.get(division.parent)?.name ?? ''
    const bare = name.replace(/^(自治县|自治旗|区|县|市|旗)(?=.{3})/, '')
    for (const candidate of new Set([name, bare, `${division.name}${bare}`, `${parent}${division.name}${bare}`, `${division.name}${name}`])) {
      const found = this.#agencies.get(`${division.code} ${plain(candidate)}`)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Makes an agency under the name that the file gives it; its id is negative until it is written. */
  addAgency (division: Division, name: string, known: { uscc: string | null, sector: string | null }): AgencyEntry {
    const agency = { id: -1 - this.madeAgencies.length, slug: slugOf(division.code, name), name, level: levelOf(division.code), region: division.code, ...known }
    this.madeAgencies.push(agency)
    this.know(division.code, name, agency)
    return agency
  }

  settle (id: number, real: number): void { this.#ids.set(id, real) }
  realId (id: number): number { return id > 0 ? id : this.#ids.get(id) ?? id }
}

/** Readable slugs need a person; until then the division and eight characters of the name's hash stay the same for ever. */
export function slugOf (region: string, name: string): string {
  return `${region}-${createHash('sha256').update(`${region} ${plain(name)}`).digest('hex').slice(0, 8)}`
}

/** The level of a division by the shape of its code (GB/T 2260). */
export function levelOf (code: string): Level {
  if (code.length === 12) return 'village'
  if (code.length === 9) return 'township'
  if (code.endsWith('0000')) return 'provincial'
  return code.endsWith('00') ? 'city' : 'county'
}

/** The divisions and agencies of the register under all their names. */
export async function loadDirectory (db: Db): Promise<Directory> {
  const divisions = await db.selectFrom('division').select(['code', 'name', 'parent_code as parent']).execute()
  const bureau = await db.selectFrom('bureau').select('region_code').where('parent_id', 'is', null).orderBy('id').limit(1).executeTakeFirst()
  const directory = new Directory(divisions, bureau?.region_code ?? null)
  const agencies = await db.selectFrom('agency').select(['id', 'slug', 'name', 'level', 'region_code as region']).orderBy('id').execute()
  const byId = new Map(agencies.map(agency => [agency.id, agency]))
  for (const agency of agencies) directory.know(agency.region, agency.name, agency)
  for (const { region_code: region, alias, agency_id: id } of await db.selectFrom('agency_alias').selectAll().execute()) {
    const agency = byId.get(id)
    if (agency !== undefined) directory.know(region, alias, agency)
  }
  return directory
}

/** The row of an agency of which only its name and place are known. */
export function bareAgency (made: Made): Omit<Selectable<AgencyTable>, 'id'> {
  const { slug, name, level, region, uscc, sector } = made
  return { slug, name, level, uscc, sector, region_code: region, version: 1, name_en: null, kind: 'administrative_organ', duties: null, address: null, phone: null, vertical: 0, verified: 0, status: 'in_force', parent_id: null, details: null }
}
