import type { Db } from '../../../db/schema.ts'
import { loadDirectory } from '../register/directory.ts'
import { writeMade } from '../register/place.ts'
import type { ImportOptions, Session } from '../schema.ts'
import { MATTER_COLUMNS } from './columns.ts'
import { readMatter, type MatterChange } from './read.ts'
import { mergeMatter, sameMatter, type MatterState } from './state.ts'
import { findMatters, storeMatters } from './store.ts'

/** Everything that an import of matters needs to know. */
export async function openMatters (db: Db, options: ImportOptions, source: string): Promise<Session<MatterState, MatterChange>> {
  const directory = await loadDirectory(db)
  const texts = new Map<string, string>()
  return {
    columns: MATTER_COLUMNS,
    parse: cells => readMatter(cells, directory, options),
    find: async codes => await findMatters(db, codes),
    merge: (cells, change, current) => {
      const state = mergeMatter(cells, change, current, source)
      // Many matters quote one article: it is held once (80 MB less for 22,000 matters).
      for (const basis of state?.bases ?? []) basis.quoted_text = basis.quoted_text === null ? null : once(texts, basis.quoted_text)
      return state
    },
    same: sameMatter,
    prepare: async (trx, publication) => { await writeMade(trx, directory, publication) },
    store: async (trx, items, publication, breathe) => { await storeMatters(trx, items, publication, directory, breathe) },
    created: () => ({ divisions: directory.madeDivisions, agencies: directory.madeAgencies.map(agency => agency.name) })
  }
}

function once (texts: Map<string, string>, text: string): string {
  const held = texts.get(text) ?? text
  texts.set(held, held)
  return held
}
