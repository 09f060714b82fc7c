import type { Validator } from 'typebox/compile'
import type { Cells } from './cells.ts'

/** Checks a whole record against its schema; notes what is wrong under the column of the field. */
export function checkState (cells: Cells, schema: Validator, state: unknown): boolean {
  if (schema.Check(state)) return true
  const seen = new Set<string>()
  for (const error of schema.Errors(state)) {
    const field = error.instancePath.split('/')[1] ?? ''
    if (seen.has(field)) continue
    seen.add(field)
    const limit = (error.params as { limit?: number }).limit
    cells.fault(field, RULES[error.keyword] ?? 'shape', limit === undefined ? {} : { limit, length: 0 })
  }
  return false
}

const RULES: Record<string, string> = { maxLength: 'too_long', minLength: 'required', pattern: 'shape', maxItems: 'too_many' }
