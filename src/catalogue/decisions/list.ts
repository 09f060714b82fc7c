import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { readDetails } from '../../domain/decisions/fields.ts'
import { namesAmounts } from '../../domain/decisions/amounts.ts'
import { daysBetween } from '../../domain/time/calendar.ts'
import type { ListRow, PublicRecord, RegisterList } from '../lists/definition.ts'
import { timelinessJudge } from '../publication/timeliness.ts'
import { highlight, holdsAll, snippet, type Piece } from '../search/engine/snippet.ts'
import { listDecisionSlice, listPublicDecisions, type PublicDecision } from './repository.ts'

/** The published decisions as a list: what is withdrawn or past its period is not in it. */
export const DECISIONS: RegisterList = {
  name: 'decisions',
  words: 'decisions',
  route: 'decisions',
  record: 'decision',
  table: 'decision_search',
  facets: [
    { name: 'category', says: { words: 'category' }, shown: 6 },
    { name: 'agency', says: 'agency', shown: 8 },
    { name: 'penalty_kind', says: { words: 'penalty_kind' }, shown: 6, several: ' ' },
    { name: 'amount', says: { words: 'amount_range' }, shown: 8, ordered: true },
    { name: 'tier', says: { words: 'tier' }, shown: 6 },
    { name: 'year', says: 'text', shown: 6, ordered: true },
    { name: 'party_type', says: { words: 'target' }, shown: 6 },
    { name: 'timeliness', says: { words: 'timeliness' }, shown: 3 },
    { name: 'region', says: 'region', shown: 8, pointlessAlone: true },
    { name: 'matter', says: 'text', shown: 8, quiet: true }
  ],
  sorts: ['decided', 'amount'],
  usual: 'decided',
  read: readDecisions,
  hit: 'catalogue/decision-hit',
  describe: describeDecisions,
  fields: [
    { key: 'code', label: 'column.code', type: 'text' },
    { key: 'number', label: 'column.decision_number', type: 'text' },
    { key: 'category', label: 'column.category', type: 'text', words: 'category' },
    { key: 'agency', label: 'column.agency', type: 'text' },
    { key: 'region', label: 'column.region', type: 'text' },
    { key: 'matter_code', label: 'column.matter_code', type: 'text' },
    { key: 'matter', label: 'column.matter', type: 'text' },
    { key: 'party_name', label: 'column.party_name', type: 'text' },
    { key: 'party_type', label: 'column.party_type', type: 'text', words: 'target' },
    { key: 'party_uscc', label: 'column.party_uscc', type: 'text' },
    { key: 'violation', label: 'column.violation', type: 'text' },
    { key: 'facts', label: 'column.facts', type: 'text' },
    { key: 'basis', label: 'column.decision_basis', type: 'text' },
    { key: 'penalty_kinds', label: 'column.penalty_kinds', type: 'texts', words: 'penalty_kind' },
    { key: 'content', label: 'column.decision_content', type: 'text' },
    { key: 'fine_fen', label: 'column.fine', type: 'fen' },
    { key: 'confiscated_fen', label: 'column.confiscated', type: 'fen' },
    { key: 'tier', label: 'column.tier', type: 'text', words: 'tier' },
    { key: 'decided_on', label: 'column.decided_on', type: 'date' },
    { key: 'published_on', label: 'column.published_on', type: 'date' },
    { key: 'publish_due_on', label: 'column.publish_due_on', type: 'date' },
    { key: 'timeliness', label: 'column.timeliness', type: 'text', words: 'timeliness' },
    { key: 'public_until', label: 'column.public_until', type: 'date' },
    { key: 'permit_name', label: 'column.permit_name', type: 'text' },
    { key: 'permit_no', label: 'column.permit_no', type: 'text' },
    { key: 'valid_from', label: 'column.valid_from', type: 'date' },
    { key: 'valid_to', label: 'column.valid_to', type: 'date' },
    { key: 'fictional', label: 'column.fictional', type: 'flag' },
    { key: 'version', label: 'column.version', type: 'integer' },
    { key: 'updated_at', label: 'column.updated_at', type: 'instant' }
  ],
  records: publicRecords
}

