import type { Generated, Kysely, Transaction } from 'kysely'
import type { Priority } from '../domain/work/priorities.ts'

export type Flag = 0 | 1

export interface SettingTable { name: string, value: string }
/** 公示版本计数: raised with every publication, read by caches */
export interface RevisionTable { name: string, value: number }
/** 司法行政机关 */
export interface BureauTable { id: Generated<number>, name: string, name_en: string, region_code: string, case_prefix: string, parent_id: number | null, insisting: Generated<Flag> }
/** 工作人员账号; `agency_id` of an agency's people, `card_no` the certificate of supervision (行政执法监督证); `previous_…` is what the person is told at the present sign-in; `totp_since` null: the second factor is not confirmed yet, `totp_step` the last one used */
export interface AccountTable { id: Generated<number>, username: string, name: string, role: string, bureau_id: number, password_hash: string, disabled: Generated<Flag>, fictional: Generated<Flag>, created_at: string, last_sign_in_at: string | null, failed_count: Generated<number>, failed_at: string | null, password_temporary: Generated<Flag>, previous_sign_in_at: string | null, previous_failed_count: Generated<number>, agency_id: Generated<number | null>, card_no: Generated<string | null>, totp_sealed: Generated<string | null>, totp_since: Generated<string | null>, totp_step: Generated<number | null>, version: Generated<number>, email_sealed: Generated<string | null>, digest: Generated<Flag>, digest_on: Generated<string | null> }
/** 账号变更申请: what one administrator asked for and another must confirm; `change` is JSON of domain/staff/account-acts.ts, `version` the account's when it was asked (0: there was none) */
export interface AccountRequestTable { id: string, act: string, account_id: number | null, username: string, bureau_id: number, version: number, change: string, reason: string, state: string, requested_by: number, requested_at: string, expires_at: string, decided_by: number | null, decided_at: string | null }
/** 恢复码: each opens once in place of the second factor */
export interface RecoveryCodeTable { account_id: number, hash: string, used_at: string | null }
/** 利害关系申报: with an agency (`agency_id`), an enforcement officer (`officer_id`), with what a case is about (`complaint_id`), or as told in `sealed`; holds until a leader ends it */
export interface ConflictDeclarationTable { id: string, account_id: number, agency_id: number | null, officer_id: Generated<number | null>, complaint_id: string | null, sealed: string, since: string, declared_at: string, ended_at: string | null, ended_by: number | null }
/** 会话: staff, draft and tracking sessions; `id` is the SHA-256 of the cookie's token, `idle` the minutes without a request after which it ends, where they are not those of its kind */
export interface LoginSessionTable { id: string, kind: string, subject: string, created_at: string, seen_at: string, expires_at: string, idle: number | null }
/** 审计记录 (hash chain) */
export interface AuditEntryTable { seq: number, at: string, actor_id: number | null, role: string, action: string, subject: string, result: string, request_id: string, hash: string }
/** 审计锚点: what the chain was on a day; `signature` is the portal's over the other fields (`db/chain/anchors.ts`) */
export interface AuditAnchorTable { day: string, seq: number, hash: string, at: string, key_id: string, signature: string }
/** 工作日历 */
export interface CalendarDayTable { date: string, is_workday: Flag, name: string | null, source: string }
/** 期限规则 */
export interface DeadlineProfileTable { profile: string, clock: string, days: number, day_type: 'working' | 'calendar', basis: string, basis_en: string, kind: string }

/** 行业: trades with a page of their own; `tags` are those of matters, joined by spaces, the closest first */
export interface IndustryTable { slug: string, seq: number, name: string, name_en: string, intro: string, intro_en: string, tags: string }

