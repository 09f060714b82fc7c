import type { Columns, FacetColumn } from './columns.ts'

/** Chosen values of each facet: OR inside one, AND across. */
export type Selection = Readonly<Record<string, readonly string[]>>

export interface Narrowed {
  /** Rows that pass every facet, in the order in which they came. */
  rows: Int32Array
  /** How many rows each value would give; a facet's counts ignore its own selection. */
  counts: Readonly<Record<string, Map<string, number>>>
  /** How many rows there would be without this facet's selection. */
  without: Readonly<Record<string, number>>
}

/** One pass: a row that fails no facet counts for all, one that fails a single facet counts for that facet alone. */
export function narrow (columns: Columns, candidates: Int32Array | null, selection: Selection): Narrowed {
  const names = Object.keys(columns.facets)
  const facets = Object.values(columns.facets)
  const coded = facets.map(facet => facet.column)
  const allowed = names.map((name, at) => allowedKeys(facets[at] as FacetColumn, selection[name]))
  const tallies = facets.map(facet => new Uint32Array(facet.keys.length))
  const spared = new Uint32Array(facets.length)
  const total = candidates?.length ?? columns.size
  const rows = new Int32Array(total)
  let found = 0
  for (let at = 0; at < total; at++) {
    const row = candidates === null ? at : candidates[at] as number
    const failed = onlyFailure(coded, allowed, row)
    if (failed === MANY) continue
    if (failed === NONE) rows[found++] = row
    else (spared[failed] as number)++
    for (let facet = failed === NONE ? 0 : failed; facet < (failed === NONE ? coded.length : failed + 1); facet++) {
      ((tallies[facet] as Uint32Array)[(coded[facet] as Uint16Array | Uint32Array)[row] as number] as number)++
    }
  }
  return {
    rows: rows.subarray(0, found),
    counts: Object.fromEntries(names.map((name, at) => [name, valueCounts(facets[at] as FacetColumn, tallies[at] as Uint32Array)])),
    without: Object.fromEntries(names.map((name, at) => [name, found + (spared[at] as number)]))
  }
}

const NONE = -1
const MANY = -2

/** The one facet that a row fails, or NONE, or MANY. */
function onlyFailure (coded: Array<Uint16Array | Uint32Array>, allowed: Array<Uint8Array | null>, row: number): number {
  let failed = NONE
  for (let facet = 0; facet < coded.length; facet++) {
    const keys = allowed[facet] as Uint8Array | null
    if (keys === null || keys[(coded[facet] as Uint16Array | Uint32Array)[row] as number] === 1) continue
    if (failed !== NONE) return MANY
    failed = facet
  }
  return failed
}

/** Which dictionary keys the chosen values allow; null when nothing is chosen. A value that nobody has allows none. */
function allowedKeys (facet: FacetColumn, chosen: readonly string[] | undefined): Uint8Array | null {
  if (chosen === undefined || chosen.length === 0) return null
  const wanted = new Set(chosen)
  return Uint8Array.from(facet.keys, key => valuesOf(facet, key).some(value => wanted.has(value)) ? 1 : 0)
}

function valueCounts (facet: FacetColumn, tally: Uint32Array): Map<string, number> {
  const counts = new Map<string, number>()
  facet.keys.forEach((key, at) => {
    for (const value of valuesOf(facet, key)) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + (tally[at] as number))
  })
  return counts
}

function valuesOf ({ several }: FacetColumn, key: string): string[] {
  return several === undefined ? [key] : key.split(several)
}
