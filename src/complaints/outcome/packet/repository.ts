import type { Db } from '../../../db/schema.ts'

/** Somebody of an agency opened something: `subject` is the letter's or file's id. */
export interface Reading { at: string, action: string, who: string, role: string, subject: string }

/** Whether somebody opened this since then. */
export async function insertedSince (db: Db, { about, action, actorId, since }: { about: string, action: string, actorId: number, since: string }): Promise<boolean> {
  const found = await db.selectFrom('audit_entry').select('seq').where('subject', '=', about).where('action', '=', action).where('actor_id', '=', actorId).where('at', '>=', since).limit(1).executeTakeFirst()
  return found !== undefined
}

/** What people of an agency opened of a case, newest first. */
export async function listReadings (db: Db, { complaintId, ref, actions }: { complaintId: string, ref: string, actions: readonly string[] }): Promise<Reading[]> {
  const [letters, files] = [
    await db.selectFrom('document').select('id').where('complaint_id', '=', complaintId).execute(),
    await db.selectFrom('attachment').select('id').where('complaint_id', '=', complaintId).execute()
  ]
  const subjects = [...letters, ...files].map(({ id }) => `${ref} ${id}`)
  if (subjects.length === 0) return []
  const rows = await db.selectFrom('audit_entry').leftJoin('account', 'account.id', 'audit_entry.actor_id').select(['at', 'action', 'account.name as who', 'audit_entry.role', 'subject'])
    .where('subject', 'in', subjects).where('action', 'in', actions).orderBy('seq', 'desc').limit(100).execute()
  return rows.map(row => ({ ...row, who: row.who ?? '', subject: row.subject.slice(ref.length + 1) }))
}
