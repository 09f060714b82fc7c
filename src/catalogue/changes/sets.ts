import { sql } from 'kysely'
import type { Db } from '../../db/schema.ts'
import { ROUTES, type RouteName } from '../../paths.ts'

/** Where the changed records of a kind are read: what each is called, and the parts of its address. */
interface ChangeSet { table: string, id?: string, name: string, code: string, route: string, list?: string }

/**
 * The kinds of public records whose changes are named, in the order in which they are offered; words at `change_set.<kind>`. Kinds that
 * stand in `COUNTED` are counted only: officers are people (features.md L19). What stands in neither is counted too.
 */
export const CHANGE_SETS: Readonly<Record<string, ChangeSet>> = {
  matter: { table: 'matter', name: 'name', code: 'code', route: 'matter' },
  agency: { table: 'agency', name: 'name', code: 'slug', route: 'agency' },
  prohibition: { table: 'prohibition', id: 'no', name: 'title', code: 'no', route: 'prohibition' },
  statute: { table: 'statute', name: 'name', code: 'slug', route: 'statute' },
  benchmark: { table: 'benchmark', name: 'violation', code: 'code', route: 'benchmark' },
  exemption: { table: 'exemption', name: 'violation', code: 'code', route: 'exemption' },
  decision: { table: 'decision', name: 'number', code: 'code', route: 'decision' },
  list_item: { table: 'list_item', name: 'title', code: 'code', route: 'listItem', list: 'kind' }
}

/** Kinds whose records are never named here. */
export const COUNTED: readonly string[] = ['officer', 'entrustment', 'statute_text']

/** `route` is null where records of a kind have no page. */
export interface ChangedRecord { name: string | null, route: RouteName | null, params: string[] }

/** What changed records are called now and where they are; a record that is gone has no entry. */
export async function namesOfChanged (db: Db, kind: string, ids: number[]): Promise<Map<number, ChangedRecord>> {
  const set = CHANGE_SETS[kind]
  if (set === undefined || ids.length === 0) return new Map()
  const route = Object.hasOwn(ROUTES, set.route) ? set.route as RouteName : null
  const list = set.list === undefined ? sql<string | null>`null` : sql<string | null>`${sql.ref(set.list)}`
  const { rows } = await sql<{ id: number, name: string | null, code: string | number, list: string | null }>`select ${sql.ref(set.id ?? 'id')} as id, ${sql.ref(set.name)} as name, ${sql.ref(set.code)} as code, ${list} as list from ${sql.table(set.table)} where ${sql.ref(set.id ?? 'id')} in (${sql.join(ids)})`.execute(db)
  return new Map(rows.map(row => [row.id, { name: row.name, route, params: row.list === null ? [String(row.code)] : [row.list, String(row.code)] }]))
}
