import type { Db } from '../../../db/schema.ts'

const DAY_MS = 24 * 3_600_000
/** Name of the row of `setting` that remembers the last look at the clock, and since when it cannot be trusted. */
const NAME = 'steady_clock'

/**
 * Whether what has outlived its time may be destroyed: not for a day after the clock was found more than a day ahead of the last look. Nobody can
 * tell then whether the portal was off or the clock went wrong, and what is destroyed does not come back when the clock does. The look is kept in
 * the database, because a clock often goes wrong while the machine starts. `now`: ISO UTC.
 */
export async function isClockSteady (db: Db, now: string): Promise<boolean> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', NAME).executeTakeFirst()
  const [lookedAt = now, since = ''] = row?.value.split(' ') ?? []
  const ahead = later(lookedAt, DAY_MS) < now
  const doubtedSince = ahead ? now : since > now ? '' : since // a clock that was put back is right again
  const steady = doubtedSince === '' || later(doubtedSince, DAY_MS) <= now
  const value = `${now} ${steady ? '' : doubtedSince}`.trim()
  await db.insertInto('setting').values({ name: NAME, value }).onConflict(conflict => conflict.column('name').doUpdateSet({ value })).execute()
  return steady
}

function later (at: string, span: number): string {
  return new Date(Date.parse(at) + span).toISOString()
}
