import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { isUtf8 } from 'node:buffer'
import { ImportError } from '../faults.ts'
import type { RawRow, Source } from '../schema.ts'
import { MAX_BYTES } from './encoding.ts'

/** Statutes as markdown, one a file: each file is a row of two cells, its name and its text. One file alone is a folder of one. */
export function statuteFolder (input: string): Source {
  const files = statSync(input).isDirectory() ? readdirSync(input, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.md')).sort().map(name => path.join(input, name)) : [input]
  if (files.length === 0) throw new ImportError('no_statutes', { folder: input })
  const hash = createHash('sha256')
  for (const file of files) hash.update(path.basename(file)).update(createHash('sha256').update(readFileSync(file)).digest())
  return { name: path.basename(input), sha256: hash.digest('hex'), encoding: 'utf-8', rows: () => readFiles(files) }
}

async function * readFiles (files: string[]): AsyncGenerator<RawRow> {
  yield { row: 0, cells: ['file', 'text'] }
  for (const [at, file] of files.entries()) yield { row: at + 1, ...readOne(file) }
}

function readOne (file: string): Omit<RawRow, 'row'> {
  const name = path.basename(file)
  if (statSync(file).size > MAX_BYTES / 10) return { cells: [name, ''], bad: new Map([[1, 'too_big']]) }
  const bytes = readFileSync(file)
  return isUtf8(bytes) ? { cells: [name, bytes.toString('utf8')] } : { cells: [name, ''], bad: new Map([[1, 'encoding']]) }
}
