/** Tries that cost nothing, and how long the next ones wait: about 21 an hour at most, below the 30 of security.md L-3. */
const FREE_TRIES = 5
const WAITS = [10, 20, 40, 80, 160, 300] as const
const FORGOTTEN = 3_600_000
const UNKNOWN_NAMES = 10_000

export interface Failures { count: number, at: string | null }

/** Seconds until the next try is heard; 0 when it may be made now. */
export function waitSeconds ({ count, at }: Failures, now: string): number {
  if (at === null || count < FREE_TRIES) return 0
  const wait = WAITS[Math.min(count - FREE_TRIES, WAITS.length - 1)] ?? 0
  return Math.max(0, Math.ceil(wait - (Date.parse(now) - Date.parse(at)) / 1000))
}

/** The count after one more failure; what lies more than an hour back is forgotten. */
export function oneMore ({ count, at }: Failures, now: string): Failures {
  const stale = at === null || Date.parse(now) - Date.parse(at) > FORGOTTEN
  return { count: stale ? 1 : count + 1, at: now }
}

/** Counts for names that are nobody's, so that they answer exactly as real ones do; the oldest are dropped. */
export function createStrangers (): { read: (name: string) => Failures, fail: (name: string, now: string) => void } {
  const seen = new Map<string, Failures>()
  const read = (name: string): Failures => seen.get(name) ?? { count: 0, at: null }
  return {
    read,
    fail (name, now) {
      const next = oneMore(read(name), now)
      seen.delete(name)
      seen.set(name, next)
      if (seen.size > UNKNOWN_NAMES) seen.delete(seen.keys().next().value as string)
    }
  }
}

/** Runs the tries at one name one after the other: of a hundred at once, each must see how the one before it ended. */
export function createTurns (): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work)
    const settled = mine.catch(() => undefined)
    last.set(name, settled)
    try {
      return await mine
    } finally {
      if (last.get(name) === settled) last.delete(name)
    }
  }
}
