import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { perRevision } from '../lists/engine/revision.ts'

/** Public registers in the order in which people look for them; the words are `about.register_<name>`. */
const REGISTERS = ['matter', 'agency', 'statute', 'officer', 'prohibition', 'decision'] as const
export type Register = (typeof REGISTERS)[number]

/** How much a register holds, how much of it is not verified (null: not told row by row), and when it was last published or imported. */
export interface RegisterState { name: Register, count: number, unverified: number | null, publishedAt: string | null }

/** The state of all registers, computed once after each publication. */
export const registerStates = perRevision(async (db): Promise<{ registers: RegisterState[], importedAt: string | null }> => {
  const published = await db.selectFrom('record_version').select(['kind', eb => eb.fn.max('recorded_at').as('at')]).groupBy('kind').execute()
  const dates = new Map(published.map(({ kind, at }) => [kind, at]))
  const unverified = await countUnverified(db)
  const registers: RegisterState[] = []
  for (const name of REGISTERS) {
    const { count } = await db.selectFrom(name).select(eb => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    registers.push({ name, count: Number(count), unverified: unverified.get(name) ?? null, publishedAt: dates.get(name) ?? null })
  }
  const { at } = await db.selectFrom('import_batch').select(eb => eb.fn.max('recorded_at').as('at')).executeTakeFirstOrThrow()
  return { registers, importedAt: at }
})

async function countUnverified (db: Kysely<Database>): Promise<Map<Register, number>> {
  const one = sql<number>`count(*)`.as('count')
  const agencies = await db.selectFrom('agency').select(one).where('verified', '=', 0).executeTakeFirstOrThrow()
  const prohibitions = await db.selectFrom('prohibition').select(one).where('text_status', '<>', 'verified').executeTakeFirstOrThrow()
  return new Map<Register, number>([['agency', Number(agencies.count)], ['prohibition', Number(prohibitions.count)]])
}
