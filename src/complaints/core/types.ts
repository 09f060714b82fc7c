import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { GroundCode } from '../../domain/process/grounds.ts'
import type { IdentityMode } from '../../domain/process/identity-modes.ts'
import type { Parallel, ParallelStage } from '../../domain/process/parallel.ts'
import type { Role } from '../../domain/process/permissions.ts'
import type { Path, RefusalCode } from '../../domain/process/refusals.ts'
import type { Finding } from '../../domain/process/findings.ts'
import type { Action } from '../../domain/process/workflow.ts'
import type { Keys } from '../../vault/keys.ts'

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

export type Unsure = 'agency' | 'officer' | 'matter' | 'decision'

/** Whom and what it is about: records by number where the visitor chose one, else in the visitor's words. */
export interface Target {
  agencyId?: number, agencyText?: string
  officerId?: number, officerText?: string
  matterId?: number, matterText?: string
  decisionId?: number, decisionText?: string
  prohibitionNo?: number
  notSure?: Unsure[]
}
export interface IssueAnswer { ground: GroundCode, text: string }
/** `date` as YYYY-MM-DD when the day is known, `about` when it is not. */
export interface When { date?: string, about?: string, time?: string }
export interface ParallelAnswer { kind: Parallel, body?: string, stage?: ParallelStage, decisionOn?: string }
export interface Identity { name: string, org?: string, uscc?: string, phone?: string, email?: string, address?: string, members?: Member[] }
/** Somebody who complains together with the representative. */
export interface Member { name: string, phone?: string }

/** A page as it was last sent when it could not be saved: shown there again. `checked` with its faults; `overtaken` because another tab saved the page meanwhile. */
export interface Typed { form: Record<string, string | string[]>, checked: boolean, overtaken?: boolean }

/**
 * Everything that the pages of the form ask. `steps` (the pages passed), `saves` (how often each was saved) and `typed` are the
 * wizard's own record and never leave the draft.
 */
export interface Answers {
  saves?: Record<string, number>
  typed?: Record<string, Typed>
  target?: Target
  issues?: IssueAnswer[]
  when?: When
  place?: string
  parallel?: ParallelAnswer
  claim?: string
  mode?: IdentityMode
  identity?: Identity
  group?: { members: Member[] }
  steps?: string[]
}

/** What the complaint keeps of the answers besides issues and identity: one sealed text. */
export interface Details { target: Target, when: When, place: string, claim: string, parallel: ParallelAnswer }

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
}

/** What was found on one issue (its number), and the version of the complaint that the actor saw. */
export interface FindingAnswer { issue: number, finding: Finding, reasons: string, version: number }

/** Why a member of staff looks at an identity; the complainant reads it at `reveal_reason.<reason>`. */
export const REVEAL_REASONS = ['contact', 'verify', 'serve_document', 'conflict_check', 'legal_request'] as const
export type RevealReason = (typeof REVEAL_REASONS)[number]

/** What happens to a complaint besides the steps of the workflow; words at `event.<kind>` like theirs. */
export type SideEvent = 'claim' | 'take_over' | 'record_finding' | 'identity_viewed' | 'contact_changed' | 'mode_changed' | 'code_reissued'

export interface AttachmentInfo { id: string, name: string, mediaType: string, size: number, sha256: string, cleaned: boolean, at: string }
