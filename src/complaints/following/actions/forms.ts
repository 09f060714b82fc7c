import type { FastifyRequest } from 'fastify'
import { CONFIRMATIONS, PRESSURES, RATED } from '../../../domain/aftermath/follow-up.ts'
import type { FieldFaults } from '../../../forms/field-errors.ts'
import type { Tracking } from '../../case/reading/service.ts'
import { REQUEST_LIMIT } from '../requests/service.ts'
import type { RequestForm, RequestKind } from './schema.ts'

export type FieldName = Exclude<keyof RequestForm, 'sure' | 'moment'>
interface Option { value: string, label: string }
/** A field of a form: a choice with its options, or words. */
interface Field { name: FieldName, options?: (request: FastifyRequest, found: Tracking) => Option[], rows?: number, demanded?: (form: RequestForm) => boolean }

const always = (): boolean => true
const chosen = (prefix: string, codes: readonly string[]) => (request: FastifyRequest): Option[] => codes.map(value => ({ value, label: request.t(`${prefix}.${value}`) }))
const score = (name: 'clarity' | 'fairness' | 'speed'): Field => ({ name, options: chosen('score', ['5', '4', '3', '2', '1']) })

/** The forms: what each asks. Demanded ones say what is missing at `request.missing.<kind>_<field>`. */
export const FORMS: Readonly<Record<RequestKind, readonly Field[]>> = {
  withdrawal: [{ name: 'pressure', options: chosen('pressure', PRESSURES), demanded: always }, { name: 'pressed', rows: 3 }, { name: 'reason', rows: 3 }],
  insisting: [{ name: 'words', rows: 6, demanded: always }],
  rectification: [{ name: 'answer', options: chosen('confirmation', CONFIRMATIONS), demanded: always }, { name: 'words', rows: 5, demanded: form => form.answer === 'partly' || form.answer === 'no' }],
  review: [{ name: 'issue', options: issueOptions, demanded: always }, { name: 'words', rows: 6, demanded: always }],
  recusal: [{ name: 'who', rows: 2, demanded: always }, { name: 'words', rows: 4, demanded: always }],
  retaliation: [],
  rating: [...RATED.map(score), { name: 'words', rows: 4 }]
}

function issueOptions (request: FastifyRequest, { issues }: Tracking): Option[] {
  return [{ value: '0', label: request.t('request.issue_all') }, ...issues.map(({ no, ground }) => ({ value: String(no), label: request.t('request.issue', { no, ground: request.t(`ground.${ground}`) }) }))]
}

/** What is missing, unknown or too long, by field. */
export function faultsIn (request: FastifyRequest, found: Tracking, kind: RequestKind, form: RequestForm): FieldFaults {
  const faults: FieldFaults = {}
  for (const { name, options, demanded } of FORMS[kind]) {
    const given = form[name] ?? ''
    const count = [...given].length
    if (given === '' && demanded?.(form) === true) faults[name] = { key: `request.missing.${kind}_${name}` }
    else if (given !== '' && options !== undefined && !options(request, found).some(({ value }) => value === given)) faults[name] = { key: 'field.enum' }
    else if (options === undefined && count > REQUEST_LIMIT) faults[name] = { key: 'tracking.error.long', values: { max: REQUEST_LIMIT, count } }
  }
  return faults
}

/** The form as the template repeats it. */
export function fieldsOf (request: FastifyRequest, found: Tracking, kind: RequestKind, { typed, faults }: { typed: RequestForm, faults: Record<string, string> }) {
  return FORMS[kind].map(({ name, options, rows, demanded }) => {
    const label = request.t(`request.${kind}.${name}`)
    return {
      name,
      label,
      legend: label,
      hint: request.t(`request.${kind}.${name}_hint`),
      value: typed[name] ?? '',
      error: faults[name] ?? '',
      optional: demanded === undefined,
      ...options === undefined ? { type: 'textarea', rows: rows ?? 4, limit: REQUEST_LIMIT, strong: true } : { options: options(request, found), small: true, inline: kind === 'rating' }
    }
  })
}

/** What was given, as it is shown once more before it is done. */
export function answersIn (request: FastifyRequest, found: Tracking, kind: RequestKind, form: RequestForm): Array<{ key: string, value: string }> {
  return FORMS[kind].flatMap(({ name, options }) => {
    const given = form[name]
    if (given === undefined) return []
    return [{ key: request.t(`request.${kind}.${name}`), value: options?.(request, found).find(({ value }) => value === given)?.label ?? given }]
  })
}
