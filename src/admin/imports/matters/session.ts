import type { Db } from '../../../db/schema.ts'
import { loadDirectory } from '../register/directory.ts'
import { writeMade } from '../register/place.ts'
import type { ImportOptions, Session } from '../schema.ts'
import { MATTER_COLUMNS } from './columns.ts'
import { readMatter, type MatterChange } from './read.ts'
import { mergeMatter, sameMatter, type MatterState } from './state.ts'
import { findMatters, storeMatters } from './store.ts'

export async function openMatters (db: Db, options: ImportOptions, source: string): Promise<Session<MatterState, MatterChange>> {
  const directory = await loadDirectory(db)
  return {
    columns: MATTER_COLUMNS,
    parse: cells => readMatter(cells, directory, options),
    find: async codes => await findMatters(db, codes),
    merge: (cells, change, current) => mergeMatter(cells, change, current, source),
    same: sameMatter,
    prepare: async (trx, publication) => { await writeMade(trx, directory, publication) },
    store: async (trx, items, publication, breathe) => { await storeMatters(trx, items, publication, directory, breathe) },
    created: () => ({ divisions: directory.madeDivisions, agencies: directory.madeAgencies.map(agency => agency.name) })
  }
}
