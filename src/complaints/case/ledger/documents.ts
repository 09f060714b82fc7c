import type { RecordedChannel } from '../../../domain/process/sources.ts'
import { randomBytes } from 'node:crypto'
import { canonical } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import type { DocumentType } from '../../../domain/process/documents.ts'
import type { Finding } from '../../../domain/process/findings.ts'
import type { GroundCode } from '../../../domain/process/grounds.ts'
import type { Redress, RuleApplied } from '../../../domain/supervision/rules.ts'
import type { DemandKind, LetterField } from '../../../domain/supervision/letters.ts'
import type { ReviewOutcome } from '../../../domain/aftermath/review.ts'
import type { Path, RefusalCode, Remedy } from '../../../domain/process/refusals.ts'
import type { Suspension } from '../../../domain/supervision/suspensions.ts'
import type { Seal } from './sealing.ts'
import { isNumbered, takeNumber } from './numbers.ts'

/** One thing that an agency has to do. Without a day it is due when the clock for rectification ends. */
export interface LetterDemand { kind: DemandKind, text: string, dueOn?: string }
/** An article as it stood on the day of the event. */
export interface QuotedArticle { cite: string, textDate: string, body: string }
/** What a letter says. `articles` and `findings` (their digest) are added when it is handed in. */
export interface LetterText { addressee: string, fields: Partial<Record<LetterField, string>>, demands: LetterDemand[], articles?: QuotedArticle[], findings?: string }

/** What a document says; frozen when it is issued. Its fixed sentences stand in the template, the names and texts here. */
export interface Content {
  ref: string
  caseNo: string | null
  bureau: string
  bureauEn: string
  issuedOn: string
  text?: string
  refusal?: RefusalCode
  remedy?: Remedy
  receiving_body?: string
  /** Why a case waits. */
  suspension?: Suspension
  /** How what was recorded came in. */
  channel?: RecordedChannel
  parallel?: string
  earlier_reference?: string
  path?: Path
  dueOn?: string
  /** The issue that a review was asked for (0: the whole answer), and what came of it. */
  issue?: number
  review_outcome?: ReviewOutcome
  /** A letter as it was drafted and approved; the last day to object to it. */
  letter?: LetterText
  objectionOn?: string
  issues?: Array<{ no: number, ground: GroundCode, finding: Finding, reasons: string, rule?: RuleApplied, redress?: Redress[], required?: string }>
}

/** Letters that the complainant receives; a transfer letter goes to the body that takes over. */
const TO_COMPLAINANT: ReadonlySet<string> = new Set<DocumentType>([
  'receipt', 'supplement_request', 'acceptance_notice', 'refusal_notice', 'guidance_letter', 'reply_letter', 'review_reply', 'extension_notice', 'suspension_notice'
])

/** Whether the complainant may read documents of this type. */
export function isForComplainant (type: string): boolean {
  return TO_COMPLAINANT.has(type)
}

export interface Issuing { complaintId: string, type: DocumentType, prefix: string, authorId: number | null, content: Content }

/** Issues a document in the caller's transaction: number, sealed content and its digest. It is never edited afterwards. */
export async function issueDocument (trx: Db, seal: Seal, issuing: Issuing, now: string): Promise<string> {
  if (!isNumbered(issuing.type)) throw new Error(`documents of type ${issuing.type} have no number series`)
  const id = randomBytes(16).toString('base64url')
  const text = canonical(issuing.content)
  await trx.insertInto('document').values({
    id,
    complaint_id: issuing.complaintId,
    type: issuing.type,
    number: await takeNumber(trx, issuing.prefix, issuing.type, now),
    issued_at: now,
    author_id: issuing.authorId,
    sealed: seal.close(`document:${id}`, text),
    digest: seal.digest(text)
  }).execute()
  return id
}

/** The content as it was issued. Throws SealBroken when it was altered. */
export function openDocument (seal: Seal, row: { id: string, sealed: string }): Content {
  return JSON.parse(seal.open(`document:${row.id}`, row.sealed)) as Content
}
