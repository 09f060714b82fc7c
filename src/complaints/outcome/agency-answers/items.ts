import { answerable, type AnswerKind } from '../../../domain/supervision/answers.ts'
import { claimed, type DemandState } from '../../../domain/supervision/demands.ts'
import type { Permission } from '../../../domain/process/permissions.ts'
import type { Status } from '../../../domain/process/workflow.ts'
import { AppError } from '../../../errors.ts'
import { touchComplaint } from '../../case/core/repository.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { refused, type Hold, type Person } from '../letters/drafts.ts'
import { agencyOf, findItem, listAnswers, listDemands, type AnswerRow, type ItemRow } from './repository.ts'

/** An item of an agency in the lock of its case. */
export type Held = Hold & { item: ItemRow }
/** Where an answer stands: `no` is the demand's, else 0. */
export interface Place { kind: AnswerKind, no: number }

/** Works on an item of the person's own agency, in one transaction with the lock of its case. Errors: `forbidden`, `not_found`. */
export async function onItem<T> (parts: Parts, person: Person, { id, permission, now }: { id: string, permission: Permission, now: string }, work: (hold: Held) => Promise<T>): Promise<T> {
  demandPermission(person, permission)
  return await parts.db.transaction().execute(async trx => {
    const agencyId = await agencyOf(trx, person.id)
    const complaint = await touchComplaint(trx, (await findItem(trx, agencyId, id)).complaint_id, {}, now)
    const item = await findItem(trx, agencyId, id) // as it stands in the lock
    return await work({ trx, complaint, seal: sealFor(parts.keys, complaint), item })
  })
}

/** That an answer may be given at this place now. Errors: `not_found`, `transition_refused`. */
export async function demandOpen ({ trx, item, complaint }: Held, { kind, no }: Place): Promise<void> {
  if (!answerable(kind, item.type, complaint.status as Status)) throw refused(complaint, 'agency_answer')
  if (kind !== 'demand') { if (no === 0) return; throw new AppError('not_found', { no }) }
  const demand = (await listDemands(trx, complaint.id)).find(row => row.document_id === item.id && row.no === no)
  if (demand === undefined) throw new AppError('not_found', { no })
  if (claimed(demand.state as DemandState)) throw refused(complaint, 'agency_answer')
}

/** The draft at a place, and the turn that it has or will have. */
export async function draftAt ({ trx, item, complaint }: Held, { kind, no }: Place): Promise<{ draft: AnswerRow | undefined, turn: number }> {
  const last = (await listAnswers(trx, complaint.id)).findLast(row => row.document_id === item.id && row.kind === kind && row.no === no)
  const draft = last === undefined || last.signed_at !== null ? undefined : last
  return { draft, turn: draft?.turn ?? (last?.turn ?? 0) + 1 }
}

/** What is wrong at a place, or with the signature. */
export function faulty (kind: AnswerKind | 'sign', no: number, fault: { key: string, values?: Record<string, number> }): AppError {
  return new AppError('form_invalid', { fields: { [`${kind}-${no}`]: fault } })
}
