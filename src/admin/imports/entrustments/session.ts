import { canonical, keepVersions, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { ImportError } from '../faults.ts'
import { loadDirectory, type Directory } from '../register/directory.ts'
import { writeMade } from '../register/place.ts'
import type { Current, ImportOptions, Item, Session } from '../schema.ts'
import { ENTRUSTMENT_COLUMNS } from './columns.ts'
import { mergeEntrustment, readEntrustment, type EntrustmentChange, type EntrustmentState } from './read.ts'

/** Everything that an import of entrustments needs to know. */
export async function openEntrustments (db: Db, options: ImportOptions, source: string): Promise<Session<EntrustmentState, EntrustmentChange>> {
  const directory = await loadDirectory(db)
  return {
    columns: ENTRUSTMENT_COLUMNS,
    parse: cells => readEntrustment(cells, directory, options),
    find: async codes => await findEntrustments(db, codes),
    merge: (cells, change, current) => mergeEntrustment(cells, change, current, { source, fictional: options.fictional === true }),
    same: (a, b) => canonical({ ...a, source: '' }) === canonical({ ...b, source: '' }),
    prepare: async (trx, publication) => { await writeMade(trx, directory, publication) },
    store: async (trx, items, publication) => { await storeEntrustments(trx, items, publication, directory) },
    created: () => ({ divisions: directory.madeDivisions, agencies: directory.madeAgencies.map(agency => agency.name) })
  }
}

async function findEntrustments (db: Db, codes: string[]): Promise<Map<string, Current<EntrustmentState>>> {
  const rows = await db.selectFrom('entrustment').selectAll().where('code', 'in', codes).execute()
  return new Map(rows.map(({ id, version, updated_at: _, ...state }) => [state.code, { id, version, state }]))
}

async function storeEntrustments (trx: Db, items: Array<Item<EntrustmentState>>, publication: Publication, directory: Directory): Promise<void> {
  for (const { key, state: read, current } of items) {
    const state = { ...read, principal_id: directory.realId(read.principal_id), agent_id: read.agent_id === null ? null : directory.realId(read.agent_id) }
    const version = (current?.version ?? 0) + 1
    const row = { ...state, version, updated_at: publication.at }
    const id = current === undefined ? (await trx.insertInto('entrustment').values(row).returning('id').executeTakeFirstOrThrow()).id : current.id
    if (current !== undefined) {
      const { numUpdatedRows } = await trx.updateTable('entrustment').set(row).where('id', '=', id).where('version', '=', current.version).executeTakeFirst()
      if (numUpdatedRows !== 1n) throw new ImportError('changed_meanwhile', { key })
    }
    await keepVersions(trx, [{ kind: 'entrustment', id, version, data: state }], publication)
  }
}
