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

interface Line { cells: Cells, raw: RawRow }
/** One record with the rows that it was read from: one, or several where the kind joins rows. `change` is undefined once a row was faulty. */
interface Read { lines: Line[], key: string, change: unknown }

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
    await planner.settle(true)
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
    const { joined, columns } = this.#session
    const line = { cells: new Cells(raw, this.#plan.header, columns), raw }
    const outcome = line.cells.faults.length > 0 ? null : this.#session.parse(line.cells)
    if (outcome !== null && 'leftOut' in outcome) { this.#leaveOut(line.cells, raw, outcome); return false }
    const key = joined === undefined ? outcome?.key : joined.keyOf(line.cells)
    if (key === undefined || (joined === undefined && line.cells.faults.length > 0 && !this.#seen.has(key))) { this.#reject([line]); return false }
    if (!this.#joins(line, key, outcome?.change)) this.#begin(line, key, outcome?.change)
    return this.#batch.length > BATCH
  }

  /** The first row of a record; one that the file has had already is rejected. */
  #begin (line: Line, key: string, change: unknown): void {
    const first = this.#seen.get(key)
    if (first !== undefined) {
      line.cells.fault(Object.keys(this.#session.columns)[0] ?? '', this.#session.joined === undefined ? 'duplicate' : 'rows_apart', { first })
      this.#reject([line])
      return
    }
    this.#seen.set(key, line.raw.row)
    this.#batch.push({ lines: [line], key, change: line.cells.faults.length > 0 ? undefined : change })
  }

  /** Several rows of one record stand together; a faulty one spoils the record, which would lack a part. */
  #joins (line: Line, key: string, change: unknown): boolean {
    const open = this.#batch.at(-1)
    if (this.#session.joined === undefined || open?.key !== key) return false
    open.lines.push(line)
    const sound = change !== undefined && line.cells.faults.length === 0 && open.change !== undefined
    open.change = sound ? this.#session.joined.join(open.change, change) : undefined
    return true
  }

  /** Compares the batch with what is stored; the last record waits, as its next row may follow. */
  async settle (last = false): Promise<void> {
    const batch = this.#batch.splice(0, this.#batch.length - (last ? 0 : 1))
    if (batch.length === 0) return
    const stored = await this.#session.find(batch.map(read => read.key))
    for (const read of batch) this.#compare(read, stored.get(read.key))
  }

  #compare ({ lines, key, change }: Read, current: Current<unknown> | undefined): void {
    const { counts, items } = this.#plan
    const [{ cells, raw }] = lines as [Line]
    const faulty = (): boolean => lines.some(line => line.cells.faults.length > 0)
    if (change === undefined || faulty()) { this.#reject(lines); return }
    const state = this.#session.merge(cells, change, current?.state)
    if (state !== null && typeof state === 'object' && 'leftOut' in state) { this.#leaveOut(cells, raw, state as { leftOut: string, column: string }); return }
    if (state === null || faulty()) { this.#reject(lines); return }
    if (current !== undefined && this.#session.same(current.state, state)) { counts.unchanged++; return }
    counts[current === undefined ? 'new' : 'changed']++
    items.push({ key, state, current })
  }

  #reject (lines: Line[]): void {
    const broken = lines.find(line => line.cells.faults.length > 0)
    for (const { cells, raw } of lines) {
      if (cells.faults.length === 0) cells.fault('', 'other_row', { row: broken?.raw.row ?? raw.row })
      this.#plan.counts.rejected++
      this.#plan.faults.push(...cells.faults)
      this.#plan.rejected.push(raw)
    }
  }

  #leaveOut (cells: Cells, raw: RawRow, { leftOut, column }: { leftOut: string, column: string }): void {
    this.#plan.counts.leftOut++
    const place = this.#plan.header.titles.indexOf(column)
    this.#plan.leftOut.push({ row: cells.row, column, value: shorten(raw.cells[place] ?? ''), rule: leftOut })
  }
}
