import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { appendAudit } from '../../../db/audit.ts'
import { endSessionsOf } from '../../../db/sessions.ts'
import type { ComplaintMemberTable, Db } from '../../../db/schema.ts'
import { newQueryCode } from '../../../domain/records/receipts.ts'
import { AppError } from '../../../errors.ts'
import type { Keys } from '../../../vault/keys.ts'
import { hashSecret } from '../../../vault/passwords.ts'
import { findById, type ComplaintRow } from '../../case/core/repository.ts'
import type { Answers, Member, Parts } from '../../case/core/types.ts'
import { openIdentity, sealFor, type Seal } from '../../case/ledger/sealing.ts'
import { insertMembers, listMembers, listSlots, replaceMember } from './repository.ts'

/** Most people who may complain together besides the representative. */
export const MEMBER_LIMIT = 50
/** Codes of one complaint lie at different slots: a typed one is then compared with one hash only, whoever's it is. */
const SLOTS = 4096

/** Where a code lies among the codes of its complaint; keyed, so that it tells nothing about the code. */
export function slotOf (keys: Keys, complaintId: string, code: string): number {
  return createHmac('sha256', keys.pepper).update(`slot|${complaintId}|${code}`).digest().readUInt16BE() % SLOTS
}

/** A new code at a slot that no other code of the complaint has. */
export function freshCode (keys: Keys, complaintId: string, taken: Set<number>): { code: string, slot: number } {
  for (;;) {
    const code = newQueryCode(randomBytes)
    const slot = slotOf(keys, complaintId, code)
    if (taken.has(slot)) continue
    taken.add(slot)
    return { code, slot }
  }
}

export type MemberRow = ComplaintMemberTable

/**
 * Codes for everybody that a draft names, hashed before its transaction begins; one after the other, so that fifty make nobody else wait. None for a
 * draft that cannot be filed yet: its hashes would be thrown away.
 */
export async function prepareMembers ({ db, keys }: Parts, draftId: string, complete: (answers: Answers) => boolean): Promise<MemberRow[]> {
  const draft = await db.selectFrom('draft').selectAll().where('id', '=', draftId).executeTakeFirst()
  if (draft === undefined || draft.submitted_at !== null) return []
  const seal = sealFor(keys, draft)
  const answers = JSON.parse(seal.open('answers', draft.sealed)) as Answers
  const { group } = answers
  const count = Math.min(group?.members.length ?? 0, MEMBER_LIMIT)
  if (count === 0 || draft.code_sealed === null || !complete(answers)) return []
  const main = slotOf(keys, draftId, seal.open('code', draft.code_sealed))
  const taken = new Set([main])
  const rows: MemberRow[] = []
  for (let no = 1; no <= count; no++) rows.push(await memberRow(keys, seal, draftId, no, taken))
  return [{ complaint_id: draftId, no: REPRESENTATIVE, slot: main, code_hash: '', code_sealed: null }, ...rows]
}

/** The representative's number: the row only keeps the slot of the complaint's own code, so that nobody else's comes to lie there. */
const REPRESENTATIVE = 0

async function memberRow (keys: Keys, seal: Seal, id: string, no: number, taken: Set<number>): Promise<MemberRow> {
  const { code, slot } = freshCode(keys, id, taken)
  return { complaint_id: id, no, slot, code_hash: await hashSecret(code, keys.pepper), code_sealed: seal.close(`member:${no}`, code) }
}

/** Keeps the codes with the complaint. Another tab that changed the list at this very moment makes the submission wait: `database_busy`. */
export async function keepMembers (trx: Db, prepared: MemberRow[], members: readonly Member[] = []): Promise<void> {
  if (members.length === 0) return
  if (prepared.length <= Math.min(members.length, MEMBER_LIMIT)) throw new AppError('database_busy')
  await insertMembers(trx, prepared.filter(({ no }) => no <= members.length))
}

/** Slots that a new code must not lie at; a code that is replaced frees its own only then. */
export async function takenSlots (db: Db, id: string): Promise<Set<number>> {
  return new Set((await listSlots(db, id)).map(({ slot }) => slot))
}

/** A new code for one member, returned once and kept nowhere; the old one is void and the sessions that it opened end. Errors: `not_found`. */
export async function renewMemberCode ({ db, keys }: Parts, { id, ref, no, requestId }: { id: string, ref: string, no: number, requestId: string }, now: string): Promise<string> {
  const { code, slot } = freshCode(keys, id, await takenSlots(db, id))
  const hash = await hashSecret(code, keys.pepper)
  await db.transaction().execute(async trx => {
    if (!await replaceMember(trx, { complaint_id: id, no, slot, code_hash: hash, code_sealed: null })) throw new AppError('not_found')
    await endSessionsOf(trx, 'track', trackSubject({ id, member: no }))
    await appendAudit(trx, keys.audit, { at: now, actorId: null, role: 'complainant', action: 'member_code.reissued', subject: ref, result: 'done', requestId })
  })
  return code
}

export interface MemberCode { no: number, name: string | null, code: string }

/** The codes to hand out, with names where they are kept; empty once their time is over. Only for the receipt of whoever sent it. */
export async function readMemberCodes ({ db, keys }: Parts, id: string): Promise<MemberCode[]> {
  const rows = await listMembers(db, id)
  if (rows.every(row => row.code_sealed === null)) return []
  const names = await readMembers({ db, keys }, id)
  const seal = sealFor(keys, await findById(db, id))
  return rows.flatMap(({ no, code_sealed: sealed }) => sealed === null ? [] : [{ no, name: names[no - 1]?.name ?? null, code: seal.open(`member:${no}`, sealed) }])
}

/** Whom the representative named. */
export async function readMembers ({ db, keys }: Parts, complaintId: string): Promise<Member[]> {
  const row = await db.selectFrom('identity').selectAll().where('complaint_id', '=', complaintId).executeTakeFirst()
  return row === undefined ? [] : openIdentity(keys, row).members ?? []
}

/** Whose session it is: the complaint, and which co-complainant; null for the representative. */
export interface Owner { id: string, member: number | null }

/** What a tracking session belongs to. */
export function trackSubject ({ id, member }: Owner): string {
  return member === null ? id : `${id}~${member}`
}

/** The same read back. */
export function ownerOf (subject: string): Owner {
  const [id = '', member] = subject.split('~')
  return { id, member: member === undefined ? null : Number(member) }
}

/** The complaint of this tracking session; any other reference does not exist for it (security.md Z-3): `not_found`. */
export async function ownComplaint ({ db }: Pick<Parts, 'db'>, request: FastifyRequest, ref: string): Promise<ComplaintRow & { member: number | null }> {
  const { id, member } = ownerOf(request.session?.subject ?? '')
  const row = await findById(db, id)
  if (row.ref !== ref) throw new AppError('not_found')
  return { ...row, member }
}

/** The same where only whoever filed may act: co-complainants read and write, they decide nothing. Errors: `not_found`, `forbidden`. */
export async function representedComplaint (parts: Pick<Parts, 'db'>, request: FastifyRequest, ref: string): Promise<ComplaintRow> {
  const { member, ...row } = await ownComplaint(parts, request, ref)
  if (member !== null) throw new AppError('forbidden')
  return row
}
