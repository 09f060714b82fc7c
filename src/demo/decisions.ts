import type { Insertable } from 'kysely'
import { keepVersions, type Publication } from '../db/records.ts'
import type { Db, DecisionTable } from '../db/schema.ts'
import { addDays, localDate } from '../domain/time/calendar.ts'
import { around, oneOf } from './random.ts'
import type { DecisionKind, DemoPack } from './schema.ts'

interface Matter { id: number, name: string, agency_id: number, category: string }

/** For how long a decision of a kind of party stays public (a default of ours, not law). */
const PUBLIC_DAYS = 365

/** Publishes fictional decisions on the real matters of the register, spread over the past year. */
export async function publishDecisions (trx: Db, pack: DemoPack, count: number, publication: Publication, random: () => number): Promise<void> {
  const matters = await trx.selectFrom('matter').select(['id', 'name', 'agency_id', 'category']).orderBy('code').execute()
  const kinds = pack.decisions.kinds.flatMap(kind => matters.some(matter => matter.category === kind.category) ? Array.from({ length: kind.share }, () => kind) : [])
  if (kinds.length === 0) return
  const series = new Map<string, number>()
  const days = Array.from({ length: count }, () => Math.floor(random() * PUBLIC_DAYS) + 1).sort((a, b) => b - a)
  const rows = days.map((ago, at) => {
    const kind = around(kinds, at)
    const matter = oneOf(matters.filter(one => one.category === kind.category), random)
    return makeDecision({ pack, kind, matter, decidedOn: addDays(localDate(publication.at), -ago), series }, random)
  })
  const stored = await trx.insertInto('decision').values(rows).returning(['id', 'number']).execute()
  const ids = new Map(stored.map(row => [row.number, row.id]))
  await keepVersions(trx, rows.map(({ version, ...data }) => ({ kind: 'decision', id: ids.get(data.number) as number, version, data })), publication)
}

interface Making { pack: DemoPack, kind: DecisionKind, matter: Matter, decidedOn: string, series: Map<string, number> }

function makeDecision ({ pack, kind, matter, decidedOn, series }: Making, random: () => number): Insertable<DecisionTable> & { version: number } {
  const name = `${kind.series}〔${decidedOn.slice(0, 4)}〕`
  const number = (series.get(name) ?? 0) + 1
  series.set(name, number)
  const [party, type] = oneOf(pack.decisions.parties, random)
  const content = oneOf(kind.contents, random)
  const yuan = (1 + Math.floor(random() * 40)) * 500
  return {
    number: `${name}${number}号`,
    version: 1,
    matter_id: matter.id,
    agency_id: matter.agency_id,
    party_name: party,
    party_type: type,
    facts: kind.facts.replace('{matter}', matter.name),
    content: content.replace('{fine}', String(yuan)),
    fine_fen: content.includes('{fine}') ? yuan * 100 : null,
    decided_on: decidedOn,
    public_until: addDays(decidedOn, PUBLIC_DAYS),
    status: 'in_force',
    fictional: 1
  }
}
