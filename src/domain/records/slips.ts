import { isReference } from './receipts.ts'

/** What a signed slip says: key that signed, reference, second of submission (ISO UTC) and the SHA-256 (hex) of the complaint as it was filed. */
export interface SlipClaim { keyId: string, ref: string, at: string, digest: string }
export interface Slip extends SlipClaim { /** exactly what is signed */ signed: string, signature: Buffer }

const VERSION = 'SL1'
const SHAPE = /^(SL1\.([0-9a-f]{12})\.(TS\d{11})\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.([0-9a-f]{64}))\.([A-Za-z0-9_-]{86})$/
const SIGNATURE = 64

/** The text that is signed: `SL1.<key>.<reference>.<time>.<digest>`; a slip is this, a dot, and the signature in base64url. */
export function signedText ({ keyId, ref, at, digest }: SlipClaim): string {
  return [VERSION, keyId, ref, at.replace(/\.\d+Z$/, 'Z').replace(/[-:]/g, ''), digest].join('.')
}

export function writeSlip (claim: SlipClaim, signature: Uint8Array): string {
  return `${signedText(claim)}.${Buffer.from(signature).toString('base64url')}`
}

/**
 * A slip however it came: in lines, with spaces, in full width, or as the whole address of its code. Null when it cannot be one. The last
 * character is compared as written: two texts must not be the same slip.
 */
export function readSlip (typed: string): Slip | null {
  const text = typed.normalize('NFKC').replace(/[\s\u200b\ufeff]/g, '')
  const found = SHAPE.exec(text.slice(text.lastIndexOf('#') + 1))
  if (found === null) return null
  const [, signed = '', keyId = '', ref = '', year, month, day, hour, minute, second, digest = '', tail = ''] = found
  const signature = Buffer.from(tail, 'base64url')
  if (!isReference(ref) || signature.length !== SIGNATURE || signature.toString('base64url') !== tail) return null
  return { signed, keyId, ref, at: `${year}-${month}-${day}T${hour}:${minute}:${second}Z`, digest, signature }
}
