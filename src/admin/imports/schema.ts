import type { AuditKey } from '../../db/audit.ts'
import type { Db } from '../../db/schema.ts'
import type { Publication } from '../../db/records.ts'
import type { Change } from '../../domain/records/enumerations.ts'
import { LIST_NAMES } from '../../domain/records/list-kinds.ts'
import type { Locale } from '../../paths.ts'
import type { Keys } from '../../vault/keys.ts'
import type { Cells } from './cells/cells.ts'

export const KINDS = ['matters', 'statutes', 'officers', 'agencies', 'entrustments', 'decisions', 'benchmarks', 'exemptions', 'hotline', ...LIST_NAMES] as const
export type KindName = (typeof KINDS)[number]

/** A cell that breaks a rule. The sentence stands at `import_rule.<rule>`; `values` fill it. */
export interface Fault { row: number, column: string, value: string, rule: string, values?: Record<string, string | number> }

/** One row as it stands in the file; `bad` names cells that hold no plain value (a formula, an error); `even`: must be as long as the header. */
export interface RawRow { row: number, cells: string[], bad?: ReadonlyMap<number, string>, even?: true }

/** Rows of one file or folder, header included, read one after the other. */
export interface Source { name: string, sha256: string, encoding: string, rows: () => AsyncIterable<RawRow> }

/** Rows made by a program: the keys are column names. */
export interface RowList { name: string, rows: Iterable<Readonly<Record<string, string>>> }

/**
 * What a column may be called, and how its cells are read. `spare`: names of other fields that serve as this one where its own column is
 * missing; `unstored`: known and left aside; `personal`: never kept, never handed back; `hush`: never shown in a report.
 */
export interface Column { names: readonly string[], spare?: readonly string[], required?: true, max?: number, text?: true, unstored?: true, personal?: true, hush?: true }
export type Columns = Readonly<Record<string, Column>>

export interface ImportOptions {
  kind: KindName
  /** a file or folder, or rows made by a program */
  input: string | RowList
  /** division of rows that name none; otherwise the bureau's own */
  division?: string
  createAgencies?: boolean
  /** write the good rows although others are rejected */
  partial?: boolean
  dryRun?: boolean
  /** file (.csv or .xlsx) for the rejected rows and their reasons */
  rejects?: string
  reason?: string
  /** what the publication does to the records it changes */
  change?: Change
  locale?: Locale
  /** marks generated people */
  fictional?: boolean
}

/** The database (or an open transaction), the instant, and who imports. With a key of the audit chain the import is entered there; complaints need all keys. */
export interface ImportParts { db: Db, now: string, actor?: { id: number | null, role: string, name: string }, auditKey?: AuditKey, keys?: Keys }

export interface Progress { stage: 'read' | 'write', done: number, total: number | null }
export type OnProgress = (progress: Progress) => void

export interface Counts { read: number, new: number, changed: number, unchanged: number, rejected: number, leftOut: number }

export interface Report {
  kind: KindName
  file: string
  sha256: string
  encoding: string
  counts: Counts
  faults: Fault[]
  /** rows that are no error but do not belong here, by reason */
  leftOut: Fault[]
  created: { divisions: string[], agencies: string[] }
  /** columns that were not read: unknown, known but not kept, personal */
  ignored: string[]
  written: boolean
  batchId: string | null
}

export interface Current<S> { id: number, version: number, state: S }
/** A record to be written: new without `current`, otherwise its next version. */
export interface Item<S> { key: string, state: S, current: Current<S> | undefined }

/** What is made of one row: a key and what it says of the record; faults lie in the cells; `leftOut` names a reason. */
export type Outcome<C> = { key: string, change: C } | { leftOut: string, column: string } | null

/** One kind of record during one import. */
export interface Session<S, C> {
  columns: Columns
  /** reads one row; faults are noted in `cells` */
  parse: (cells: Cells) => Outcome<C>
  /** for kinds whose records take several rows, which stand together: whose row it is, and both parts in one */
  joined?: { keyOf: (cells: Cells) => string | undefined, join: (before: C, next: C) => C }
  /** the stored records with these keys */
  find: (keys: string[]) => Promise<Map<string, Current<S>>>
  /** the whole record after the change; faults are noted in `cells`; null or a reason to leave the row out */
  merge: (cells: Cells, change: C, current: S | undefined) => S | { leftOut: string, column: string } | null
  same: (a: S, b: S) => boolean
  /** writes a batch inside the transaction */
  store: (trx: Db, items: Array<Item<S>>, publication: Publication, breathe: () => Promise<void>) => Promise<void>
  /** what else has to exist first: divisions and agencies that the file made */
  prepare?: (trx: Db, publication: Publication) => Promise<void>
  /** what follows once all records are written */
  finish?: (trx: Db, publication: Publication, breathe: () => Promise<void>) => Promise<void>
  created?: () => Report['created']
}
