import { Cells } from './cells/cells.ts'
import { findHeader, HEADER_ROWS, type Header } from './columns.ts'
import { ImportError, shorten } from './faults.ts'
import type { Counts, Current, Fault, Item, OnProgress, RawRow, Session, Source } from './schema.ts'

/** security.md I-1 */
const MAX_ROWS = 100_000
const BATCH = 200

/** What an import would do: the records to write, and everything there is to say about the rows. Nothing is written yet. */
export interface Plan {
  header: Header
  items: Array<Item<unknown>>
  counts: Counts
  faults: Fault[]
  leftOut: Fault[]
  /** rejected rows as they stand in the file */
  rejected: RawRow[]
}

interface Read { cells: Cells, raw: RawRow, key: string, change: unknown }

/** Reads and checks every row and compares it with the register; dry run and import both come through here. */
export async function makePlan (source: Source, session: Session<unknown, unknown>, breathe: () => Promise<void>, onProgress: OnProgress): Promise<Plan> {
  const rows = source.rows()[Symbol.asyncIterator]()
  try {
    const first = await readHead(rows)
    const header = findHeader(first, session.columns)
    const plan: Plan = { header, items: [], counts: { read: 0, new: 0, changed: 0, unchanged: 0, rejected: 0, leftOut: 0 }, faults: [], leftOut: [], rejected: [] }
    const planner = new Planner(plan, session)
    for await (const raw of following(first, header.row, rows)) {
      if (plan.counts.read >= MAX_ROWS) throw new ImportError('too_many_rows', { limit: MAX_ROWS })
      if (planner.take(raw)) { await planner.settle(); onProgress({ stage: 'read', done: plan.counts.read, total: null }) }
      await breathe()
    }
    await planner.settle()
    onProgress({ stage: 'read', done: plan.counts.read, total: plan.counts.read })
    return plan
  } finally {
    await rows.return?.()
  }
}

async function readHead (rows: AsyncIterator<RawRow>): Promise<RawRow[]> {
  const first: RawRow[] = []
  while (first.length < HEADER_ROWS) {
    const { value, done } = await rows.next() as IteratorResult<RawRow, undefined>
    if (done === true) break
    first.push(value)
  }
  return first
}

async function * following (first: RawRow[], header: number, rows: AsyncIterator<RawRow>): AsyncGenerator<RawRow> {
  yield * first.filter(raw => raw.row > header)
  for (let next = await rows.next(); next.done !== true; next = await rows.next()) yield next.value
}

class Planner {
  readonly #plan: Plan
  readonly #session: Session<unknown, unknown>
  readonly #seen = new Map<string, number>()
  #batch: Read[] = []

  constructor (plan: Plan, session: Session<unknown, unknown>) { this.#plan = plan; this.#session = session }

  /** Reads one row; true when a batch is full. */
  take (raw: RawRow): boolean {
    if (raw.cells.every(cell => cell.trim() === '') && raw.bad === undefined) return false
    this.#plan.counts.read++
    const cells = new Cells(raw, this.#plan.header, this.#session.columns)
    const outcome = cells.faults.length > 0 ? null : this.#session.parse(cells)
    if (outcome !== null && 'leftOut' in outcome) { this.#leaveOut(cells, raw, outcome); return false }
    const first = outcome === null ? undefined : this.#seen.get(outcome.key)
    if (first !== undefined) cells.fault(Object.keys(this.#session.columns)[0] ?? '', 'duplicate', { first })
    if (outcome === null || cells.faults.length > 0) { this.#reject(cells, raw); return false }
    this.#seen.set(outcome.key, raw.row)
    this.#batch.push({ cells, raw, ...outcome })
    return this.#batch.length >= BATCH
  }

  /** Compares the batch with what is stored. */
  async settle (): Promise<void> {
    const batch = this.#batch
    this.#batch = []
    if (batch.length === 0) return
    const stored = await this.#session.find(batch.map(read => read.key))
    for (const read of batch) this.#compare(read, stored.get(read.key))
  }

  #compare ({ cells, raw, key, change }: Read, current: Current<unknown> | undefined): void {
    const { counts, items } = this.#plan
    const state = this.#session.merge(cells, change, current?.state)
    if (state !== null && typeof state === 'object' && 'leftOut' in state) { this.#leaveOut(cells, raw, state as { leftOut: string, column: string }); return }
    if (state === null || cells.faults.length > 0) { this.#reject(cells, raw); return }
    if (current !== undefined && this.#session.same(current.state, state)) { counts.unchanged++; return }
    counts[current === undefined ? 'new' : 'changed']++
    items.push({ key, state, current })
  }

  #reject (cells: Cells, raw: RawRow): void {
    this.#plan.counts.rejected++
    this.#plan.faults.push(...cells.faults)
    this.#plan.rejected.push(raw)
  }

  #leaveOut (cells: Cells, raw: RawRow, { leftOut, column }: { leftOut: string, column: string }): void {
    this.#plan.counts.leftOut++
    const place = this.#plan.header.titles.indexOf(column)
    this.#plan.leftOut.push({ row: cells.row, column, value: shorten(raw.cells[place] ?? ''), rule: leftOut })
  }
}
