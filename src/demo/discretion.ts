import path from 'node:path'
import type { Kysely } from 'kysely'
import { importRecords } from '../admin/imports/service.ts'
import type { Database } from '../db/schema.ts'
import { StartError } from '../db/start-error.ts'

/** The lists of a demo city in the order in which they came out: the later ones are new versions of some records. */
const LISTS = [
  ['benchmarks', 'demo-benchmarks-earlier.csv'], ['benchmarks', 'demo-benchmarks.csv'],
  ['exemptions', 'demo-exemptions-earlier.csv'], ['exemptions', 'demo-exemptions.csv']
] as const

/** Imports the fictional benchmarks and exemptions of a city pack. Throws StartError when a row is rejected. */
export async function importDiscretion (db: Kysely<Database>, folder: string, now: string): Promise<void> {
  for (const [kind, file] of LISTS) {
    const report = await importRecords({ db, now }, { kind, input: path.join(folder, file), fictional: true })
    const fault = report.faults[0]
    if (fault !== undefined) throw new StartError('pack_invalid', { why: `${file} ${JSON.stringify(fault)}` })
  }
}
