import { parseArgs } from 'node:util'
import { findDecisionStates } from '../catalogue/publication/repository.ts'
import { expireDecisions, withdrawalClock, withdrawDecision } from '../catalogue/publication/service.ts'
import { keysFolder } from '../config.ts'
import { normaliseDocumentNumber } from '../domain/records/codes.ts'
import { recognise } from '../domain/records/enumerations.ts'
import { WITHDRAWAL_GROUNDS } from '../domain/decisions/publication.ts'
import { localDate } from '../domain/time/calendar.ts'
import { AppError } from '../errors.ts'
import { translate, type Values } from '../i18n/index.ts'
import { loadKeys } from '../vault/keys.ts'
import { runCommand, terminalLocale, UsageError, type CommandParts } from './command.ts'

// npm run decisions -- withdraw | expire: takes a published decision back, or ends what is past its period.

const locale = terminalLocale(process.env)
const t = (key: string, values?: Values): string => translate(locale, key, values)
const OPTIONS = { ground: { type: 'string' }, on: { type: 'string' }, reason: { type: 'string' }, 'replaced-by': { type: 'string' } } as const
type Options = Partial<Record<keyof typeof OPTIONS, string>>

async function withdraw ({ db, config }: CommandParts, typed: string | undefined, { ground, on, reason = '', 'replaced-by': replaced }: Options): Promise<void> {
  const kind = recognise(WITHDRAWAL_GROUNDS, ground ?? '')
  if (typed === undefined || kind === null || on === undefined) throw new UsageError(t('decisions.cli_usage'))
  const number = normaliseDocumentNumber(typed) ?? typed
  const now = new Date().toISOString()
  if (!(await findDecisionStates(db, [number])).has(number)) throw new UsageError(t('decisions.cli_unknown', { number }))
  const keys = await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE)
  const by = { now, actor: { id: null, role: 'system', name: 'npm run decisions' }, auditKey: keys.audit, requestId: 'cli' }
  const replacedBy = replaced === undefined ? {} : { replacedBy: normaliseDocumentNumber(replaced) ?? replaced }
  await db.transaction().execute(async trx => { await withdrawDecision(trx, { number, ground: kind, reason, overturnedOn: on, ...replacedBy }, by) })
  console.log(t('decisions.cli_withdrawn', { number }))
  const clock = await withdrawalClock(db, on, localDate(now))
  if (clock !== null && clock.lateDays > 0) console.log(t('decisions.cli_due', { due: clock.dueOn, days: clock.lateDays }))
}

/** The sentences of a refusal, one to a line. */
function explain (error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'form_invalid') return error
  const fields = Object.values(error.details['fields'] as Record<string, { key: string }>)
  return new UsageError(fields.map(field => t(field.key)).join('\n'))
}

function read (): { command: string | undefined, number: string | undefined, options: Options } {
  try {
    const { values, positionals: [command, number] } = parseArgs({ args: process.argv.slice(2), options: OPTIONS, allowPositionals: true })
    return { command, number, options: values }
  } catch {
    return { command: undefined, number: undefined, options: {} }
  }
}

await runCommand(async parts => {
  const { command, number, options } = read()
  if (command === 'expire') console.log(t('decisions.cli_expired', { count: await expireDecisions(parts.db, new Date().toISOString()) }))
  else if (command === 'withdraw') await withdraw(parts, number, options).catch((error: unknown) => { throw explain(error) })
  else throw new UsageError(t('decisions.cli_usage'))
})
