import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { plain } from '../../domain/records/codes.ts'
import type { Fault } from '../../forms/field-errors.ts'
import { listAliases, registerNames, type AgencyRow } from '../agencies/repository.ts'
import { listByName, type Officer } from './repository.ts'

export interface Asked { number: string | undefined, name: string | undefined, agency: string | undefined }

/** `found` is null until name and unit were asked for and understood; `near` are agencies that may have been meant. */
export interface Lookup { asked: Asked, faults: Fault[], near: AgencyRow[], found: Officer[] | null }

/** A look-up by name and unit. An address with a unit alone only fills the form, so that the page of an agency can lead here. */
export async function lookUp (app: App, request: FastifyRequest, asked: Asked): Promise<Lookup> {
  const unit = asked.agency === undefined ? NO_UNIT : await readUnit(app, asked.agency)
  const shown = { ...asked, agency: unit.agency?.name ?? asked.agency }
  if (request.method === 'HEAD' || !/[?&](number|name)(=|&|$)/.test(request.url)) return { asked: shown, faults: [], near: [], found: null }
  const faults = request.validationError === undefined ? faultsOf(request, asked, unit) : [{ field: 'name', text: request.t('verify.fault_long') }]
  if (faults.length > 0 || asked.name === undefined || unit.agency === null) return { asked: shown, faults, near: unit.near, found: null }
  return { asked: shown, faults, near: [], found: await listByName(app.db, nameForms(asked.name), unit.agency.id) }
}

function faultsOf (request: FastifyRequest, { name, agency }: Asked, unit: Unit): Fault[] {
  if (name === undefined && agency === undefined) return [{ field: 'number', text: request.t('verify.fault_nothing') }]
  const words = [['name', nameFault(name)], ['agency', agencyFault(agency, unit)]] as const
  return words.flatMap(([field, word]) => word === null ? [] : [{ field, text: request.t(`verify.${word}`) }])
}

function nameFault (name: string | undefined): string | null {
  if (name === undefined) return 'fault_name'
  return Array.from(name).length < 2 ? 'fault_name_short' : null
}

function agencyFault (agency: string | undefined, unit: Unit): string | null {
  if (agency === undefined) return 'fault_agency'
  if (unit.agency !== null) return null
  return unit.near.length > 0 ? 'fault_agency_which' : 'fault_agency_unknown'
}

/** A name as it may have been stored: with its spaces (Latin names) and without (张 三); every middle dot is one. */
function nameForms (typed: string): string[] {
  const name = typed.normalize('NFKC').replace(/\s+/g, ' ').replace(/[•‧∙⋅・･.]/g, '·')
  return [...new Set([typed, name, name.replaceAll(' ', '')])]
}

interface Unit { agency: AgencyRow | null, near: AgencyRow[] }
const NO_UNIT: Unit = { agency: null, near: [] }

/** The agency that a text means: its full name, slug or alias. Otherwise up to eight whose names contain the text. */
async function readUnit (app: App, typed: string): Promise<Unit> {
  const { agencies } = await registerNames(app.db)
  const text = plain(typed)
  const exact = agencies.filter(agency => agency.slug === typed || plain(agency.name) === text || (agency.name_en !== null && plain(agency.name_en) === text))
  if (exact.length === 1) return { agency: exact[0] as AgencyRow, near: [] }
  if (exact.length > 1) return { agency: null, near: exact.slice(0, 8) }
  const aliases = new Set((await listAliases(app.db)).filter(({ alias }) => plain(alias) === text).map(({ agency_id: id }) => id))
  const known = agencies.filter(agency => aliases.has(agency.id))
  if (known.length === 1) return { agency: known[0] as AgencyRow, near: [] }
  const near = known.length > 1 ? known : agencies.filter(agency => text.length >= 2 && plain(agency.name).includes(text))
  return { agency: null, near: near.slice(0, 8) }
}
