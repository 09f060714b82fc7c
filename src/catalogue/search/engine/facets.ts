import { FACETS, type Columns, type FacetColumn, type FacetName } from './columns.ts'

/** Chosen values of each facet: OR inside one, AND across. */
export type Selection = Partial<Record<FacetName, readonly string[]>>

export interface Narrowed {
  /** Rows that pass every facet, in the order in which they came. */
  rows: Int32Array
  /** How many rows each value would give; a facet's counts ignore its own selection. */
  counts: Record<FacetName, Map<string, number>>
  /** How many rows there would be without this facet's selection. */
  without: Record<FacetName, number>
}

/** One pass: a row that fails no facet counts for all, one that fails a single facet counts for that facet alone. */
export function narrow (columns: Columns, candidates: Int32Array | null, selection: Selection): Narrowed {
  const coded = FACETS.map(name => columns.facets[name].column)
  const allowed = FACETS.map(name => allowedKeys(columns.facets[name], selection[name]))
  const tallies = FACETS.map(name => new Uint32Array(columns.facets[name].keys.length))
  const spared = new Uint32Array(FACETS.length)
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
      ((tallies[facet] as Uint32Array)[(coded[facet] as Uint16Array)[row] as number] as number)++
    }
  }
  return {
    rows: rows.subarray(0, found),
    counts: byFacet((name, at) => valueCounts(columns.facets[name], tallies[at] as Uint32Array)),
    without: byFacet((_name, at) => found + (spared[at] as number))
  }
}

const NONE = -1
const MANY = -2

/** The one facet that a row fails, or NONE, or MANY. */
function onlyFailure (coded: Uint16Array[], allowed: Array<Uint8Array | null>, row: number): number {
  let failed = NONE
  for (let facet = 0; facet < coded.length; facet++) {
    const keys = allowed[facet] as Uint8Array | null
    if (keys === null || keys[(coded[facet] as Uint16Array)[row] as number] === 1) continue
    if (failed !== NONE) return MANY
    failed = facet
  }
  return failed
}

/** Which dictionary keys the chosen values allow; null when nothing is chosen. A value that nobody has allows none. */
function allowedKeys (facet: FacetColumn, chosen: readonly string[] | undefined): Uint8Array | null {
  if (chosen === undefined || chosen.length === 0) return null
  const wanted = new Set(chosen)
  return Uint8Array.from(facet.keys, key => valuesOf(key).some(value => wanted.has(value)) ? 1 : 0)
}

function valueCounts (facet: FacetColumn, tally: Uint32Array): Map<string, number> {
  const counts = new Map<string, number>()
  facet.keys.forEach((key, at) => {
    for (const value of valuesOf(key)) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + (tally[at] as number))
  })
  return counts
}

/** A field such as 市场监管 is one value although it may hold a space; only lists of codes are cut. */
function valuesOf (key: string): string[] {
  return /^[a-z_ ]+$/.test(key) ? key.split(' ') : [key]
}

function byFacet<T> (make: (name: FacetName, at: number) => T): Record<FacetName, T> {
  return Object.fromEntries(FACETS.map((name, at) => [name, make(name, at)])) as Record<FacetName, T>
}
