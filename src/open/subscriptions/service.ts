import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { App } from '../../app.ts'
import { eraseTraces } from '../../db/erasure.ts'
import { AppError } from '../../errors.ts'
import { translator } from '../../i18n/index.ts'
import { addressHash, countLetters, dropLetters, queueLetter } from '../../mail/outbox.ts'
import type { Locale } from '../../paths.ts'
import { openText, sealText } from '../../vault/seal.ts'
import { changesOf, type Publication } from '../feeds/service.ts'
import { confirmationLetter, digestLetter, knownLetter } from './letters.ts'
import { activate, countByAddress, findPending, findSame, findSubscription, holdAddress, isConfirmed, keepPending, listDue, moveOn, removeSubscription, removeUnconfirmed, type Frequency, type Subscription } from './repository.ts'
import { follow, readerOf, type Followed } from './scopes.ts'

const HOUR = 3_600_000
/** A wish that nobody confirms is forgotten. */
export const CONFIRM_HOURS = 48
/** Letters that strangers can make one address get in an hour, and subscriptions of one address. */
const LETTERS_AN_HOUR = 3
const MOST = 50

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')
const earlier = (now: string, hours: number): string => new Date(Date.parse(now) - hours * HOUR).toISOString()

/** The secret in the address by which a subscription is managed: reckoned, not kept, so that a stolen database ends nobody's. */
export function manageToken ({ keys }: App, id: string): string {
  return `${id}.${createHmac('sha256', keys.forms).update(`subscription|${id}`).digest('base64url')}`
}

/** The subscription behind such a secret; null when it has ended; `not_found` when nobody ever had this secret. */
export async function readManaged (app: App, token: string): Promise<Subscription | null> {
  const [id = ''] = token.split('.')
  const [given, right] = [token, manageToken(app, id)].map(text => createHash('sha256').update(text).digest())
  if (!timingSafeEqual(given as Buffer, right as Buffer)) throw new AppError('not_found')
  return await findSubscription(app.db, id) ?? null
}

/** Ends a subscription, and its letters with it: nothing that waits is sent any more. */
export async function end (app: App, id: string): Promise<void> {
  await app.db.transaction().execute(async trx => {
    await removeSubscription(trx, id)
    await dropLetters(trx, id)
  })
  await eraseTraces(app.db)
}

export interface Wish { email: string, frequency: Frequency, locale: Locale }

/**
 * Asks an address to confirm. Whoever asks learns nothing: not whether the address follows it already, nor whether it gets too many letters.
 */
export async function subscribe (app: App, { kept, ...followed }: Followed, { email, frequency, locale }: Wish, now: string): Promise<void> {
  const hash = addressHash(app.keys, email)
  const same = { address_hash: hash, set_name: kept.set, code: kept.code, query: kept.query }
  const to = { app, locale, to: email, followed }
  await app.db.transaction().execute(async trx => {
    await holdAddress(trx, hash)
    const known = await findSame(trx, same)
    if (await countLetters(trx, hash, earlier(now, 1)) >= LETTERS_AN_HOUR || (known === undefined && await countByAddress(trx, hash) >= MOST)) return
    if (known?.status === 'active') {
      await queueLetter(trx, app.keys, { kind: 'known', subscription: known.id }, knownLetter(to, app.address(locale, 'subscription', [manageToken(app, known.id)])), now)
      return
    }
    const token = randomBytes(24).toString('base64url')
    const id = randomBytes(12).toString('base64url')
    await keepPending(trx, { ...same, id, email_sealed: sealText(app.keys.identity, email, `subscription|${id}`), locale, frequency, status: 'pending', confirm_hash: hashOf(token), created_at: now, digest_at: now })
    await queueLetter(trx, app.keys, { kind: 'confirm', subscription: known?.id ?? id }, confirmationLetter(to, app.address(locale, 'subscriptionConfirm', [token])), now)
  })
}

/** The wish behind the link of a letter; null when it is older than 48 hours, used or unknown. */
export async function readPending (app: App, token: string, now: string): Promise<Subscription | null> {
  return await findPending(app.db, hashOf(token), earlier(now, CONFIRM_HOURS)) ?? null
}

/** Whether the link of a letter has done its work already. */
export async function isInForce (app: App, token: string): Promise<boolean> {
  return await isConfirmed(app.db, hashOf(token))
}

/** Begins the subscription; gives the secret of its page. */
export async function confirm (app: App, token: string, now: string): Promise<string | null> {
  const found = await readPending(app, token, now)
  if (found === null) return null
  await activate(app.db, found.id, now)
  return manageToken(app, found.id)
}

/** The address of a subscription; only letters read it. */
function emailOf ({ keys }: App, { id, email_sealed: sealed }: Subscription): string {
  return openText(keys.identity, sealed, `subscription|${id}`)
}

const HOURS: Readonly<Record<Frequency, number>> = { daily: 24, weekly: 168 }
const A_RUN = 200
const MOST_CHANGES = 50
/** An import is published when it ends, with the time at which it began: what is younger than this may not be complete. */
const SETTLE_HOURS = 0.25

/**
 * Writes the letters that are due: what was published of each thing followed since the last one. Letter and moment are written together,
 * so that no change is told twice and none is left out, whoever is killed when. One that fails is logged and does not hold up the others; `signal` asks to stop.
 * Gives how many letters were written.
 */
export async function writeDigests (app: App, now: string, signal?: AbortSignal): Promise<number> {
  await removeUnconfirmed(app.db, earlier(now, CONFIRM_HOURS))
  const until = earlier(now, SETTLE_HOURS)
  let written = 0
  for (const frequency of ['daily', 'weekly'] as const) {
    for (const one of await listDue(app.db, frequency, earlier(until, HOURS[frequency]), A_RUN)) {
      if (signal?.aborted === true) return written
      const done = await writeDigest(app, one, until, now).catch((error: Error) => {
        app.log.error({ subscription: one.id, err: { type: error.name, message: error.message } }, 'digest')
        return false
      })
      if (done) written++
    }
  }
  return written
}

async function writeDigest (app: App, one: Subscription, until: string, now: string): Promise<boolean> {
  const locale = one.locale as Locale
  const followed = await follow(app, readerOf(app, locale, translator(locale)), { set: one.set_name, code: one.code, query: one.query }).catch((error: unknown) => {
    if (error instanceof AppError) return null // what was followed is not public any more
    throw error
  })
  const found = followed === null ? { changes: [], more: false } : await changesBetween(app, followed, one.digest_at, until)
  return await app.db.transaction().execute(async trx => {
    if (!await moveOn(trx, one, until) || followed === null || found.changes.length === 0) return false
    const token = manageToken(app, one.id)
    const links = { manage: app.address(locale, 'subscription', [token]), end: app.address(locale, 'subscriptionEnd', [token]) }
    await queueLetter(trx, app.keys, { kind: 'digest', subscription: one.id }, digestLetter({ app, locale, to: emailOf(app, one), followed }, { ...found, ...links }), now)
    return true
  })
}

async function changesBetween (app: App, { scopes }: Followed, since: string, until: string): Promise<{ changes: Publication[], more: boolean }> {
  const found: Publication[] = []
  let more = false
  for (const scope of scopes) {
    const part = await changesOf(app.db, scope, MOST_CHANGES, { since, until })
    found.push(...part.rows)
    more ||= part.more
  }
  return { changes: found.sort((a, b) => a.at < b.at ? 1 : -1).slice(0, MOST_CHANGES), more: more || found.length > MOST_CHANGES }
}
