import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { RouteName } from '../../paths.ts'
import type { ListField, PublicRecord, RegisterList } from '../lists/definition.ts'
import { listProhibitionSlice, listPublicProhibitions } from './repository.ts'

/** One record as it is named: its number inside, its code in addresses, its official name where it has one. */
export interface Named { id: number, code: string, name: string | null }

/** A part of the register as it is handed out: files, feeds, API and `/data`. Every list is one; what has no list of that kind is described here. */
export interface PublicSet {
  /** Stands in addresses. */
  name: string
  /** How versions of its records are kept: `record_version.kind`. */
  kind: string
  /** The word `<words>.title`. */
  words: string
  route: RouteName
  record: RouteName
  params: readonly string[]
  /** How it is searched and narrowed; null when it is only ever handed out whole. */
  list: RegisterList | null
  /** The records after a code, in the order of codes. */
  slice: (db: Kysely<Database>, after: string, limit: number) => Promise<Named[]>
  fields: readonly ListField[]
  records: (db: Kysely<Database>, ids: number[]) => Promise<PublicRecord[]>
}

/** A list of the register as a set. Search tables are named after the kind of their records. */
export function setOf (list: RegisterList): PublicSet {
  const { name, words, route, record, params = [], fields, records } = list
  return { name, kind: list.table.replace(/_search$/, ''), words, route, record, params, list, slice: list.read, fields, records }
}

const prohibitions: PublicSet = {
  name: 'prohibitions',
  kind: 'prohibition',
  words: 'prohibitions',
  route: 'prohibitions',
  record: 'prohibition',
  params: [],
  list: null,
  slice: listProhibitionSlice,
  fields: [
    { key: 'no', label: 'column.no', type: 'integer' },
    { key: 'title', label: 'column.name', type: 'text' },
    { key: 'title_en', label: 'column.name_en', type: 'text' },
    { key: 'summary', label: 'column.text', type: 'text' },
    { key: 'text_status', label: 'column.text_status', type: 'text', words: 'prohibitions.status' },
    { key: 'verified_at', label: 'column.verified_at', type: 'date' },
    { key: 'source_title', label: 'column.source', type: 'text' },
    { key: 'source_date', label: 'column.source_date', type: 'date' },
    { key: 'source_url', label: 'column.source_url', type: 'text' },
    { key: 'version', label: 'column.version', type: 'integer' }
  ],
  records: listPublicProhibitions
}

/** What is handed out although it is not a list of the common kind. Officers are never here: the register is no telephone book. */
export const PLAIN_SETS: readonly PublicSet[] = [prohibitions]
