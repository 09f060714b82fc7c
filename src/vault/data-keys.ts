import { randomBytes } from 'node:crypto'
import { openBytes, sealBytes } from './seal.ts'

/** A key of one complaint's own, and the same key wrapped for storing. Destroying the wrapped form erases all it sealed. */
export interface DataKey { key: Buffer, wrapped: string }

/** `bound` names purpose and complaint, e.g. `identity|<id>`. */
export function newDataKey (wrapping: Buffer, bound: string): DataKey {
  const key = randomBytes(32)
  return { key, wrapped: `k1.${sealBytes(wrapping, key, `key|${bound}`).toString('base64url')}` }
}

/** Throws SealBroken. */
export function unwrapDataKey (wrapping: Buffer, wrapped: string, bound: string): Buffer {
  return openBytes(wrapping, Buffer.from(wrapped.slice('k1.'.length), 'base64url'), `key|${bound}`)
}
