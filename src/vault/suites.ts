import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** aes: AES-256-GCM and HMAC-SHA-256. sm: SM4-CTR with HMAC-SM3 (GB/T 32907, 32905), because OpenSSL offers no SM4-GCM. Both take keys of 32 bytes. */
export const SUITE_NAMES = ['aes', 'sm'] as const
export type SuiteName = (typeof SUITE_NAMES)[number]

/** A sealed text that does not open: wrong key, wrong place, or altered. Never says which. */
export class SealBroken extends Error {
  constructor () { super('sealed text does not open'); this.name = 'SealBroken' }
}

/**
 * One way to encrypt so that no change goes unnoticed. Whoever seals writes the suite's name beside the sealed bytes and into `bound`, so that
 * each text opens under any setting and cannot pass for one of another place or suite.
 */
export interface Suite {
  name: SuiteName
  /** By how many bytes a sealed text is longer than the plain one. */
  overhead: number
  /** `bound` is not stored: the same text must be given to open. */
  seal: (key: Buffer, plain: Uint8Array, bound: string) => Buffer
  /** Throws SealBroken. */
  open: (key: Buffer, sealed: Uint8Array, bound: string) => Buffer
  /** A keyed digest of 32 bytes. */
  mac: (key: Buffer, text: string) => Buffer
}

const GCM = { cipher: 'aes-256-gcm', nonce: 12, tag: 16 } as const

const aes: Suite = {
  name: 'aes',
  overhead: GCM.nonce + GCM.tag,
  seal (key, plain, bound) {
    const nonce = randomBytes(GCM.nonce)
    const cipher = createCipheriv(GCM.cipher, key, nonce, { authTagLength: GCM.tag }).setAAD(Buffer.from(bound))
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  open (key, sealed, bound) {
    try {
      const decipher = createDecipheriv(GCM.cipher, key, sealed.subarray(0, GCM.nonce), { authTagLength: GCM.tag }).setAAD(Buffer.from(bound))
      decipher.setAuthTag(sealed.subarray(sealed.length - GCM.tag))
      return Buffer.concat([decipher.update(sealed.subarray(GCM.nonce, sealed.length - GCM.tag)), decipher.final()])
    } catch {
      throw new SealBroken()
    }
  },
  mac: (key, text) => createHmac('sha256', key).update(text).digest()
}

const CTR = { cipher: 'sm4-ctr', nonce: 16, tag: 32 } as const

/** Encrypt, then authenticate, each under a key of its own. */
const sm: Suite = {
  name: 'sm',
  overhead: CTR.nonce + CTR.tag,
  seal (key, plain, bound) {
    const { cipherKey, macKey } = smKeys(key)
    const nonce = randomBytes(CTR.nonce)
    const cipher = createCipheriv(CTR.cipher, cipherKey, nonce)
    const body = Buffer.concat([nonce, cipher.update(plain), cipher.final()])
    return Buffer.concat([body, smTag(macKey, body, bound)])
  },
  open (key, sealed, bound) {
    if (sealed.length < CTR.nonce + CTR.tag) throw new SealBroken()
    const { cipherKey, macKey } = smKeys(key)
    const body = sealed.subarray(0, sealed.length - CTR.tag)
    if (!timingSafeEqual(sealed.subarray(body.length), smTag(macKey, body, bound))) throw new SealBroken()
    const decipher = createDecipheriv(CTR.cipher, cipherKey, body.subarray(0, CTR.nonce))
    return Buffer.concat([decipher.update(body.subarray(CTR.nonce)), decipher.final()])
  },
  mac: (key, text) => createHmac('sm3', key).update(text).digest()
}

interface SmKeys { cipherKey: Buffer, macKey: Buffer }

/** Deriving costs 20 µs, and a file is many chunks under one key. */
const derived = new WeakMap<Buffer, SmKeys>()

function smKeys (key: Buffer): SmKeys {
  const known = derived.get(key)
  if (known !== undefined) return known
  if (key.length !== 32) throw new RangeError('a key has 32 bytes')
  const bytes = Buffer.from(hkdfSync('sm3', key, '', 'sunlit sm4-ctr hmac-sm3', 48))
  const keys = { cipherKey: bytes.subarray(0, 16), macKey: bytes.subarray(16) }
  derived.set(key, keys)
  return keys
}

/** The length of `bound` stands first, so that nothing can move between it and the body. */
function smTag (macKey: Buffer, body: Uint8Array, bound: string): Buffer {
  const place = Buffer.from(bound)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(place.length)
  return createHmac('sm3', macKey).update(length).update(place).update(body).digest()
}

export const SUITES: Readonly<Record<SuiteName, Suite>> = { aes, sm }
