import { AGENCY_ROLES, type StaffRole } from '../process/permissions.ts'

/** What an act asks for; labels at `account_field.<field>`. */
export const ACCOUNT_FIELDS = ['username', 'name', 'role', 'bureau', 'agency', 'card_no'] as const
export type AccountField = (typeof ACCOUNT_FIELDS)[number]

/**
 * An act of an administrator. `two`: a second administrator confirms it before it takes effect; `ends`: the account's sessions end with it; `secret`: it
 * leaves a one-time password, shown once to whoever completes it; `state`: only for accounts that are open, or closed; `others`: never on
 * the own account, whose name stands beside what it asks for.
 */
export interface AccountActRow { fields: readonly AccountField[], two?: true, ends?: true, secret?: true, others?: true, state?: 'open' | 'closed' }

/**
 * What administrators do to accounts. Whoever is given a role, or gets it back, is looked at by two (security.md Z-7 and part 6), and so is a
 * second factor that is taken away (L-9): with the password, which one administrator may set anew (L-6), it would open the account. For the same reason
 * the password of an account that has no second factor (yet, or any more) takes two: `takesTwo`.
 */
export const ACCOUNT_ACTS = {
  add: { fields: ['username', 'name', 'role', 'bureau', 'agency', 'card_no'], two: true, secret: true },
  post: { fields: ['role', 'bureau', 'agency'], two: true, ends: true },
  details: { fields: ['name', 'card_no'], others: true },
  password: { fields: [], ends: true, secret: true, state: 'open' },
  totp: { fields: [], two: true, ends: true, state: 'open' },
  sessions: { fields: [], ends: true, state: 'open' },
  disable: { fields: [], ends: true, others: true, state: 'open' },
  enable: { fields: [], two: true, state: 'closed' }
} as const satisfies Record<string, AccountActRow>
export type AccountAct = keyof typeof ACCOUNT_ACTS

/** The table with one type for all rows. */
export const ACT_ROWS: Readonly<Record<AccountAct, AccountActRow>> = ACCOUNT_ACTS

/** Acts on an account that is there. */
export const ACTS_ON = (Object.keys(ACCOUNT_ACTS) as AccountAct[]).filter(act => act !== 'add')

/** How long a request waits for a second administrator. Our own rule (本局自定). */
export const REQUEST_HOURS = 72

export const REQUEST_STATES = ['open', 'confirmed', 'refused', 'withdrawn', 'expired', 'overtaken'] as const
export type RequestState = (typeof REQUEST_STATES)[number]

/** What stands against an act; words at `account_block.<block>`. */
export type AccountBlock = 'no_second' | 'own' | 'last_admin' | 'wrong_state' | 'pending'

/** Whether a second administrator confirms an act before it takes effect; `factor`: the account has its second factor. */
export function takesTwo (act: AccountAct, factor: boolean): boolean {
  return ACT_ROWS[act].two === true || (act === 'password' && !factor)
}

export interface ActFacts { own: boolean, open: boolean, admin: boolean, factor: boolean, /** other administrators who can sign in */ others: number, pending: boolean, /** others who may confirm it */ seconds: number }

/** Why an act cannot be begun now; null where it can. The house is never left without an administrator: the last one stays. */
export function actBlock (act: AccountAct, { own, open, admin, factor, others, pending, seconds }: ActFacts): AccountBlock | null {
  const { state } = ACT_ROWS[act]
  if (state !== undefined && (state === 'open') !== open) return 'wrong_state'
  if (admin && open && others === 0 && (act === 'disable' || act === 'post')) return 'last_admin'
  if (own && ACT_ROWS[act].others === true) return 'own'
  if (pending) return 'pending'
  return takesTwo(act, factor) && seconds === 0 ? 'no_second' : null
}

/** Whether people of a role belong to a supervised agency. */
export function isAgencyRole (role: string): boolean {
  return (AGENCY_ROLES as readonly string[]).includes(role)
}

/** What an account becomes, as columns; kept with a request until it is confirmed. */
export interface AccountChange { username?: string, name?: string, role?: StaffRole, bureau_id?: number, agency_id?: number | null, card_no?: string | null }
