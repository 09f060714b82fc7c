import { parse } from 'csv-parse/sync'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { importRecords } from '../admin/imports/service.ts'
import type { Database } from '../db/schema.ts'
import { StartError } from '../db/start-error.ts'
import type { DemoPack } from './schema.ts'

type Row = Record<string, string>

/**
 * Gives a few matters of an empty register a past: each stage is an import of its day, the last of which leaves what the pack says today.
 * All of it or nothing, so that a loading that was cut off begins again. Throws StartError when a row is rejected.
 */
export async function importStages (db: Kysely<Database>, folder: string, { matters }: DemoPack, now: string): Promise<void> {
  if (await db.selectFrom('matter').select('id').limit(1).executeTakeFirst() !== undefined) return
  const base = new Map((parse(readFileSync(path.join(folder, 'matters.csv')), { bom: true, columns: true }) as Row[]).map(row => [row['事项编码'] ?? '', row]))
  await db.transaction().execute(async trx => {
    for (const { daysAgo, reason, rows } of matters.stages) {
      const at = new Date(Date.parse(now) - daysAgo * 86_400_000).toISOString()
      const report = await importRecords({ db: trx, now: at, actor: { id: null, role: 'system', name: 'demo' } }, { kind: 'matters', input: { name: 'matters.csv', rows: uniform(rows.map(row => ({ ...base.get(row['事项编码'] ?? ''), ...row }))) }, reason })
      const fault = report.faults[0]
      if (fault !== undefined) throw new StartError('pack_invalid', { why: `demo.json/matters ${JSON.stringify(fault)}` })
    }
  })
}

/** All rows with all columns: those of a list are read from its first row. */
function uniform (rows: Row[]): Row[] {
  const blank = Object.fromEntries(rows.flatMap(row => Object.keys(row).map(key => [key, ''])))
  return rows.map(row => ({ ...blank, ...row }))
}
