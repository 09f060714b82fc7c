import type { Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import type { MatterDetails, Succession } from '../../../domain/records/matter-fields.ts'
import { localDate } from '../../../domain/time/calendar.ts'

/** A matter that takes the place of others, as its row says. */
export interface Successor { code: string, details: MatterDetails, reason: string }

/** An old code whose record ends, with the day and the reason. */
export interface Ended { code: string, on: string, reason: string }

export const previousCodes = ({ previous_codes: codes }: MatterDetails): string[] => codes?.split(' ') ?? []

/** Keeps where old codes went, in place of what the same matters said before. Gives the old codes, whose own records end thereby. */
export async function keepSuccessions (trx: Db, successors: Successor[], publication: Publication): Promise<Ended[]> {
  const today = localDate(publication.at)
  const rows = successors.flatMap(({ code, details, reason }) => previousCodes(details).map(old => ({
    old_code: old, new_code: code, kind: kindOf(details), since: details.succession_on ?? details.effective_from ?? today, reason
  })))
  for (let at = 0; at < successors.length; at += 500) await trx.deleteFrom('matter_succession').where('new_code', 'in', successors.slice(at, at + 500).map(one => one.code)).execute()
  for (let at = 0; at < rows.length; at += 500) await trx.insertInto('matter_succession').values(rows.slice(at, at + 500)).execute()
  return rows.map(row => ({ code: row.old_code, on: row.since, reason: row.reason }))
}

/** Several old codes in one matter are merged, one alone was renumbered, unless the row says otherwise. */
function kindOf (details: MatterDetails): Succession {
  return details.succession as Succession | undefined ?? (previousCodes(details).length > 1 ? 'merged' : 'renumbered')
}
