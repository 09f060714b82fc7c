import { agenciesNamed } from '../../complaints/form/naming/service.ts'
import type { Db } from '../../db/schema.ts'
import { accountFaults } from '../../desk/account/accounts/service.ts'
import { ACT_ROWS, isAgencyRole, type AccountAct, type AccountChange, type AccountField } from '../../domain/staff/account-acts.ts'
import { STAFF_ROLES, type StaffRole } from '../../domain/process/permissions.ts'
import { AppError } from '../../errors.ts'
import type { FieldFaults } from '../../forms/field-errors.ts'

/** What was typed into the form of an act; fields that it does not ask for are ignored. */
export type Typed = Partial<Record<AccountField | 'reason', string>>

/** Limits in code points. */
export const NAME_LIMIT = 60
export const CARD_LIMIT = 40
export const REASON_LIMIT = 500
/** As many names as a sentence can hold. */
const NAMED = 5

/** The columns that a wish changes. Throws form_invalid with each field's fault. */
export async function changeOf (db: Db, act: AccountAct, typed: Typed, { bureauIds, role: held, two }: { bureauIds: readonly number[], role: string, two: boolean }): Promise<AccountChange> {
  const faults: FieldFaults = {}
  const change: AccountChange = {}
  const readers: Record<AccountField, (text: string) => void | Promise<void>> = {
    username: text => { change.username = nameOf(text, faults) },
    name: text => { change.name = plain(text, NAME_LIMIT, { field: 'name', key: 'account_fault.name' }, faults) },
    role: text => { change.role = roleOf(text, faults) },
    bureau: text => { change.bureau_id = bureauOf(text, bureauIds, faults) },
    agency: async text => { change.agency_id = await agencyOf(db, change.role ?? held, text, faults) },
    card_no: text => { change.card_no = cardOf(text, faults) }
  }
  for (const field of ACT_ROWS[act].fields) await readers[field](typed[field]?.trim() ?? '')
  if (two) plain(typed.reason, REASON_LIMIT, { field: 'reason', key: 'accounts.reason.required' }, faults)
  if (Object.keys(faults).length > 0) throw new AppError('form_invalid', { fields: faults })
  return change
}

function nameOf (username: string, faults: FieldFaults): string {
  const fault = accountFaults({ username, name: username, role: 'clerk', password: '', fictional: true })['username']
  if (fault !== undefined) faults['username'] = fault
  return username
}

function plain (text: string | undefined, limit: number, missing: { field: string, key: string }, faults: FieldFaults): string {
  const trimmed = (text ?? '').trim().replace(/\s+/g, ' ')
  if (trimmed === '') faults[missing.field] = { key: missing.key }
  else if ([...trimmed].length > limit) faults[missing.field] = { key: 'field.maxLength', values: { limit } }
  return trimmed
}

function roleOf (role: string, faults: FieldFaults): StaffRole {
  if (!(STAFF_ROLES as readonly string[]).includes(role)) faults['role'] = { key: 'accounts.role.required' }
  return role as StaffRole
}

function bureauOf (typed: string, bureauIds: readonly number[], faults: FieldFaults): number {
  const id = Number(typed)
  if (!bureauIds.includes(id)) faults['bureau'] = { key: 'accounts.bureau.required' }
  return id
}

/** People of an agency have one, people of the bureau have none. */
async function agencyOf (db: Db, role: string, name: string, faults: FieldFaults): Promise<number | null> {
  if (!isAgencyRole(role)) {
    if (name !== '') faults['agency'] = { key: 'accounts.agency.none' }
    return null
  }
  const found = name === '' ? [] : await agenciesNamed(db, name)
  const one = found.length === 1 ? found[0] : found.find(row => row.name === name)
  if (one !== undefined) return one.id
  faults['agency'] = found.length === 0 ? { key: name === '' ? 'accounts.agency.required' : 'accounts.agency.unknown' } : { key: 'accounts.agency.which', values: { names: found.slice(0, NAMED).map(row => row.name).join('、') } }
  return null
}

function cardOf (card: string, faults: FieldFaults): string | null {
  if ([...card].length > CARD_LIMIT) faults['card_no'] = { key: 'field.maxLength', values: { limit: CARD_LIMIT } }
  else if (card !== '' && !/^[\p{L}\p{N}()（）〔〕\-/]+$/u.test(card)) faults['card_no'] = { key: 'accounts.card_no.format' }
  return card === '' ? null : card
}
