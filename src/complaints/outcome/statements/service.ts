import { appendAudit } from '../../../db/audit.ts'
import { raiseRevision } from '../../../db/records.ts'
import type { SideEvent } from '../../../domain/process/side-events.ts'
import { demanding } from '../../../domain/supervision/letters.ts'
import { personalPieces, statementFault, STATEMENT_LIMIT, writable, type StatementState } from '../../../domain/supervision/statements.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { insertEvent, touchComplaint } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import { STEP_TEXT_LIMIT, type Parts } from '../../case/core/types.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { faulty, onItem, type Held } from '../agency-answers/items.ts'
import { agencyOf, findItem } from '../agency-answers/repository.ts'
import { refused, type Hold, type Person } from '../letters/drafts.ts'
import { changeStatement, findStatement, listStatements, putStatement, type StatementLine, type StatementRow } from './repository.ts'

export { listPublishedOf } from './repository.ts'

/** A statement as its agency sees it. `may`: what can be done with it now. */
export interface StatementView { state: StatementState | null, version: number, text: string, reason: string | null, publishedOn: string | null, own: boolean, may: { write: boolean, sign: boolean, withdraw: boolean } }
/** A statement before the publisher: which agency about what kind of letter, never which case. */
export interface Moderated { id: string, version: number, state: StatementState, agency: string, slug: string, type: string, text: string, signer: string, signedOn: string | null, decidedOn: string | null, reason: string | null }

/** The statement about an item of the person's agency; null while its case is open or where the letter demanded nothing. Errors: `forbidden`, `not_found`. */
export async function statementOf ({ db, keys }: Parts, person: Person, id: string): Promise<StatementView | null> {
  const item = await findItem(db, await agencyOf(db, person.id), id)
  const row = await findStatement(db, id)
  if (!demanding(item.type) || (row === undefined && item.status !== 'closed')) return null
  const seal = sealFor(keys, { id: item.complaint_id, wrapped_key: item.wrapped_key })
  const state = row?.state as StatementState | undefined ?? null
  return {
    state, version: row?.version ?? 0, text: row === undefined ? '' : seal.open(`agency_statement:${id}`, row.sealed), reason: row === undefined ? null : reasonOf(seal, row), publishedOn: row?.published_on ?? null,
    own: row?.author_id === person.id, may: { write: item.status === 'closed' && writable(state), sign: state === 'draft', withdraw: state === 'signed' || state === 'published' }
  }
}

function reasonOf (seal: Seal, { document_id: id, reason_sealed: sealed }: StatementRow): string | null {
  return sealed === null ? null : seal.open(`agency_statement:${id}:reason`, sealed)
}

/** Keeps a draft of what the agency wants to say. Errors: `forbidden`, `not_found`, `form_invalid`, `stale_version`, `transition_refused`. */
export async function saveStatement (parts: Parts, person: Person, { id, text, version }: { id: string, text: string, version: number }, now: string): Promise<void> {
  demandSayable(text)
  await onItem(parts, person, { id, permission: 'agency.item', now }, async hold => {
    const { trx, item, complaint, seal } = hold
    const before = await findStatement(trx, id)
    if (!demanding(item.type) || complaint.status !== 'closed' || !writable(before?.state as StatementState | undefined ?? null)) throw refused(complaint, 'save_statement')
    if ((before?.version ?? 0) !== version) throw new AppError('stale_version', { id })
    await putStatement(trx, {
      document_id: id, complaint_id: complaint.id, agency_id: await agencyOf(trx, person.id), state: 'draft', version: version + 1, sealed: seal.close(`agency_statement:${id}`, text), author_id: person.id, at: now,
      signed_by: null, signed_at: null, decided_by: null, decided_at: null, reason_sealed: null, text: null, published_on: null
    }, version)
  })
}

function demandSayable (text: string): void {
  const fault = statementFault(text)
  if (fault !== null) throw new AppError('form_invalid', { fields: { statement: { key: `statement_fault.${fault}`, values: { limit: STATEMENT_LIMIT, pieces: personalPieces(text).join('、') } } } })
}

/** The agency's head signs what somebody else wrote; then it waits for the publisher. Errors: as `saveStatement`. */
export async function signStatement (parts: Parts, person: Person, { id, version }: { id: string, version: number }, now: string): Promise<void> {
  await onItem(parts, person, { id, permission: 'agency.sign', now }, async hold => {
    const row = await standing(hold, id, version)
    if (row.state !== 'draft' || hold.complaint.status !== 'closed') throw refused(hold.complaint, 'sign_statement')
    if (row.author_id === person.id) throw faulty('sign', 0, { key: 'agency.own_draft' })
    await changeStatement(hold.trx, row, { state: 'signed', version: version + 1, signed_by: person.id, signed_at: now })
    await write(parts, hold, person, { action: 'statement_signed', id, told: false }, now)
  })
}

