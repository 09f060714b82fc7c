/** Numbers from 0 to 1 that are the same at every run (mulberry32), so that a demo city looks the same everywhere. */
export function seededRandom (seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One of a list that holds at least one. */
export function oneOf<T> (list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T
}

/** The element at a place counted round and round. */
export function around<T> (list: readonly T[], at: number): T {
  return list[at % list.length] as T
}
