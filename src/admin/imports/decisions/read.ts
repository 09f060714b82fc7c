import { TIERS } from '../../../domain/records/benchmarks.ts'
import { normaliseDocumentNumber, normaliseUscc } from '../../../domain/records/codes.ts'
import { DECISION_FIELDS, type DecisionField } from '../../../domain/decisions/fields.ts'
import { CATEGORIES, PENALTY_KINDS, recognise, TARGETS } from '../../../domain/records/enumerations.ts'
import { suspectPersonal } from '../../../domain/records/masking.ts'
import { coverIn, peopleIn, publicParty } from '../../../domain/decisions/parties.ts'
import type { Cells } from '../cells/cells.ts'
import { readDate, readFlag, readMoney, readOne, readSeveral, said } from '../cells/values.ts'
import type { Directory } from '../register/directory.ts'
import { agencyOfRow, placeRow } from '../register/place.ts'
import type { ImportOptions, Outcome } from '../schema.ts'

/** What one row says of a decision; a missing key changes nothing, null clears. */
export interface DecisionChange {
  number: string, category?: string | null, agency_id?: number, matter?: string | null, party_name?: string, party_type?: string | null, party_uscc?: string | null
  violation?: string | null, facts?: string | null, basis?: string | null, penalty_kinds?: string | null, content?: string | null
  fine_fen?: number | null, confiscated_fen?: number | null, tier?: string | null, benchmark_code?: string | null
  decided_on?: string | null, published_on?: string | null, public_until?: string | null, public?: 0 | 1 | null
  details: Readonly<Record<string, string | null>>
  /** covers in a text whom the row names; the names themselves go no further than this */
  cover: (text: string) => string
}

/** The running texts of a decision, in which a person's name may stand again. */
export const TEXTS = ['violation', 'facts', 'basis', 'content'] as const

/** Reads one row of a list of decisions; a decision is known by its number. */
export function readDecision (cells: Cells, directory: Directory, options: ImportOptions): Outcome<DecisionChange> {
  const number = readNumber(cells)
  const division = placeRow(cells, directory, options)
  const agency = division === undefined ? undefined : agencyOfRow(cells, directory, division, options)
  const party = readParty(cells)
  const texts = Object.fromEntries(TEXTS.map(field => [field, readText(cells, field)]))
  const change = {
    category: readCategory(cells), agency_id: agency?.id, matter: cells.read('matter'), ...party?.change, ...texts, ...readSanction(cells), ...readDays(cells), public: readFlag(cells, 'public')
  }
  const details = readFields(cells)
  if (number === undefined || party === undefined) return null
  return { key: number, change: { ...said(change), number, details, cover: party.cover } as DecisionChange }
}

function readNumber (cells: Cells): string | undefined {
  const text = cells.need('number')
  const number = text === undefined ? null : normaliseDocumentNumber(text)
  if (text !== undefined && number === null) cells.fault('number', 'document_number')
  return number ?? undefined
}

/** The kind of act: its own column, or the heading under which the number stands (行政处罚决定书文号). */
function readCategory (cells: Cells): string | null | undefined {
  const given = readOne(cells, 'category', CATEGORIES)
  if (given !== undefined) return given
  const word = /处罚|许可|强制|检查/.exec(cells.title('number'))?.[0]
  return word === undefined ? undefined : recognise(CATEGORIES, word) ?? undefined
}

/** Columns that say who stands behind a party: read to cover that name in the texts, never kept. */
const BEHIND = ['representative', 'manager', 'owner'] as const

interface Party { cover: DecisionChange['cover'], change: { party_name: string, party_type: string, party_uscc: string | null | undefined } }

/** The name leaves this function only as it may stand in public (domain/decisions/parties.ts). */
function readParty (cells: Cells): Party | undefined {
  const name = cells.need('party_name')
  const type = cells.need('party_type') === undefined ? undefined : readOne(cells, 'party_type', TARGETS)
  const uscc = readCode(cells, 'party_uscc')
  const people = BEHIND.flatMap(field => peopleIn(cells.read(field) ?? ''))
  if (name === undefined || typeof type !== 'string') return undefined
  if (suspectPersonal(name).size > 0) { cells.fault('party_name', 'personal_data', {}, ''); return undefined }
  return { cover: text => coverIn(text, name, type, people), change: { party_name: publicParty(name, type), party_type: type, party_uscc: uscc } }
}

function readText (cells: Cells, field: string): string | null | undefined {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  if (suspectPersonal(text).size > 0) { cells.fault(field, 'personal_data', {}, ''); return undefined }
  return text
}

function readCode (cells: Cells, field: string): string | null | undefined {
  const text = cells.read(field)
  if (typeof text !== 'string' || text === '/' || text === '无') return typeof text === 'string' ? undefined : text
  const code = normaliseUscc(text)
  // A number of an identity card may stand in the wrong column: it is not repeated in the report.
  if (code === null) cells.fault(field, suspectPersonal(text).has('resident_id') ? 'personal_data' : 'uscc', {}, suspectPersonal(text).size > 0 ? '' : text)
  return code ?? undefined
}

function readSanction (cells: Cells) {
  return {
    penalty_kinds: readSeveral(cells, 'penalty_kinds', PENALTY_KINDS),
    fine_fen: readAmount(cells, 'fine'),
    confiscated_fen: readAmount(cells, 'confiscated'),
    tier: readOne(cells, 'tier', TIERS),
    benchmark_code: cells.read('benchmark_code')
  }
}

/** The lists count in 万元; some have a column in 元 instead. */
function readAmount (cells: Cells, field: 'fine' | 'confiscated'): number | null | undefined {
  const wan = readMoney(cells, field, '万元')
  return wan === undefined ? readMoney(cells, `${field}_yuan`, '元') : wan
}

function readDays (cells: Cells) {
  return { decided_on: readDate(cells, 'decided_on'), published_on: readDate(cells, 'published_on'), public_until: readDate(cells, 'public_until') }
}

function readFields (cells: Cells): Record<string, string | null> {
  const read = (key: string, { type }: DecisionField): string | null | undefined =>
    type === 'date' ? readDate(cells, key) : type === 'uscc' ? readCode(cells, key) : readText(cells, key)
  return said(Object.fromEntries(Object.entries(DECISION_FIELDS).map(([key, field]) => [key, read(key, field)]))) as Record<string, string | null>
}
