import { hash, verify } from '@node-rs/argon2'

/** Argon2id at OWASP's floor: 19 MiB, 2 passes, 1 lane (security.md L-2, R-3). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const AT_ONCE = 2

let running = 0
const waiting: Array<() => void> = []

/** How many secrets wait for their turn: what a flood of tries makes long first. */
export function hashesWaiting (): number {
  return waiting.length
}

/** At most two hashes at a time: a flood of sign-ins must not take all processors and memory. */
async function inTurn<T> (work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>(resolve => waiting.push(resolve))
  running++
  try {
    return await work()
  } finally {
    running--
    waiting.shift()?.()
  }
}

/** Hashes a password or a query code, computed off the main thread; the pepper lives outside the database. */
export async function hashSecret (secret: string, pepper: Buffer): Promise<string> {
  return await inTurn(async () => await hash(secret, { ...COST, secret: pepper }))
}

/** Against a hash that does not exist (null) it takes the same time and says no. */
export async function verifySecret (stored: string | null, secret: string, pepper: Buffer): Promise<boolean> {
  return await inTurn(async () => {
    const matches = await verify(stored ?? NOBODY, secret, { secret: pepper }).catch(() => false)
    return matches && stored !== null
  })
}

/** The hash of a secret that nobody has, because none was made: well-formed, so that a try at it takes its usual time. */
export function hashOfNobody (random: (size: number) => Buffer): string {
  const part = (size: number): string => random(size).toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${part(16)}$${part(32)}`
}

/** A well-formed hash of nothing, so that an unknown name costs what a wrong password costs. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$c3VubGl0bm9ib2R5c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
