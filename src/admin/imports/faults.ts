/** The file, or the import as a whole, cannot be used. Words stand at `import_error.<code>`. */
export class ImportError extends Error {
  readonly code: string
  readonly values: Record<string, string | number>

  constructor (code: string, values: Record<string, string | number> = {}) {
    super(`${code} ${JSON.stringify(values)}`)
    this.name = 'ImportError'
    this.code = code
    this.values = values
  }
}

/** A value as it is shown in a report: one line, at most 60 characters. */
export function shorten (value: string): string {
  const line = value.replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ').trim()
  const characters = Array.from(line.slice(0, 130))
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : line
}
