import { canonical } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import type { ListName } from '../../../domain/records/list-kinds.ts'
import { loadDirectory } from '../register/directory.ts'
import { writeMade } from '../register/place.ts'
import type { ImportOptions, Session } from '../schema.ts'
import { listColumns } from './columns.ts'
import { mergeItem, readItem, type ItemChange, type ItemState } from './read.ts'
import { findItems, storeItems } from './store.ts'

/** Everything that an import of a list needs to know; the same for every kind, as its description says. */
export async function openListItems (db: Db, name: ListName, options: ImportOptions, source: string): Promise<Session<ItemState, ItemChange>> {
  const directory = await loadDirectory(db)
  const matters = new Set((await db.selectFrom('matter').select('code').execute()).map(row => row.code))
  return {
    columns: listColumns(name),
    parse: cells => readItem(cells, { name, directory, options, matters }),
    find: async codes => await findItems(db, name, codes),
    merge: (cells, change, current) => mergeItem(cells, name, change, current, { source, fictional: options.fictional === true }),
    // That it also came from another file is no change.
    same: (a, b) => canonical({ ...a, source: '' }) === canonical({ ...b, source: '' }),
    prepare: async (trx, publication) => { await writeMade(trx, directory, publication) },
    store: async (trx, items, publication, breathe) => { await storeItems(trx, name, items, { publication, directory, breathe }) },
    created: () => ({ divisions: directory.madeDivisions, agencies: directory.madeAgencies.map(agency => agency.name) })
  }
}