/** 公示记录版本: the whole record as it was published, with who, when, why and from which import */
export interface RecordVersionTable { kind: string, record_id: number, version: number, recorded_at: string, actor: string, reason: string, batch_id: string | null, digest: string, data: string, change: Generated<string> }
/** 导入批次 */
export interface ImportBatchTable { id: string, kind: string, file_name: string, file_sha256: string, actor: string, recorded_at: string, new_count: number, changed_count: number, unchanged_count: number, rejected_count: number }
/** 行政区划 */
export interface DivisionTable { code: string, name: string, name_en: string, parent_code: string | null }
/** 行政执法主体; `parent_id` is the superior or the organ it belongs to, `details` holds the fields of domain/records/agency-fields.ts as JSON */
export interface AgencyTable { id: Generated<number>, slug: string, version: number, name: string, name_en: string | null, kind: string, sector: string | null, level: string, region_code: string, uscc: string | null, duties: string | null, address: string | null, phone: string | null, vertical: Generated<Flag>, verified: Generated<Flag>, status: Generated<string>, parent_id: number | null, details: string | null }
/** 执法主体别名: how source files name an agency inside one division */
export interface AgencyAliasTable { region_code: string, alias: string, agency_id: number }
/** 行政执法事项; list columns (levels, targets, tags, …) are codes joined by single spaces; `details` is a JSON object of domain/records/matter-fields.ts */
export interface MatterTable { id: Generated<number>, code: string, base_code: string | null, version: number, name: string, category: string, agency_id: number, field: string | null, levels: string, region_code: string, targets: string | null, penalty_kinds: string | null, statutory_days: number | null, promise_days: number | null, day_unit: string | null, frequency_cap: string | null, prohibition_nos: string | null, aliases: string | null, guide_url: string | null, note: string | null, source: string, status: Generated<string>, updated_at: string, details: Generated<string | null>, tags: Generated<string | null> }
/** 事项编码承接: where an old code went; `kind` is renumbered or merged */
export interface MatterSuccessionTable { old_code: string, new_code: string, kind: string, since: string, reason: string }
/** 设定依据; `law_key` is the statute's name without 《》, 中华人民共和国 and spaces */
export interface LegalBasisTable { matter_id: number, seq: number, law_name: string, law_key: string, article: string | null, article_no: number | null, quoted_text: string | null }
/** 法律、法规、规章; `repeals` holds the keys of the statutes that its last articles repeal, joined by line breaks */
export interface StatuteTable { id: Generated<number>, slug: string, version: number, name: string, law_key: string, level: string | null, text_date: string, history: string | null, article_count: number, issuer: string | null, doc_no: string | null, effective_on: string | null, effective_article: string | null, amended_by: string | null, repeals: string | null, source: string, updated_at: string }
/** 法律法规的其他文本: every text of a statute but the latest; `data` is the whole state with its articles */
export interface StatuteTextTable { id: Generated<number>, statute_id: number, text_date: string, version: number, name: string, effective_on: string | null, amended_by: string | null, article_count: number, data: string, updated_at: string }
/** 条文; 第十二条之一 is article_no 12, sub_no 1 */
export interface StatuteArticleTable { id: Generated<number>, statute_id: number, seq: number, article_no: number, sub_no: Generated<number>, label: string, chapter: string | null, body: string }
/** 执法人员 (public fields only) */
export interface OfficerTable { id: Generated<number>, slug: string, version: number, name: string, agency_id: number, certificate_no: string, certificate_type: string, categories: string, area: string | null, valid_from: string | null, valid_to: string | null, status: string, withheld: Generated<Flag>, fictional: Generated<Flag>, updated_at: string }
/** 禁令 */
export interface ProhibitionTable { no: number, version: number, title: string | null, title_en: string | null, summary: string | null, summary_en: string | null, text_status: 'verified' | 'summary' | 'title_only' | 'unverified', verified_at: string | null, source_title: string | null, source_date: string | null, source_url: string | null }
/**
 * 行政执法决定. The full name of a natural person is never stored (domain/decisions/parties.ts). `until_rule` names the publication rule
 * that gave `public_until`, or is `given`; `overturned_on` is the day on which the decision was changed, revoked or held unlawful or void;
 * `details` holds the fields of domain/decisions/fields.ts as JSON. What a withdrawn decision said is emptied, its versions keep it.
 */
