import type { Db } from '../db/schema.ts'
import type { Keys } from '../vault/keys.ts'
import { claimLetter, finishLetter, putBack, settleLost, sweepLetters, type Claimed } from './outbox.ts'
import { SendFault, type Transport } from './transport.ts'

/** Minutes until a letter that was not taken is tried again; after the last it has failed. */
const BACKOFF = [1, 5, 15, 60, 240, 720, 1440]
/** Letters of one run, so that a run has an end. */
const A_RUN = 100

export interface Sent { sent: number, again: number, failed: number, unsure: number }

/**
 * Sends the letters that are due, one after the other, until `signal` asks to stop; safe to run in several processes. A run may take long: each letter is
 * taken up at the time it is, lest another process hold it for lost.
 */
export async function sendLetters (db: Db, keys: Keys, transport: Transport, now: () => string, signal?: AbortSignal): Promise<Sent> {
  const counts: Sent = { sent: 0, again: 0, failed: 0, unsure: await settleLost(db, now()) }
  for (let count = 0; count < A_RUN && signal?.aborted !== true; count++) {
    const claimed = await claimLetter(db, keys, now())
    if (claimed === null) break
    counts[await sendOne(db, transport, claimed, now)]++
  }
  await sweepLetters(db, now())
  return counts
}

async function sendOne (db: Db, transport: Transport, { id, tries, letter }: Claimed, now: () => string): Promise<keyof Sent> {
  try {
    await transport.send(id, letter)
  } catch (error) {
    const { outcome, message } = error instanceof SendFault ? error : new SendFault('again', 'fault')
    const minutes = BACKOFF[tries - 1]
    if (outcome === 'again' && minutes !== undefined) {
      await putBack(db, id, new Date(Date.parse(now()) + minutes * 60_000).toISOString(), message)
      return 'again'
    }
    const state = outcome === 'unsure' ? 'unsure' : 'failed'
    await finishLetter(db, id, state, now(), message)
    return state
  }
  await finishLetter(db, id, 'sent', now())
  return 'sent'
}
