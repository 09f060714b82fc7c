import { stringify } from 'csv-stringify/sync'
import { Readable } from 'node:stream'
import type { App } from '../../../app.ts'
import { appendAudit } from '../../../db/audit.ts'
import type { Db } from '../../../db/schema.ts'
import { addDays, isDate, startOfDay } from '../../../domain/time/calendar.ts'
import { ACTIONS } from '../../../domain/process/workflow.ts'
import { normaliseDocumentNumber } from '../../../domain/records/codes.ts'
import { normaliseReference } from '../../../domain/records/receipts.ts'
import { harmless } from '../../../domain/records/spreadsheet.ts'
import type { Fault } from '../../../forms/field-errors.ts'
import { formatDateTime } from '../../../i18n/format.ts'
import { hasWord, translate, wordsUnder, type Translate } from '../../../i18n/index.ts'
import type { Locale } from '../../../paths.ts'
import { accountsNamed, listAudit, spanOf, type AuditFilter, type AuditLine } from './repository.ts'
import { FIELDS, type AuditQuery } from './schema.ts'

/** Entries read at a time for a file. */
const PIECE = 1000
export const RESULTS = ['done', 'refused'] as const

type Typed = Record<typeof FIELDS[number], string>

/** What was asked, understood; what could not be is a fault and asks for nothing. */
export async function readFilter (db: Db, query: AuditQuery, t: Translate): Promise<{ filter: AuditFilter, faults: Fault[] }> {
  const asked = Object.fromEntries(FIELDS.map(field => [field, (query[field] ?? '').normalize('NFKC').trim()])) as Typed
  const faults = dayFaults(asked, t)
  if (faults.length > 0) return { filter: {}, faults }
  const { actor, action, subject, result } = asked
  return {
    faults,
    filter: {
      ...await readTime(db, asked),
      ...actor === '' ? {} : { actors: await accountsNamed(db, actor) },
      ...action === '' ? {} : { action },
      ...subject === '' ? {} : { subject: normaliseReference(subject) ?? subject },
      ...result === '' ? {} : { result }
    }
  }
}

function dayFaults (asked: Typed, t: Translate): Fault[] {
  const faults = (['from', 'to'] as const).filter(field => asked[field] !== '' && !isDate(asked[field])).map(field => ({ field, text: t('audit.bad_day') }))
  if (faults.length > 0 || asked.from === '' || asked.to === '' || asked.to >= asked.from) return faults
  return [{ field: 'to', text: t('audit.to_before_from') }]
}

async function readTime (db: Db, { from: first, to: last }: Typed): Promise<Pick<AuditFilter, 'from' | 'until' | 'seqs'>> {
  const from = first === '' ? undefined : startOfDay(first)
  const until = last === '' ? undefined : startOfDay(addDays(last, 1))
  if (from === undefined && until === undefined) return {}
  return { ...from === undefined ? {} : { from }, ...until === undefined ? {} : { until }, seqs: await spanOf(db, from, until) }
}

/** What an action is called. A step and what happens beside the steps have words of their own; a code is never shown. */
export function wordOf (locale: Locale, action: string): string {
  const short = action.replace(/^complaint\./, '')
  const key = [`audit_action.${action}`, `action.${short}`, `event.${short}`].find(key => hasWord(locale, key))
  return translate(locale, key ?? 'audit.other_action')
}

/** Every action that can be asked for, by its words. */
export function actionChoices (locale: Locale): Array<{ value: string, label: string }> {
  const named = wordsUnder(locale, 'audit_action.').map(key => key.slice('audit_action.'.length))
  const steps = ACTIONS.map(action => `complaint.${action}`)
  const choices = [...new Set([...named, ...steps])].map(value => ({ value, label: wordOf(locale, value) }))
  return choices.sort((a, b) => a.label.localeCompare(b.label, locale))
}

/** What was done to which, as the page and the file say it; a permission that was missing by its name. */
export function subjectOf (locale: Locale, { action, subject }: Pick<AuditLine, 'action' | 'subject'>): string {
  return action === 'access.refused' && hasWord(locale, `permission.${subject}`) ? translate(locale, `permission.${subject}`) : subject
}

/** Who asks. */
interface Auditor { id: number, role: string, requestId: string }

/**
 * That somebody searched the queue by words, before they see what was found: the reference or number that was asked for, otherwise only how much
 * was found, because what was typed may be a name.
 */
export async function recordSearch (parts: Pick<App, 'db' | 'keys'>, by: Auditor, { q, total }: { q: string, total: number }, now: string): Promise<void> {
  const subject = normaliseReference(q) ?? normaliseDocumentNumber(q) ?? `(${total})`
  await parts.db.transaction().execute(async trx => {
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: by.id, role: by.role, action: 'complaint.searched', subject, result: 'done', requestId: by.requestId })
  })
}

/** All entries of a filter as a table, read piece by piece; that they were taken along is written down first. Texts cannot run in a spreadsheet. */
export async function exportAudit (parts: Pick<App, 'db' | 'keys'>, filter: AuditFilter, auditor: Auditor, { now, locale }: { now: string, locale: Locale }): Promise<Readable> {
  const asked = Object.entries(filter).filter(([name]) => name !== 'seqs' && name !== 'actors').map(([name, value]) => `${name}=${String(value)}`)
  const subject = ['audit.csv', ...filter.actors === undefined ? [] : [`actors=${filter.actors.join('+')}`], ...asked].join(' ').slice(0, 200)
  await parts.db.transaction().execute(async trx => {
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: auditor.id, role: auditor.role, action: 'audit.exported', subject, result: 'done', requestId: auditor.requestId })
  })
  return Readable.from(rowsOf(parts.db, filter, locale))
}

async function * rowsOf (db: Db, filter: AuditFilter, locale: Locale): AsyncGenerator<string> {
  const t: Translate = (key, values) => translate(locale, key, values)
  yield `\uFEFF${lines([['seq', 'at', 'username', 'who', 'role', 'what', 'subject', 'result', 'request'].map(name => t(`audit.${name}`))])}`
  for (let before: number | undefined; ;) {
    const rows = await listAudit(db, filter, { size: PIECE, ...before === undefined ? {} : { before } })
    if (rows.length > 0) {
      yield lines(rows.map(row => [row.seq, formatDateTime(locale, row.at), row.username ?? '', row.actor ?? '', t(`role.${row.role}`), wordOf(locale, row.action), subjectOf(locale, row), t(`audit_result.${row.result}`), row.requestId]))
    }
    if (rows.length < PIECE) return
    before = rows.at(-1)?.seq
  }
}

const lines = (rows: Array<Array<string | number>>): string => stringify(rows.map(row => row.map(cell => typeof cell === 'string' ? harmless(cell) : cell)), { record_delimiter: 'windows', quoted_match: /^'/ })
