import { createHmac, randomBytes } from 'node:crypto'
import type { Identity } from '../../case/core/types.ts'
import type { Channel } from '../../../mail/outbox.ts'
import { newDataKey, unwrapDataKey } from '../../../vault/data-keys.ts'
import type { Keys } from '../../../vault/keys.ts'
import { openText, sealText } from '../../../vault/seal.ts'
import type { ContactRow, NewContact } from './repository.ts'

export interface Address { channel: Channel, to: string }

/** Where an identity can be written to. Only mobile telephones take short messages. */
export function addressesOf ({ phone, email }: Pick<Identity, 'phone' | 'email'>): Address[] {
  const addresses: Address[] = []
  if (email !== undefined && email !== '') addresses.push({ channel: 'email', to: email })
  if (phone !== undefined && /^1[3-9]\d{9}$/.test(phone)) addresses.push({ channel: 'sms', to: phone })
  return addresses
}

/** A contact with a key of its own, wrapped by the identity key. */
export function sealContact (keys: Keys, complaintId: string, { channel, to }: Address, { locale, now }: { locale: string, now: string }): NewContact {
  const id = randomBytes(12).toString('base64url')
  const { key, wrapped } = newDataKey(keys.identity, `contact|${id}`)
  return { id, complaint_id: complaintId, channel, wrapped_key: wrapped, sealed: sealText(key, to, `${id}|contact`), match_hash: matchHash(keys, complaintId, to), locale, created_at: now }
}

/** The address itself; only letters and its owner's masked view read it. Throws SealBroken. */
export function openContact (keys: Keys, { id, wrapped_key: wrapped, sealed }: Pick<ContactRow, 'id' | 'wrapped_key' | 'sealed'>): string {
  return openText(unwrapDataKey(keys.identity, wrapped, `contact|${id}`), sealed, `${id}|contact`)
}

/** Tells whether a typed address is the one kept. Bound to the complaint: two complaints of one person have nothing in common. */
export function matchHash (keys: Keys, complaintId: string, to: string): string {
  return createHmac('sha256', keys.pepper).update(`contact|${complaintId}|${to.trim().toLowerCase()}`).digest('base64url')
}

/** A short code as it is stored: keyed, because so few digits are soon tried through. */
export function checkHash (keys: Keys, id: string, code: string): string {
  return createHmac('sha256', keys.pepper).update(`check|${id}|${code}`).digest('base64url')
}
