import type { App } from '../../app.ts'
import type { PublicRecord } from '../../catalogue/lists/definition.ts'
import { columnsOf, placeOf } from '../../catalogue/lists/engine/columns.ts'
import { findInList } from '../../catalogue/lists/engine/find.ts'
import { publishedAt } from '../../catalogue/register/repository.ts'
import { codesById, findRecord, readSetWish, sizeOf, type PublicSet } from '../../catalogue/register/service.ts'
import { AppError } from '../../errors.ts'
import { localDate } from '../../domain/time/calendar.ts'
import type { Locale } from '../../paths.ts'
import { LIMIT } from './schema.ts'

export interface Asked { after?: string, limit?: number, q?: string, [facet: string]: unknown }
export interface Page { total: number, data_on: string, next: string | null, items: Array<PublicRecord & { url: string }> }

/** One page of a set in the order of codes; `after` is where the one before ended. */
export async function readPage (app: App, set: PublicSet, locale: Locale, asked: Asked): Promise<Page> {
  const { after = '', limit = LIMIT.usual, ...filters } = asked
  const { ids, total } = await (set.list === null ? plainIds(app, set, after) : listIds(app, set, after, filters))
  const shown = ids.slice(0, limit)
  const codes = await codesOf(app, set, shown)
  const more = ids.length > limit
  return {
    total,
    data_on: localDate(await publishedAt(app.db, set) ?? app.now()),
    next: more ? app.address(locale, 'apiList', [set.name], { ...filters as Record<string, string>, after: codes.at(-1), limit }) : null,
    items: await withAddresses(app, set, locale, shown, codes)
  }
}

/** One record, else `not_found`. */
export async function readOne (app: App, set: PublicSet, locale: Locale, code: string): Promise<PublicRecord & { url: string }> {
  const found = await findRecord(app.db, set, code)
  const [record] = found === null ? [] : await withAddresses(app, set, locale, [found.id], [code])
  if (record === undefined) throw new AppError('not_found', { set: set.name, code })
  return record
}

async function withAddresses (app: App, set: PublicSet, locale: Locale, ids: number[], codes: string[]): Promise<Array<PublicRecord & { url: string }>> {
  const records = ids.length === 0 ? [] : await set.records(app.db, ids)
  return records.map((record, at) => ({ ...record, url: app.address(locale, set.record, [...set.params, codes[at] ?? '']) }))
}

interface Ids { ids: number[], total: number }

/** The list's own filters; rows come in the order of codes, so the cursor is found by halving. */
async function listIds ({ db }: App, set: PublicSet, after: string, filters: Record<string, unknown>): Promise<Ids> {
  const { list } = set
  const wish = readSetWish(set, { ...filters, sort: 'code' })
  if (list === null || wish === null) return { ids: [], total: 0 }
  const columns = await columnsOf(db, list)
  const { rows } = await findInList(db, list, { ...wish, page: 1 })
  const place = placeOf(columns, after)
  const first = columns.codes[place] === after && after !== '' ? place + 1 : place
  const from = rows.findIndex(row => row >= first)
  return { ids: from < 0 ? [] : Array.from(rows.subarray(from, from + LIMIT.most + 1), row => columns.ids[row] as number), total: rows.length }
}

async function plainIds ({ db }: App, set: PublicSet, after: string): Promise<Ids> {
  const slice = await set.slice(db, after, LIMIT.most + 1)
  return { ids: slice.map(row => row.id), total: await sizeOf(db, set) }
}

async function codesOf ({ db }: App, set: PublicSet, ids: number[]): Promise<string[]> {
  const codeOf = await codesById(db, set)
  return ids.map(id => codeOf(id) ?? '')
}
