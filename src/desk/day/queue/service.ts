import { Check } from 'typebox/value'
import type { QueueFilter } from '../../../complaints/case/reading/repository.ts'
import { COLUMNS, QueueQuery, SIZES, type Column } from './schema.ts'

/** What makes a list the list it is, in the order of its one written form; the page that somebody stands on is no part of it. */
const PARTS = ['view', 'status', 'agency', 'ground', 'handler', 'due', 'source', 'flag', 'unread', 'rectify', 'sort', 'q', 'cols', 'size'] as const
const LISTS: ReadonlySet<string> = new Set(['status', 'cols'])
const NUMBERS: ReadonlySet<string> = new Set(['agency', 'handler', 'unread', 'size'])
/** How long the written form of a list may be: every status and every column fit. */
export const LIST_LIMIT = 1200

/** What a list shows when nobody chose: what is closed is no longer due. */
const SHOWN: readonly Column[] = ['about', 'status', 'due', 'received', 'handler']
const SHOWN_CLOSED: readonly Column[] = ['about', 'status', 'outcome', 'received', 'handler']

/** The columns of a list, in the order of the table. */
export function columnsOf ({ view, cols }: QueueQuery): readonly Column[] {
  if (cols !== undefined && cols.length > 0) return COLUMNS.filter(column => cols.includes(column))
  return view === 'closed' ? SHOWN_CLOSED : SHOWN
}

/** A list in its one written form: equal lists are equal texts. What is as it is anyhow is not said. */
export function writeList (query: QueueQuery): string {
  const plain = { ...query, view: query.view ?? 'open', status: [...new Set(query.status ?? [])].sort(), cols: columnsOf(query), size: query.size === SIZES[0] ? undefined : query.size }
  if (plain.cols.join() === columnsOf({ view: plain.view }).join()) plain.cols = []
  const search = new URLSearchParams()
  for (const part of PARTS) for (const value of [plain[part] ?? []].flat()) search.append(part, String(value))
  return search.toString()
}

/** The list that a text describes; null for anything that the address of a list could not say. */
export function readList (text: string): QueueQuery | null {
  if (text.length > LIST_LIMIT) return null
  const search = new URLSearchParams(text)
  const query: Record<string, unknown> = {}
  for (const part of PARTS) {
    const values = search.getAll(part).filter(value => value !== '').map(value => NUMBERS.has(part) && /^\d{1,10}$/.test(value) ? Number(value) : value)
    if (values.length > 0) query[part] = LISTS.has(part) ? values : values.length === 1 ? values[0] : values
  }
  return Check(QueueQuery, query) ? query : null
}

/** A list as the person who looks gets it. */
export function filterOf (query: QueueQuery, viewer: { id: number, bureauIds: readonly number[] }): QueueFilter {
  return { ...query, view: query.view ?? 'open', bureauIds: viewer.bureauIds, me: viewer.id }
}
