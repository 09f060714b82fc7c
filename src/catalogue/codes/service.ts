import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { siteAddress, type Config } from '../../config.ts'
import { appendAudit } from '../../db/audit.ts'
import type { Database, Db } from '../../db/schema.ts'
import { normaliseCertificate } from '../../domain/records/codes.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { createPaths } from '../../paths.ts'
import { cardCode, cardCodeId } from '../../vault/card-codes.ts'
import type { Keys } from '../../vault/keys.ts'
import { endCodes, findCode, findHolder, findTurn, insertCodes, listBare, listCards, type Bare, type Card, type Whose } from './repository.ts'

/** Why a code is no longer in force; the words stand at `card_code.ended_<ending>`. */
export const ENDINGS = ['reissued', 'lost', 'replaced', 'withdrawn'] as const
export type Ending = (typeof ENDINGS)[number]

/** What a code that somebody shows stands for. An ended one never says whose it was: whoever shows it may not be that person. */
export type Reading = { state: 'unknown' } | { state: 'ended', ending: Ending, on: string | null } | { state: 'in_force', officerId: number }

export { listRegions as regionsOf } from './repository.ts'

export interface CodeParts { db: Kysely<Database>, keys: Keys }
/** Who keeps the codes: a person of the desk, or a command. */
export interface Keeper { id: number | null, role: string, requestId: string }

const BATCH = 100

/** Reads a code. A card that was issued anew since has another code, whether or not somebody has printed it already. */
export async function readCode (db: Db, text: string): Promise<Reading> {
  const code = await findCode(db, cardCodeId(text) ?? '')
  if (code === undefined) return { state: 'unknown' }
  if (code.ended_at !== null) return { state: 'ended', ending: code.ending as Ending, on: localDate(code.ended_at) }
  const same = code.certificate_no === code.card_no && code.valid_from === code.card_from && code.valid_to === code.card_to
  return same ? { state: 'in_force', officerId: code.officer_id } : { state: 'ended', ending: 'reissued', on: null }
}

/** Makes the codes that are missing, and new ones for cards that were issued anew, each batch with its entry in the audit chain. Gives how many of each. */
export async function makeCodes (parts: CodeParts, keeper: Keeper, whose: Omit<Whose, 'today'> & { subject: string }, now: string): Promise<{ made: number, renewed: number }> {
  const count = { made: 0, renewed: 0 }
  for (let after = 0; ;) {
    const bare = await listBare(parts.db, { ...whose, today: localDate(now) }, after, BATCH)
    const last = bare.at(-1)
    if (last === undefined) break
    count.made += await parts.db.transaction().execute(async trx => {
      const made = await renew(trx, parts.keys, bare, now)
      if (made > 0) await audit(trx, parts.keys, keeper, { action: 'codes.made', subject: `${whose.subject} (${made})`, at: now })
      return made
    })
    count.renewed += bare.filter(({ old }) => old !== null).length
    after = last.id
    await setImmediate() // others are answered in between
  }
  return count
}

async function renew (trx: Db, { cards }: Keys, bare: Bare[], now: string): Promise<number> {
  const old = bare.flatMap(({ old }) => old ?? [])
  if (old.length > 0) await endCodes(trx, old, 'reissued', now)
  return await insertCodes(trx, bare.map(card => {
    const turn = (card.last ?? 0) + 1
    const code = cardCode(cards, { officerId: card.id, certificateNo: card.certificate_no, turn })
    return { id: cardCodeId(code) as string, officer_id: card.id, turn, certificate_no: card.certificate_no, valid_from: card.valid_from, valid_to: card.valid_to, made_at: now, ended_at: null, ending: null }
  }))
}

export type Outcome = 'ended' | 'no_code' | 'unknown'

/** Ends the code of a certificate at once, because it was lost or is to be replaced or withdrawn. `agencyId` keeps others' out of reach. */
export async function endCode (parts: CodeParts, keeper: Keeper, { number, ending, agencyId }: { number: string, ending: Ending, agencyId?: number }, now: string): Promise<Outcome> {
  return await parts.db.transaction().execute(async trx => {
    const holder = await findHolder(trx, [normaliseCertificate(number) ?? '', number])
    if (holder === undefined || (agencyId !== undefined && holder.agency_id !== agencyId)) return 'unknown'
    if (holder.code === null || await endCodes(trx, [holder.code], ending, now) === 0) return 'no_code'
    await audit(trx, parts.keys, keeper, { action: 'codes.ended', subject: `${holder.certificate_no} (${ending})`, at: now })
    return 'ended'
  })
}

/** The address that a code is printed as: Chinese, as the card is. */
export function cardAddress (config: Config, code: string): string {
  return siteAddress(config) + createPaths('')('zh-CN', 'cardCode', [code])
}

/** A certificate as it is printed, with its code. */
export interface PrintedCard extends Card { code: string }

/** Certificates of an agency with their codes, a sheet at a time. */
export async function printCards ({ db, keys }: CodeParts, whose: Whose, offset: number, limit: number): Promise<PrintedCard[]> {
  const cards = await listCards(db, whose, offset, limit)
  return cards.map(card => ({ ...card, code: cardCode(keys.cards, { officerId: card.id, certificateNo: card.certificate_no, turn: card.turn }) }))
}

/** The code in force of one certificate; null when it has none. */
export async function codeOf ({ db, keys }: CodeParts, certificateNo: string): Promise<string | null> {
  const row = await findTurn(db, certificateNo)
  return row === undefined ? null : cardCode(keys.cards, { officerId: row.officer_id, certificateNo, turn: row.turn })
}

async function audit (trx: Db, keys: Keys, keeper: Keeper, entry: { action: string, subject: string, at: string }): Promise<void> {
  await appendAudit(trx, keys.audit, { ...entry, actorId: keeper.id, role: keeper.role, result: 'done', requestId: keeper.requestId })
}