export interface DecisionTable { id: Generated<number>, code: string, number: string, version: number, category: string, agency_id: number, matter_id: number | null, matter_version: number | null, party_name: string, party_type: string, party_uscc: string | null, violation: string | null, facts: string, basis: string | null, penalty_kinds: string | null, content: string, fine_fen: number | null, confiscated_fen: number | null, benchmark_code: string | null, tier: string | null, details: string | null, decided_on: string, published_on: string, public_until: string, until_rule: string, status: Generated<string>, overturned_on: string | null, withdrawn_on: string | null, withdrawal_ground: string | null, withdrawal_reason: string | null, replaced_by: string | null, source: string, fictional: Generated<Flag>, updated_at: string }
/** 公示期限规则: how soon a decision is published and for how long; the thresholds say up to which fine a penalty counts as minor */
export interface PublicationRuleTable { rule: string, amount: number, unit: 'working_days' | 'months', fine_person_fen: number | null, fine_organisation_fen: number | null, basis: string, basis_en: string, kind: string }
/** 行政执法委托: whose power another body uses, for what and until when; `agent_id` where that body is in the register */
export interface EntrustmentTable { id: Generated<number>, code: string, version: number, principal_id: number, agent_id: number | null, agent_name: string, basis: string, matters: string, powers: string | null, valid_from: string, valid_to: string | null, notice_url: string | null, status: Generated<string>, source: string, fictional: Generated<Flag>, updated_at: string }
/** What benchmarks and exemptions have in common; `bases` is JSON: law_name, law_key, article, article_no; never queried into */
interface DiscretionColumns { id: Generated<number>, code: string, version: number, violation: string, field: string | null, agency_id: number, bases: string, list_name: string | null, list_version: string | null, effective_from: string, effective_to: string | null, note: string | null, source: string, verified: Flag, fictional: Flag, status: string, updated_at: string }
/** 裁量权基准; `legal_text` is the penalty clause of the statute, `tiers` the tiers that it has, joined by spaces */
export interface BenchmarkTable extends DiscretionColumns { issuer: string, legal_text: string | null, tiers: string }
/** 裁量阶次; amounts are fen, or ten-thousandths of the base amount where `unit` is times; `conditions` is a JSON list of texts */
export interface BenchmarkTierTable { benchmark_id: number, seq: number, tier: string, circumstances: string, match: string, conditions: string, kinds: string | null, measures: string | null, unit: string | null, base: string | null, floor: number | null, ceiling: number | null, floor_open: Flag, ceiling_open: Flag, base_from: number | null, base_below: number | null }
/** 免罚轻罚清单的一项; `conditions` is a JSON list of texts */
export interface ExemptionTable extends DiscretionColumns { type: string, match: string, conditions: string, measures: string | null }
/** 裁量权基准、免罚轻罚清单所涉及的事项; `matter_key` is a matter's code or base code */
export interface BenchmarkMatterTable { benchmark_id: number, seq: number, matter_key: string }
export interface ExemptionMatterTable { exemption_id: number, seq: number, matter_key: string }
/** 清单事项: one row of a list of the three systems (音像记录、法制审核、随机抽查 …); `data` holds the fields of its kind (domain/records/list-kinds.ts) and is never queried into */
export interface ListItemTable { id: Generated<number>, kind: string, code: string, version: number, title: string, category: string | null, agency_id: number | null, region_code: string, data: string, status: string, effective_from: string | null, effective_to: string | null, note: string | null, source: string, verified: Flag, fictional: Flag, updated_at: string }
/** 清单事项所涉执法事项 */
export interface ListItemMatterTable { item_id: number, seq: number, matter_code: string }
/** 清单事项的依据 */
export interface ListItemBasisTable { item_id: number, seq: number, law_name: string, law_key: string, article: string | null, article_no: number | null }
/** 检索附表: character pairs; `rowid` is the record's id */
export interface SearchTable { rowid: number, name: string, body: string }

