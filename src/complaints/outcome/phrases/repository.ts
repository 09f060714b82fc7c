import { sql } from 'kysely'
import type { Db, Flag, PhraseTable } from '../../../db/schema.ts'
import { AppError } from '../../../errors.ts'

export type PhraseRow = Omit<PhraseTable, 'off' | 'uses'> & { off: Flag, uses: number }
/** A phrase with who answers for it. */
export type OwnedPhrase = PhraseRow & { owner: string }

/** A phrase, else `not_found`. */
export async function findPhrase (db: Db, id: string): Promise<PhraseRow> {
  return await db.selectFrom('phrase').selectAll().where('id', '=', id).executeTakeFirstOrThrow(() => new AppError('not_found', { id }))
}

/** All phrases with their owners, by place and title; those switched off at the end of their place. */
export async function listPhrases (db: Db): Promise<OwnedPhrase[]> {
  return await db.selectFrom('phrase').innerJoin('account', 'account.id', 'phrase.owner_id').selectAll('phrase').select('account.name as owner')
    .orderBy('phrase.place').orderBy('phrase.off').orderBy('phrase.title').orderBy('phrase.id').execute()
}

/** What may be put in at some places, by place and title. */
export async function listUsable (db: Db, places: readonly string[]): Promise<Array<Pick<PhraseRow, 'id' | 'place' | 'title'>>> {
  if (places.length === 0) return []
  return await db.selectFrom('phrase').select(['id', 'place', 'title']).where('place', 'in', places).where('off', '=', 0).orderBy('place').orderBy('title').orderBy('id').execute()
}

/** What a phrase said, the newest first, with who wrote it. */
export async function listPhraseVersions (db: Db, id: string): Promise<Array<{ version: number, title: string, text: string, by: string | null, at: string }>> {
  return await db.selectFrom('phrase_version').leftJoin('account', 'account.id', 'phrase_version.actor_id').select(['phrase_version.version', 'phrase_version.title', 'phrase_version.text', 'account.name as by', 'phrase_version.at'])
    .where('phrase_id', '=', id).orderBy('phrase_version.version', 'desc').limit(50).execute()
}

/** Keeps a new phrase. */
export async function insertPhrase (db: Db, row: Omit<PhraseTable, 'off' | 'uses'>): Promise<void> {
  await db.insertInto('phrase').values(row).execute()
}

/** Changes a phrase of a version; false when somebody else was faster. */
export async function updatePhrase (db: Db, { id, version }: Pick<PhraseRow, 'id' | 'version'>, change: Partial<Pick<PhraseRow, 'place' | 'title' | 'text' | 'review_on' | 'owner_id' | 'off' | 'updated_at'>>): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('phrase').set(change).set(eb => ({ version: eb('version', '+', 1) })).where('id', '=', id).where('version', '=', version).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Keeps what a phrase says in a version. */
export async function insertPhraseVersion (db: Db, row: { phrase_id: string, version: number, title: string, text: string, actor_id: number | null, at: string }): Promise<void> {
  await db.insertInto('phrase_version').values(row).execute()
}

/** Counts that a phrase was put in. */
export async function countUse (db: Db, id: string, now: string): Promise<void> {
  await db.updateTable('phrase').set({ uses: sql`uses + 1`, used_at: now }).where('id', '=', id).execute()
}
