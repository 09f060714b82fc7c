import type { FastifyRequest } from 'fastify'
import { hasWord, type Values } from '../i18n/index.ts'

/** One thing to mend, as the error summary shows it; the same words stand at the field. */
export interface Fault { field: string, text: string }

/** What a service found wrong, by field: the key of a sentence and the values in it. Thrown as `form_invalid` with `fields`. */
export type FieldFaults = Record<string, { key: string, values?: Values }>

/** The same in the reader's words; `common` are values that several sentences share. */
export function inWords (request: FastifyRequest, faults: FieldFaults, common: Values = {}): Fault[] {
  return Object.entries(faults).map(([field, { key, values }]) => ({ field, text: request.t(key, { ...common, ...values }) }))
}

interface Violation { keyword: string, instancePath: string, params: Record<string, unknown> }

/**
 * What the schema found wrong with a form whose route has `attachValidation`, one fault for each field. The words are
 * `<prefix>.<field>.<keyword>` where a feature has its own, else `field.<keyword>`. Empty when the form is sound.
 */
export function fieldErrors (request: FastifyRequest, prefix = 'field'): Fault[] {
  const violations = (request.validationError?.validation ?? []) as Violation[]
  const faults = new Map<string, Fault>()
  for (const violation of violations) {
    const field = fieldOf(violation)
    if (field === '' || faults.has(field)) continue
    faults.set(field, { field, text: wordsFor(request, prefix, field, violation) })
  }
  return [...faults.values()]
}

/** Field → its sentence, for `error=(lookup faults "name")` in a template. */
export function byField (faults: readonly Fault[]): Record<string, string> {
  return Object.fromEntries([...faults].reverse().map(fault => [fault.field, fault.text]))
}

/** `/reason` → reason, `/items/2` → items; a missing field is named by the violation itself. */
function fieldOf ({ keyword, instancePath, params }: Violation): string {
  return keyword === 'required' ? String(params['missingProperty']) : instancePath.split('/')[1] ?? ''
}

function wordsFor (request: FastifyRequest, prefix: string, field: string, { keyword, params }: Violation): string {
  const own = `${prefix}.${field}.${keyword}`
  const general = `field.${keyword}`
  const key = [own, general].find(key => hasWord(request.locale, key)) ?? 'field.format'
  return request.t(key, { limit: params['limit'] })
}
