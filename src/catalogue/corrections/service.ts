import { createHmac } from 'node:crypto'
import type { App } from '../../app.ts'
import { appendAudit } from '../../db/audit.ts'
import { eraseTraces } from '../../db/erasure.ts'
import { loadReckoner } from '../../db/reckoner.ts'
import type { CorrectionTable } from '../../db/schema.ts'
import { dueOn } from '../../domain/time/clocks.ts'
import { AppError } from '../../errors.ts'
import type { RouteName } from '../../paths.ts'
import { openText, sealText } from '../../vault/seal.ts'
import { findRecord, findSet, setNamed, type PublicSet } from '../register/service.ts'
import { decide, findByDigest, findCorrection, forgetContacts, keepCorrection } from './repository.ts'

/** The three fields of the form. */
export interface Report { wrong: string, right: string, source: string }
export const LIMITS = { wrong: 1000, right: 1000, source: 500, contact: 200, note: 1000 } as const
/** How long after the decision the bureau can still reach the reporter: a default of this platform, not law; long enough to answer a question about the answer. */
export const CONTACT_KEPT = { days: 30, kind: 'our_default' } as const
/** What a report is about when no field of the record fits. */
export const OTHER = 'other'

/** A record that a report is about; `fields` are what may be picked. */
export interface Target { set: PublicSet, code: string, name: string | null, version: number | null, fields: Array<{ key: string, label: string }> }

/** The record that `set:code` names, else `not_found`. */
export async function targetOf ({ db }: Pick<App, 'db'>, named: string): Promise<Target> {
  const at = named.indexOf(':')
  const set = setNamed(named.slice(0, Math.max(0, at)))
  const code = named.slice(at + 1)
  const found = await findRecord(db, set, code)
  if (found === null) throw new AppError('not_found', { record: named.slice(0, 100) })
  const [record] = await set.records(db, [found.id])
  const version = record?.['version']
  return { set, code, name: found.name, version: typeof version === 'number' ? version : null, fields: set.fields.filter(field => field.key !== 'version').map(({ key, label }) => ({ key, label })) }
}

/** The word for the field that a report names, and the way to its record as long as that has one. */
export function describeTarget ({ set_name: name, code, field }: { set_name: string, code: string, field: string }): { word: string, record: { route: RouteName, params: string[] } | null } {
  const set = findSet(name)
  const label = set?.fields.find(one => one.key === field)?.label
  return { word: label === undefined ? 'corrections.other' : label, record: set === undefined ? null : { route: set.record, params: [...set.params, code] } }
}

/** Puts a report into the bureau's queue and starts its clock; sent twice it is one. What was written is sealed: it may name people. Gives its number and due date. */
export async function report ({ db, keys }: Pick<App, 'db' | 'keys'>, target: Target, given: Report & { field: string, contact: string }, now: string): Promise<{ id: number, dueOn: string }> {
  const { field, contact, ...texts } = given
  const reckoner = await loadReckoner(db)
  const rule = reckoner.rules.get('correction')
  if (rule === undefined) throw new Error('the deadline profile has no period for corrections')
  const { date, assured } = dueOn(now, rule, reckoner.calendar)
  const digest = createHmac('sha256', keys.pepper).update(JSON.stringify(['correction', target.set.name, target.code, field, texts, contact, now.slice(0, 10)])).digest('base64url')
  const id = await db.transaction().execute(async trx => await keepCorrection(trx, {
    set_name: target.set.name,
    code: target.code,
    record_name: target.name,
    record_version: target.version,
    field,
    sealed: sealText(keys.content, JSON.stringify(texts), `correction|${digest}`),
    contact_sealed: contact === '' ? null : sealText(keys.identity, contact, `correction|${digest}`),
    digest,
    status: 'open',
    note: null,
    created_at: now,
    due_on: date,
    assured: assured ? 1 : 0,
    decided_at: null,
    decided_by: null
  }))
  if (id !== null) return { id, dueOn: date }
  const known = await findByDigest(db, digest)
  return { id: known?.id ?? 0, dueOn: known?.due_on ?? date }
}

/** A report as the bureau reads it. */
export interface Opened extends Omit<CorrectionTable, 'id' | 'sealed' | 'contact_sealed' | 'digest' | 'fictional'> { id: number, report: Report, contact: string | null }

/** One report with what was written, else `not_found`. */
export async function openCorrection ({ db, keys }: Pick<App, 'db' | 'keys'>, id: number): Promise<Opened> {
  const row = await findCorrection(db, id)
  if (row === undefined) throw new AppError('not_found', { id })
  const { sealed, contact_sealed: contact, digest, fictional: _, ...rest } = row
  return { ...rest, report: JSON.parse(openText(keys.content, sealed, `correction|${digest}`)) as Report, contact: contact === null ? null : openText(keys.identity, contact, `correction|${digest}`) }
}

export interface Reader { actor: { id: number, role: string }, requestId: string }

/** One report as somebody at the desk sees it. Whoever sees how to reach its reporter stands in the audit log for it. */
export async function showCorrection (app: Pick<App, 'db' | 'keys'>, id: number, { actor, requestId }: Reader, now: string): Promise<Opened> {
  const opened = await openCorrection(app, id)
  if (opened.contact === null) return opened
  await app.db.transaction().execute(async trx => {
    await appendAudit(trx, app.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'correction.opened', subject: String(id), result: 'done', requestId })
  })
  return opened
}

/** Destroys contacts whose time after the decision is over, the report itself stays. Gives how many. */
export async function sweepContacts ({ db }: Pick<App, 'db'>, now: string): Promise<number> {
  const forgotten = await forgetContacts(db, new Date(Date.parse(now) - CONTACT_KEPT.days * 86_400_000).toISOString())
  if (forgotten > 0) await eraseTraces(db)
  return forgotten
}

export interface Decision extends Reader { status: 'fixed' | 'refused', note: string }

/** Ends a report with a public answer, and says so in the audit log. Throws `already_decided` when somebody else was faster. */
export async function settle ({ db, keys }: Pick<App, 'db' | 'keys'>, id: number, { status, note, actor, requestId }: Decision, now: string): Promise<void> {
  await db.transaction().execute(async trx => {
    if (!await decide(trx, id, { status, note, decided_at: now, decided_by: actor.id })) throw new AppError('already_decided', { id })
    await appendAudit(trx, keys.audit, { at: now, actorId: actor.id, role: actor.role, action: `correction.${status}`, subject: String(id), result: 'done', requestId })
  })
}
