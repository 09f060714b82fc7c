import type { MatterTable } from '../../../db/schema.ts'
import { CATEGORIES, CHANGES, LEVELS, PENALTY_KINDS, TARGETS, TIME_UNITS, type Change, type TimeUnit } from '../../../domain/records/enumerations.ts'
import { readBases, type Basis } from '../cells/bases.ts'
import type { Cells } from '../cells/cells.ts'
import { readDetailCells, readTags, type DetailChange } from '../cells/details.ts'
import { readOne, readSeveral, readTerm, readUrl, readWords, said } from '../cells/values.ts'
import { agencyOfRow, placeRow } from '../register/place.ts'
import type { Directory } from '../register/directory.ts'
import type { ImportOptions, Outcome } from '../schema.ts'
import { NOT_ENFORCEMENT, RECORD_STATUSES } from './columns.ts'

type Field = Exclude<keyof MatterTable, 'id' | 'version' | 'updated_at' | 'status' | 'statutory_days' | 'promise_days' | 'day_unit' | 'details'>
/** What one row says of a matter; a missing key changes nothing, null clears. */
export type MatterChange = Partial<Record<Field, string | number | null>> & {
  code: string, agency_level: string, status?: string | null, bases?: Basis[] | null
  details: DetailChange
  /** what kind of change the row says it is, and why: of the publication, not of the record */
  kind?: Change, reason?: string
  statutory_days?: number | null, promise_days?: number | null, day_unit?: string | null
}

/** Reads one row of a list of matters. */
export function readMatter (cells: Cells, directory: Directory, options: ImportOptions): Outcome<MatterChange> {
  const word = cells.need('category')
  if (word !== undefined && NOT_ENFORCEMENT.has(word)) return { leftOut: 'not_enforcement', column: cells.title('category') }
  const code = readCode(cells)
  const name = cells.need('name')
  const category = word === undefined ? undefined : readOne(cells, 'category', CATEGORIES)
  const division = placeRow(cells, directory, options)
  const agency = division === undefined ? undefined : agencyOfRow(cells, directory, division, options)
  const change = { name, category, region_code: division?.code, agency_id: agency?.id, ...readRest(cells), bases: readBasisCells(cells), ...readTerms(cells) }
  const details = readDetailCells(cells)
  if (code === undefined) return null
  if (details.previous_codes?.split(' ').includes(code) === true) cells.fault('previous_codes', 'succession_self')
  return { key: code, change: { ...said(change), ...readKind(cells), code, details, agency_level: agency?.level ?? '' } as MatterChange }
}

/** What the row says of the change itself. */
function readKind (cells: Cells): Pick<MatterChange, 'kind' | 'reason'> {
  return said({ kind: readOne(cells, 'change', CHANGES) ?? undefined, reason: cells.read('change_reason') ?? undefined })
}

function readCode (cells: Cells): string | undefined {
  const code = cells.need('code')?.normalize('NFKC').replace(/\s/g, '')
  if (code === undefined || /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/.test(code)) return code
  cells.fault('code', 'code_shape')
  return undefined
}

function readRest (cells: Cells) {
  return {
    base_code: cells.read('base_code'),
    field: cells.read('field'),
    levels: readSeveral(cells, 'levels', LEVELS),
    targets: readSeveral(cells, 'targets', TARGETS),
    penalty_kinds: readSeveral(cells, 'penalty_kinds', PENALTY_KINDS),
    frequency_cap: cells.read('frequency_cap'),
    prohibition_nos: readProhibitions(cells),
    aliases: readWords(cells, 'aliases'),
    guide_url: readUrl(cells, 'guide_url'),
    note: cells.read('note'),
    tags: readTags(cells, 'tags'),
    source: cells.read('source'),
    status: readOne(cells, 'status', RECORD_STATUSES)
  }
}

function readProhibitions (cells: Cells): string | null | undefined {
  const text = cells.read('prohibition_nos')
  if (typeof text !== 'string') return text
  const numbers = text.split(/[、，,；;\s]+/).filter(part => part !== '').map(part => /^(?:[1-9]|10)$/.test(part) ? Number(part) : null)
  if (!numbers.includes(null)) return [...new Set(numbers as number[])].sort((a, b) => a - b).join(' ')
  cells.fault('prohibition_nos', 'prohibition')
  return undefined
}

function readBasisCells (cells: Cells): Basis[] | null | undefined {
  const [laws, articles, quotes] = [cells.read('law'), cells.read('article'), cells.read('quote')]
  if (typeof laws !== 'string') {
    if (laws === undefined && (typeof articles === 'string' || typeof quotes === 'string') && cells.faults.length === 0) cells.fault('law', 'law_missing')
    return laws
  }
  const bases = readBases(laws, articles, quotes)
  if (Array.isArray(bases)) return bases
  cells.fault(bases.rule === 'bases_quotes' ? 'quote' : 'article', bases.rule, bases.values)
  return undefined
}

/** Both limits of a matter have one unit; a number without any is not guessed (行政许可法 82 counts working days, other laws do not). */
function readTerms (cells: Cells): Pick<MatterChange, 'statutory_days' | 'promise_days' | 'day_unit'> {
  const [statutory, promise] = [readTerm(cells, 'statutory_days'), readTerm(cells, 'promise_days')]
  const terms = [statutory, promise].filter(term => term !== undefined && term !== null)
  const units = [...terms.map(term => term.unit), unitIn(cells, 'day_unit'), unitIn(cells, 'promise_unit')].filter(unit => unit !== undefined && unit !== null)
  checkTerms(cells, terms.map(term => term.days), new Set(units).size)
  return said({ statutory_days: daysOf(statutory), promise_days: daysOf(promise), day_unit: terms.length > 0 ? units[0] : undefined })
}

const daysOf = (term: ReturnType<typeof readTerm>): number | null | undefined => term === null ? null : term?.days

/** `days`: the statutory and the promised limit, as far as they are given. */
function checkTerms (cells: Cells, days: number[], units: number): void {
  const [limit, promise] = days
  if (units > 1) cells.fault('promise_days', 'units_differ')
  if (days.length > 0 && units === 0) cells.fault('day_unit', 'unit_missing')
  if (limit !== undefined && promise !== undefined && promise > limit) cells.fault('promise_days', 'promise_longer', { limit })
}

function unitIn (cells: Cells, field: string): TimeUnit | undefined {
  return readOne(cells, field, TIME_UNITS) ?? undefined
}
