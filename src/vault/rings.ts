import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { AuditKey } from '../db/audit.ts'
import type { VaultKeyTable } from '../db/schema.ts'
import { readKey } from './files.ts'
import { SealBroken, type KeyRing, type SealingKey } from './seal.ts'
import { SUITES, type SuiteName } from './suites.ts'

export type KeyRow = VaultKeyTable

/** Follows the register of keys, so that a running process uses a new key without a restart. Throws StartError where a key's file is not there. */
interface Following { follow: (rows: readonly KeyRow[]) => void }

/** Keys that seal. One that came after the start is read from its file when the first text asks for it. */
export interface LiveRing extends KeyRing, Following {}

export function openRing (folder: string, name: string, suite: SuiteName, rows: readonly KeyRow[]): LiveRing {
  const known = new Map<string, SealingKey>()
  const load = (id: string): SealingKey => {
    const key = known.get(id) ?? { id, bytes: readKey(folder, name, id).key, suite }
    known.set(id, key)
    return key
  }
  let current: SealingKey | null = null
  let first = ''
  const follow = (rows: readonly KeyRow[]): void => {
    current = null // where the new key's file is missing nothing may be sealed with the old one, which is going to be destroyed
    for (const { id, state } of rows) if (state === 'retired') known.delete(id)
    current = load(currentId(rows))
    first = rows.toSorted((a, b) => (a.current_at ?? '9') < (b.current_at ?? '9') ? -1 : 1)[0]?.id ?? ''
  }
  follow(rows)
  return {
    get current () {
      if (current === null) throw new SealBroken()
      return current
    },
    find (id = first) {
      try {
        return load(id)
      } catch {
        throw new SealBroken()
      }
    },
    follow
  }
}

function currentId (rows: readonly KeyRow[]): string {
  return rows.find(({ state }) => state === 'current')?.id as string // the register always has one: loadKeys enters it
}

export interface PublicKey { id: string, key: KeyObject, since: string, until: string | null }

/** Ed25519. A key that signs no more goes on proving what it signed: its public half stays in the register. */
export interface SigningRing extends Following {
  /** Signature (64 bytes) of a text by the current key, and the id of that key. */
  sign: (text: string) => Buffer
  currentId: () => string
  verify: (id: string, text: string, signature: Buffer) => boolean
  published: () => readonly PublicKey[]
}

export function openSigning (folder: string, rows: readonly KeyRow[]): SigningRing {
  let [current, secret] = ['', signingKey(readKey(folder, 'signing', currentId(rows)).key)]
  let published: PublicKey[] = []
  const follow = (rows: readonly KeyRow[]): void => {
    const id = currentId(rows)
    if (id !== current) secret = signingKey(readKey(folder, 'signing', id).key)
    current = id
    published = rows.filter(({ current_at: since }) => since !== null).map(({ id, public_key: key, current_at: since, former_at: until }) => ({
      id, key: createPublicKey({ key: Buffer.from(key ?? '', 'base64'), format: 'der', type: 'spki' }), since: since as string, until
    })).sort((a, b) => a.since < b.since ? 1 : -1)
  }
  follow(rows)
  return {
    sign: text => sign(null, Buffer.from(text), secret),
    currentId: () => current,
    verify: (id, text, signature) => published.some(item => item.id === id && verify(null, Buffer.from(text), item.key, signature)),
    published: () => published,
    follow
  }
}

/** RFC 8410: the private key of Ed25519 is these 32 bytes behind a fixed head. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

function signingKey (seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
}

/** The public half of a signing key, base64 of SPKI: what the register keeps. */
export function publicHalf (seed: Buffer): string {
  return createPublicKey(signingKey(seed)).export({ format: 'der', type: 'spki' }).toString('base64')
}

/** Links of the audit chain: HMAC of the suite in use (security.md E-6); a link made with SM3 says so. */
export function auditKey (key: Buffer, suite: SuiteName): AuditKey {
  const link = (text: string, by: SuiteName): string => `${by === 'sm' ? 'sm3.' : ''}${SUITES[by].mac(key, text).toString('base64url')}`
  return {
    link: text => link(text, suite),
    matches: (stored, text) => stored === link(text, stored.startsWith('sm3.') ? 'sm' : 'aes')
  }
}
