import { indexAgencies } from '../../../content/agency-index.ts'
import { keepVersions, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { normaliseUscc } from '../../../domain/records/codes.ts'
import type { Cells } from '../cells/cells.ts'
import type { ImportOptions } from '../schema.ts'
import { bareAgency, type AgencyEntry, type Directory, type Division } from './directory.ts'

/** The division of a row: its own cell, else the one that was named for the file, else the bureau's. */
export function placeRow (cells: Cells, directory: Directory, options: ImportOptions): Division | undefined {
  const cell = cells.read('region_code')
  const text = cell ?? options.division ?? directory.home
  if (text === null) { cells.fault('region_code', 'division_missing'); return undefined }
  const found = directory.division(text) ?? (options.createAgencies === true ? directory.addDivision(text) : undefined)
  if (found === undefined) cells.fault('region_code', 'division_unknown', { code: text }, text)
  return found
}

/** The agency of a row within its division; an unknown one is a fault, or is made when the import may do so. */
export function agencyOfRow (cells: Cells, directory: Directory, division: Division, options: ImportOptions): AgencyEntry | undefined {
  const name = cells.need('agency')
  if (name === undefined) return undefined
  const found = directory.agency(division, name)
  if (found !== undefined) return found
  if (options.createAgencies !== true) { cells.fault('agency', 'agency_unknown', { division: division.name }); return undefined }
  if (Array.from(name).length > 200) { cells.fault('agency', 'too_long', { limit: 200, length: Array.from(name).length }); return undefined }
  const department = cells.read('department')
  return directory.addAgency(division, name, { uscc: normaliseUscc(department ?? ''), sector: cells.read('field') ?? null })
}

/** Writes the divisions and agencies that the file made. */
export async function writeMade (trx: Db, directory: Directory, publication: Publication): Promise<void> {
  const divisions = directory.madeDivisions.map(code => ({ code, name: code, name_en: code, parent_code: null }))
  if (divisions.length > 0) await trx.insertInto('division').values(divisions).onConflict(conflict => conflict.column('code').doNothing()).execute()
  for (const made of directory.madeAgencies) {
    const row = bareAgency(made)
    const { id } = await trx.insertInto('agency').values(row).returning('id').executeTakeFirstOrThrow()
    const { version, ...state } = row
    await keepVersions(trx, [{ kind: 'agency', id, version, data: { ...state, aliases: [] } }], publication)
    await indexAgencies(trx, [id])
    directory.settle(made.id, id)
  }
}
