import { newDataKey, unwrapDataKey } from '../../../vault/data-keys.ts'
import type { Keys } from '../../../vault/keys.ts'
import { openText, sealText, type KeyRing } from '../../../vault/seal.ts'
import { SUITES } from '../../../vault/suites.ts'
import type { Identity } from '../core/types.ts'

/** Seals and opens what was typed about one complaint. Each text is bound to complaint and field: swapped ones do not open. */
export interface Seal {
  /** The content key; attachments are encrypted with it too. */
  key: KeyRing
  close: (field: string, text: string) => string
  /** Throws SealBroken. */
  open: (field: string, sealed: string) => string
  /** Freezes a text: keyed, so that a copy of the database cannot test guesses. */
  digest: (text: string) => string
}

/** A seal with a new key, and the wrapped key to store. */
export function newSeal (keys: Keys, id: string): { seal: Seal, wrapped: string } {
  const { key, wrapped } = newDataKey(keys.content, `content|${id}`)
  return { seal: sealOf(id, key), wrapped }
}

/** The seal of a stored draft or complaint (they share id and key). Throws SealBroken. */
export function sealFor (keys: Keys, row: { id: string, wrapped_key: string }): Seal {
  return sealOf(row.id, unwrapDataKey(keys.content, row.wrapped_key, `content|${row.id}`))
}

function sealOf (id: string, key: KeyRing): Seal {
  const { bytes, suite } = key.current
  return {
    key,
    close: (field, text) => sealText(key, text, `${id}|${field}`),
    open: (field, sealed) => openText(key, sealed, `${id}|${field}`),
    digest: text => SUITES[suite].mac(bytes, text).toString('base64url')
  }
}

/** The identity under a key of its own, wrapped by another key than the content. */
export function sealIdentity (keys: Keys, id: string, identity: Identity): { complaint_id: string, wrapped_key: string, sealed: string } {
  const { key, wrapped } = newDataKey(keys.identity, `identity|${id}`)
  return { complaint_id: id, wrapped_key: wrapped, sealed: sealText(key, JSON.stringify(identity), `${id}|identity`) }
}

/** Throws SealBroken. */
export function openIdentity (keys: Keys, row: { complaint_id: string, wrapped_key: string, sealed: string }): Identity {
  const id = row.complaint_id
  return JSON.parse(openText(unwrapDataKey(keys.identity, row.wrapped_key, `identity|${id}`), row.sealed, `${id}|identity`)) as Identity
}