/** Lower bounds in fen of the ranges of amounts; words at `amount_range.<index>`. */
const BOUNDS = [1, 100_000, 1_000_000, 10_000_000, 100_000_000]

/** The range of fine and confiscation together: '' without money, else '1' to '5'. */
export function amountRange (row: { fine_fen: number | null, confiscated_fen: number | null }): string {
  const range = BOUNDS.filter(bound => amountOf(row) >= bound).length
  return range === 0 ? '' : String(range)
}

const amountOf = (row: { fine_fen: number | null, confiscated_fen: number | null }): number => (row.fine_fen ?? 0) + (row.confiscated_fen ?? 0)
const timelinessOf = (lateDays: number): string => lateDays > 0 ? 'late' : 'in_time'

async function readDecisions (db: Kysely<Database>, after: string, limit: number): Promise<ListRow[]> {
  const judge = await timelinessJudge(db)
  return (await listDecisionSlice(db, after, limit)).map(row => ({
    id: row.id,
    code: row.code,
    name: row.number,
    aliases: row.party_name,
    ended: false,
    values: {
      category: row.category, agency: row.agency_slug, penalty_kind: row.penalty_kinds ?? '', amount: amountRange(row), tier: row.tier ?? '', year: row.decided_on.slice(0, 4), party_type: row.party_type, timeliness: timelinessOf(judge(row).lateDays), region: row.region_code, matter: row.matter_code ?? ''
    },
    keys: { decided: daysBetween('1970-01-01', row.decided_on), amount: Math.round(amountOf(row) / 100) }
  }))
}

/** Fields of the details that are handed out in columns of their own. */
const TOLD = ['permit_name', 'permit_no', 'valid_from', 'valid_to'] as const

async function publicRecords (db: Kysely<Database>, ids: number[]): Promise<PublicRecord[]> {
  const judge = await timelinessJudge(db)
  const rows = new Map((await listPublicDecisions(db, ids)).map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = rows.get(id)
    if (row === undefined) return []
    const { id: _, details, agency_en: _en, agency_slug: _slug, matter_version: _version, benchmark_code: _benchmark, ...rest } = row
    const told = readDetails(details)
    const { dueOn, lateDays } = judge(row)
    return [{ ...rest, penalty_kinds: (row.penalty_kinds ?? '').split(' ').filter(kind => kind !== ''), ...Object.fromEntries(TOLD.map(key => [key, told[key] ?? null])), publish_due_on: dueOn, timeliness: timelinessOf(lateDays), fictional: row.fictional === 1 }]
  })
}

export interface DecisionHit extends Pick<PublicDecision, 'code' | 'category' | 'agency' | 'content' | 'decided_on' | 'tier' | 'fictional'> {
  number: Piece[]
  party: Piece[]
  fen: number | null
  late: boolean
  snippet: Piece[] | null
}

/** The rows of a page in the order of `ids`, with what was found in each. */
export async function describeDecisions (db: Kysely<Database>, ids: number[], runs: string[]): Promise<DecisionHit[]> {
  const judge = await timelinessJudge(db)
  const rows = new Map((await listPublicDecisions(db, ids)).map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = rows.get(id)
    return row === undefined ? [] : [hitOf(row, runs, judge(row).lateDays > 0)]
  })
}

function hitOf (row: PublicDecision, runs: string[], late: boolean): DecisionHit {
  const missing = runs.filter(run => !holdsAll(`${row.number} ${row.party_name}`, [run]))
  const texts = [row.violation, row.matter, row.facts, row.basis, row.content].filter(text => text !== null)
  const best = missing.length === 0 ? undefined : texts.find(text => holdsAll(text, missing)) ?? texts.find(text => missing.some(run => holdsAll(text, [run])))
  return {
    code: row.code,
    category: row.category,
    agency: row.agency,
    content: row.content,
    decided_on: row.decided_on,
    tier: row.tier,
    fictional: row.fictional,
    late,
    number: highlight(row.number, runs),
    party: highlight(row.party_name, runs),
    fen: amountOf(row) === 0 || (best === undefined && namesAmounts(row.content, row)) ? null : amountOf(row),
    snippet: best === undefined ? null : snippet(best, missing)
  }
}
