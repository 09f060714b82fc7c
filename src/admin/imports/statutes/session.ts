import { canonical } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import type { Columns, ImportOptions, Session } from '../schema.ts'
import { readStatute, type StatuteState } from './read.ts'
import { findTexts, storeTexts } from './store.ts'

const COLUMNS = { file: { names: ['文件名'], required: true, text: true }, text: { names: ['正文'], required: true, text: true } } as const satisfies Columns

/** Everything that an import of statutes needs to know. A statute may have several texts, one for each date: the latest is the statute, the others stay beside it. */
export async function openStatutes (db: Db, _options: ImportOptions, source: string): Promise<Session<StatuteState, StatuteState>> {
  return {
    columns: COLUMNS,
    parse: cells => readStatute(cells, source),
    find: async keys => await findTexts(db, keys),
    merge: (_cells, change) => change,
    same: (a, b) => canonical({ ...a, source: '' }) === canonical({ ...b, source: '' }),
    store: storeTexts
  }
}
