import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { setTimeout } from 'node:timers/promises'

/** How long a statement waits for another process that holds SQLite's write lock, and how long between two tries. */
const PATIENCE_MS = 5000
const PAUSE_MS = 25

const waiting = new Set<{ since: number }>()

/** For how many milliseconds a statement of this process has been waiting for another's lock; 0 when none is. */
export function lockWait (): number {
  let longest = 0
  for (const { since } of waiting) longest = Math.max(longest, performance.now() - since)
  return longest
}

/**
 * Waits for the lock without holding up the process: SQLite's own waiting would block every request for as long. A statement that was refused
 * as busy has done nothing, so it may be tried again.
 */
export function patient (connection: DatabaseConnection): DatabaseConnection {
  return {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      try {
        return await connection.executeQuery<R>(query)
      } catch (error) {
        if (!isBusy(error)) throw error
      }
      return await again<R>(connection, query)
    },
    streamQuery: <R>(query: CompiledQuery, chunkSize?: number) => connection.streamQuery<R>(query, chunkSize ?? 100)
  }
}

async function again<R> (connection: DatabaseConnection, query: CompiledQuery): Promise<QueryResult<R>> {
  const wait = { since: performance.now() }
  waiting.add(wait)
  try {
    for (;;) {
      await setTimeout(PAUSE_MS)
      try {
        return await connection.executeQuery<R>(query)
      } catch (error) {
        if (!isBusy(error) || performance.now() - wait.since > PATIENCE_MS) throw error
      }
    }
  } finally {
    waiting.delete(wait)
  }
}

function isBusy (error: unknown): boolean {
  return /^SQLITE_BUSY/.test((error as { code?: string }).code ?? '')
}
