import type { Readable } from 'node:stream'
import { check, type Keep } from './check.ts'
import type { StoredFile } from './store.ts'

/** A piece of a picture in thousandths of its width and height. */
export interface Piece { x: number, y: number, w: number, h: number }

/**
 * Draws a picture anew with these pieces black: what was under them is nowhere in the copy, nor is anything that a camera wrote. Done by the process that
 * looks at files. Returns what `keep` made of it. Throws FileRefused, `checks_busy`, and what the source or `keep` throw.
 */
export async function burn<T> (source: Readable, mediaType: string, pieces: readonly Piece[], keep: (content: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
  let kept: T | undefined
  const take: Keep = async content => { kept = await keep(content); return {} as StoredFile }
  await check(source, mediaType === 'image/png' ? 'png' : 'jpg', take, pieces.map(({ x, y, w, h }) => [x, y, w, h]))
  return kept as T // `take` was called, or `check` has thrown
}