/** The agency takes its statement back, also from the public. Errors: as `saveStatement`. */
export async function withdrawStatement (parts: Parts, person: Person, { id, version }: { id: string, version: number }, now: string): Promise<void> {
  await onItem(parts, person, { id, permission: 'agency.sign', now }, async hold => {
    const row = await standing(hold, id, version)
    if (row.state !== 'signed' && row.state !== 'published') throw refused(hold.complaint, 'withdraw_statement')
    await changeStatement(hold.trx, row, { state: 'withdrawn', version: version + 1, text: null, published_on: null })
    if (row.state === 'published') await raiseRevision(hold.trx, 'register')
    await write(parts, hold, person, { action: 'statement_withdrawn', id, told: row.state === 'published' }, now)
  })
}

async function standing (hold: Pick<Held, 'trx'>, id: string, version: number): Promise<StatementRow> {
  const row = await findStatement(hold.trx, id)
  if (row === undefined) throw new AppError('not_found', { id })
  if (row.version !== version) throw new AppError('stale_version', { id })
  return row
}

type Publisher = Person & { bureauIds: readonly number[] }

/** What waits for the publisher, and what was decided. Errors: `forbidden`. */
export async function statementsFor ({ db, keys }: Parts, person: Publisher): Promise<Moderated[]> {
  demandPermission(person, 'statement.moderate')
  return (await listStatements(db, person)).map(row => {
    const seal = sealFor(keys, { id: row.complaint_id, wrapped_key: row.wrapped_key })
    return {
      id: row.document_id, version: row.version, state: row.state as StatementState, agency: row.agency, slug: row.slug, type: row.type, text: row.text ?? seal.open(`agency_statement:${row.document_id}`, row.sealed),
      signer: row.signer ?? '', signedOn: row.signed_at === null ? null : localDate(row.signed_at), decidedOn: row.decided_at === null ? null : localDate(row.decided_at), reason: reasonOf(seal, row)
    }
  })
}

/**
 * Publishes a signed statement, returns it, or takes a published one down; the last two with reasons that the agency reads. Errors: `forbidden`, `not_found`,
 * `form_invalid`, `reason_required`, `stale_version`, `transition_refused`.
 */
export async function decideStatement (parts: Parts, person: Publisher, { id, version, decision, text }: { id: string, version: number, decision: 'publish' | 'return' | 'take_down', text: string }, now: string): Promise<void> {
  demandPermission(person, 'statement.moderate')
  if (decision !== 'publish' && text.trim() === '') throw new AppError('reason_required', { action: 'decide_statement' })
  if ([...text].length > STEP_TEXT_LIMIT) throw new AppError('form_invalid', { fields: { text: { key: 'field.maxLength', values: { limit: STEP_TEXT_LIMIT } } } })
  await parts.db.transaction().execute(async trx => {
    const line = await lineOf(trx, person, id)
    const complaint = await touchComplaint(trx, line.complaint_id, {}, now)
    const hold = { trx, complaint, seal: sealFor(parts.keys, complaint) }
    const row = await standing(hold, id, version)
    if (row.state !== (decision === 'take_down' ? 'published' : 'signed')) throw refused(complaint, 'decide_statement')
    const words = hold.seal.open(`agency_statement:${id}`, row.sealed)
    if (decision === 'publish') demandSayable(words) // what detectors know may have grown since
    const decided = { version: version + 1, decided_by: person.id, decided_at: now, reason_sealed: decision === 'publish' ? null : hold.seal.close(`agency_statement:${id}:reason`, text) }
    await changeStatement(trx, row, { ...decided, ...decision === 'publish' ? { state: 'published', text: words, published_on: localDate(now) } : { state: 'returned', text: null, published_on: null } })
    if (decision !== 'return') await raiseRevision(trx, 'register')
    await write(parts, hold, person, { action: decision === 'publish' ? 'statement_published' : decision === 'return' ? 'statement_returned' : 'statement_withdrawn', id, told: decision !== 'return' }, now)
  })
}

async function lineOf (trx: Hold['trx'], person: Publisher, id: string): Promise<StatementLine> {
  const [line] = await listStatements(trx, person, id)
  if (line === undefined) throw new AppError('not_found', { id })
  return line
}

/** What became of it stands in the case; that something was published or taken down the complainant sees too. */
async function write ({ keys }: Pick<Parts, 'keys'>, { trx, complaint, seal }: Hold, person: Person, { action, id, told }: { action: SideEvent, id: string, told: boolean }, now: string): Promise<void> {
  await insertEvent(trx, seal, complaint.id, { action, from: complaint.status, to: complaint.status, actorId: person.id, role: person.role, audience: told ? 'event' : 'internal', at: now })
  await appendAudit(trx, keys.audit, { at: now, actorId: person.id, role: person.role, action: `complaint.${action}`, subject: `${complaint.ref} ${id}`, result: 'done', requestId: person.requestId })
}