/** 未提交的投诉; `sealed` holds all answers; `resume_hash` is the keyed hash of the draft code (暂存码), `own_device` says that a browser of the complainant's own remembers it */
export interface DraftTable { id: string, wrapped_key: string, sealed: string, ref: string | null, code_hash: string | null, code_sealed: string | null, created_at: string, saved_at: string, submitted_at: string | null, resume_hash: string | null, own_device: Generated<Flag>, entered_by: Generated<number | null>, source: Generated<string | null>, received_on: Generated<string | null> }
/** 投诉举报; `sealed` holds everything typed that is not an issue; `suspect` keeps it out of the ordinary views (隔离), `suspicions` are the codes why, `text_digest` is a keyed hash of what was written; `sort_on` is due_on, or 9999-12-31 where nothing runs (nulls sort differently on the two engines); `priority` (优先程度) is the bureau's own, `urgent` what the complainant claims; `routing_rule` met it in that version, `routing_faults` is what the rule could not do, `suggested_id` whom it suggests, `checks` the items of the checklist that it adds, joined by spaces */
export interface ComplaintTable { id: string, ref: string, case_no: string | null, version: number, status: string, outcome: string | null, bureau_id: number, kind: string, source: string, identity_mode: string, parallel: string, agency_id: number | null, occurred_on: string | null, refusal_code: string | null, handler_id: number | null, wrapped_key: string, sealed: string, code_hash: string, due_on: string | null, due_clock: string | null, due_from: string | null, sort_on: string, submitted_at: string, updated_at: string, closed_at: string | null, unread: Generated<Flag>, suspect: Generated<Flag>, fictional: Generated<Flag>, persons: Generated<number>, suspicions: Generated<string>, urgent: Generated<Flag>, quarantine: 'waiting' | 'kept' | 'released' | null, text_digest: string | null, source_key: Generated<string | null>, received_on: Generated<string | null>, entered_by: Generated<number | null>, delegated_to: Generated<number | null>, priority: Generated<Priority>, routing_rule: Generated<string | null>, routing_version: Generated<number | null>, routing_faults: Generated<string>, suggested_id: Generated<number | null>, checks: Generated<string> }
/** 投诉事由 (one per grievance); `rule_kind` and `rule_sealed` are the rule that was applied, `redress` the codes of what is put right, joined by spaces, `required_sealed` what the agency has to do */
export interface ComplaintIssueTable { complaint_id: string, no: number, ground: string, sealed: string, finding: string | null, reasons_sealed: string | null, rule_kind: Generated<string | null>, rule_sealed: Generated<string | null>, redress: Generated<string | null>, required_sealed: Generated<string | null> }
/** 同意: which version of a text the complainant agreed to, and when */
export interface ConsentTable { complaint_id: string, code: string, version: string, at: string }
/** 关联记录: the exact version of the matter, officer, prohibition or decision */
export interface ComplaintLinkTable { complaint_id: string, kind: string, record_id: number, record_version: number }
/** 身份信息 (sealed under its own key) */
export interface IdentityTable { complaint_id: string, wrapped_key: string, sealed: string }
/** 联系方式 (each sealed under a key of its own); `match_hash` compares what somebody types, bound to the complaint; `news_at`: there is news that no letter tells yet */
export interface ContactTable { id: string, complaint_id: string, channel: 'email' | 'sms', wrapped_key: string, sealed: string, match_hash: string, locale: string, verified_at: string | null, notify: Generated<Flag>, code_hash: string | null, code_until: string | null, code_tries: Generated<number>, news_at: string | null, told_at: string | null, created_at: string }
/** 共同投诉人: each with a query code of their own; names lie in the identity. `slot` finds the one hash that a typed code is compared with */
export interface ComplaintMemberTable { complaint_id: string, no: number, slot: number, code_hash: string, code_sealed: string | null }
/** 补发查询码申请: one row whatever was asked, so that nothing can be told from outside; what was typed is emptied once it was looked at */
export interface CodeRequestTable { id: string, asked_sealed: string, state: 'asked' | 'waiting' | 'done', complaint_id: string | null, code_hash: string | null, tries: Generated<number>, asked_at: string, new_sealed: string | null }
/** 办理经过 */
export interface EventTable { complaint_id: string, seq: number, action: string, from_status: string | null, to_status: string, actor_id: number | null, actor_role: string, audience: 'text' | 'event' | 'internal', details: string | null, reason_sealed: string | null, at: string }
/** 与投诉人往来信息 */
export interface MessageTable { id: Generated<number>, complaint_id: string, direction: 'out' | 'in', author_id: number | null, sealed: string, at: string, read_at: string | null, reply_by: string | null, nonce: string | null, digest: string | null, member_no: number | null }
/** 回避申请: `sealed` holds who is meant and why; `account_id` is the person meant, as who decides found */
export interface RecusalTable { id: Generated<number>, complaint_id: string, sealed: string, status: string, account_id: number | null, asked_at: string, decided_at: string | null, decided_by: number | null }
/** 整改确认: what the complainant says about whether it was put right */
export interface ConfirmationTable { complaint_id: string, no: number, answer: string, sealed: string | null, at: string }
/** 评价: one for each moment; never shown to an agency */
export interface RatingTable { complaint_id: string, moment: string, clarity: number | null, fairness: number | null, speed: number | null, sealed: string | null, at: string }
/** 关联投诉: `complaint_id` (at first a draft's) came of the earlier one */
export interface ComplaintTieTable { complaint_id: string, earlier_id: string, kind: string, at: string }
/** 警示标记: what staff are to look into at once */
export interface CaseFlagTable { complaint_id: string, kind: string, raised_at: string, settled_at: string | null, settled_by: number | null }
/** 内部备注: never joined by a public query */
export interface NoteTable { id: Generated<number>, complaint_id: string, author_id: number, sealed: string, at: string }
/**
 * 附件: `id` is where its bytes lie. Where the file was made anew `original_*` is what came, sealed apart; none is kept of an anonymous complaint.
 * `state`: ready, held (not scanned yet) or infected (bytes destroyed). `sent` 0: lies ready for a message that has not left. `active`: could run something.
 */
