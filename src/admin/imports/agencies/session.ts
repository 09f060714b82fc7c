import { canonical } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { loadDirectory, type AgencyEntry, type Directory } from '../register/directory.ts'
import type { Cells } from '../cells/cells.ts'
import { writeMade } from '../register/place.ts'
import type { ImportOptions, Session } from '../schema.ts'
import { AGENCY_COLUMNS } from './columns.ts'
import { mergeAgency, readAgency, type AgencyChange, type AgencyState } from './read.ts'
import { findAgencies, storeAgencies } from './store.ts'

/** Everything that an import of agencies needs to know. */
export async function openAgencies (db: Db, options: ImportOptions): Promise<Session<AgencyState, AgencyChange>> {
  const directory = await loadDirectory(db)
  const names = new Names(directory)
  return {
    columns: AGENCY_COLUMNS,
    parse: cells => readAgency(cells, directory, options),
    find: async keys => await findAgencies(db, keys),
    merge: (cells, change, current) => {
      const state = mergeAgency(cells, change, current)
      if (state !== null) names.claim(cells, state)
      return cells.faults.length > 0 ? null : state
    },
    same: (a, b) => canonical(a) === canonical(b),
    prepare: async (trx, publication) => { await writeMade(trx, directory, publication) },
    store: storeAgencies,
    created: () => ({ divisions: directory.madeDivisions, agencies: [] })
  }
}

/** An alias means one agency within a division, an address one in the whole register: of two that claim it the second is refused. */
class Names {
  readonly #directory: Directory
  readonly #claimed = new Map<string, string>()
  constructor (directory: Directory) { this.#directory = directory }

  claim (cells: Cells, { region_code: region, name, slug, aliases }: AgencyState): void {
    const owner = (key: string, stored: AgencyEntry | undefined): string => this.#claimed.get(key) ?? (stored === undefined ? '' : `${stored.region} ${stored.name}`)
    const mine = `${region} ${name}`
    for (const [field, key, word, stored] of [
      ['slug', slug, slug, this.#directory.bySlug(slug)] as const,
      ...aliases.map(alias => ['aliases', `${region} ${alias}`, alias, this.#directory.named(region, alias)] as const)
    ]) {
      const other = owner(key, stored)
      if (other !== '' && other !== mine) cells.fault(field, 'name_taken', { other: other.replace(/^\d+ /, '') }, word)
      else this.#claimed.set(key, mine)
    }
  }
}
