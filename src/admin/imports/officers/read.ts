import { randomBytes } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { normaliseCertificate } from '../../../domain/records/codes.ts'
import { CATEGORIES } from '../../../domain/records/enumerations.ts'
import { CERTIFICATE_STATUSES, CERTIFICATE_TYPES } from '../../../domain/records/officer-status.ts'
import type { Cells } from '../cells/cells.ts'
import { checkState } from '../cells/check.ts'
import { dateIn, readDate, readFlag, readOne, readSeveral, said } from '../cells/values.ts'
import type { Directory } from '../register/directory.ts'
import { agencyOfRow, placeRow } from '../register/place.ts'
import type { ImportOptions, Outcome } from '../schema.ts'

const date = Type.Union([Type.Null(), Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })])

/** An officer as published and kept: the columns without id, version and time. */
const OfficerState = Type.Object({
  slug: Type.String(),
  name: Type.String({ minLength: 1, maxLength: 60 }),
  agency_id: Type.Integer(),
  certificate_no: Type.String(),
  certificate_type: Type.String(),
  categories: Type.String({ maxLength: 200 }),
  area: Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength: 200 })]),
  valid_from: date,
  valid_to: date,
  status: Type.String(),
  withheld: Type.Union([Type.Literal(0), Type.Literal(1)]),
  fictional: Type.Union([Type.Literal(0), Type.Literal(1)])
})
export type OfficerState = Static<typeof OfficerState>
export type OfficerChange = { [K in keyof OfficerState]?: OfficerState[K] | null }
const check = Compile(OfficerState)
const NEEDED = ['certificate_type', 'categories', 'status', 'withheld'] as const

/** Reads one row of a roster; an officer is known by the certificate. */
export function readOfficer (cells: Cells, directory: Directory, options: ImportOptions): Outcome<OfficerChange> {
  const certificate = readCertificate(cells)
  const name = cells.need('name')
  const division = placeRow(cells, directory, options)
  const agency = division === undefined ? undefined : agencyOfRow(cells, directory, division, options)
  const change = {
    name: name?.replace(/\s*[·•・]\s*/g, '·'),
    agency_id: agency?.id,
    certificate_type: readOne(cells, 'certificate_type', CERTIFICATE_TYPES),
    categories: readSeveral(cells, 'categories', CATEGORIES),
    area: cells.read('area'),
    ...readPeriod(cells),
    status: readOne(cells, 'status', CERTIFICATE_STATUSES),
    withheld: readFlag(cells, 'withheld')
  }
  if (certificate === undefined) return null
  return { key: certificate, change: { ...said(change), certificate_no: certificate } as OfficerChange }
}

function readCertificate (cells: Cells): string | undefined {
  const text = cells.need('certificate_no')
  const certificate = text === undefined ? null : normaliseCertificate(text)
  if (text !== undefined && certificate === null) cells.fault('certificate_no', 'certificate')
  return certificate ?? undefined
}

/** First and last day, in two columns or in one (2024-01-01至2028-12-31). */
function readPeriod (cells: Cells): Pick<OfficerChange, 'valid_from' | 'valid_to'> {
  const period = cells.read('period')
  if (period === null) return { valid_from: null, valid_to: null }
  if (period === undefined) return said({ valid_from: readDate(cells, 'valid_from'), valid_to: readDate(cells, 'valid_to') })
  const parts = period.split(/\s*(?:至|到|~|～|—+|--)\s*|\s+-\s+/)
  const [from, to] = parts.map(dateIn)
  if (parts.length === 2 && from && to) return { valid_from: from, valid_to: to }
  cells.fault('period', 'period')
  return {}
}

/** The officer after the change; the address of a new one cannot be guessed from another's. */
export function mergeOfficer (cells: Cells, change: OfficerChange, current: OfficerState | undefined, fictional: boolean): OfficerState | null {
  for (const field of NEEDED) if (change[field] === null) cells.fault(field, 'required')
  const blank = { certificate_type: 'enforcement', categories: '', area: null, valid_from: null, valid_to: null, status: 'valid', withheld: 0, fictional: fictional ? 1 : 0 }
  const state = { ...blank, ...current, ...change, slug: current?.slug ?? randomBytes(9).toString('base64url') }
  if (state.valid_from && state.valid_to && state.valid_to < state.valid_from) cells.fault(cells.read('period') === undefined ? 'valid_to' : 'period', 'end_before_start', { start: state.valid_from })
  return cells.faults.length > 0 || !checkState(cells, check, state) ? null : state as OfficerState
}