export interface AttachmentTable {
  id: string, complaint_id: string, name_sealed: string, description_sealed: Generated<string | null>, media_type: string, size: number, sha256: string, cleaned: Flag
  original_id: Generated<string | null>, original_size: Generated<number | null>, original_sha256: Generated<string | null>
  active: Generated<Flag>, state: Generated<'ready' | 'held' | 'infected'>, by_side: Generated<'complainant' | 'bureau' | 'evidence' | 'agency'>, author_id: Generated<number | null>
  sent: Generated<Flag>, message_id: Generated<number | null>, at: string
}
/** 期限: the rule as it was when the clock started; `anchor_on` and `days_left` make the due date; `pauses` is JSON [{from, to, why}], `extensions` [{on, days}] */
export interface ClockTable { complaint_id: string, clock: string, started_at: string, days: number, day_type: 'working' | 'calendar', basis: string, basis_en: string, kind: string, anchor_on: string, days_left: number, due_on: string, assured: Flag, paused_on: string | null, pauses: string, stopped_on: string | null, extensions: string }
/** 延期: what was asked for one run of a clock (`run` is when it started), and what became of it */
export interface ClockExtensionTable { id: string, complaint_id: string, clock: string, run: string, days: number, state: string, reason_sealed: string, requested_by: number | null, requested_role: string, requested_at: string, decided_by: number | null, decided_at: string | null, answer_sealed: string | null, due_before: string, due_after: string | null, document_id: string | null }
/** 提醒: a clock that has come to a level (`run` is when it started), or a task that somebody gave themselves; `done_at` once it is ticked off */
export interface ReminderTable { id: string, complaint_id: string, account_id: number, kind: string, clock: string | null, run: string | null, level: number | null, due_on: string, text_sealed: string | null, created_at: string, done_at: string | null }
/** 日历变更: a notice of the State Council or a correction, as it was taken in; `recounted_at` once every running clock was reckoned anew */
export interface CalendarChangeTable { id: string, year: number, source: string, document_no: string | null, days: number, changed: number, actor_id: number | null, at: string, recounted_at: string | null, cursor: string }
/** 期限重算: due dates that moved with a change of the calendar */
export interface DueChangeTable { change_id: string, complaint_id: string, ref: string, clock: string, due_before: string, due_after: string, assured: Flag }
/** 期限规则变更: what was set, from when it holds, and why; `applied_at` once it does */
export interface DeadlineChangeTable { id: string, profile: string, clock: string, days_before: number, day_type_before: string, days: number, day_type: 'working' | 'calendar', basis: string, basis_en: string, kind: string, reason: string, effective_on: string, actor_id: number | null, at: string, applied_at: string | null }
/** 文书 */
export interface DocumentTable { id: string, complaint_id: string, type: string, number: string, issued_at: string, author_id: number | null, sealed: string, digest: string, voided_at: Generated<string | null>, voided_by: Generated<number | null>, void_sealed: Generated<string | null> }
/** 送达记录: `sealed` holds who received it, the receipt's number, and remarks */
export interface DeliveryTable { document_id: string, no: number, way: string, state: string, on_day: string, sealed: string, account_id: number, at: string }
/** 承办监督人员: who examines a case; the handler (complaint.handler_id) answers for it */
export interface AssignmentTable { complaint_id: string, account_id: number, assigned_by: number | null, at: string, ended_at: string | null }
/** 文书稿: a letter until it is issued; `step` is how far it has come in the approvals of its type, `digest` of the text that was handed in */
export interface DocumentDraftTable { id: string, complaint_id: string, type: string, state: string, version: number, step: number, sealed: string, digest: string | null, author_id: number, document_id: string | null, created_at: string, updated_at: string }
/** 审核签批: each with the digest of the text that was looked at */
export interface ApprovalTable { draft_id: string, seq: number, step: string, decision: string, account_id: number, digest: string, comment_sealed: string | null, at: string }
/** 整改要求: what a letter demands, numbered, until it is proven */
export interface DemandTable { complaint_id: string, document_id: string, no: number, kind: string, sealed: string, due_on: string, state: string, changed_at: string }
/** 被监督单位的答复: an explanation, an objection, or what was done about a demand (`no`); signed by the agency's head, and what the bureau thinks of it */
export interface AgencyAnswerTable { document_id: string, kind: string, no: number, turn: number, complaint_id: string, version: number, sealed: string, author_id: number, at: string, signed_by: number | null, signed_at: string | null, verdict: string | null, verdict_sealed: string | null, judged_by: number | null, judged_at: string | null }
/** 签收记录: who of the agency took note of a letter here */
export interface AgencyReceiptTable { document_id: string, account_id: number, at: string }
/** 答复附件: a file of an answer; of a draft until the answer of that `turn` is signed */
export interface AgencyFileTable { attachment_id: string, document_id: string, kind: string, no: number, turn: number, complaint_id: string }
/** 公开说明: what an agency says in public about a letter of a closed case; `sealed` is the draft, `text` what was published, `reason_sealed` why it was returned or taken down */
export interface AgencyStatementTable { document_id: string, complaint_id: string, agency_id: number, state: string, version: number, sealed: string, author_id: number, at: string, signed_by: number | null, signed_at: string | null, decided_by: number | null, decided_at: string | null, reason_sealed: string | null, text: string | null, published_on: string | null }
/** 逐项确认: whether a demand was met, as the complainant sees it; the last row of a demand counts */
export interface DemandConfirmationTable { document_id: string, no: number, seq: number, complaint_id: string, answer: string, sealed: string | null, at: string }
/** 调查计划: one measure of the examination (行政执法监督条例 22) */
export interface PlanItemTable { complaint_id: string, no: number, measure: string, sealed: string, account_id: number, at: string, done_by: number | null, done_at: string | null }
/** 核查清单: who answered an item of the ground's checklist, and when */
export interface ChecklistTickTable { complaint_id: string, item: string, answer: string, reason_sealed: string | null, account_id: number, at: string }
/** 询问笔录、检查笔录: with the certificates of both supervisors as they were; frozen by `digest` at the first signature */
export interface RecordSheetTable { id: string, complaint_id: string, no: number, kind: string, sealed: string, version: number, first_id: number, second_id: number, first_card: string, second_card: string, author_id: number, created_at: string, digest: string | null, first_signed_at: string | null, second_signed_at: string | null }
/** 笔录补正 */
export interface RecordAdditionTable { record_id: string, no: number, sealed: string, account_id: number, at: string }
/** 证据目录: a numbered file and the issues for which it is relied on, joined by spaces */
export interface ExhibitTable { complaint_id: string, no: number, attachment_id: string, issues: string, note_sealed: string | null, account_id: number, at: string }
/** 调取音像记录 */
export interface FootageRequestTable { complaint_id: string, no: number, sealed: string, account_id: number, asked_at: string, due_on: string, assured: Flag, state: string, answer_sealed: string | null, settled_by: number | null, settled_at: string | null }
/** 遮盖: what of a text or file an agency or the public does not get to read; `digest` is of the text it was made for, `copy_*` the picture with boxes burned in */
export interface RedactionTable { complaint_id: string, target: string, rendering: string, sealed: string, digest: string, state: string, author_id: number, at: string, released_by: number | null, released_at: string | null, copy_id: string | null, copy_size: number | null, copy_sha256: string | null }
/** 已排除的关联线索: complaints that were looked at and are not about the same */
export interface TieRefusalTable { complaint_id: string, other_id: string, account_id: number, at: string }
/** 常用表述: standard wording for a place (domain/supervision/phrases.ts); `owner_id` answers for it (责任人), `review_on` when it is looked at again (复核日期), `uses` how often it was put in. */
export interface PhraseTable { id: string, place: string, title: string, text: string, version: number, review_on: string, owner_id: number, off: Generated<Flag>, uses: Generated<number>, used_at: string | null, updated_at: string }
/** 常用表述的各个版本 */
export interface PhraseVersionTable { phrase_id: string, version: number, title: string, text: string, actor_id: number | null, at: string }
/** 地方文书的启用情况: whether the bureau uses a letter that only local rules know, and on what basis. */
export interface LocalLetterTable { type: string, in_use: Flag, basis: string, actor_id: number | null, at: string }
/** 公示撤回任务: a published decision that no longer stands; `decision_id` null where it is not in the register */
export interface WithdrawalTaskTable { complaint_id: string, no: number, decision_id: number | null, ground: string, opened_at: string, due_on: string, state: string, settled_at: string | null, settled_by: number | null, sealed: string | null }
/** 人员处理建议: proposed about an officer; `sealed` holds who and why */
export interface OfficerMeasureTable { complaint_id: string, no: number, measure: string, state: string, sealed: string, recorded_by: number | null, at: string }
/** 挽回损失 */
export interface RecoveryTable { complaint_id: string, no: number, issue_no: number, kind: string, amount_fen: number, sealed: string | null, recorded_by: number | null, at: string }
/** 类案提示的处理: a pattern that was put aside, and how many complaints it had then */
export interface PatternDismissalTable { pattern: string, count: number, sealed: string, dismissed_by: number | null, at: string }
/** 自存视图: a list of cases that somebody keeps; `query` is the address of the list in its one form, `shared` for everybody of the bureau */
export interface SavedViewTable { id: string, account_id: number, bureau_id: number, name: string, query: string, shared: Flag, version: number, created_at: string }
/** 批量办理: one act on many cases; `value` is whom or what it was about */
export interface BulkBatchTable { id: string, account_id: number, act: string, value: string, at: string, undone_at: string | null }
/** 批量办理的每一件: what became of it, how it stood before (codes only), the event that tells of it, and what became of taking it back */
export interface BulkItemTable { batch_id: string, complaint_id: string, result: string, before: string | null, seq: number | null, undo: string | null }
/** 打开记录: who opened a case last when, to the minute; tells colleagues that somebody else is looking at it */
export interface CaseVisitTable { complaint_id: string, account_id: number, at: string }
/** 个人设置: what a person likes the desk to do */
export interface AccountSettingTable { account_id: number, name: string, value: string }
/** 分办规则: `seq` is its place in the order of its bureau, `version` the one that holds */
export interface RoutingRuleTable { id: string, bureau_id: number, seq: number, version: number, enabled: Flag }
/** 分办规则的版本: `data` is JSON of domain/work/routing.ts; none is ever changed */
export interface RoutingRuleVersionTable { rule_id: string, version: number, name: string, data: string, reason: string, actor_id: number, at: string }
/** 离岗: from the first day to the last, and who stands in (代理人) */
export interface AbsenceTable { id: string, account_id: number, from_on: string, to_on: string, deputy_id: number | null, set_by: number, set_at: string, ended_at: string | null, ended_by: number | null }
/** 移交: all open cases of a person to another, one after the other; `moved` is how many have gone over */
export interface HandoverTable { id: string, from_id: number, to_id: number, actor_id: number, note_sealed: string, moved: Generated<number>, at: string, ended_at: string | null }
/** 文号序列 */
export interface NumberSeriesTable { series: string, year: number, last: number }

