import type { IncomingMessage } from 'node:http'

/** One field of a form as it came. */
export interface KeptField { name: string, value: string }

/** A form with one of these is never sent back: its page asks again. */
const SECRETS = new Set(['password', 'current', 'again', 'code'])
/** What the page itself put into the form. */
const MACHINERY = new Set(['_csrf', 'do', 'return', 'save_no', 'count', 'website', 'version', 'seen', 'once', 'device', 'replace', 'written', 'confirm'])
/** As much as a form may hold. */
const MOST_BYTES = 262_144

/** The fields of a form as they go back into the page that sends it again; null for a form that holds a secret. */
export function keptFields (form: Readonly<Record<string, unknown>>): KeptField[] | null {
  if (Object.keys(form).some(name => SECRETS.has(name))) return null
  return Object.entries(form).flatMap(([name, value]) => [value].flat().map(item => ({ name, value: String(item) })))
}

/** What a person wrote, for reading and copying: texts, not the codes of choices. */
export function textsIn (fields: readonly KeptField[]): string[] {
  return fields.filter(({ name, value }) => !MACHINERY.has(name) && !name.endsWith('_asked') && (/[^\x20-\x7e]/.test(value) || /\s/.test(value) || value.length > 12)).map(({ value }) => value)
}

/** A body that nothing has read yet, when the request was refused before its turn. Null when it breaks off or is larger than a form. */
export async function readBody (raw: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of raw) {
      size += (chunk as Buffer).length
      if (size > MOST_BYTES) return null
      chunks.push(chunk as Buffer)
    }
  } catch {
    return null
  }
  return Buffer.concat(chunks).toString('utf8')
}
