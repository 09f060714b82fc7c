import type { Columns } from '../engine/columns.ts'

/** Where a record holds what was asked: nowhere, in its text, in its name. */
export const [TEXT, NAME] = [1, 2]

const ROWS = 2 ** 21

/** Rows by a whole number up to 2^31, then by code: rows stand in the order of codes already. A register has fewer than two million rows of a kind. Numbers sort ten times faster than a comparison does. */
export function sortBy (rows: Int32Array, rank: (row: number) => number): Int32Array {
  const keys = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at++) keys[at] = rank(rows[at] as number) * ROWS + (rows[at] as number)
  keys.sort()
  const sorted = new Int32Array(rows.length)
  for (let at = 0; at < keys.length; at++) sorted[at] = (keys[at] as number) % ROWS
  return sorted
}

/** Rows in the order of codes brought into another: `relevance`, `code` or an order of the list's own. `kind`: where each holds what was asked. */
export function inOrder (columns: Columns, rows: Int32Array, sort: string, runs: readonly string[], kind: Uint8Array | null): Int32Array {
  const key = columns.keys[sort]
  if (key !== undefined) return sortBy(rows, row => 2 ** 31 - (key[row] as number))
  if (sort === 'code' || kind === null) return rows
  const sorted = new Int32Array(rows.length)
  const named = rows.filter(row => kind[row] === NAME)
  sorted.set(sortBy(named, row => relevance(columns, row, runs)))
  sorted.set(sortTexts(columns, rows.filter(row => kind[row] !== NAME), runs), named.length)
  return sorted
}

/** Hits in texts: those with more of the words in their names first; with one word only the ended have to go last. */
function sortTexts (columns: Columns, rows: Int32Array, runs: readonly string[]): Int32Array {
  const ended = (row: number): number => columns.ended[row] as number
  if (runs.length > 1) return sortBy(rows, row => runs.filter(run => columns.names[row]?.includes(run) !== true).length * 2 + ended(row))
  const last = rows.filter(row => ended(row) !== 0)
  if (last.length === 0) return rows
  const sorted = new Int32Array(rows.length)
  sorted.set(rows.filter(row => ended(row) === 0))
  sorted.set(last, rows.length - last.length)
  return sorted
}

/** Of two rows with the words in name or alias the lower is better: name before alias, in force before ended, the earlier in the name, the shorter name. */
function relevance (columns: Columns, row: number, runs: readonly string[]): number {
  const name = columns.names[row] as string
  const first = name.indexOf(runs[0] ?? '')
  const inName = first >= 0 && (runs.length === 1 || runs.every(run => name.includes(run)))
  const place = inName ? Math.min(first, 255) * 256 + Math.min(name.length, 255) : 0
  return ((inName ? 0 : 2) + (columns.ended[row] as number)) * 65_536 + place
}
