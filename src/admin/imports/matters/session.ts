import type { Db } from '../../../db/schema.ts'
import { ImportError } from '../faults.ts'
import { loadDirectory } from '../register/directory.ts'
import { writeMade } from '../register/place.ts'
import { keepSuccessions, previousCodes, type Ended, type Successor } from '../register/succession.ts'
import type { ImportOptions, Item, Session } from '../schema.ts'
import { MATTER_COLUMNS } from './columns.ts'
import { readMatter, type MatterChange } from './read.ts'
import { mergeMatter, sameMatter, type MatterState } from './state.ts'
import { findMatters, storeMatters, type Note, type Storing } from './store.ts'

/** What one import learns from row to row: what rows say of their change, which codes they say are in force, whose records end. */
interface Learned { notes: Map<string, Note>, inForce: Set<string>, ended: Ended[] }

/** Everything that an import of matters needs to know. */
export async function openMatters (db: Db, options: ImportOptions, source: string): Promise<Session<MatterState, MatterChange>> {
  const directory = await loadDirectory(db)
  const texts = new Map<string, string>()
  const learned: Learned = { notes: new Map(), inForce: new Set(), ended: [] }
  return {
    columns: MATTER_COLUMNS,
    parse: cells => readMatter(cells, directory, options),
    find: async codes => await findMatters(db, codes),
    merge: (cells, change, current) => {
      learn(learned, change, options)
      const state = mergeMatter(cells, change, current, source)
      // Many matters quote one article: it is held once (80 MB less for 22,000 matters).
      for (const basis of state?.bases ?? []) basis.quoted_text = basis.quoted_text === null ? null : once(texts, basis.quoted_text)
      return state
    },
    same: sameMatter,
    prepare: async (trx, publication) => { await writeMade(trx, directory, publication) },
    store: async (trx, items, publication, breathe) => { await storeAll(trx, items, learned, { publication, directory, notes: learned.notes, breathe }) },
    finish: async (trx, publication, breathe) => { await endPredecessors(trx, learned.ended, { publication, directory, notes: new Map(), breathe }) },
    created: () => ({ divisions: directory.madeDivisions, agencies: directory.madeAgencies.map(agency => agency.name) })
  }
}

function learn ({ notes, inForce }: Learned, { code, kind, reason, status }: MatterChange, options: ImportOptions): void {
  const change = kind ?? options.change
  if (change !== undefined || reason !== undefined) notes.set(code, { change, reason })
  if (status === 'in_force') inForce.add(code)
}

/** Writes matters, and where the codes that they took over went. Throws ImportError when the file also says that such a code is in force. */
async function storeAll (trx: Db, items: Array<Item<MatterState>>, { notes, inForce, ended }: Learned, storing: Storing): Promise<void> {
  const successors = items.filter(({ state, current }) => state.details.previous_codes !== current?.state.details.previous_codes)
    .map(({ key, state }): Successor => ({ code: key, details: state.details, reason: notes.get(key)?.reason ?? storing.publication.reason }))
  const twice = successors.flatMap(one => previousCodes(one.details)).find(code => inForce.has(code))
  if (twice !== undefined) throw new ImportError('succession_in_force', { key: twice })
  await storeMatters(trx, items, storing)
  ended.push(...await keepSuccessions(trx, successors, storing.publication))
}

/** The records of old codes end with the day on which others took their place; they stay readable. */
async function endPredecessors (trx: Db, ended: readonly Ended[], storing: Storing): Promise<void> {
  for (let at = 0; at < ended.length; at += 200) {
    const batch = new Map(ended.slice(at, at + 200).map(one => [one.code, one]))
    const items = Array.from(await findMatters(trx, [...batch.keys()]), ([key, current]): Item<MatterState> => ({
      key, current, state: { ...current.state, status: 'repealed', details: { ...current.state.details, cancel_on: batch.get(key)?.on ?? '' } }
    })).filter(({ current }) => current?.state.status !== 'repealed')
    const notes = new Map(items.map(({ key }) => [key, { change: 'adjusted', reason: batch.get(key)?.reason } as const]))
    if (items.length > 0) await storeMatters(trx, items, { ...storing, notes })
  }
}

function once (texts: Map<string, string>, text: string): string {
  const held = texts.get(text) ?? text
  texts.set(held, held)
  return held
}
