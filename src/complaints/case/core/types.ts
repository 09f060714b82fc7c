import type { Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import type { GroundCode } from '../../../domain/process/grounds.ts'
import type { IdentityMode } from '../../../domain/process/identity-modes.ts'
import type { Parallel, ParallelStage } from '../../../domain/process/parallel.ts'
import type { Role } from '../../../domain/process/permissions.ts'
import type { ReviewOutcome } from '../../../domain/aftermath/review.ts'
import type { Path, RefusalCode } from '../../../domain/process/refusals.ts'
import type { Finding } from '../../../domain/process/findings.ts'
import type { ConsentCode } from '../../../domain/process/consents.ts'
import type { Redress, RuleApplied } from '../../../domain/supervision/rules.ts'
import type { PaperAct } from '../../../domain/time/remedies.ts'
import type { Suspension } from '../../../domain/supervision/suspensions.ts'
import type { RecordedChannel, SourceCode } from '../../../domain/process/sources.ts'
import type { Action } from '../../../domain/process/workflow.ts'
import type { Keys } from '../../../vault/keys.ts'

/** What every function here works with; the application itself fits. */
export interface Parts { db: Kysely<Database>, keys: Keys }

/** Who looks: a member of staff, or nobody in particular (`id` null). With `bureauIds`, complaints of other bureaus do not exist for them. */
export interface Viewer { id: number | null, bureauIds?: readonly number[] }
/** Who acts: a member of staff, or the complainant or the system (`id` null). */
export interface Actor extends Viewer { role: Role, requestId: string }

/** Limits of what may be typed; text is counted in code points. */
export const ISSUE_LIMIT = 10
export const TEXT_LIMIT = 2000
/** What the bureau writes may be longer than an issue: letters, and reasons of a finding. */
export const STEP_TEXT_LIMIT = 5000
export const STEP_FIELD_LIMIT = 200

/** Within this time the same words of the same person are one act that was sent twice: by going back, or by a second press. In milliseconds. */
export const AGAIN_MS = 60_000

/** What somebody brings (投诉, 举报, 批评建议): who reports about others may not learn everything about the answer. */
export const COMPLAINT_KINDS = ['complaint', 'report', 'suggestion'] as const
export type ComplaintKind = (typeof COMPLAINT_KINDS)[number]

export type Unsure = 'agency' | 'officer' | 'matter' | 'decision'

/** Whom it is about: records by number where the visitor chose one, else in the visitor's words. `officerText` describes one officer a line. */
export interface Target {
  agencyId?: number, agencyText?: string
  officerIds?: number[], officerText?: string
  decisionId?: number, decisionText?: string
  /** 车牌 and 检查码, as they were typed */
  plate?: string, inspectionCode?: string
  notSure?: Unsure[]
}
/** Which rule was not kept, as far as the complainant knows. */
export interface Rule { matterId?: number, matterText?: string, prohibitionNo?: number, benchmarkId?: number, exemptionId?: number, notSure?: true }
export interface IssueAnswer { ground: GroundCode, text: string }
/** `date` as YYYY-MM-DD when the day is known, `about` when it is not. */
export interface When { date?: string, about?: string, time?: string }
/** What was suffered and spent, in the complainant's words. */
export interface Effect { cost?: string }
export interface ParallelAnswer { kind: Parallel, body?: string, stage?: ParallelStage, decisionOn?: string }
/** The paper that was handed over: the kind of act (`ACTS`), the day it was received, and whether it did not name the remedies. */
export interface Paper { act: PaperAct | 'none', receivedOn?: string, untold?: true }
/** An answer to a question about one ground (`PROMPTS`). */
export type PromptAnswer = 'yes' | 'no' | 'unsure'
/** Somebody who complains together with the representative. */
export interface Member { name: string, phone?: string }
/** Who complains; sealed apart. `agent` (委托代理人) acts for that person, `members` (共同投诉人) complain too. */
export interface Identity { name: string, org?: string, uscc?: string, phone?: string, email?: string, address?: string, agent?: { name: string, phone?: string }, members?: Member[] }
/** How the complainant wants to learn the answer besides the tracking page; `none`: not at all. */
export const REPLY_WAYS = ['online', 'phone', 'email', 'post', 'none'] as const
export type ReplyWay = (typeof REPLY_WAYS)[number]

/** How a complaint came in that the public did not write here: from where, its number there, who sent it on, and the day the bureau received it (China). */
export interface Entry { source: SourceCode, number?: string, body?: string, receivedOn: string }

/** A page as it was last sent when it could not be saved: shown there again. `checked` with its faults; `overtaken` because another tab saved the page meanwhile. */
export interface Typed { form: Record<string, string | string[]>, checked: boolean, overtaken?: boolean }

/**
 * Everything that the pages of the form ask. `steps` (the pages passed), `saves` (how often each was saved) and `typed` are the
 * wizard's own record and never leave the draft. `consents`: the version of each text that was agreed to.
 */
export interface Answers {
  saves?: Record<string, number>
  typed?: Record<string, Typed>
  entry?: Entry
  kind?: ComplaintKind
  urgent?: boolean
  target?: Target
  issues?: IssueAnswer[]
  prompts?: Record<string, PromptAnswer>
  when?: When
  place?: string
  rule?: Rule
  effect?: Effect
  claim?: string
  parallel?: ParallelAnswer
  paper?: Paper
  mode?: IdentityMode
  identity?: Identity
  group?: { members: Member[] }
  reply?: ReplyWay
  consents?: Partial<Record<ConsentCode, string>>
  steps?: string[]
}

/** What the complaint keeps of the answers besides issues and identity: one sealed text. */
export interface Details {
  target: Target, when: When, place: string, rule: Rule, effect: Effect, claim: string, parallel: ParallelAnswer
  paper?: Paper, prompts?: Record<string, PromptAnswer>, reply?: ReplyWay, entry?: Entry
}

/** A fault of a form: the key of its sentence and the values in it. */
export interface Fault { key: string, values?: Readonly<Record<string, string | number>> }
export type FieldFaults = Record<string, Fault>

/** What a step brings along; names as in STEP_FIELDS. */
export interface Step {
  action: Action
  version: number
  text?: string
  refusal?: RefusalCode
  receiving_body?: string
  parallel?: string
  earlier_reference?: string
  path?: Path
  /** 0 is the whole answer. */
  issue?: number
  review_outcome?: ReviewOutcome
  /** The district bureau that a case is handed to. */
  bureau?: number
  suspension?: Suspension
  /** How something that a member of staff records reached the bureau. */
  channel?: RecordedChannel
}

/**
 * What was found on one issue (its number), and the version of the complaint that the actor saw. Without a rule a finding is kept, but answers nothing
 * (B8); where nothing wrong was found, that is taken as no rule violated.
 */
export interface FindingAnswer { issue: number, finding: Finding, reasons: string, rule?: RuleApplied, redress?: readonly Redress[], required?: string, version: number }

/** Why a member of staff looks at an identity; the complainant reads it at `reveal_reason.<reason>`. */
export const REVEAL_REASONS = ['contact', 'verify', 'serve_document', 'conflict_check', 'legal_request'] as const
export type RevealReason = (typeof REVEAL_REASONS)[number]

/**
 * A file as its readers see it. `size` and `sha256` are those of what is kept; `original` those of what came where it was made anew. `active`: it
 * could run something. `sent` is false while it lies ready for a message.
 */
export interface AttachmentInfo {
  id: string, name: string, description: string, mediaType: string, size: number, sha256: string, cleaned: boolean, original: { size: number, sha256: string } | null
  active: boolean, state: 'ready' | 'held' | 'infected', side: 'complainant' | 'bureau' | 'evidence' | 'agency', sent: boolean, messageId: number | null, at: string
}
