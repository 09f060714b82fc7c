import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { countCards } from '../catalogue/codes/repository.ts'
import { cardAddress, endCode, makeCodes, printCards, type CodeParts, type Ending } from '../catalogue/codes/service.ts'
import { keysFolder, type Config } from '../config.ts'
import { localDate } from '../domain/time/calendar.ts'
import { translate, type Values } from '../i18n/index.ts'
import { LOCALES } from '../paths.ts'
import { loadKeys } from '../vault/keys.ts'
import { cardSheet } from './card-sheet.ts'
import { runCommand, UsageError } from './command.ts'

// npm run officers -- codes: makes the codes of certificates, ends one that was lost, writes a sheet of cards to print.

const both = (key: string, values?: Values): string => LOCALES.map(locale => translate(locale, `codes_cli.${key}`, values)).join('\n')
const KEEPER = { id: null, role: 'system', requestId: 'npm run officers' }
const REASONS: readonly Ending[] = ['lost', 'replaced', 'withdrawn']
/** As many as are read from the database at a time. */
const PIECE = 200

interface Options { agency?: string | undefined, sheet?: string | undefined, end?: string | undefined, reason?: string | undefined }

function readOptions (args: string[]): Options {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { agency: { type: 'string' }, sheet: { type: 'string' }, end: { type: 'string' }, reason: { type: 'string' } } })
    if (positionals.join(' ') === 'codes' && (values.end === undefined || REASONS.some(reason => reason === values.reason))) return values
  } catch {}
  throw new UsageError(both('usage'))
}

async function run (parts: CodeParts, config: Config, { agency, sheet, end, reason }: Options, now: string): Promise<void> {
  if (sheet !== undefined && agency === undefined) throw new UsageError(both('sheet_needs_agency'))
  const found = agency === undefined ? undefined : await parts.db.selectFrom('agency').select(['id', 'slug', 'name']).where('slug', '=', agency).executeTakeFirst()
  if (agency !== undefined && found === undefined) throw new UsageError(both('no_agency', { slug: agency }))
  const whose = found === undefined ? {} : { agencyId: found.id }
  if (end !== undefined) await endOne(parts, { number: end, ending: reason as Ending, ...whose }, now)
  if (end === undefined || reason === 'replaced') {
    const { made, renewed } = await makeCodes(parts, KEEPER, { ...whose, subject: found?.slug ?? '*' }, now)
    console.log(both('made', { made, renewed }))
  }
  if (sheet !== undefined && found !== undefined) await writeSheet(parts, config, { file: path.resolve(process.env['INIT_CWD'] ?? '.', sheet), agencyId: found.id, name: found.name }, now)
}

async function endOne (parts: CodeParts, ending: { number: string, ending: Ending, agencyId?: number }, now: string): Promise<void> {
  const outcome = await endCode(parts, KEEPER, ending, now)
  if (outcome !== 'ended') throw new UsageError(both(outcome, { number: ending.number }))
  console.log(both('ended', { number: ending.number }))
}

async function writeSheet (parts: CodeParts, config: Config, { file, agencyId, name }: { file: string, agencyId: number, name: string }, now: string): Promise<void> {
  const whose = { agencyId, today: localDate(now) }
  const total = await countCards(parts.db, whose)
  const cards = []
  for (let at = 0; at < total; at += PIECE) cards.push(...await printCards(parts, whose, at, PIECE))
  writeFileSync(file, cardSheet(name, cards.map(card => ({ ...card, address: cardAddress(config, card.code) })), config.SITE_ORIGIN === ''), { mode: 0o600 })
  console.log(both('sheet', { file, count: cards.length }))
}

await runCommand(async ({ config, db }) => {
  const options = readOptions(process.argv.slice(2))
  await run({ db, keys: await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE) }, config, options, new Date().toISOString())
})
