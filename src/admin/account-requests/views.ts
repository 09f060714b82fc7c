import type { FastifyRequest } from 'fastify'
import type { Db } from '../../db/schema.ts'
import type { AccountChange, RequestState } from '../../domain/staff/account-acts.ts'
import type { Admin } from '../accounts/service.ts'
import type { RequestLine } from './repository.ts'
import { decisionBlock, DECISIONS, stateOf, type Decision, type RequestBlock } from './service.ts'

/** A request as it is read: what would change in words, and what the reader may do with it. */
export interface RequestView extends Omit<RequestLine, 'change' | 'state'> { state: RequestState, changes: Array<{ field: string, value: string, chinese: boolean }>, may: Decision[], block: RequestBlock | null, href: string }

/** Requests for a page. */
export async function linesOf (db: Db, request: FastifyRequest, rows: readonly RequestLine[], { admin, now }: { admin: Admin, now: string }): Promise<RequestView[]> {
  return await Promise.all(rows.map(async row => ({
    ...row,
    state: stateOf(row, now),
    changes: await changesOf(db, request, JSON.parse(row.change) as AccountChange),
    may: DECISIONS.filter(decision => decisionBlock(row, decision, admin.id, now) === null),
    block: decisionBlock(row, 'confirm', admin.id, now),
    href: request.path('adminAccountDecisions', [row.id])
  })))
}

async function changesOf (db: Db, request: FastifyRequest, { name, role, bureau_id: bureau, agency_id: agency, card_no: card }: AccountChange): Promise<RequestView['changes']> {
  const named = async (table: 'bureau' | 'agency', id: number | null | undefined): Promise<string> => id == null ? '' : (await db.selectFrom(table).select('name').where('id', '=', id).executeTakeFirst())?.name ?? ''
  const lines = [
    { field: 'name', value: name ?? '', chinese: true },
    { field: 'role', value: role === undefined ? '' : request.t(`role.${role}`), chinese: false },
    { field: 'bureau', value: await named('bureau', bureau), chinese: true },
    { field: 'agency', value: await named('agency', agency), chinese: true },
    { field: 'card_no', value: card ?? '', chinese: true }
  ]
  return lines.filter(({ value }) => value !== '')
}
