import { digestOf, keepVersions, type Publication } from '../db/records.ts'
import type { Db, ProhibitionTable } from '../db/schema.ts'
import { readPackFile } from './site.ts'

interface ProhibitionPack { no: number, title: string | null, titleEn: string | null, summary: string | null, summaryEn: string | null, textStatus: ProhibitionTable['text_status'], verifiedAt: string | null, source: { title: string, url: string, date: string } | null }

function rowOf (item: ProhibitionPack): Omit<ProhibitionTable, 'version'> {
  return {
    no: item.no,
    title: item.title,
    title_en: item.titleEn,
    summary: item.summary,
    summary_en: item.summaryEn,
    text_status: item.textStatus,
    verified_at: item.verifiedAt,
    source_title: item.source?.title ?? null,
    source_date: item.source?.date ?? null,
    source_url: item.source?.url ?? null
  }
}

/** Publishes the prohibitions of a pack: new ones as version 1, changed ones as the next version. */
export async function installProhibitions (trx: Db, folder: string, publication: Publication): Promise<void> {
  for (const data of readPackFile<ProhibitionPack[]>(folder, 'prohibitions.json').map(rowOf)) {
    const last = await trx.selectFrom('record_version').select(['version', 'digest']).where('kind', '=', 'prohibition').where('record_id', '=', data.no).orderBy('version', 'desc').limit(1).executeTakeFirst()
    if (last?.digest === digestOf(data)) continue
    const version = (last?.version ?? 0) + 1
    await trx.insertInto('prohibition').values({ ...data, version }).onConflict(conflict => conflict.column('no').doUpdateSet({ ...data, version })).execute()
    await keepVersions(trx, [{ kind: 'prohibition', id: data.no, version, data }], publication)
  }
}
