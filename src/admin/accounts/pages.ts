import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { countOpenSessions } from '../../db/sessions.ts'
import { ACT_ROWS, ACTS_ON, isAgencyRole, REQUEST_HOURS, takesTwo, type AccountAct, type AccountBlock } from '../../domain/staff/account-acts.ts'
import { STAFF_ROLES } from '../../domain/process/permissions.ts'
import { AppError } from '../../errors.ts'
import { byField, inWords, type Fault, type FieldFaults } from '../../forms/field-errors.ts'
import { hasWord } from '../../i18n/index.ts'
import { pageNumber, pagerOf, type Pager } from '../../pager.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { listOpen, listPast, type RequestLine } from '../account-requests/repository.ts'
import { linesOf, type RequestView } from '../account-requests/views.ts'
import { adminOf } from '../administrator.ts'
import { countInHand, findAccountView, listAdmins, listBureaus, listHistory, pageOfAccounts, STATES, type AccountView, type HistoryLine } from './repository.ts'
import { AccountParams, ActForm, ActParams, DoneQuery, ListQuery } from './schema.ts'
import { actOnAccount, blockOf, hasFactor, type Admin, type Outcome } from './service.ts'
import { REASON_LIMIT, type Typed } from './wish.ts'

interface Option { value: string, label: string, lang?: string }
interface Offer { act: AccountAct, two: boolean, href: string, block: AccountBlock | null }

declare module '../../views.ts' {
  interface Views {
    'admin/accounts/list': Frame & { rows: AccountView[], total: number, asked: ListQuery, filtered: boolean, roles: Option[], states: Option[], waiting: number, alone: boolean, pager: Pager }
    'admin/accounts/show': Frame & { account: AccountView, sessions: number, offers: Offer[], waiting: RequestView[], past: RequestView[], history: Array<HistoryLine & { what: string }>, notice: string | null, hours: number }
    'admin/accounts/act': Frame & {
      act: AccountAct, two: boolean, account: AccountView | null, version: number | null, action: string, block: AccountBlock | null, held: number, typed: Typed, faults: Record<string, string>
      asks: Record<string, boolean>, roles: Option[], bureaus: Option[], hours: number, limit: number
    }
    'admin/accounts/secret': Frame & { username: string, password: string, href: string }
  }
}

const config = { permission: 'account.manage', session: 'staff' } as const
const SIZE = 50
const HISTORY = 50

/** The accounts: who has one, what was done to it, and everything an administrator may do to it (security.md L-6, L-9, S-6, Z-7). Nothing of cases. */
export async function accountAdmin (app: App): Promise<void> {
  app.get(ROUTES.adminAccounts, { schema: { querystring: ListQuery }, config }, async (request, reply) => await showList(app, request, reply, request.query))

  app.get(ROUTES.adminAccountNew, { config }, async (request, reply) => await showAct(app, request, reply, { act: 'add', account: null }))

  app.post(ROUTES.adminAccountNew, { schema: { body: ActForm }, config, attachValidation: true }, async (request, reply) => await take(app, request, reply, { act: 'add', account: null }))

  app.get(ROUTES.adminAccount, { schema: { params: AccountParams, querystring: DoneQuery }, config }, async (request, reply) => {
    return await showAccount(app, request, reply, await accountOf(app, request, request.params.id), request.query.done)
  })

  app.get(ROUTES.adminAccountAct, { schema: { params: ActParams }, config }, async (request, reply) => {
    return await showAct(app, request, reply, { act: request.params.act, account: await accountOf(app, request, request.params.id) })
  })

  app.post(ROUTES.adminAccountAct, { schema: { params: ActParams, body: ActForm }, config, attachValidation: true }, async (request, reply) => {
    return await take(app, request, reply, { act: request.params.act, account: await accountOf(app, request, request.params.id) })
  })
}

async function accountOf (app: App, request: FastifyRequest, id: number): Promise<AccountView> {
  const account = await findAccountView(app.db, id, (await adminOf(app, request)).bureauIds)
  if (account === undefined) throw new AppError('not_found', { id })
  return account
}

function frameOf (request: FastifyRequest, title: string, account?: AccountView): Frame {
  return {
    title,
    section: 'adminAccounts',
    breadcrumbs: [
      { text: request.t('nav.adminAccounts'), href: request.path('adminAccounts') },
      ...account === undefined ? [] : [{ text: account.username, href: request.path('adminAccount', [String(account.id)]) }],
      { text: title }
    ]
  }
}

const rolesIn = (request: FastifyRequest): Option[] => STAFF_ROLES.map(role => ({ value: role, label: request.t(`role.${role}`) }))

async function showList (app: App, request: FastifyRequest, reply: FastifyReply, asked: ListQuery): Promise<string> {
  const admin = await adminOf(app, request)
  const { q = '', role = '', state = '' } = asked
  const { rows, total, page, pages } = await pageOfAccounts(app.db, { bureauIds: admin.bureauIds, q, role, state }, { page: pageNumber(asked.page), size: SIZE })
  return await reply.page('admin/accounts/list', {
    title: request.t('nav.adminAccounts'),
    section: 'adminAccounts',
    rows,
    total,
    asked,
    filtered: `${q}${role}${state}` !== '',
    roles: rolesIn(request),
    states: STATES.map(value => ({ value, label: request.t(`account_state.${value}`) })),
    waiting: (await listOpen(app.db, admin.bureauIds, app.now())).length,
    alone: await isAlone(app, admin),
    pager: pagerOf(page, pages, number => request.path('adminAccounts', [], { q, role, state, page: number }))
  })
}

