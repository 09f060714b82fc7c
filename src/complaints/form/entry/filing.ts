import { createHmac } from 'node:crypto'
import type { Db } from '../../../db/schema.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import { localDate, startOfDay } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import type { Keys } from '../../../vault/keys.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Entry } from '../../case/core/types.ts'
import { findRole } from './repository.ts'

/** The keyed hash under which an item of a source is found again; null without a number. */
export function sourceKey (keys: Keys, { source, number }: Entry): string | null {
  return number === undefined ? null : createHmac('sha256', keys.pepper).update(`source|${source}|${number.normalize('NFKC').replace(/\s/g, '').toUpperCase()}`).digest('base64url')
}

/** Who files a draft that staff entered; null for the public's own. An account that may no longer do so cannot: `forbidden`. */
export async function entrantOf (db: Db, enteredBy: number | null): Promise<{ id: number, role: Role } | null> {
  if (enteredBy === null) return null
  const role = await findRole(db, enteredBy) as Role | undefined
  if (role === undefined) throw new AppError('forbidden', { permission: 'complaint.enter' })
  demandPermission({ id: enteredBy, role, requestId: '' }, 'complaint.enter')
  return { id: enteredBy, role }
}

/** From when the periods of a complaint run: from the moment it is filed, or from the day on which the bureau received it. */
export function receivedAt (entry: Entry | undefined, now: string): string {
  return entry === undefined || entry.receivedOn >= localDate(now) ? now : startOfDay(entry.receivedOn)
}

/** What the queue knows of where a complaint came from; its number and the body behind it stay sealed. */
export function sourceColumns (keys: Keys, entry: Entry | undefined): { source: string, source_key: string | null, received_on: string | null } {
  return entry === undefined ? { source: 'web', source_key: null, received_on: null } : { source: entry.source, source_key: sourceKey(keys, entry), received_on: entry.receivedOn }
}
