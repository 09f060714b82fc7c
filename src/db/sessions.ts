import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Db } from './schema.ts'

/** Lifetimes in minutes (security.md S-3). `staff` is somebody with an account, `half` the same between password and second factor, `draft` an unsent complaint, `receipt` whoever just sent one, `track` a complainant who gave the code, `lost` who asked for a new query code, `visit` who keeps a private note. */
export const SESSION_KINDS = {
  staff: { idle: 30, absolute: 8 * 60 },
  half: { idle: 10, absolute: 15 },
  draft: { idle: 30, absolute: 8 * 60 },
  receipt: { idle: 2 * 60, absolute: 8 * 60 },
  track: { idle: 30, absolute: 8 * 60 },
  lost: { idle: 30, absolute: 60 },
  visit: { idle: 30, absolute: 8 * 60 }
} as const satisfies Record<string, { idle: number, absolute: number }>
export type SessionKind = keyof typeof SESSION_KINDS

/** How long a session lives, in minutes; a `remembered` one outlives the closing of the browser. */
export interface Life { idle: number, absolute: number, remembered?: true }

/** An open session: `subject` is the id of an account, a draft, a complaint, a request or a note. */
export interface Session { id: string, kind: SessionKind, subject: string, createdAt: string, idle: number, /** last use that was written down */ seenAt: string, /** when it is over whatever happens */ expiresAt: string, formToken: string }

const MINUTE = 60_000
const later = (now: string, minutes: number): string => new Date(Date.parse(now) + minutes * MINUTE).toISOString()

/** Only the SHA-256 of a token is stored: a copy of the database opens no session. */
export function sessionId (token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** The token that every form of a session carries; bound to it, never stored. */
function formToken (key: Buffer, id: string): string {
  return createHmac('sha256', key).update(`form ${id}`).digest('base64url')
}

/** Opens a session and returns the token for its cookie (256 bits). */
export async function openSession (db: Db, kind: SessionKind, subject: string, now: string, life: Life = SESSION_KINDS[kind]): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db.insertInto('login_session').values({
    id: sessionId(token), kind, subject, created_at: now, seen_at: now, expires_at: later(now, life.absolute), idle: life.idle
  }).execute()
  return token
}

/** The live session behind a token, or null. Marks it seen at most once a minute: reading must not cost a disk write. */
export async function findSession (db: Db, kind: SessionKind, token: string, now: string, key: Buffer): Promise<Session | null> {
  const id = sessionId(token)
  const row = await db.selectFrom('login_session').selectAll().where('id', '=', id).where('kind', '=', kind).executeTakeFirst()
  const idle = row?.idle ?? SESSION_KINDS[kind].idle
  if (row === undefined || row.expires_at <= now || later(row.seen_at, idle) <= now) return null
  const written = later(row.seen_at, 1) <= now
  if (written) await db.updateTable('login_session').set({ seen_at: now }).where('id', '=', id).execute()
  return { id, kind, subject: row.subject, createdAt: row.created_at, idle, seenAt: written ? now : row.seen_at, expiresAt: row.expires_at, formToken: formToken(key, id) }
}

/** When a session ends if nothing more happens. */
export function endOf ({ idle, seenAt, expiresAt }: Pick<Session, 'idle' | 'seenAt' | 'expiresAt'>): string {
  const idleEnd = later(seenAt, idle)
  return idleEnd < expiresAt ? idleEnd : expiresAt
}

/** Ends one session. */
export async function endSession (db: Db, id: string): Promise<void> {
  await db.deleteFrom('login_session').where('id', '=', id).execute()
}

/** Ends all sessions of an account or complaint (password changed, account disabled, submitted). */
export async function endSessionsOf (db: Db, kind: SessionKind, subject: string): Promise<void> {
  await db.deleteFrom('login_session').where('kind', '=', kind).where('subject', '=', subject).execute()
}

/** How many sessions of an account are open. */
export async function countOpenSessions (db: Db, kind: SessionKind, subject: string, now: string): Promise<number> {
  const { open } = await db.selectFrom('login_session').select(eb => eb.fn.countAll<number>().as('open')).where('kind', '=', kind).where('subject', '=', subject)
    .where('expires_at', '>', now).where('seen_at', '>', later(now, -SESSION_KINDS[kind].idle)).executeTakeFirstOrThrow()
  return Number(open)
}

/** Forgets sessions that are over; those of their kind's idle time go with their absolute end. */
export async function sweepSessions (db: Db, now: string): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('login_session').where('expires_at', '<', now).executeTakeFirst()
  return Number(numDeletedRows)
}

/** Compares two tokens in a time that tells nothing of either. */
export function sameToken (given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false
  const [left, right] = [Buffer.from(given), Buffer.from(expected)]
  return left.length === right.length && timingSafeEqual(left, right)
}
