import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const TESTS = path.join(import.meta.dirname, '../../test')
const ID = '(?:[A-Z]-\\d+|X)'
/** `t.test('E-1 U-5: …'`, also behind the engine or the driver that a test is run with. */
const TITLE = new RegExp(`\\.test\\(['"\`](?:\\$\\{\\w+\\}:? )?(${ID}(?: ${ID})*): `, 'g')

export interface Requirement { id: string, wording: string, files: string[] }

/** What is asked of the intake, in the words of test/house/requirements.json, and the test files in which a title begins with its id. */
export function requirements (): Requirement[] {
  const words = JSON.parse(readFileSync(path.join(TESTS, 'house/requirements.json'), 'utf8')) as Record<string, string>
  const shown = shownBy()
  return Object.entries(words).map(([id, wording]) => ({ id, wording, files: shown.get(id) ?? [] }))
}

/** Ids in titles that are not among those of the intake. */
export function otherIds (): string[] {
  const known = new Set(requirements().map(({ id }) => id))
  return [...shownBy().keys()].filter(id => !known.has(id))
}

function shownBy (): Map<string, string[]> {
  const shown = new Map<string, string[]>()
  for (const file of readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.test.ts')).sort()) {
    for (const [, ids = ''] of readFileSync(path.join(TESTS, file), 'utf8').matchAll(TITLE)) {
      for (const id of ids.split(' ')) shown.set(id, [...new Set([...shown.get(id) ?? [], file.replaceAll('\\', '/').replace('.test.ts', '')])])
    }
  }
  return shown
}
