import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { CLOCKS } from '../domain/time/clocks.ts'
import { PUBLICATION_RULES } from '../domain/decisions/publication.ts'
import { StartError } from '../db/start-error.ts'
import { Agencies, City, Datasets, Deadlines, Divisions, Industries, Prohibitions, Publications, Synonyms } from './schema.ts'

/** Everything of a city that goes into the register's tables, checked. */
export interface Pack { city: City, divisions: Divisions, agencies: Agencies, prohibitions: Prohibitions, deadlines: Deadlines, industries: Industries, publications: Publications, synonyms: Synonyms }

/** Reads and checks a city pack. Throws StartError pack_invalid with the file, the place in it and the rule. */
export function readPack (folder: string): Pack {
  const pack = {
    city: readChecked(folder, 'city.json', City),
    divisions: readChecked(folder, 'divisions.json', Divisions),
    agencies: readChecked(folder, 'agencies.json', Agencies),
    prohibitions: readChecked(folder, 'prohibitions.json', Prohibitions),
    deadlines: readChecked(folder, 'deadlines.json', Deadlines),
    industries: readChecked(folder, 'industries.json', Industries),
    publications: readChecked(folder, 'publication.json', Publications),
    synonyms: readChecked(folder, 'synonyms.json', Synonyms)
  }
  checkDivisions(pack)
  checkKeys(pack)
  unique('synonyms.json', pack.synonyms.flatMap(entry => entry.words.map(word => word.toLowerCase())))
  readDatasets(folder)
  return pack
}

/** The everyday words of a city pack. Throws StartError pack_invalid. */
export function readSynonyms (folder: string): Synonyms {
  return readChecked(folder, 'synonyms.json', Synonyms)
}

/** Licence and rhythm of what is handed out. Throws StartError pack_invalid. */
export function readDatasets (folder: string): Datasets {
  return readChecked(folder, 'datasets.json', Datasets)
}

/** Reads one file of a pack against its schema. Throws StartError pack_invalid. */
export function readChecked<T extends TSchema> (folder: string, name: string, schema: T): Static<T> {
  const data = readJson(folder, name)
  if (Value.Check(schema, data)) return data
  const fault = Value.Errors(schema, data)[0]
  const given = JSON.stringify(fault === undefined ? undefined : Value.Pointer.Get(data, fault.instancePath))?.slice(0, 60)
  throw faulty(`${name}${fault?.instancePath ?? ''}: ${fault?.message ?? ''} (${given ?? 'missing'})`)
}

function readJson (folder: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as unknown
  } catch (error) {
    throw faulty(`${name}: ${(error as Error).message}`)
  }
}

function checkDivisions ({ city, divisions, agencies }: Pack): void {
  const known = new Set(divisions.map(division => division.code))
  const named = [
    ['city.json', city.regionCode],
    ...city.districtBureaus.map(bureau => ['city.json', bureau.regionCode]),
    ...divisions.flatMap(division => division.parent === null ? [] : [['divisions.json', division.parent]]),
    ...agencies.agencies.map(agency => ['agencies.json', agency.regionCode])
  ]
  for (const [file, code] of named) if (!known.has(code ?? '')) throw faulty(`${file}: ${code} is not in divisions.json`)
  const tops = divisions.filter(division => division.parent === null)
  if (tops.length !== 1 || tops[0]?.code !== city.regionCode) throw faulty('divisions.json: only the city of city.json stands without a parent')
}

/** What must not be twice, and what must not be missing. */
function checkKeys ({ divisions, agencies, prohibitions, deadlines, industries, publications }: Pack): void {
  unique('divisions.json', divisions.map(division => division.code))
  unique('agencies.json', agencies.agencies.map(agency => agency.slug))
  unique('agencies.json', agencies.districtAgencies.map(agency => agency.citySlug))
  unique('prohibitions.json', prohibitions.map(item => item.no))
  unique('deadlines.json', deadlines.clocks.map(rule => rule.clock))
  unique('industries.json', industries.tags.map(tag => tag.slug))
  unique('industries.json', industries.industries.map(industry => industry.slug))
  const stray = industries.industries.flatMap(industry => industry.tags).find(tag => !industries.tags.some(({ slug }) => slug === tag))
  if (stray !== undefined) throw faulty(`industries.json: ${stray} is not among its tags`)
  unique('publication.json', publications.map(rule => rule.rule))
  const unruled = PUBLICATION_RULES.find(name => !publications.some(rule => rule.rule === name))
  if (unruled !== undefined) throw faulty(`publication.json: no rule for ${unruled}`)
  const missing = CLOCKS.find(clock => !deadlines.clocks.some(rule => rule.clock === clock))
  if (missing !== undefined) throw faulty(`deadlines.json: no length for ${missing}`)
  const hollow = prohibitions.find(item => item.textStatus === 'verified' && (item.verifiedAt === null || item.source === null))
  if (hollow !== undefined) throw faulty(`prohibitions.json: number ${hollow.no} says verified, without a source or the day`)
}

function unique (file: string, keys: ReadonlyArray<string | number>): void {
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined) throw faulty(`${file}: ${twice} stands there twice`)
}

function faulty (why: string): StartError {
  return new StartError('pack_invalid', { why })
}
