import { digestOf, keepVersions, type Publication } from '../db/records.ts'
import type { Db, ProhibitionTable } from '../db/schema.ts'
import { packDigests } from './digests.ts'
import type { Prohibitions } from './schema.ts'

function rowOf (item: Prohibitions[number]): Omit<ProhibitionTable, 'version'> {
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

/** Publishes the prohibitions of a pack: new ones as version 1, changed ones as the next version. Gives how many there were of both. */
export async function installProhibitions (trx: Db, items: Prohibitions, publication: Publication): Promise<number> {
  const digests = await packDigests(trx, 'prohibition')
  const versions = new Map((await trx.selectFrom('prohibition').select(['no', 'version']).execute()).map(row => [row.no, row.version]))
  const changed = items.map(rowOf).filter(data => digests.get(data.no) !== digestOf(data))
  for (const data of changed) {
    const version = (versions.get(data.no) ?? 0) + 1
    await trx.insertInto('prohibition').values({ ...data, version }).onConflict(conflict => conflict.column('no').doUpdateSet({ ...data, version })).execute()
    await keepVersions(trx, [{ kind: 'prohibition', id: data.no, version, data }], publication)
  }
  return changed.length
}
