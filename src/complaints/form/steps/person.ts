import { normalisePhone, normaliseUscc } from '../../../domain/records/codes.ts'
import { IDENTITY_MODES, type IdentityMode } from '../../../domain/process/identity-modes.ts'
import { REPLY_WAYS, type FieldFaults, type Identity, type Member, type ReplyWay } from '../../case/core/types.ts'
import { MEMBER_LIMIT } from '../members/service.ts'
import { given, textOf, tooLong, type Reading } from './fields.ts'
import { LIMITS, type StepForm } from './schema.ts'

/** Who complains and who may know it. In anonymous mode nothing of the identity is read at all, whatever was typed. */
export function readYou (form: StepForm): Reading {
  const mode = textOf(form, 'mode') as IdentityMode
  if (!Object.hasOwn(IDENTITY_MODES, mode)) return { answers: {}, faults: { mode: { key: 'you.error.mode' } } }
  if (!IDENTITY_MODES[mode].sealed) return { answers: { mode, reply: 'online' }, faults: {} }
  const reply = REPLY_WAYS.find(way => way === textOf(form, 'reply')) ?? 'online'
  const uscc = textOf(form, 'uscc')
  const identity: Identity = given({
    name: textOf(form, 'name'), phone: ownPhone(textOf(form, 'phone')), email: textOf(form, 'email'), address: textOf(form, 'address'), org: textOf(form, 'org'), uscc: normaliseUscc(uscc) ?? '',
    ...agentIn(form)
  })
  const members = membersIn(form)
  return {
    answers: { mode, identity, reply, ...members.length === 0 ? {} : { group: { members: members.map(({ member }) => member) } } },
    faults: { ...contactFaults(form, identity), ...replyFault(reply, identity), ...agentFaults(form, identity), ...memberFaults(members) }
  }
}

/** A number of one's own: short ones such as 12345 reach an office, not a person. */
function ownPhone (text: string): string {
  const number = normalisePhone(text) ?? ''
  return number.length < 7 ? '' : number
}

function contactFaults (form: StepForm, identity: Identity): FieldFaults {
  const faults: FieldFaults = tooLong(form, ['name', 'org', 'email', 'address'], field => `you.error.${field}_long`)
  const [phone, email] = [textOf(form, 'phone'), textOf(form, 'email')]
  if (identity.name === undefined) faults['name'] = { key: 'you.error.name' }
  if (phone === '' && email === '') faults['phone'] = { key: 'you.error.contact' }
  if (phone !== '' && identity.phone === undefined) faults['phone'] = { key: 'you.error.phone' }
  if (email !== '' && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email)) faults['email'] ??= { key: 'you.error.email' }
  if (textOf(form, 'uscc') !== '' && identity.uscc === undefined) faults['uscc'] = { key: 'you.error.uscc' }
  return faults
}

/** An answer can only go where there is an address for it. */
function replyFault (reply: ReplyWay, { phone, email, address }: Identity): FieldFaults {
  const missing = (reply === 'phone' && phone === undefined) || (reply === 'email' && email === undefined) || (reply === 'post' && address === undefined)
  return missing ? { reply: { key: `you.error.reply_${reply}` } } : {}
}

function agentIn (form: StepForm): Pick<Identity, 'agent'> {
  const name = textOf(form, 'agent_name')
  return name === '' ? {} : { agent: { name, ...given({ phone: ownPhone(textOf(form, 'agent_phone')) }) } }
}

function agentFaults (form: StepForm, { agent }: Identity): FieldFaults {
  const faults: FieldFaults = tooLong(form, ['agent_name', 'agent_phone'], field => `you.error.${field}_long`)
  const phone = textOf(form, 'agent_phone')
  if (phone !== '' && agent === undefined) faults['agent_name'] = { key: 'you.error.agent_name' }
  else if (phone !== '' && agent?.phone === undefined) faults['agent_phone'] ??= { key: 'you.error.agent_phone' }
  return faults
}

interface Line { no: number, member: Member, badPhone: boolean }

/** One co-complainant a line: a name, and perhaps a telephone number after it. */
function membersIn (form: StepForm): Line[] {
  const lines = textOf(form, 'members').split('\n').map(line => line.trim()).filter(line => line !== '')
  return lines.map((line, at) => {
    const [, name = line, digits = ''] = /^(.*?)[\s，,、：:]*([+\d０-９][\d０-９ -]{2,})$/u.exec(line) ?? []
    const phone = ownPhone(digits)
    return { no: at + 1, member: { name: name.trim(), ...given({ phone }) }, badPhone: digits !== '' && phone === '' }
  })
}

function memberFaults (lines: Line[]): FieldFaults {
  if (lines.length > MEMBER_LIMIT) return { members: { key: 'you.error.members_many', values: { limit: MEMBER_LIMIT, count: lines.length } } }
  const nameless = lines.find(({ member }) => member.name === '' || Array.from(member.name).length > LIMITS.name)
  if (nameless !== undefined) return { members: { key: 'you.error.members_name', values: { no: nameless.no, limit: LIMITS.name } } }
  const wrong = lines.find(line => line.badPhone)
  return wrong === undefined ? {} : { members: { key: 'you.error.members_phone', values: { no: wrong.no } } }
}

/** Members as the lines of their field. */
export function memberLines (members: readonly Member[]): string {
  return members.map(({ name, phone }) => phone === undefined ? name : `${name} ${phone}`).join('\n')
}
