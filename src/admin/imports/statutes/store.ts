import { keepVersions, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { indexTexts, unindexText } from '../../../db/text.ts'
import { ImportError } from '../faults.ts'
import type { Current, Item } from '../schema.ts'
import type { StatuteState } from './read.ts'

type Breathe = () => Promise<void>

/** The stored texts with these keys (`law_key date`): the statute itself where it is the latest, otherwise one of its other texts. */
export async function findTexts (db: Db, keys: string[]): Promise<Map<string, Current<StatuteState>>> {
  const wanted = new Set(keys)
  const laws = [...new Set(keys.map(key => key.slice(0, key.lastIndexOf(' '))))]
  const rows = await db.selectFrom('statute').selectAll().where('law_key', 'in', laws).execute()
  if (rows.length === 0) return new Map()
  const latest = rows.filter(row => wanted.has(`${row.law_key} ${row.text_date}`))
  const others = await db.selectFrom('statute_text').innerJoin('statute', 'statute.id', 'statute_text.statute_id')
    .select(['statute_text.id', 'statute_text.version', 'statute_text.data']).where('statute.law_key', 'in', laws).execute()
  const states = [...await withArticles(db, latest), ...others.map(({ id, version, data }) => ({ id, version, state: JSON.parse(data) as StatuteState }))]
  return new Map(states.map(current => [`${current.state.law_key} ${current.state.text_date}`, current]))
}

type StatuteRow = Awaited<ReturnType<typeof findStatute>> & object

async function withArticles (db: Db, rows: StatuteRow[]): Promise<Array<Current<StatuteState>>> {
  if (rows.length === 0) return []
  const articles = await db.selectFrom('statute_article').select(['statute_id', 'article_no', 'sub_no', 'label', 'chapter', 'body'])
    .where('statute_id', 'in', rows.map(row => row.id)).orderBy('statute_id').orderBy('seq').execute()
  const byStatute = Map.groupBy(articles, article => article.statute_id)
  return rows.map(({ id, version, updated_at: _, ...state }) =>
    ({ id, version, state: { ...state, articles: (byStatute.get(id) ?? []).map(({ statute_id: _id, ...article }) => article) } as StatuteState }))
}

async function findStatute (db: Db, lawKey: string) {
  return await db.selectFrom('statute').selectAll().where('law_key', '=', lawKey).executeTakeFirst()
}

/** Writes texts one after the other, as one file may hold several of one statute. */
export async function storeTexts (trx: Db, items: Array<Item<StatuteState>>, publication: Publication, breathe: Breathe): Promise<void> {
  for (const item of items) {
    const stored = await findStatute(trx, item.state.law_key)
    if (stored !== undefined && stored.text_date > item.state.text_date) await storeOther(trx, stored.id, item, publication)
    else await storeLatest(trx, stored, item, publication, breathe)
    await breathe()
  }
}

/** A text that is not the latest: beside the statute, readable by its date. */
async function storeOther (trx: Db, statute: number, { key, state, current }: Item<StatuteState>, publication: Publication): Promise<void> {
  const version = (current?.version ?? 0) + 1
  const row = {
    statute_id: statute, text_date: state.text_date, version, name: state.name, effective_on: state.effective_on, amended_by: state.amended_by, article_count: state.article_count, data: JSON.stringify(state), updated_at: publication.at
  }
  const id = current === undefined
    ? (await trx.insertInto('statute_text').values(row).returning('id').executeTakeFirstOrThrow()).id
    : current.id
  if (current !== undefined) {
    const { numUpdatedRows } = await trx.updateTable('statute_text').set(row).where('id', '=', id).where('version', '=', current.version).executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new ImportError('changed_meanwhile', { key })
  }
  await keepVersions(trx, [{ kind: 'statute_text', id, version, data: state }], publication)
}

/** The latest text: a new statute, a corrected text of the same date, or a newer one that puts the present one beside it. */
async function storeLatest (trx: Db, stored: StatuteRow | undefined, item: Item<StatuteState>, publication: Publication, breathe: Breathe): Promise<void> {
  const { articles, ...columns } = item.state
  const row = { ...columns, version: (stored?.version ?? 0) + 1, updated_at: publication.at }
  if (stored !== undefined && stored.text_date < item.state.text_date) {
    for (const { state } of await withArticles(trx, [stored])) await storeOther(trx, stored.id, { key: item.key, state, current: undefined }, publication)
  }
  const id = stored === undefined
    ? (await trx.insertInto('statute').values(row).returning('id').executeTakeFirstOrThrow()).id
    : await replace(trx, stored, item, row)
  await indexTexts(trx, 'statute_search', [{ id, name: columns.name, body: [columns.issuer ?? '', columns.doc_no ?? '', ...articles.map(article => article.label)].join('\n') }])
  await storeArticles(trx, id, item.state, breathe)
  await keepVersions(trx, [{ kind: 'statute', id, version: row.version, data: { ...columns, articles } }], publication)
}

/** The articles of a new text replace the old ones, which stay in the kept version. */
async function replace (trx: Db, stored: StatuteRow, item: Item<StatuteState>, row: Omit<StatuteState, 'articles'> & { version: number, updated_at: string }): Promise<number> {
  if (item.current !== undefined && item.current.version !== stored.version) throw new ImportError('changed_meanwhile', { key: item.key })
  await trx.updateTable('statute').set(row).where('id', '=', stored.id).execute()
  const old = await trx.deleteFrom('statute_article').where('statute_id', '=', stored.id).returning('id').execute()
  for (const { id } of old) await unindexText(trx, 'article_search', id)
  return stored.id
}

async function storeArticles (trx: Db, statute: number, { name, articles }: StatuteState, breathe: Breathe): Promise<void> {
  for (let at = 0; at < articles.length; at += 100) {
    const rows = articles.slice(at, at + 100).map((article, index) => ({ statute_id: statute, seq: at + index, ...article }))
    const made = await trx.insertInto('statute_article').values(rows).returning(['id', 'seq']).execute()
    const texts = made.map(({ id, seq }) => ({ id, name: `${name} ${articles[seq]?.label ?? ''}`, body: articles[seq]?.body ?? '' }))
    for (let from = 0; from < texts.length; from += 20) { await indexTexts(trx, 'article_search', texts.slice(from, from + 20)); await breathe() }
  }
}
