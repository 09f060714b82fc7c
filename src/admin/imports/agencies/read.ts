import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { normalisePhone, normaliseUscc, plain } from '../../../domain/records/codes.ts'
import { AGENCY_FIELDS, readAgencyDetails, writeAgencyDetails, type AgencyField } from '../../../domain/records/agency-fields.ts'
import { AGENCY_KINDS, LEVELS } from '../../../domain/records/enumerations.ts'
import type { Cells } from '../cells/cells.ts'
import { checkState } from '../cells/check.ts'
import { readDate, readFlag, readOne, readUrl, readWords, said } from '../cells/values.ts'
import { RECORD_STATUSES } from '../matters/columns.ts'
import { levelOf, slugOf, type Directory, type Division } from '../register/directory.ts'
import { placeRow } from '../register/place.ts'
import type { ImportOptions, Outcome } from '../schema.ts'

const text = (maxLength: number) => Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength })])

/** An agency as it is published and kept: its columns without id and version, and its aliases. */
const AgencyState = Type.Object({
  slug: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,99}$' }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  name_en: text(300),
  kind: Type.String(),
  sector: text(100),
  level: Type.String(),
  region_code: Type.String(),
  uscc: text(18),
  duties: text(5000),
  address: text(300),
  phone: text(60),
  vertical: Type.Union([Type.Literal(0), Type.Literal(1)]),
  verified: Type.Union([Type.Literal(0), Type.Literal(1)]),
  status: Type.String(),
  parent_id: Type.Union([Type.Null(), Type.Integer()]),
  details: text(40_000),
  aliases: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 50 })
})
export type AgencyState = Static<typeof AgencyState>
export type AgencyChange = { [K in keyof Omit<AgencyState, 'details'>]?: AgencyState[K] | null } & { details: Readonly<Record<string, string | null>> }
const check = Compile(AgencyState)
const NEEDED = ['slug', 'kind', 'level', 'vertical', 'status'] as const

/** Reads one row of a list of agencies; an agency is known by its division and full name. */
export function readAgency (cells: Cells, directory: Directory, options: ImportOptions): Outcome<AgencyChange> {
  const name = cells.need('name')
  const division = placeRow(cells, directory, options)
  const aliases = readWords(cells, 'aliases')
  const change = {
    name,
    region_code: division?.code,
    slug: cells.read('slug'),
    name_en: cells.read('name_en'),
    uscc: readCode(cells, 'uscc', normaliseUscc),
    kind: readOne(cells, 'kind', AGENCY_KINDS),
    sector: cells.read('sector'),
    level: readOne(cells, 'level', LEVELS),
    duties: cells.read('duties'),
    address: cells.read('address'),
    phone: readCode(cells, 'phone', normalisePhone),
    vertical: readFlag(cells, 'vertical'),
    status: readOne(cells, 'status', RECORD_STATUSES),
    parent_id: readParent(cells, directory, division),
    details: readFields(cells),
    aliases: typeof aliases === 'string' ? aliases.split('、').sort() : aliases
  }
  if (name === undefined || division === undefined) return null
  return { key: `${division.code} ${plain(name)}`, change: said(change) as AgencyChange }
}

/** The superior in the same division, or in the one above. */
function readParent (cells: Cells, directory: Directory, division: Division | undefined): number | null | undefined {
  const name = cells.read('parent')
  if (typeof name !== 'string' || division === undefined) return typeof name === 'string' ? undefined : name
  const above = division.parent === null ? undefined : directory.divisions.get(division.parent)
  const found = directory.agency(division, name) ?? (above === undefined ? undefined : directory.agency(above, name))
  if (found === undefined) cells.fault('parent', 'agency_unknown', { division: division.name })
  return found?.id
}

const READERS: Readonly<Record<AgencyField['type'], (cells: Cells, key: string) => string | null | undefined>> = {
  text: (cells, key) => cells.read(key),
  url: readUrl,
  date: readDate,
  flag: (cells, key) => { const flag = readFlag(cells, key); return typeof flag === 'number' ? String(flag) : flag },
  phone: (cells, key) => readShape(cells, key, 'phone', normalisePhone),
  number: (cells, key) => readShape(cells, key, 'whole_number', text => /^[1-9]\d{0,5}$/.test(plain(text)) ? plain(text) : null, { limit: 999_999 }),
  postcode: (cells, key) => readShape(cells, key, 'postcode', text => /^\d{6}$/.test(plain(text)) ? plain(text) : null),
  email: (cells, key) => readShape(cells, key, 'email', text => /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/.test(text.normalize('NFKC')) ? text.normalize('NFKC') : null)
}

function readFields (cells: Cells): Record<string, string | null> {
  return said(Object.fromEntries(Object.entries(AGENCY_FIELDS).map(([key, { type }]) => [key, READERS[type](cells, key)]))) as Record<string, string | null>
}

function readShape (cells: Cells, field: string, rule: string, shape: (text: string) => string | null, values: Record<string, number> = {}): string | null | undefined {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const value = shape(text)
  if (value === null) cells.fault(field, rule, values)
  return value ?? undefined
}

function readCode (cells: Cells, field: string, normalise: (text: string) => string | null): string | null | undefined {
  const text = cells.read(field)
  if (typeof text !== 'string') return text
  const code = normalise(text)
  if (code === null) cells.fault(field, field)
  return code ?? undefined
}

/** The agency after the change; a new one starts unverified. */
export function mergeAgency (cells: Cells, change: AgencyChange, current: AgencyState | undefined): AgencyState | null {
  for (const field of NEEDED) if (change[field] === null) cells.fault(field, 'required')
  const [region, name] = [change.region_code ?? '', change.name ?? '']
  const blank = { slug: slugOf(region, name), level: levelOf(region), kind: 'administrative_organ', name_en: null, sector: null, uscc: null, duties: null, address: null, phone: null, vertical: 0, verified: 0, status: 'in_force', parent_id: null }
  const details = Object.entries({ ...readAgencyDetails(current?.details ?? null), ...change.details }).filter((entry): entry is [string, string] => entry[1] !== null)
  const state = { ...blank, ...current, ...change, details: writeAgencyDetails(Object.fromEntries(details)), aliases: change.aliases === null ? [] : change.aliases ?? current?.aliases ?? [] }
  return cells.faults.length > 0 || !checkState(cells, check, state) ? null : state as AgencyState
}
