import { DEMANDING } from '../../../domain/process/documents.ts'
import { DELIVERY_STATES, DELIVERY_WAYS, type DeliveryState, type DeliveryWay } from '../../../domain/supervision/deliveries.ts'
import { demanding } from '../../../domain/supervision/letters.ts'
import { isDate, localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import type { FieldFaults, Parts, Viewer } from '../../case/core/types.ts'
import { findById, findByRef } from '../../case/core/repository.ts'
import { openDocument, type Content } from '../../case/ledger/documents.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { holding, writeLine, type Person } from '../letters/drafts.ts'
import { findIssued, insertDelivery, listDeliveries, type Issued } from './repository.ts'

export { findByNumber, registered, type RegisterQuery } from './repository.ts'
export { readDraft, readProposal, type Change, type DraftView } from './drafts.ts'
export { issuerOf, letterSheet, type LetterSheet, type Line } from './sheet.ts'

/** Limits in code points. */
export const DELIVERY_LIMITS = { receiver: 200, receipt: 200, remark: 1000 } as const
export interface Delivery { way: DeliveryWay, state: DeliveryState, on: string, receiver: string, receipt: string, remark: string }
export interface DeliveryView extends Delivery { no: number, by: string, at: string }
export interface IssuedView extends Omit<Issued, 'sealed' | 'void_sealed' | 'voided_by'> { content: Content, voidReason: string | null, deliveries: DeliveryView[] }

/** An issued document with its deliveries, for whoever may see its case. Errors: `not_found`. */
export async function readIssued (parts: Parts, id: string, viewer: Viewer): Promise<IssuedView> {
  const { sealed, void_sealed: reason, voided_by: _by, ...row } = await findIssued(parts.db, id)
  await findByRef(parts.db, row.ref, viewer)
  const seal = sealFor(parts.keys, await findById(parts.db, row.complaint_id))
  const deliveries = (await listDeliveries(parts.db, id)).map(({ no, way, state, on_day: on, sealed, by, at }) => ({
    no, way: way as DeliveryWay, state: state as DeliveryState, on, by, at, ...JSON.parse(seal.open(`delivery:${id}:${no}`, sealed)) as Pick<Delivery, 'receiver' | 'receipt' | 'remark'>
  }))
  return { ...row, content: openDocument(seal, { id, sealed }), voidReason: reason === null ? null : seal.open(`document:${id}:void`, reason), deliveries }
}

/**
 * Voids an issued document: its number stays taken, what it demanded is closed. Errors: `forbidden`, `not_found`, `reason_required`, `already_decided`, and
 * `letter_stands` while the case waits for what it demands.
 */
export async function voidDocument (parts: Parts, actor: Person, { id, reason }: { id: string, reason: string }, now: string): Promise<void> {
  if (reason.trim() === '') throw new AppError('reason_required', { action: 'void_letter' })
  if ([...reason].length > DELIVERY_LIMITS.remark) throw new AppError('form_invalid', { fields: { text: { key: 'field.maxLength', values: { limit: DELIVERY_LIMITS.remark } } } })
  const { ref } = await findIssued(parts.db, id)
  await holding(parts, actor, ref, { permission: 'letter.sign', now }, async hold => {
    const row = await findIssued(hold.trx, id)
    if (row.voided_at !== null) throw new AppError('already_decided', { id })
    if (demanding(row.type) && ['government_approval', 'document_issued', 'objection', 'verifying'].includes(row.status) && await onlyOne(hold, id)) throw new AppError('letter_stands', { id })
    await hold.trx.updateTable('document').set({ voided_at: now, voided_by: actor.id, void_sealed: hold.seal.close(`document:${id}:void`, reason.trim()) }).where('id', '=', id).execute()
    await hold.trx.updateTable('demand').set({ state: 'closed', changed_at: now }).where('document_id', '=', id).execute()
    await writeLine(parts, hold, actor, { action: 'letter_voided', subject: id, type: row.type, text: reason.trim() }, now)
  })
}

async function onlyOne ({ trx, complaint }: { trx: Parts['db'] | Parameters<typeof findIssued>[0], complaint: { id: string } }, id: string): Promise<boolean> {
  const other = await trx.selectFrom('document').select('id').where('complaint_id', '=', complaint.id).where('type', 'in', DEMANDING).where('voided_at', 'is', null).where('id', '!=', id).limit(1).executeTakeFirst()
  return other === undefined
}

/** Writes down how and when a document was delivered. Errors: `forbidden`, `not_found`, `form_invalid`. */
export async function recordDelivery (parts: Parts, actor: Person, id: string, delivery: Delivery, now: string): Promise<void> {
  const row = await findIssued(parts.db, id)
  const faults = faultsOf(delivery, localDate(row.issued_at), localDate(now))
  if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
  await holding(parts, actor, row.ref, { permission: 'complaint.message', now }, async hold => {
    const { way, state, on, receiver, receipt, remark } = delivery
    await insertDelivery(hold.trx, { document_id: id, way, state, on_day: on, account_id: actor.id, at: now }, no => hold.seal.close(`delivery:${id}:${no}`, JSON.stringify({ receiver, receipt, remark })))
    await writeLine(parts, hold, actor, { action: 'letter_delivered', subject: id, type: row.type }, now)
  })
}

function faultsOf ({ way, state, on, ...texts }: Delivery, issuedOn: string, today: string): FieldFaults {
  const faults: FieldFaults = {}
  if (!DELIVERY_WAYS.includes(way)) faults['way'] = { key: 'delivery.no_way' }
  if (!DELIVERY_STATES.includes(state)) faults['state'] = { key: 'delivery.no_state' }
  if (!isDate(on)) faults['on'] = { key: 'delivery.no_date' }
  else if (on < issuedOn || on > today) faults['on'] = { key: 'delivery.wrong_date' }
  if (state === 'delivered' && texts.receiver.trim() === '') faults['receiver'] = { key: 'delivery.no_receiver' }
  for (const field of ['receiver', 'receipt', 'remark'] as const) if ([...texts[field]].length > DELIVERY_LIMITS[field]) faults[field] = { key: 'field.maxLength', values: { limit: DELIVERY_LIMITS[field] } }
  return faults
}
