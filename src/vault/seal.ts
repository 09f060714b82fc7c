import { createHmac } from 'node:crypto'
import { SealBroken, SUITES, type SuiteName } from './suites.ts'

export { SealBroken } from './suites.ts'

/** A key with its name (see keyId) and the suite that it seals with. */
export interface SealingKey { readonly id: string, readonly bytes: Buffer, readonly suite: SuiteName }

/** Keys of one purpose: the current one seals, any of them opens what it sealed. A complaint's own key is a ring of one. */
export interface KeyRing {
  readonly current: SealingKey
  /** `undefined` asks for the key from before keys had names. Throws SealBroken. */
  find: (id: string | undefined) => SealingKey
}

/** The name of a key follows from the key: a file or a text that claims another name is noticed, and the name tells nothing about the key. */
export function keyId (key: Buffer): string {
  return createHmac('sha256', key).update('sunlit key id').digest('hex').slice(0, 12)
}

/** A ring of one key. */
export function ringOf (bytes: Buffer, suite: SuiteName): KeyRing {
  const current = { id: keyId(bytes), bytes, suite }
  return {
    current,
    find (id) {
      if (id !== undefined && id !== current.id) throw new SealBroken()
      return current
    }
  }
}

const VERSION = 'v2'
/** Texts (a1) and wrapped keys (k1) from before suites could be chosen and keys had names: AES-256-GCM. */
const UNNAMED = new Set(['a1', 'k1'])

/**
 * Encrypts bytes for one place: `bound` (record, field) must be the same to open them, so sealed texts cannot be swapped.
 * The text says version, suite and key (security.md E-4): `v2.<suite>.<key id>.<base64url>`.
 */
export function sealBytes (ring: KeyRing, plain: Uint8Array, bound: string): string {
  const { id, bytes, suite } = ring.current
  const head = `${VERSION}.${suite}.${id}`
  return `${head}.${SUITES[suite].seal(bytes, plain, `${head}|${bound}`).toString('base64url')}`
}

/** Throws SealBroken. */
export function openBytes (ring: KeyRing, sealed: string, bound: string): Buffer {
  const [version = '', suite = '', id = '', payload = '', ...more] = sealed.split('.')
  if (UNNAMED.has(version)) return SUITES.aes.open(ring.find(undefined).bytes, Buffer.from(suite, 'base64url'), `a1|${bound}`)
  if (version !== VERSION || !isSuite(suite) || more.length > 0) throw new SealBroken()
  return SUITES[suite].open(ring.find(id).bytes, Buffer.from(payload, 'base64url'), `${version}.${suite}.${id}|${bound}`)
}

function isSuite (name: string): name is SuiteName {
  return Object.hasOwn(SUITES, name)
}

/** Encrypts a text for one place; see sealBytes. */
export function sealText (ring: KeyRing, plain: string, bound: string): string {
  return sealBytes(ring, Buffer.from(plain, 'utf8'), bound)
}

/** Throws SealBroken. */
export function openText (ring: KeyRing, sealed: string, bound: string): string {
  return openBytes(ring, sealed, bound).toString('utf8')
}

/** What an opening gives, or null where the sealed text does not open: for work on many, of which a damaged one must not stop the others. */
export function ifItOpens<T> (open: () => T): T | null {
  try {
    return open()
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
}
