import { randomBytes } from 'node:crypto'
import { openBytes, ringOf, sealBytes, type KeyRing } from './seal.ts'

/** A key of one complaint's own, and the same key wrapped for storing. Destroying the wrapped form erases all it sealed. */
export interface DataKey { key: KeyRing, wrapped: string }

/** `bound` names purpose and complaint, e.g. `identity|<id>`. */
export function newDataKey (wrapping: KeyRing, bound: string): DataKey {
  const key = randomBytes(32)
  return { key: ringOf(key, wrapping.current.suite), wrapped: sealBytes(wrapping, key, `key|${bound}`) }
}

/** Throws SealBroken. */
export function unwrapDataKey (wrapping: KeyRing, wrapped: string, bound: string): KeyRing {
  return ringOf(openBytes(wrapping, wrapped, `key|${bound}`), wrapping.current.suite)
}
