import { canonical, keepVersions, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { indexTexts, unindexText } from '../../../db/text.ts'
import { ImportError } from '../faults.ts'
import type { Columns, Current, ImportOptions, Item, Session } from '../schema.ts'
import { readStatute, type StatuteState } from './read.ts'

const COLUMNS = { file: { names: ['文件名'], required: true, text: true }, text: { names: ['正文'], required: true, text: true } } as const satisfies Columns

/** Everything that an import of statutes needs to know; an older text never replaces a later one. */
export async function openStatutes (db: Db, _options: ImportOptions, source: string): Promise<Session<StatuteState, StatuteState>> {
  return {
    columns: COLUMNS,
    parse: cells => readStatute(cells, source),
    find: async keys => await findStatutes(db, keys),
    merge: (cells, change, current) => current !== undefined && current.text_date > change.text_date ? { leftOut: 'older_text', column: cells.title('file') } : change,
    same: (a, b) => canonical({ ...a, source: '' }) === canonical({ ...b, source: '' }),
    store: storeStatutes
  }
}

async function findStatutes (db: Db, keys: string[]): Promise<Map<string, Current<StatuteState>>> {
  const rows = await db.selectFrom('statute').selectAll().where('law_key', 'in', keys).execute()
  if (rows.length === 0) return new Map()
  const articles = await db.selectFrom('statute_article').select(['statute_id', 'article_no', 'sub_no', 'label', 'chapter', 'body'])
    .where('statute_id', 'in', rows.map(row => row.id)).orderBy('statute_id').orderBy('seq').execute()
  const byStatute = Map.groupBy(articles, article => article.statute_id)
  return new Map(rows.map(({ id, version, updated_at: _, ...state }) =>
    [state.law_key, { id, version, state: { ...state, articles: (byStatute.get(id) ?? []).map(({ statute_id: _id, ...article }) => article) } as StatuteState }]))
}

async function storeStatutes (trx: Db, items: Array<Item<StatuteState>>, publication: Publication, breathe: () => Promise<void>): Promise<void> {
  for (const { key, state, current } of items) {
    const { articles, ...columns } = state
    const row = { ...columns, version: (current?.version ?? 0) + 1, updated_at: publication.at }
    const id = current === undefined
      ? (await trx.insertInto('statute').values(row).returning('id').executeTakeFirstOrThrow()).id
      : await update(trx, key, row, current)
    await storeArticles(trx, id, state, breathe)
    await keepVersions(trx, [{ kind: 'statute', id, version: row.version, data: { ...columns, articles } }], publication)
    await breathe()
  }
}

/** The articles of a new text replace the old ones, which stay in the kept version. */
async function update (trx: Db, key: string, row: Omit<StatuteState, 'articles'> & { version: number, updated_at: string }, current: Current<StatuteState>): Promise<number> {
  const { numUpdatedRows } = await trx.updateTable('statute').set(row).where('id', '=', current.id).where('version', '=', current.version).executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new ImportError('changed_meanwhile', { key })
  const old = await trx.deleteFrom('statute_article').where('statute_id', '=', current.id).returning('id').execute()
  for (const { id } of old) await unindexText(trx, 'article_search', id)
  return current.id
}

async function storeArticles (trx: Db, statute: number, { name, articles }: StatuteState, breathe: () => Promise<void>): Promise<void> {
  for (let at = 0; at < articles.length; at += 100) {
    const rows = articles.slice(at, at + 100).map((article, index) => ({ statute_id: statute, seq: at + index, ...article }))
    const made = await trx.insertInto('statute_article').values(rows).returning(['id', 'seq']).execute()
    const texts = made.map(({ id, seq }) => ({ id, name: `${name} ${articles[seq]?.label ?? ''}`, body: articles[seq]?.body ?? '' }))
    for (let from = 0; from < texts.length; from += 20) { await indexTexts(trx, 'article_search', texts.slice(from, from + 20)); await breathe() }
  }
}
