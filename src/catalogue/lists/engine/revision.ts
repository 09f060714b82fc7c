import type { Kysely } from 'kysely'
import { readRevision } from '../../../db/records.ts'
import type { Database } from '../../../db/schema.ts'
import { localDate } from '../../../domain/time/calendar.ts'

interface Kept<T> { state: string, value: Promise<T> }

/**
 * Keeps what `make` computes from the public register until anybody, also another process, publishes again, or the day ends in China: what is in force
 * changes at midnight by itself.
 * The counter is read once per call; callers that arrive together share one computation.
 */
export function perRevision<T> (make: (db: Kysely<Database>, revision: number) => Promise<T>): (db: Kysely<Database>) => Promise<T> {
  const kept = new WeakMap<Kysely<Database>, Kept<T>>()
  return async db => {
    const revision = await readRevision(db, 'register')
    const state = `${revision} ${localDate(new Date().toISOString())}`
    const known = kept.get(db)
    if (known?.state === state) return await known.value
    const value = make(db, revision)
    kept.set(db, { state, value })
    value.catch(() => { if (kept.get(db)?.value === value) kept.delete(db) })
    return await value
  }
}
