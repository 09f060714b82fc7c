import type { FastifyRequest } from 'fastify'
import { hasWord } from '../i18n/index.ts'

/** One thing to mend, as the error summary shows it; the same words stand at the field. */
export interface Fault { field: string, text: string }

interface Finding { keyword: string, instancePath: string, params: Record<string, unknown> }

/**
 * What the schema found wrong with a form whose route has `attachValidation`, one fault for each field. The words are
 * `<prefix>.<field>.<keyword>` where a feature has its own, else `field.<keyword>`. Empty when the form is sound.
 */
export function fieldErrors (request: FastifyRequest, prefix = 'field'): Fault[] {
  const findings = (request.validationError?.validation ?? []) as Finding[]
  const faults = new Map<string, Fault>()
  for (const finding of findings) {
    const field = fieldOf(finding)
    if (field === '' || faults.has(field)) continue
    faults.set(field, { field, text: wordsFor(request, prefix, field, finding) })
  }
  return [...faults.values()]
}

/** Field → its sentence, for `error=(lookup faults "name")` in a template. */
export function byField (faults: readonly Fault[]): Record<string, string> {
  return Object.fromEntries([...faults].reverse().map(fault => [fault.field, fault.text]))
}

/** `/reason` → reason, `/items/2` → items; a missing field is named by the finding itself. */
function fieldOf ({ keyword, instancePath, params }: Finding): string {
  return keyword === 'required' ? String(params['missingProperty']) : instancePath.split('/')[1] ?? ''
}

function wordsFor (request: FastifyRequest, prefix: string, field: string, { keyword, params }: Finding): string {
  const own = `${prefix}.${field}.${keyword}`
  const general = `field.${keyword}`
  const key = [own, general].find(key => hasWord(request.locale, key)) ?? 'field.format'
  return request.t(key, { limit: params['limit'] })
}