/** 俗称与规范用语: what people say, and the official terms for it, one a line, the best first */
export interface EverydayWordTable { word: string, terms: string }
/** 未检出的检索词: what was looked for in vain, by day (Asia/Shanghai); no address, no time, nothing that tells who it was */
export interface SearchMissTable { day: string, words: string, count: number }
/** 执法证件二维码: `id` is the SHA-256 of the code, which is derived, never stored; the card it was made for stands beside it */
export interface CertificateCodeTable { id: string, officer_id: number, turn: number, certificate_no: string, valid_from: string | null, valid_to: string | null, made_at: string, ended_at: string | null, ending: string | null }
/** 到访记录: a private note of an inspection, sealed; nothing of it can be read without its code or our keys */
export interface VisitNoteTable { id: string, ref: string, code_hash: string, code_sealed: string | null, wrapped_key: string, sealed: string, version: number, made_at: string, ends_at: string }
/** 密钥登记: the key itself lies in a file outside; `id` follows from the key. ready: made, not yet used; former: opens what it sealed; retired: destroyed, of a signing key the public half stays */
export interface VaultKeyTable { name: string, id: string, state: 'ready' | 'current' | 'former' | 'retired', public_key: string | null, made_at: string, current_at: string | null, former_at: string | null, retired_at: string | null }
/** 邮件订阅; `email_sealed` opens with the identity key, `address_hash` finds the same address again; `digest_at` is up to when changes were told */
export interface SubscriptionTable { id: string, email_sealed: string, address_hash: string, set_name: string, code: string, query: string, locale: string, frequency: 'daily' | 'weekly', status: 'pending' | 'active', confirm_hash: string | null, created_at: string, digest_at: string }
/** 待发邮件和短信; `sealed` is emptied once the letter has left; unsure: the process ended, or the line broke, while it was being handed over */
export interface OutboxTable { id: string, kind: string, channel: Generated<string>, subscription_id: string | null, contact_id: string | null, address_hash: string, sealed: string, state: 'queued' | 'sending' | 'sent' | 'failed' | 'unsure', tries: number, next_at: string, created_at: string, claimed_at: string | null, done_at: string | null, fault: string | null }
/** 纠错; `sealed` holds what the reporter wrote, `note` is the bureau's public answer */
export interface CorrectionTable { id: Generated<number>, set_name: string, code: string, record_name: string | null, record_version: number | null, field: string, sealed: string, contact_sealed: string | null, digest: string, status: 'open' | 'fixed' | 'refused', note: string | null, created_at: string, due_on: string, assured: Flag, decided_at: string | null, decided_by: number | null, fictional: Generated<Flag> }
/** 接口密钥: with which another system hands complaints over; only a hash of the secret is kept */
export interface ApiKeyTable { id: string, name: string, scope: string, secret_hash: string, source: string, bureau_id: number, created_at: string, used_on: string | null, revoked_at: string | null }
/** 接口请求: an idempotency key that was used, and the complaint that it made */
export interface ApiRequestTable { key_id: string, idempotency_hash: string, body_digest: string, complaint_id: string, at: string }

