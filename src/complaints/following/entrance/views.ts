import type { FastifyReply, FastifyRequest } from 'fastify'
import { byField, type Fault } from '../../../forms/field-errors.ts'
import type { Frame } from '../../../views.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/tracking/entrance': Frame & {
      expired: boolean, left: boolean, receipt: boolean, ref: string, faults: Record<string, string>, kept: { to: string, json: string, lines: string[] } | null
    }
  }
}

/** What somebody had typed when the session ended: where it was sent, and the fields. */
export interface Kept { to: string, fields: Record<string, string> }

export interface Arrival { ref?: string, errors?: Fault[], expired?: boolean, left?: boolean, receipt?: boolean, kept?: Kept | null }

/** The session ended while something was typed: the entrance keeps it until the code was given again. */
export async function reenter (request: FastifyRequest, reply: FastifyReply, ref: string, kept: Kept): Promise<unknown> {
  return await entrance(request, reply.code(401), { ref, expired: true, kept })
}

/** The tries were too many: nothing was looked at, and the page says how long to wait. */
export async function slowed (request: FastifyRequest, reply: FastifyReply, seconds: number, arrival: Arrival): Promise<unknown> {
  return await entrance(request, reply.code(429).header('retry-after', String(seconds)), { ...arrival, errors: [{ field: 'code', text: request.t('track.slowed', { seconds }) }] })
}

/** The page with the two fields. */
export async function entrance (request: FastifyRequest, reply: FastifyReply, { ref = '', errors = [], expired = false, left = false, receipt = false, kept = null }: Arrival): Promise<unknown> {
  return await reply.page('complaints/tracking/entrance', {
    section: 'track',
    noindex: true,
    hideSearch: true,
    title: request.t('track.title'),
    self: request.path('track'),
    expired,
    left,
    receipt,
    ref,
    kept: kept === null ? null : { to: kept.to, json: JSON.stringify(kept.fields), lines: Object.entries(kept.fields).filter(([name]) => SHOWN.has(name)).map(([, text]) => text) },
    faults: byField(errors),
    ...errors.length === 0 ? {} : { errors }
  })
}

/** Fields of what was typed that the entrance shows; the others are choices. */
const SHOWN: ReadonlySet<string> = new Set(['text', 'words', 'who', 'reason', 'pressed'])

/** What a visitor's own page carried along; anything else is nothing. */
export function keptIn ({ kept_to: to, kept }: { kept_to?: string, kept?: string }): Kept | null {
  if (to === undefined || kept === undefined) return null
  try {
    const fields: unknown = JSON.parse(kept)
    if (fields === null || typeof fields !== 'object' || Array.isArray(fields)) return null
    return { to, fields: Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) }
  } catch {
    return null
  }
}
