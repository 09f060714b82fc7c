import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { ImportError } from '../faults.ts'
import type { RawRow } from '../schema.ts'
import { brokenLine, type FileFacts } from './encoding.ts'

/** Longer than any row we accept; what is longer has lost a closing quote. */
const MAX_RECORD = 4_000_000

/** The rows of a text table, numbered as a spreadsheet shows them. Throws ImportError with the line where quotes or bytes break. */
export async function * csvRows (file: string, facts: FileFacts): AsyncGenerator<RawRow> {
  const parser = parse({ delimiter: delimiterOf(facts), relax_column_count: true, skip_empty_lines: false, max_record_size: MAX_RECORD })
  pipeline(Readable.from(decoded(file, facts)), parser, () => {}) // an error of either comes out of the loop below
  let row = 0
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row++
      if (cells.some(cell => cell !== '')) yield { row, cells, even: true }
    }
  } catch (error) {
    if (error instanceof ImportError) throw error
    if (error instanceof CsvError) throw new ImportError(/QUOTE/.test(error.code) ? 'csv_quote' : 'csv_broken', { line: Number((error as { lines?: number }).lines ?? row + 1), why: error.code })
    throw error
  }
}

async function * decoded (file: string, facts: FileFacts): AsyncGenerator<string> {
  const decoder = new TextDecoder(facts.encoding, { fatal: true })
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw error instanceof TypeError ? new ImportError('encoding', { line: brokenLine(file) }) : error
  }
}

/** The separator that the first line uses most: comma, tab or semicolon. */
function delimiterOf (facts: FileFacts): string {
  const line = new TextDecoder(facts.encoding).decode(facts.start).split(/\r?\n/, 1)[0] ?? ''
  const bare = line.replace(/"[^"]*"/g, '')
  return [',', '\t', ';'].map(mark => ({ mark, count: bare.split(mark).length })).sort((a, b) => b.count - a.count)[0]?.mark ?? ','
}
