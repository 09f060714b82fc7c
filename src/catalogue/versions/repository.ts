import type { Db } from '../../db/schema.ts'
import { versionOn } from '../../db/records.ts'
import type { CitedBasis } from '../matters/content/content.ts'
import type { LawArticle, LawText } from '../matters/content/bases.ts'

/** More versions than this of one record are not listed. */
const MOST = 2000

/** The versions of a matter, the newest first, each with the import that brought it; without what they say. */
export async function listVersions (db: Db, matterId: number) {
  return await db.selectFrom('record_version').leftJoin('import_batch', 'import_batch.id', 'record_version.batch_id')
    .select(['record_version.version', 'record_version.recorded_at', 'record_version.actor', 'record_version.reason', 'record_version.change', 'import_batch.file_name'])
    .where('record_version.kind', '=', 'matter').where('record_version.record_id', '=', matterId).orderBy('record_version.version', 'desc').limit(MOST).execute()
}
export type VersionRow = Awaited<ReturnType<typeof listVersions>>[number]

/** What the given versions of a matter say, as they were kept. */
export async function listVersionData (db: Db, matterId: number, versions: number[]): Promise<Map<number, string>> {
  if (versions.length === 0) return new Map()
  const rows = await db.selectFrom('record_version').select(['version', 'data']).where('kind', '=', 'matter').where('record_id', '=', matterId).where('version', 'in', versions).execute()
  return new Map(rows.map(row => [row.version, row.data]))
}

/** What an agency was called on a day; undefined when nothing was published of it by then. */
export async function agencyNameOn (db: Db, id: number, moment: string): Promise<{ name: string, name_en: string | null } | undefined> {
  const kept = await versionOn(db, 'agency', id, moment)
  if (kept === undefined) return undefined
  const { name, name_en: english = null } = JSON.parse(kept.data) as { name: string, name_en?: string | null }
  return { name, name_en: english }
}

interface KeptStatute { text_date: string, articles?: LawArticle[] }

/** The statutes that bases name in the text that applied on a day; a statute whose earlier text the library does not hold is left out. */
export async function listLawTextsOn (db: Db, bases: readonly CitedBasis[], day: string): Promise<LawText[]> {
  if (bases.length === 0) return []
  const statutes = await db.selectFrom('statute').select(['id', 'slug', 'law_key', 'text_date']).where('law_key', 'in', bases.map(basis => basis.law_key)).execute()
  const found: LawText[] = []
  for (const { id, ...statute } of statutes) {
    const numbers = bases.filter(basis => basis.law_key === statute.law_key).map(basis => basis.article_no).filter(no => no !== null)
    const text = statute.text_date <= day ? { text_date: statute.text_date, articles: await listPresentArticles(db, id, numbers) } : await keptText(db, id, day)
    if (text !== undefined) found.push({ ...statute, text_date: text.text_date, articles: text.articles ?? [] })
  }
  return found
}

async function listPresentArticles (db: Db, statuteId: number, numbers: number[]): Promise<LawArticle[]> {
  if (numbers.length === 0) return []
  return await db.selectFrom('statute_article').select(['article_no', 'sub_no', 'label', 'body']).where('statute_id', '=', statuteId).where('article_no', 'in', numbers).orderBy('seq').execute()
}

/** The last of the earlier texts of a statute that was dated by a day. */
async function keptText (db: Db, statuteId: number, day: string): Promise<KeptStatute | undefined> {
  const row = await db.selectFrom('statute_text').select('data').where('statute_id', '=', statuteId).where('text_date', '<=', day).orderBy('text_date', 'desc').limit(1).executeTakeFirst()
  return row === undefined ? undefined : JSON.parse(row.data) as KeptStatute
}
