import { createHmac, randomUUID } from 'node:crypto'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { Database, Db } from '../db/schema.ts'
import type { Keys } from '../vault/keys.ts'
import { openText, sealText } from '../vault/seal.ts'

/** The ways by which a letter can travel; a short message has no subject. */
export type Channel = 'email' | 'sms'

/**
 * A letter in plain text. `unsubscribe`: the address that ends what it comes from. Never anything of a complaint. `channel`: e-mail where none
 * is named. `fictional`: of made-up people; it is written into a file, whatever the settings say.
 */
export interface Letter { to: string, subject: string, text: string, unsubscribe?: string, channel?: Channel, fictional?: true }

/** A letter that was taken up for sending; its `id` is also its Message-ID, so that a second copy could be told. */
export interface Claimed { id: string, kind: string, tries: number, letter: Letter }

/** How long a server may take over one letter; a claim older than this belongs to a process that is gone. */
const CLAIM_MS = 10 * 60_000

/** The same address, however it is written, without keeping it. */
export function addressHash (keys: Keys, email: string): string {
  return createHmac('sha256', keys.pepper).update(`email|${email.trim().toLowerCase()}`).digest('base64url')
}

/** What a letter is: its kind, and the subscription that it comes from or the complainant's contact that it goes to. */
export type Origin = { kind: string } & ({ subscription: string } | { contact: string | null })

/** Puts a letter on its way, in the transaction of what it tells. */
export async function queueLetter (trx: Db, keys: Keys, origin: Origin, letter: Letter, now: string): Promise<void> {
  const id = randomUUID()
  const from = 'contact' in origin ? { subscription_id: null, contact_id: origin.contact } : { subscription_id: origin.subscription, contact_id: null }
  await trx.insertInto('outbox').values({
    id, kind: origin.kind, ...from, channel: letter.channel ?? 'email', address_hash: addressHash(keys, letter.to), sealed: sealText(keys.identity, JSON.stringify(letter), `outbox|${id}`), state: 'queued', tries: 0, next_at: now, created_at: now, claimed_at: null, done_at: null, fault: null
  }).execute()
}

/** Forgets the letters of a subscription that has ended, above all those that have not left. */
export async function dropLetters (trx: Db, subscription: string): Promise<void> {
  await trx.deleteFrom('outbox').where('subscription_id', '=', subscription).execute()
}

/** How many letters went, or are to go, to an address since a moment; with `kinds`, letters of these kinds alone. */
export async function countLetters (db: Db, hash: string, since: string, kinds?: readonly string[]): Promise<number> {
  let query = db.selectFrom('outbox').select(eb => eb.fn.countAll<number>().as('count')).where('address_hash', '=', hash).where('created_at', '>', since)
  if (kinds !== undefined) query = query.where('kind', 'in', kinds)
  const { count } = await query.executeTakeFirstOrThrow()
  return count
}

/** Whether a letter is due. */
export async function hasDue (db: Db, now: string): Promise<boolean> {
  return await db.selectFrom('outbox').select('id').where('state', '=', 'queued').where('next_at', '<=', now).limit(1).executeTakeFirst() !== undefined
}

/** Takes up the next letter that is due; null when there is none. What is taken up is marked first: a process that is killed now never makes another send it again. */
export async function claimLetter (db: Db, keys: Keys, now: string): Promise<Claimed | null> {
  for (;;) {
    const row = await db.selectFrom('outbox').select(['id', 'kind', 'tries', 'sealed']).where('state', '=', 'queued').where('next_at', '<=', now).orderBy('next_at').orderBy('id').limit(1).executeTakeFirst()
    if (row === undefined) return null
    const { numUpdatedRows } = await db.updateTable('outbox').set({ state: 'sending', claimed_at: now, tries: row.tries + 1 }).where('id', '=', row.id).where('state', '=', 'queued').executeTakeFirst()
    if (numUpdatedRows === 0n) continue // another process was faster
    return { id: row.id, kind: row.kind, tries: row.tries + 1, letter: JSON.parse(openText(keys.identity, row.sealed, `outbox|${row.id}`)) as Letter }
  }
}

/** A letter that has come to an end: what it said is forgotten. */
export async function finishLetter (db: Db, id: string, state: 'sent' | 'failed' | 'unsure', now: string, fault: string | null = null): Promise<void> {
  await db.updateTable('outbox').set({ state, done_at: now, fault, sealed: '' }).where('id', '=', id).where('state', '=', 'sending').execute()
}

/** A letter that is to be tried again later. */
export async function putBack (db: Db, id: string, nextAt: string, fault: string): Promise<void> {
  await db.updateTable('outbox').set({ state: 'queued', next_at: nextAt, claimed_at: null, fault }).where('id', '=', id).where('state', '=', 'sending').execute()
}

/** Letters that a process was sending when it ended: nobody knows whether they left, so they are not sent again. Gives how many. */
export async function settleLost (db: Db, now: string): Promise<number> {
  const { numUpdatedRows } = await db.updateTable('outbox').set({ state: 'unsure', done_at: now, fault: 'process_ended', sealed: '' })
    .where('state', '=', 'sending').where('claimed_at', '<', new Date(Date.parse(now) - CLAIM_MS).toISOString()).executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Forgets letters that came to an end more than thirty days ago. */
export async function sweepLetters (db: Db, now: string): Promise<void> {
  await db.deleteFrom('outbox').where('done_at', '<', new Date(Date.parse(now) - 30 * 86_400_000).toISOString()).execute()
}

export interface StuckLetter { kind: string, channel: string, state: string, at: string, tries: number, fault: string | null }

/** Letters that failed, whose fate nobody knows, or that wait for another try; newest first. */
export async function listStuck (db: Db, size: number): Promise<StuckLetter[]> {
  const rows = await db.selectFrom('outbox').select(['kind', 'channel', 'state', 'created_at', 'done_at', 'tries', 'fault']).where(stuck)
    .orderBy('created_at', 'desc').orderBy('id').limit(size).execute()
  return rows.map(({ created_at: made, done_at: done, ...row }) => ({ ...row, at: done ?? made }))
}

/** How many there are of each state. */
export async function countStuck (db: Db): Promise<Array<{ state: string, count: number }>> {
  return await db.selectFrom('outbox').select(eb => ['state', eb.fn.countAll<number>().as('count')]).where(stuck).groupBy('state').orderBy('state').execute()
}

function stuck (eb: ExpressionBuilder<Database, 'outbox'>): ExpressionWrapper<Database, 'outbox', SqlBool> {
  return eb.or([eb('state', 'in', ['failed', 'unsure']), eb.and([eb('state', '=', 'queued'), eb('tries', '>', 0)])])
}
