import type { App } from '../../../app.ts'
import { listDue, type Due } from '../../../complaints/work/reminders/service.ts'
import { appendAudit } from '../../../db/audit.ts'
import { loadCalendar } from '../../../db/reckoner.ts'
import { digestDay } from '../../../domain/time/digests.ts'
import { AppError } from '../../../errors.ts'
import { isEmail } from '../../../forms/email.ts'
import { formatDate } from '../../../i18n/format.ts'
import { translator } from '../../../i18n/index.ts'
import { queueLetter, type Letter } from '../../../mail/outbox.ts'
import { LOCALES, type Locale } from '../../../paths.ts'
import { ifItOpens, openText, sealText } from '../../../vault/seal.ts'
import type { AccountParts } from '../accounts/service.ts'
import { findWish, listWaiting, takeDay, updateWish, type Addressee } from './repository.ts'

/** What the morning letters are written with; the application itself fits. */
export type Sender = Pick<App, 'db' | 'keys' | 'site' | 'address'>
/** People looked at together. */
const PIECE = 200

/** Where a person's morning letter goes. */
export interface Wish { email: string, wanted: boolean }

/** What a person has chosen. */
export async function readWish ({ db, keys }: AccountParts, id: number): Promise<Wish> {
  const { username, sealed, wanted } = await findWish(db, id)
  return { email: sealed === null ? '' : openText(keys.identity, sealed, `account-email|${username}`), wanted }
}

/** Keeps it; without an address there is no letter. Errors: `form_invalid`. */
export async function saveWish ({ db, keys }: AccountParts, actor: { id: number, role: string, requestId: string }, { email, wanted }: Wish, now: string): Promise<void> {
  const address = email.trim()
  if (address === '' ? wanted : !isEmail(address)) throw new AppError('form_invalid', { fields: { email: { key: address === '' ? 'digest.email_missing' : 'digest.email_wrong' } } })
  await db.transaction().execute(async trx => {
    const { username } = await findWish(trx, actor.id)
    await updateWish(trx, actor.id, { sealed: address === '' ? null : sealText(keys.identity, address, `account-email|${username}`), wanted })
    await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'account.digest_set', subject: username, result: 'done', requestId: actor.requestId })
  })
}

/**
 * On the morning of a working day, a letter to each person for whom something waits: references and reasons, nothing of a case (features.md T13). Taking
 * the day and queueing the letter are one transaction, so that of several processes one writes it, and a killed one loses none. Gives how many were written.
 */
export async function writeMorningLetters (app: Sender, now: string, signal?: AbortSignal): Promise<number> {
  const day = digestDay(now, await loadCalendar(app.db))
  if (day === null) return 0
  let written = 0
  for (;;) {
    const people = await listWaiting(app.db, day, PIECE)
    for (const person of people) {
      const lines = await listDue(app, person.id)
      const letter = lines.length === 0 ? null : ifItOpens(() => letterTo(app, person, lines)) // an address that is damaged keeps nobody else's letter back
      await app.db.transaction().execute(async trx => {
        if (!await takeDay(trx, person.id, day) || letter === null) return
        await queueLetter(trx, app.keys, { kind: 'morning', contact: null }, letter, now)
        written++
      })
      signal?.throwIfAborted()
    }
    if (people.length < PIECE) return written
  }
}

function letterTo (app: Sender, { username, sealed, fictional }: Addressee, lines: readonly Due[]): Letter {
  const to = openText(app.keys.identity, sealed, `account-email|${username}`)
  return {
    to, subject: LOCALES.map(locale => translator(locale)('digest.subject', { count: lines.length })).join(' · '),
    text: LOCALES.map(locale => textIn(app, locale, lines)).join('\n\n————————\n\n'),
    ...fictional ? { fictional: true } : {}
  }
}

/** References, why, and where to go on; whoever opens the address still signs in. What somebody noted for themselves stays inside. */
function textIn (app: Sender, locale: Locale, lines: readonly Due[]): string {
  const say = translator(locale)
  const items = lines.map(({ ref, clock, level, dueOn }) => {
    const why = clock === null || level === null ? say('reminder.task') : say(`reminder_level.${level}`, { clock: say(`clock.${clock}`) })
    return `${say('digest.line', { ref, why, on: formatDate(locale, dueOn) })}\n  ${app.address(locale, 'complaint', [ref])}`
  })
  return [say('digest.head', { site: app.site[locale].name, count: lines.length }), ...items, say('digest.end', { address: app.address(locale, 'deskMail') })].join('\n\n')
}
