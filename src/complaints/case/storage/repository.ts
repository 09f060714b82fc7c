import type { AttachmentTable, Db } from '../../../db/schema.ts'

/** Where rows name stored files, with the digest beside it. What is not listed here is swept: a house test compares it with the table. */
export const FILE_COLUMNS: ReadonlyArray<{ id: FileColumn, digest: DigestColumn }> = [{ id: 'id', digest: 'sha256' }, { id: 'original_id', digest: 'original_sha256' }]
type FileColumn = Extract<keyof AttachmentTable, 'id' | 'original_id'>
type DigestColumn = Extract<keyof AttachmentTable, 'sha256' | 'original_sha256'>

export interface NamedFile { row: string, id: string, sha256: string }

/** The ids among these that a row names. Of an infected file only the row is kept. */
export async function namedIn (db: Db, ids: readonly string[]): Promise<Set<string>> {
  const named = new Set<string>()
  for (const { id } of FILE_COLUMNS) {
    const rows = await db.selectFrom('attachment').select(`${id} as id`).where(id, 'in', ids).where('state', '!=', 'infected').execute()
    for (const row of rows) if (row.id !== null) named.add(row.id)
  }
  const copies = await db.selectFrom('redaction').select('copy_id').where('copy_id', 'in', ids).execute()
  for (const { copy_id: copy } of copies) if (copy !== null) named.add(copy)
  return named
}

/** Stored files that rows name, so many rows at a time in their order; SHA-256 as it was when the file was stored. */
export async function pageOfFiles (db: Db, after: string, limit: number): Promise<NamedFile[]> {
  const rows = await db.selectFrom('attachment').selectAll().where('id', '>', after).where('state', '!=', 'infected').orderBy('id').limit(limit).execute()
  const copies = rows.length === 0 ? [] : await db.selectFrom('redaction').select(['target', 'copy_id', 'copy_sha256']).where('target', 'in', rows.map(row => `file.${row.id}`)).where('copy_id', 'is not', null).execute()
  const burned = copies.flatMap(({ target, copy_id: id, copy_sha256: sha256 }) => id === null || sha256 === null ? [] : [{ row: target.slice('file.'.length), id, sha256 }])
  return [...burned, ...rows.flatMap(row => FILE_COLUMNS.flatMap(({ id, digest }) => {
    const [place, sha256] = [row[id], row[digest]]
    return place === null || sha256 === null ? [] : [{ row: row.id, id: place, sha256 }]
  }))]
}
