import { createHash, createHmac } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { ComplaintTable, Db } from '../../../db/schema.ts'
import { readSlip, signedText, writeSlip, type Slip } from '../../../domain/records/slips.ts'
import { SealBroken } from '../../../vault/seal.ts'
import { findById } from '../../case/core/repository.ts'
import type { Parts } from '../../case/core/types.ts'
import { listAttachments } from '../../form/filing/service.ts'
import { sealFor, type Seal } from '../../case/ledger/sealing.ts'

/** What a slip proves. deleted: it is ours, the complaint is no longer there. altered: what is stored is not what was filed. */
export type Verdict = 'genuine' | 'altered' | 'deleted' | 'forged'

type Row = Selectable<ComplaintTable>

/**
 * The complaint as it was filed: a text file whose SHA-256 stands in the slip. It covers reference, time, everything typed except the identity
 * (which may be erased earlier, and which a proof need not show), each issue, and name, size and SHA-256 of each file sent with it; not what
 * came later. The random number makes it impossible to test guesses against a slip; it follows from the complaint's own key, so nothing
 * has to be stored, and with that key it is gone. Whoever keeps the file can prove its content to anybody with the slip and `sha256sum`.
 * The form of this text is frozen: a changed one would make every earlier slip look altered.
 */
export async function copyAsFiled (parts: Parts, id: string): Promise<string> {
  const row = await findById(parts.db, id)
  const seal = sealFor(parts.keys, row)
  const files = (await listAttachments(parts, row)).filter(({ side, messageId }) => side === 'complainant' && messageId === null)
  return `${JSON.stringify({
    说明: '阳光执法投诉原文，第1版。本文件的SHA-256即签名凭条中的摘要，改动任何一个字都会使摘要不同。',
    编号: row.ref,
    提交时间: row.submitted_at,
    随机数: createHmac('sha256', seal.key.current.bytes).update('sunlit as filed').digest('base64url'),
    诉求: await issuesOf(parts.db, seal, row),
    其他内容: JSON.parse(seal.open('details', row.sealed)) as unknown,
    附件: files.map(({ name, size, sha256 }) => ({ 名称: name, 字节数: size, SHA256: sha256 }))
  }, null, 2)}\n`
}

async function issuesOf (db: Db, seal: Seal, { id }: Row): Promise<unknown[]> {
  const issues = await db.selectFrom('complaint_issue').select(['no', 'ground', 'sealed']).where('complaint_id', '=', id).orderBy('no').execute()
  return issues.map(({ no, ground, sealed }) => ({ 序号: no, 事由代码: ground, 内容: seal.open(`issue:${no}`, sealed) }))
}

/** The slip of a complaint, made anew each time: nothing is stored of it, so an anonymous complainant who wants none leaves none. */
export async function slipOf (parts: Parts, id: string): Promise<{ slip: string, digest: string }> {
  const { ref, submitted_at: at } = await findById(parts.db, id)
  const digest = sha256(await copyAsFiled(parts, id))
  const claim = { keyId: parts.keys.signing.currentId(), ref, at, digest }
  return { slip: writeSlip(claim, parts.keys.signing.sign(signedText(claim))), digest }
}

/** Checks a slip as it was typed; null when it cannot be one. `on` is the moment of submission as the slip says it. */
export async function checkSlip (parts: Parts, typed: string): Promise<{ verdict: Verdict, on: string } | null> {
  const slip = readSlip(typed)
  if (slip === null) return null
  if (!parts.keys.signing.verify(slip.keyId, slip.signed, slip.signature)) return { verdict: 'forged', on: slip.at }
  return { verdict: await compare(parts, slip), on: slip.at }
}

async function compare (parts: Parts, slip: Slip): Promise<Verdict> {
  const row = await parts.db.selectFrom('complaint').select('id').where('ref', '=', slip.ref).executeTakeFirst()
  if (row === undefined) return 'deleted'
  try {
    return sha256(await copyAsFiled(parts, row.id)) === slip.digest ? 'genuine' : 'altered'
  } catch (error) {
    if (error instanceof SealBroken) return 'altered' // what was stored does not open any more
    throw error
  }
}

function sha256 (text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
