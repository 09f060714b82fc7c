import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { ImportError } from '../faults.ts'
import type { RawRow, RowList, Source } from '../schema.ts'
import { csvRows } from './csv.ts'
import { inspectFile } from './encoding.ts'
import { statuteFolder } from './folder.ts'
import { xlsxRows } from '../xlsx/rows.ts'

/** How pictures, PDF and older archives begin, whatever their names say: JPEG, PNG, GIF, PDF, RAR, 7z. */
const NO_TABLES = /^(\xFF\xD8\xFF|\x89PNG|GIF8|%PDF|Rar!|7z\xBC\xAF)/

/** Opens a CSV, an XLSX, a folder of statutes or a list of rows. Throws ImportError for what cannot be read at all. */
export async function openSource (input: string | RowList): Promise<Source> {
  if (typeof input !== 'string') return listSource(input)
  if (!existsSync(input)) throw new ImportError('no_file', { file: input })
  if (statSync(input).isDirectory() || input.endsWith('.md')) return statuteFolder(input)
  const facts = await inspectFile(input)
  const name = path.basename(input)
  if (facts.start.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) return { name, sha256: facts.sha256, encoding: 'xlsx', rows: () => xlsxRows(input) }
  if (facts.start.subarray(0, 4).equals(Buffer.from([0xD0, 0xCF, 0x11, 0xE0]))) throw new ImportError('old_excel', { file: name })
  if (NO_TABLES.test(facts.start.subarray(0, 8).toString('latin1'))) throw new ImportError('not_a_table', { file: name })
  return { name, sha256: facts.sha256, encoding: facts.encoding, rows: () => csvRows(input, facts) }
}

function listSource ({ name, rows }: RowList): Source {
  async function * read (): AsyncGenerator<RawRow> {
    let titles: string[] | undefined
    let row = 1
    for (const record of rows) {
      if (titles === undefined) yield { row, cells: titles = Object.keys(record) }
      yield { row: ++row, cells: titles.map(title => record[title] ?? '') }
    }
  }
  return { name, sha256: createHash('sha256').update(name).digest('hex'), encoding: 'list', rows: read }
}
