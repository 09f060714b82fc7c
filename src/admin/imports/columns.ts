import { ImportError, shorten } from './faults.ts'
import type { Columns, RawRow } from './schema.ts'

/** Titles and notes may stand above the header; it is looked for in the first rows. */
export const HEADER_ROWS = 10

export interface Header {
  row: number
  titles: string[]
  /** field → place of its column */
  places: ReadonlyMap<string, number>
  /** columns that are not read */
  ignored: string[]
  /** places of personal data, blanked in what is handed back */
  personal: ReadonlySet<number>
}

const fold = (title: string): string => title.normalize('NFKC').toLowerCase().replace(/[\s*_\-:/()]|必填|选填/g, '')

/** Finds the header among the first rows. Throws ImportError for a missing or doubled column, or when no row looks like a header. */
export function findHeader (rows: RawRow[], columns: Columns): Header {
  const names = namesOf(columns)
  const [best] = rows.map(row => ({ row, hits: row.cells.filter(title => names.has(fold(title))).length })).sort((a, b) => b.hits - a.hits)
  if (best === undefined) throw new ImportError('empty')
  if (best.hits === 0) throw new ImportError('no_header', { first: shorten(best.row.cells.filter(cell => cell !== '').join('、')), expected: requiredOf(columns).map(field => columns[field]?.names[0]).join('、') })
  return readHeader(best.row, columns, names)
}

function readHeader (row: RawRow, columns: Columns, names: Map<string, string>): Header {
  const titles = row.cells.map(title => title.trim())
  const places = new Map<string, number>()
  const ignored: string[] = []
  const personal = new Set<number>()
  for (const [place, title] of titles.entries()) {
    const field = names.get(fold(title))
    if (field === undefined) { if (title !== '') ignored.push(title); continue }
    const first = places.get(field)
    if (first !== undefined) throw new ImportError('column_twice', { row: row.row, column: title, other: titles[first] ?? '' })
    places.set(field, place)
    if (columns[field]?.personal === true) personal.add(place)
    if (columns[field]?.personal === true || columns[field]?.unstored === true) ignored.push(title)
  }
  takeSpares(titles, places, columns)
  const missing = requiredOf(columns).filter(field => !places.has(field)).map(field => columns[field]?.names[0])
  if (missing.length > 0) throw new ImportError('column_missing', { row: row.row, columns: missing.join('、'), found: titles.filter(title => title !== '').join('、') })
  return { row: row.row, titles, places, ignored, personal }
}

/** A list that has 实施编码 and no 事项编码 means the same by it. */
function takeSpares (titles: string[], places: Map<string, number>, columns: Columns): void {
  for (const [field, { spare = [] }] of Object.entries(columns)) {
    if (places.has(field)) continue
    const names = new Set(spare.map(fold))
    const place = titles.findIndex(title => names.has(fold(title)))
    if (place < 0) continue
    for (const [other, at] of places) if (at === place) places.delete(other)
    places.set(field, place)
  }
}

function namesOf (columns: Columns): Map<string, string> {
  return new Map(Object.entries(columns).flatMap(([field, column]) => [field, ...column.names].map(name => [fold(name), field] as const)))
}

function requiredOf (columns: Columns): string[] {
  return Object.keys(columns).filter(field => columns[field]?.required === true)
}
