import Type, { type Static } from 'typebox'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { SearchTableName } from '../../db/text.ts'
import type { RouteName } from '../../paths.ts'

/** Formats of the files in which a list can be had; they stand in addresses, the words are `lists.format_<name>`. */
export const FILE_FORMATS = ['csv', 'xlsx', 'json'] as const
export type FileFormat = typeof FILE_FORMATS[number]

/** What a list can be narrowed by. OR inside a facet, AND across. */
export interface FacetRule {
  /** Stands in addresses; its legend is the word `facet.<name>`. */
  name: string
  /** How its values are called: words of the catalogues (`says` is their prefix), agencies and trades by slug, divisions by code, or the official text itself. */
  says: { words: string } | 'agency' | 'region' | 'industry' | 'text'
  /** Values that stand in the open; the others unfold. */
  shown: number
  /** What separates several values of one record. */
  several?: string
  /** Values in their own order, the highest first (years), instead of the most frequent first. */
  ordered?: true
  /** Says nothing as long as there is one value only. */
  pointlessAlone?: true
  /** Stands in addresses that other pages link to; the panel shows it only when it is chosen. */
  quiet?: true
}

/** One record of a list as the engine keeps it in memory. */
export interface ListRow {
  id: number
  code: string
  name: string
  /** everyday names and other words that count like the name */
  aliases: string
  /** no longer in force: shown, marked, after the others */
  ended: boolean
  /** value of each facet; several values are joined by the facet's separator, '' for none */
  values: Readonly<Record<string, string>>
  /** what each order counts by: whole numbers from 0 to 2^31, the larger first */
  keys: Readonly<Record<string, number>>
}

export type FieldValue = string | number | boolean | null | string[]
/** What the public may have of one record: the same on the page, in exports and in the API. */
export type PublicRecord = Readonly<Record<string, FieldValue>>

/** One column of what a list hands out. Its name is the word `label`; codes are said by words of the prefix `words`. */
export interface ListField { key: string, label: string, type: 'text' | 'integer' | 'fen' | 'date' | 'instant' | 'flag' | 'texts', words?: string }

/** One list of the public register: everything that its page, its exports, its feed and the API need to know of it. */
export interface RegisterList {
  /** Stands in the addresses of exports, feeds and the API; the words of the list begin with `wordsOf`. */
  name: string
  /** Keys `<words>.title`, `<words>.search`, `<words>.search_hint` of the catalogues. */
  words: string
  /** Where the list and its records are; `params` come before a record's code. */
  route: RouteName
  record: RouteName
  params?: readonly string[]
  section?: 'matters' | 'verify' | 'prohibitions'
  /** Full-text side table; `rowid` is the record's id. */
  table: SearchTableName
  facets: readonly FacetRule[]
  /** Orders beside relevance and code: keys of the rows; words at `sort.<name>`. `usual`: where no words were typed. */
  sorts: readonly string[]
  usual?: string
  /** The public records after a code, in the order of codes. */
  read: (db: Kysely<Database>, after: string, limit: number) => Promise<ListRow[]>
  /** The records of a page in the order of `ids` as the partial `hit` shows them. */
  hit: string
  describe: (db: Kysely<Database>, ids: number[], runs: string[]) => Promise<unknown[]>
  fields: readonly ListField[]
  /** The public data of records, in the order of `ids`. */
  records: (db: Kysely<Database>, ids: number[]) => Promise<PublicRecord[]>
}

const Text = Type.Optional(Type.String())
const Values = Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }))

/** A list as its address says it. Odd pages, sorts and sizes mean the usual ones; unknown facet values find nothing. */
export function listQuery (list: RegisterList) {
  return Type.Object({ q: Text, sort: Text, per: Text, page: Text, ...Object.fromEntries(list.facets.map(facet => [facet.name, Values])) })
}
export type ListQuery = Static<ReturnType<typeof listQuery>> & Readonly<Record<string, unknown>>
