import type { Kysely } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import type { Database } from '../../db/schema.ts'
import { articleOf } from '../../domain/records/citations.ts'
import { statuteStatus, type StatuteStatus } from '../../domain/law/statutes.ts'
import { localDate } from '../../domain/time/calendar.ts'
import type { ListRow, PublicRecord, RegisterList } from '../lists/definition.ts'
import { highlight, type Piece } from '../search/engine/snippet.ts'
import { listFields, listStatutes, type StatuteRow } from './repository.ts'

/** The library of statutes as a list. */
export const STATUTES: RegisterList = {
  name: 'statutes',
  words: 'law',
  route: 'law',
  record: 'statute',
  table: 'statute_search',
  facets: [
    { name: 'basis_level', says: { words: 'basis_level' }, shown: 8 },
    { name: 'statute_status', says: { words: 'statute_status' }, shown: 4 },
    { name: 'issuer', says: 'text', shown: 6 },
    { name: 'field', says: 'text', shown: 8, several: '|' }
  ],
  sorts: ['matters', 'dated'],
  usual: 'matters',
  read: readStatutes,
  hit: 'catalogue/statute-hit',
  describe: describeStatutes,
  fields: [
    { key: 'name', label: 'column.name', type: 'text' },
    { key: 'slug', label: 'column.law_slug', type: 'text' },
    { key: 'level', label: 'column.law_level', type: 'text', words: 'basis_level' },
    { key: 'status', label: 'column.law_status', type: 'text', words: 'statute_status' },
    { key: 'issuer', label: 'column.law_issuer', type: 'text' },
    { key: 'doc_no', label: 'column.law_doc_no', type: 'text' },
    { key: 'text_date', label: 'column.law_text_date', type: 'date' },
    { key: 'effective_on', label: 'column.law_effective_on', type: 'date' },
    { key: 'repealed_on', label: 'column.law_repealed_on', type: 'date' },
    { key: 'article_count', label: 'column.law_article_count', type: 'integer' },
    { key: 'matters', label: 'column.law_matters', type: 'integer' },
    { key: 'version', label: 'column.version', type: 'integer' },
    { key: 'updated_at', label: 'column.updated_at', type: 'instant' }
  ],
  records: publicStatutes
}

/** The list is read again at midnight (perRevision): what is in force changes by the date alone. */
const today = (): string => localDate(new Date().toISOString())

/** Statutes read between two breaths: the fields of each cost a query. */
const STRETCH = 20

async function readStatutes (db: Kysely<Database>, after: string, limit: number): Promise<ListRow[]> {
  const rows: ListRow[] = []
  const following = (await listStatutes(db)).filter(statute => statute.slug > after).sort((a, b) => a.slug < b.slug ? -1 : 1).slice(0, limit)
  for (const [at, statute] of following.entries()) {
    rows.push(rowOf(statute, statute.matters === 0 ? [] : await listFields(db, statute.law_key)))
    if (at % STRETCH === STRETCH - 1) await setImmediate()
  }
  return rows
}

function rowOf (statute: StatuteRow, fields: string[]): ListRow {
  const status = statuteStatus(statute, today())
  return {
    id: statute.id,
    code: statute.slug,
    name: statute.name,
    aliases: '',
    ended: status === 'repealed',
    values: { basis_level: statute.level ?? 'unknown', statute_status: status, issuer: statute.issuer ?? '', field: fields.join('|') },
    keys: { matters: statute.matters, dated: Math.floor(Date.parse(statute.text_date) / 86_400_000) }
  }
}

export interface StatuteListHit { slug: string, name: Piece[], level: string | null, status: StatuteStatus, textDate: string, articles: number, matters: number, article: { no: string, label: string } | null }

/** The statutes of a page in the order of `ids`; a question that names an article leads to it. */
async function describeStatutes (db: Kysely<Database>, ids: number[], runs: string[]): Promise<StatuteListHit[]> {
  const byId = new Map((await listStatutes(db)).map(statute => [statute.id, statute]))
  const label = runs.find(run => /^第.+条/u.test(run))
  const number = label === undefined ? null : articleOf(label)
  const words = runs.filter(run => run !== label)
  return ids.flatMap(id => {
    const statute = byId.get(id)
    if (statute === undefined) return []
    return [{
      slug: statute.slug,
      name: highlight(statute.name, words),
      level: statute.level,
      status: statuteStatus(statute, today()),
      textDate: statute.text_date,
      articles: statute.article_count,
      matters: statute.matters,
      article: number === null || label === undefined ? null : { no: number.sub === 0 ? String(number.article) : `${number.article}-${number.sub}`, label }
    }]
  })
}

async function publicStatutes (db: Kysely<Database>, ids: number[]): Promise<PublicRecord[]> {
  const byId = new Map((await listStatutes(db)).map(statute => [statute.id, statute]))
  return ids.flatMap(id => {
    const statute = byId.get(id)
    if (statute === undefined) return []
    const { id: _id, law_key: _key, effective_article: _article, repealed_by: _by, folded: _folded, ...open } = statute
    return [{ ...open, status: statuteStatus(statute, today()) }]
  })
}
