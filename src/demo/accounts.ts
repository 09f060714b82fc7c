import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import { actOnAccount } from '../admin/accounts/service.ts'
import { newTotpSecret } from '../desk/account/second-factor/codes.ts'
import { giveSecret } from '../desk/account/second-factor/service.ts'
import { hashSecret } from '../vault/passwords.ts'
import type { Keys } from '../vault/keys.ts'
import type { DemoPack } from './schema.ts'

/** Letters and digits that nobody mistakes for one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A password for all demo accounts of one database, for people to type: three groups of five. */
export function newDemoPassword (): string {
  const letters = [...randomBytes(15)].map(byte => ALPHABET[byte % ALPHABET.length])
  return [0, 5, 10].map(at => letters.slice(at, at + 5).join('')).join('-')
}

/** Makes the demo accounts of the city's bureau, or gives those that are there the password again. Their second factor is set up: the sign-in page shows its code. */
export async function openAccounts (db: Kysely<Database>, keys: Keys, pack: DemoPack, password: string, now: string): Promise<void> {
  const bureau = await db.selectFrom('bureau').select('id').where('parent_id', 'is', null).executeTakeFirstOrThrow()
  const secret = newTotpSecret()
  for (const { username, role, name, agency, card } of pack.accounts) {
    const office = agency === undefined ? undefined : await db.selectFrom('agency').select('id').where('slug', '=', agency).executeTakeFirstOrThrow()
    const row = { agency_id: office?.id ?? null, card_no: card ?? null, name, role, bureau_id: bureau.id, password_hash: await hashSecret(password, keys.pepper), fictional: 1 as const }
    const { id } = await db.insertInto('account').values({ ...row, username, created_at: now }).onConflict(conflict => conflict.column('username').doUpdateSet(row)).returning('id').executeTakeFirstOrThrow()
    await giveSecret({ db, keys }, db, { id, username, secret }, now)
  }
}

/** What the second administrator of the demo asked for: the first one finds something to confirm. */
export async function askForAccounts (db: Kysely<Database>, keys: Keys, pack: DemoPack, now: string): Promise<void> {
  const known = new Map((await db.selectFrom('account').select(['username', 'id', 'bureau_id', 'version']).execute()).map(row => [row.username, row]))
  for (const { by, act, username, typed } of pack.account_requests) {
    const admin = known.get(by)
    if (admin === undefined) throw new Error(`the demo has no account ${by}`)
    const account = known.get(username)
    await actOnAccount({ db, keys }, { id: admin.id, role: 'admin', requestId: 'demo', fictional: true, bureauIds: [admin.bureau_id] }, { act, id: account?.id ?? null, version: account?.version ?? 0, typed: { bureau: String(admin.bureau_id), ...typed } }, now)
  }
}