export interface Database {
  setting: SettingTable
  vault_key: VaultKeyTable
  revision: RevisionTable
  bureau: BureauTable
  account: AccountTable
  account_request: AccountRequestTable
  recovery_code: RecoveryCodeTable
  conflict_declaration: ConflictDeclarationTable
  login_session: LoginSessionTable
  audit_entry: AuditEntryTable
  audit_anchor: AuditAnchorTable
  calendar_day: CalendarDayTable
  deadline_profile: DeadlineProfileTable
  industry: IndustryTable
  record_version: RecordVersionTable
  import_batch: ImportBatchTable
  division: DivisionTable
  agency: AgencyTable
  agency_alias: AgencyAliasTable
  matter: MatterTable
  matter_succession: MatterSuccessionTable
  legal_basis: LegalBasisTable
  statute: StatuteTable
  statute_article: StatuteArticleTable
  statute_text: StatuteTextTable
  officer: OfficerTable
  prohibition: ProhibitionTable
  decision: DecisionTable
  list_item: ListItemTable
  list_item_matter: ListItemMatterTable
  list_item_basis: ListItemBasisTable
  list_item_search: SearchTable
  statute_search: SearchTable
  matter_search: SearchTable
  article_search: SearchTable
  benchmark: BenchmarkTable
  benchmark_tier: BenchmarkTierTable
  benchmark_matter: BenchmarkMatterTable
  benchmark_search: SearchTable
  exemption: ExemptionTable
  exemption_matter: ExemptionMatterTable
  exemption_search: SearchTable
  publication_rule: PublicationRuleTable
  entrustment: EntrustmentTable
  decision_search: SearchTable
  everyday_word: EverydayWordTable
  search_miss: SearchMissTable
  agency_search: SearchTable
  draft: DraftTable
  complaint: ComplaintTable
  complaint_issue: ComplaintIssueTable
  complaint_link: ComplaintLinkTable
  consent: ConsentTable
  identity: IdentityTable
  event: EventTable
  message: MessageTable
  note: NoteTable
  recusal: RecusalTable
  confirmation: ConfirmationTable
  rating: RatingTable
  complaint_tie: ComplaintTieTable
  case_flag: CaseFlagTable
  attachment: AttachmentTable
  clock: ClockTable
  clock_extension: ClockExtensionTable
  reminder: ReminderTable
  calendar_change: CalendarChangeTable
  due_change: DueChangeTable
  deadline_change: DeadlineChangeTable
  document: DocumentTable
  assignment: AssignmentTable
  document_draft: DocumentDraftTable
  approval: ApprovalTable
  demand: DemandTable
  delivery: DeliveryTable
  agency_answer: AgencyAnswerTable
  agency_receipt: AgencyReceiptTable
  agency_file: AgencyFileTable
  agency_statement: AgencyStatementTable
  demand_confirmation: DemandConfirmationTable
  plan_item: PlanItemTable
  checklist_tick: ChecklistTickTable
  record_sheet: RecordSheetTable
  record_addition: RecordAdditionTable
  exhibit: ExhibitTable
  footage_request: FootageRequestTable
  redaction: RedactionTable
  tie_refusal: TieRefusalTable
  withdrawal_task: WithdrawalTaskTable
  phrase: PhraseTable
  phrase_version: PhraseVersionTable
  local_letter: LocalLetterTable
  officer_measure: OfficerMeasureTable
  recovery: RecoveryTable
  pattern_dismissal: PatternDismissalTable
  saved_view: SavedViewTable
  bulk_batch: BulkBatchTable
  bulk_item: BulkItemTable
  case_visit: CaseVisitTable
  account_setting: AccountSettingTable
  number_series: NumberSeriesTable
  routing_rule: RoutingRuleTable
  routing_rule_version: RoutingRuleVersionTable
  absence: AbsenceTable
  handover: HandoverTable
  certificate_code: CertificateCodeTable
  visit_note: VisitNoteTable
  subscription: SubscriptionTable
  outbox: OutboxTable
  contact: ContactTable
  complaint_member: ComplaintMemberTable
  code_request: CodeRequestTable
  correction: CorrectionTable
  api_key: ApiKeyTable
  api_request: ApiRequestTable
}

/** The handle every repository function takes first: the database, or the transaction it is part of. */
export type Db = Kysely<Database> | Transaction<Database>
