import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { openDatabase } from '../src/db/open.ts'
import { terms } from '../src/db/text.ts'

export interface CityRows { codes: string[], certificates: string[], pairs: string[] }

const ROOT = path.join(import.meta.dirname, '..')

/** Makes a generated city in a folder of its own and returns the settings to start a portal on it. `times` multiplies 22,000 and 23,000. */
export async function givenCity (folder: string, times: number): Promise<Record<string, string>> {
  const environment = { SUNLIT_DATA: folder, SUNLIT_DEMO: 'off' }
  const made = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli/seed.ts', '--scale', times === 1 ? 'city' : String(times)], { cwd: ROOT, env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'inherit'] })
  if (made.status !== 0) throw new Error('the city could not be made')
  return environment
}

/** What to ask for: codes in a shuffled order, certificate numbers (half of them unknown), and two-character words that names are made of. */
export async function cityRows (environment: Record<string, string>): Promise<CityRows> {
  const db = await openDatabase(`sqlite:${path.join(environment['SUNLIT_DATA'] as string, 'sunlit.db')}`)
  try {
    const matters = await db.selectFrom('matter').select(['code', 'name']).orderBy('code').execute()
    const officers = await db.selectFrom('officer').select('certificate_no').orderBy('id').limit(1050).execute()
    const pairs = new Set(matters.flatMap(matter => terms(matter.name)).filter(term => Array.from(term).length === 2))
    return {
      codes: shuffle(matters.map(matter => matter.code)),
      certificates: officers.map(({ certificate_no: number }, at) => at % 2 === 0 ? number : `${number}0`),
      pairs: shuffle([...pairs]).slice(0, 1050)
    }
  } finally {
    await db.destroy()
  }
}

/** The same order in each run: a fixed linear congruence instead of chance. */
function shuffle<T> (items: T[]): T[] {
  let state = 20_261_123
  return items.map(item => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return { item, key: state }
  }).sort((a, b) => a.key - b.key).map(({ item }) => item)
}
