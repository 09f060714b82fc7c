import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Version and suite of a sealed text; a later suite gets its own mark and old texts stay readable. */
const SUITE = 'a1' // AES-256-GCM, 96-bit nonce, 128-bit tag
const NONCE = 12
const TAG = 16

/** A sealed text that does not open: wrong key, wrong place, or altered. Never says which. */
export class SealBroken extends Error {
  constructor () { super('sealed text does not open'); this.name = 'SealBroken' }
}

/** Encrypts bytes for one place: `bound` (record, field) must be the same to open them, so sealed texts cannot be swapped. */
export function sealBytes (key: Buffer, plain: Buffer, bound: string): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG })
  cipher.setAAD(Buffer.from(`${SUITE}|${bound}`))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws SealBroken. */
export function openBytes (key: Buffer, sealed: Buffer, bound: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    decipher.setAAD(Buffer.from(`${SUITE}|${bound}`))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()])
  } catch (cause) {
    throw new SealBroken()
  }
}

/** Encrypts a text for one place; see sealBytes. */
export function sealText (key: Buffer, plain: string, bound: string): string {
  return `${SUITE}.${sealBytes(key, Buffer.from(plain, 'utf8'), bound).toString('base64url')}`
}

/** Throws SealBroken. */
export function openText (key: Buffer, sealed: string, bound: string): string {
  if (!sealed.startsWith(`${SUITE}.`)) throw new SealBroken()
  return openBytes(key, Buffer.from(sealed.slice(SUITE.length + 1), 'base64url'), bound).toString('utf8')
}
