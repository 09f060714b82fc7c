import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { fold } from '../../db/text.ts'
import { perRevision } from '../lists/engine/revision.ts'
import { listAliases, registerNames, type AgencyRow } from './repository.ts'

/** Names, English names and aliases of each agency in one folded text. */
const searchTexts = perRevision(async db => {
  const aliases = Map.groupBy(await listAliases(db), row => row.agency_id)
  const { agencies } = await registerNames(db)
  return new Map(agencies.map(agency => [agency.id, fold([agency.name, agency.name_en ?? '', ...(aliases.get(agency.id) ?? []).map(row => row.alias)].join(' '))]))
})

/** The agencies whose names or aliases hold all phrases; those with the shortest names first. All agencies without a phrase. */
export async function findAgencies (db: Kysely<Database>, runs: readonly string[]): Promise<AgencyRow[]> {
  const { agencies } = await registerNames(db)
  if (runs.length === 0) return agencies
  const texts = await searchTexts(db)
  return agencies.filter(agency => runs.every(run => texts.get(agency.id)?.includes(run) === true)).sort((a, b) => a.name.length - b.name.length || a.id - b.id)
}

/** Does a question name an agency by a name or alias of it, whole or without 局: 城管局, 城管? */
export async function namesAgency (db: Kysely<Database>, runs: readonly string[]): Promise<boolean> {
  const [asked = '', ...rest] = runs
  return asked.length > 1 && rest.length === 0 && (await agencyNames(db)).has(asked)
}

const agencyNames = perRevision(async db => {
  const { agencies } = await registerNames(db)
  const names = [...agencies.flatMap(({ name, name_en: english }) => english === null ? [name] : [name, english]), ...(await listAliases(db)).map(row => row.alias)].map(fold)
  return new Set([...names, ...names.map(name => name.replace(/局$/u, ''))])
})