/** Whether nobody is there who could confirm what this administrator asks for. */
async function isAlone (app: App, admin: Admin): Promise<boolean> {
  const subject = { act: 'add', account: null, username: '', bureauId: admin.bureauIds[0] ?? 0 } as const
  return await blockOf(app.db, subject, { admin, admins: await listAdmins(app.db), now: app.now() }) === 'no_second'
}

async function showAccount (app: App, request: FastifyRequest, reply: FastifyReply, account: AccountView, done: string | undefined): Promise<string> {
  const admin = await adminOf(app, request)
  const now = app.now()
  const own = (row: RequestLine): boolean => row.account_id === account.id
  return await reply.page('admin/accounts/show', {
    ...frameOf(request, account.username),
    account,
    sessions: await countOpenSessions(app.db, 'staff', String(account.id), now),
    offers: await offersOf(app, request, account, admin),
    waiting: await linesOf(app.db, request, (await listOpen(app.db, admin.bureauIds, now)).filter(own), { admin, now }),
    past: await linesOf(app.db, request, await listPast(app.db, admin.bureauIds, now, { size: 20, account: account.id }), { admin, now }),
    history: (await listHistory(app.db, account.username, HISTORY)).map(line => ({ ...line, what: hasWord(request.locale, `audit_action.${line.action}`) ? request.t(`audit_action.${line.action}`) : line.action })),
    notice: done === undefined ? null : request.t(`account_done.${done}`, { hours: REQUEST_HOURS }),
    hours: REQUEST_HOURS
  })
}

async function offersOf (app: App, request: FastifyRequest, account: AccountView, admin: Admin): Promise<Offer[]> {
  const admins = await listAdmins(app.db)
  const offers = await Promise.all(ACTS_ON.map(async act => ({
    act, two: takesTwo(act, hasFactor(account)), href: request.path('adminAccountAct', [String(account.id), act]), block: await blockOf(app.db, { act, account, username: account.username, bureauId: account.bureauId }, { admin, admins, now: app.now() })
  })))
  return offers.filter(({ block }) => block !== 'wrong_state')
}

interface Doing { act: AccountAct, account: AccountView | null, typed?: Typed, errors?: Fault[] }

/** Does it, or asks for it; what is refused is said on the form, with everything typed. */
async function take (app: App, request: FastifyRequest, reply: FastifyReply, { act, account }: Doing): Promise<unknown> {
  const { version = 0, ...typed } = (request.body ?? {}) as ActForm & Typed
  if (request.validationError !== undefined) return await showAct(app, request, reply.code(422), { act, account, errors: [{ field: '', text: request.t('accounts.malformed') }] })
  try {
    const outcome = await actOnAccount(app, await adminOf(app, request), { act, id: account?.id ?? null, version, typed }, app.now())
    return await goOn(request, reply, { act, account }, outcome)
  } catch (error) {
    if (!(error instanceof AppError) || !['form_invalid', 'stale_version'].includes(error.code)) throw error
    const errors = error.code === 'stale_version' ? [{ field: '', text: request.t('accounts.stale') }] : inWords(request, error.details['fields'] as FieldFaults)
    return await showAct(app, request, reply.code(error.status), { act, account, typed, errors })
  }
}

/** Back to the account with what was done; whoever ended the own sessions signs in again. */
async function goOn (request: FastifyRequest, reply: FastifyReply, { act, account }: Doing, { waits, password }: Outcome): Promise<unknown> {
  if (account === null) return await reply.redirect(request.path('adminAccountRequests', [], { done: 'requested' }), 303)
  const href = request.path('adminAccount', [String(account.id)], { done: waits ? 'requested' : act })
  if (password !== null) return await showSecret(request, reply, { username: account.username, password, href })
  const gone = !waits && ACT_ROWS[act].ends === true && account.id === request.actor?.id
  return await reply.redirect(gone ? request.path('signIn') : href, 303)
}

/** The one-time password, on the page that answers; nobody can call it up again. */
async function showSecret (request: FastifyRequest, reply: FastifyReply, secret: { username: string, password: string, href: string }): Promise<string> {
  return await reply.page('admin/accounts/secret', { ...frameOf(request, request.t('accounts.secret')), ...secret })
}

async function showAct (app: App, request: FastifyRequest, reply: FastifyReply, { act, account, typed, errors = [] }: Doing): Promise<string> {
  const admin = await adminOf(app, request)
  const row = ACT_ROWS[act]
  const subject = { act, account, username: account?.username ?? '', bureauId: account?.bureauId ?? admin.bureauIds[0] ?? 0 }
  return await reply.page('admin/accounts/act', {
    ...frameOf(request, request.t(`account_act.${act}`), ...account === null ? [] : [account]),
    errors,
    faults: byField(errors),
    act,
    two: takesTwo(act, hasFactor(account)),
    account,
    version: account?.version ?? null,
    action: account === null ? request.path('adminAccountNew') : request.path('adminAccountAct', [String(account.id), act]),
    block: await blockOf(app.db, subject, { admin, admins: await listAdmins(app.db), now: app.now() }),
    held: account !== null && (act === 'post' || act === 'disable') ? await countInHand(app.db, account.id) : 0,
    typed: typed ?? typedOf(account, admin),
    asks: Object.fromEntries(row.fields.map(field => [field, true])),
    roles: rolesIn(request),
    bureaus: (await listBureaus(app.db, admin.bureauIds)).map(({ id, name }) => ({ value: String(id), label: name, lang: 'zh-CN' })),
    hours: REQUEST_HOURS,
    limit: REASON_LIMIT
  })
}

/** The form as the account is now. */
function typedOf (account: AccountView | null, admin: Admin): Typed {
  if (account === null) return { bureau: String(admin.bureauIds[0] ?? '') }
  return { name: account.name, role: account.role, bureau: String(account.bureauId), agency: isAgencyRole(account.role) ? account.agency ?? '' : '', card_no: account.cardNo ?? '' }
}
