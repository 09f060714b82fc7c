import { canonical, keepVersions, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { ImportError } from '../faults.ts'
import { loadDirectory, type Directory } from '../register/directory.ts'
import { writeMade } from '../register/place.ts'
import type { Current, ImportOptions, Item, Session } from '../schema.ts'
import { OFFICER_COLUMNS } from './columns.ts'
import { mergeOfficer, readOfficer, type OfficerChange, type OfficerState } from './read.ts'

/** Everything that an import of officers needs to know. */
export async function openOfficers (db: Db, options: ImportOptions): Promise<Session<OfficerState, OfficerChange>> {
  const directory = await loadDirectory(db)
  return {
    columns: OFFICER_COLUMNS,
    parse: cells => readOfficer(cells, directory, options),
    find: async certificates => await findOfficers(db, certificates),
    merge: (cells, change, current) => mergeOfficer(cells, change, current, options.fictional === true),
    same: (a, b) => canonical(a) === canonical(b),
    prepare: async (trx, publication) => { await writeMade(trx, directory, publication) },
    store: async (trx, items, publication) => { await storeOfficers(trx, items, publication, directory) },
    created: () => ({ divisions: directory.madeDivisions, agencies: directory.madeAgencies.map(agency => agency.name) })
  }
}

async function findOfficers (db: Db, certificates: string[]): Promise<Map<string, Current<OfficerState>>> {
  const rows = await db.selectFrom('officer').selectAll().where('certificate_no', 'in', certificates).execute()
  return new Map(rows.map(({ id, version, updated_at: _, ...state }) => [state.certificate_no, { id, version, state }]))
}

async function storeOfficers (trx: Db, items: Array<Item<OfficerState>>, publication: Publication, directory: Directory): Promise<void> {
  const settled = items.map(item => ({ ...item, state: { ...item.state, agency_id: directory.realId(item.state.agency_id) } }))
  const fresh = settled.filter(item => item.current === undefined).map(item => ({ ...item.state, version: 1, updated_at: publication.at }))
  const made = fresh.length === 0 ? [] : await trx.insertInto('officer').values(fresh).returning(['id', 'certificate_no']).execute()
  const ids = new Map(made.map(row => [row.certificate_no, row.id]))
  for (const { key, state, current } of settled) {
    if (current === undefined) continue
    const { numUpdatedRows } = await trx.updateTable('officer').set({ ...state, version: current.version + 1, updated_at: publication.at })
      .where('id', '=', current.id).where('version', '=', current.version).executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new ImportError('changed_meanwhile', { key })
    ids.set(key, current.id)
  }
  await keepVersions(trx, settled.map(({ key, state, current }) => ({ kind: 'officer', id: ids.get(key) as number, version: (current?.version ?? 0) + 1, data: state })), publication)
}
