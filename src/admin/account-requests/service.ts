import type { AccountParts } from '../../desk/account/accounts/service.ts'
import { findAccount } from '../../desk/account/accounts/repository.ts'
import type { Db } from '../../db/schema.ts'
import type { AccountAct, AccountChange, RequestState } from '../../domain/staff/account-acts.ts'
import { AppError } from '../../errors.ts'
import { findAccountView, type AccountView } from '../accounts/repository.ts'
import { blockOf, demandAdmin, perform, record, secretFor, type Admin } from '../accounts/service.ts'
import { endRequest, findRequest, type RequestLine } from './repository.ts'

/** What can be done with a request that waits; words at `account_decision.<decision>`. */
export const DECISIONS = ['confirm', 'refuse', 'withdraw'] as const
export type Decision = (typeof DECISIONS)[number]

/** What stands against a decision; words at `request_block.<block>`. */
export type RequestBlock = 'own' | 'about_oneself' | 'expired' | 'decided' | 'overtaken' | 'not_own'

/** What a person may do with a request: confirming and refusing is somebody else's than the requester, and not of whom it is about. */
export function decisionBlock (request: Pick<RequestLine, 'requested_by' | 'account_id' | 'state' | 'expires_at'>, decision: Decision, adminId: number, now: string): RequestBlock | null {
  if (request.state !== 'open') return 'decided'
  if (request.expires_at <= now) return 'expired'
  if (decision === 'withdraw') return request.requested_by === adminId ? null : 'not_own'
  if (request.requested_by === adminId) return 'own'
  return request.account_id === adminId ? 'about_oneself' : null
}

/** What a request is now: one that nobody decided in time is over. */
export function stateOf ({ state, expires_at: expires }: Pick<RequestLine, 'state' | 'expires_at'>, now: string): RequestState {
  return state === 'open' && expires <= now ? 'expired' : state as RequestState
}

/**
 * Decides about what another administrator asked for; confirmed, it takes effect in the same transaction. Gives the one-time password where there is
 * one. Errors: `forbidden`, `not_found`, `form_invalid` with what stands against it.
 */
export async function decideRequest (parts: AccountParts, admin: Admin, { id, decision }: { id: string, decision: Decision }, now: string): Promise<{ request: RequestLine, password: string | null }> {
  const asked = await findRequest(parts.db, id, admin.bureauIds)
  if (asked === undefined) throw new AppError('not_found', { id })
  const secret = decision === 'confirm' ? await secretFor(parts.keys, asked.act as AccountAct) : null
  const outcome = await parts.db.transaction().execute(async trx => {
    const admins = await demandAdmin(trx, admin)
    const request = await findRequest(trx, id, admin.bureauIds) ?? asked
    const block = decisionBlock(request, decision, admin.id, now)
    if (block !== null) throw refused(block)
    const overtaken = decision === 'confirm' && await isOvertaken(trx, request, { admin, admins, now })
    const state = overtaken ? 'overtaken' : STATE_AFTER[decision]
    if (!await endRequest(trx, id, { state, by: admin.id, now })) throw refused('decided')
    if (state === 'confirmed') await perform(trx, parts.keys, admin, { act: request.act as AccountAct, account: await subjectOf(trx, request, admin), change: JSON.parse(request.change) as AccountChange, secret }, now)
    else await record(trx, parts.keys, admin, { action: state === 'withdrawn' ? 'account.request_withdrawn' : 'account.request_refused', subject: request.username }, now)
    return state
  })
  if (outcome === 'overtaken') throw refused('overtaken')
  return { request: asked, password: secret?.password ?? null }
}

const STATE_AFTER = { confirm: 'confirmed', refuse: 'refused', withdraw: 'withdrawn' } as const satisfies Record<Decision, RequestState>

/** Whether the account has changed since, or what was asked for can no longer be. */
async function isOvertaken (trx: Db, request: RequestLine, { admin, admins, now }: { admin: Admin, admins: Awaited<ReturnType<typeof demandAdmin>>, now: string }): Promise<boolean> {
  const account = await subjectOf(trx, request, admin)
  if (request.account_id === null) return await findAccount(trx, request.username) !== undefined
  if (account === null || account.version !== request.version) return true
  const block = await blockOf(trx, { act: request.act as AccountAct, account, username: '', bureauId: request.bureau_id }, { admin, admins, now })
  return block === 'last_admin' || block === 'wrong_state'
}

async function subjectOf (trx: Db, { account_id: id }: RequestLine, { bureauIds }: Admin): Promise<AccountView | null> {
  return id === null ? null : await findAccountView(trx, id, bureauIds) ?? null
}

function refused (block: RequestBlock): AppError {
  return new AppError('form_invalid', { fields: { '': { key: `request_block.${block}` } } })
}
