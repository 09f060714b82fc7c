import { randomBytes } from 'node:crypto'
import { appendAudit } from '../../../db/audit.ts'
import { allows, type StaffRole } from '../../../domain/process/permissions.ts'
import { fillPhrase, PHRASE_LIMITS, PHRASE_PLACES, unknownVariables, type PhrasePlace, type PhraseValues } from '../../../domain/supervision/phrases.ts'
import { isDate, localDate } from '../../../domain/time/calendar.ts'
import { AppError } from '../../../errors.ts'
import { formatDate } from '../../../i18n/format.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, FieldFaults, Parts } from '../../case/core/types.ts'
import type { Case } from '../../case/reading/service.ts'
import { countUse, findPhrase, insertPhrase, insertPhraseVersion, updatePhrase } from './repository.ts'

/** A phrase as it was typed; without `id` a new one. */
export interface PhraseWish { id?: string, version?: number, place: string, title: string, text: string, reviewOn: string, ownerId: number }

/** Keeps a phrase, with what it said before. Errors: `forbidden`, `not_found`, `stale_version`, `form_invalid` by field. Returns its id. */
export async function savePhrase (parts: Parts, actor: Actor & { id: number }, wish: PhraseWish, now: string): Promise<string> {
  demandPermission(actor, 'phrase.manage')
  return await parts.db.transaction().execute(async trx => {
    const owner = await trx.selectFrom('account').select(['role', 'disabled']).where('id', '=', wish.ownerId).executeTakeFirst()
    const fields = { ...faultsOf(wish, localDate(now)), ...owner === undefined || owner.disabled === 1 || !allows(owner.role as StaffRole, 'phrase.manage') ? { owner: { key: 'phrase.no_owner' } } : {} }
    if (Object.keys(fields).length > 0) throw new AppError('form_invalid', { fields })
    const id = wish.id ?? randomBytes(12).toString('base64url')
    const row = { place: wish.place, title: wish.title, text: wish.text, review_on: wish.reviewOn, owner_id: wish.ownerId, updated_at: now }
    if (wish.id === undefined) await insertPhrase(trx, { id, version: 1, used_at: null, ...row })
    else {
      await findPhrase(trx, id)
      if (!await updatePhrase(trx, { id, version: wish.version ?? 0 }, row)) throw new AppError('stale_version', { id })
    }
    const version = wish.id === undefined ? 1 : (wish.version ?? 0) + 1
    await insertPhraseVersion(trx, { phrase_id: id, version, title: wish.title, text: wish.text, actor_id: actor.id, at: now })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: 'phrase.saved', subject: `${id} ${version}`, result: 'done', requestId: actor.requestId })
    return id
  })
}

/** Takes a phrase out of use, or back. Errors: `forbidden`, `not_found`, `stale_version`. */
export async function switchPhrase (parts: Parts, actor: Actor, { id, version, off }: { id: string, version: number, off: boolean }, now: string): Promise<void> {
  demandPermission(actor, 'phrase.manage')
  await parts.db.transaction().execute(async trx => {
    const { title, text } = await findPhrase(trx, id)
    if (!await updatePhrase(trx, { id, version }, { off: off ? 1 : 0, updated_at: now })) throw new AppError('stale_version', { id })
    await insertPhraseVersion(trx, { phrase_id: id, version: version + 1, title, text, actor_id: actor.id, at: now })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: off ? 'phrase.switched_off' : 'phrase.switched_on', subject: id, result: 'done', requestId: actor.requestId })
  })
}

/** A phrase at the end of what is written already, with what is known of the case put in; counted as used. Errors: `not_found`, also for another place. */
export async function putPhrase (parts: Parts, complaint: Case, { id, places, written }: { id: string, places: readonly PhrasePlace[], written: (place: PhrasePlace) => string }, now: string): Promise<{ place: PhrasePlace, text: string }> {
  const row = await findPhrase(parts.db, id)
  const place = places.find(place => place === row.place)
  if (place === undefined || row.off === 1) throw new AppError('not_found', { id })
  await countUse(parts.db, id, now)
  const before = written(place).trimEnd()
  return { place, text: (before === '' ? '' : `${before}\n`) + fillPhrase(row.text, valuesOf(complaint, now)) }
}

/** What a case has for the variables; letters are Chinese, so are their dates. */
function valuesOf ({ caseNo, ref, agency, submittedAt, clocks }: Case, now: string): PhraseValues {
  const handle = clocks.find(({ clock, stoppedOn }) => clock === 'handle' && stoppedOn === null)
  const day = (date: string): string => formatDate('zh-CN', date)
  return {
    reference: ref, today: day(localDate(now)), submitted_on: day(localDate(submittedAt)),
    ...caseNo === null ? {} : { case_no: caseNo }, ...agency === null ? {} : { agency: agency.name }, ...handle === undefined ? {} : { due_on: day(handle.dueOn) }
  }
}

function faultsOf ({ place, title, text, reviewOn }: PhraseWish, today: string): FieldFaults {
  const unknown = unknownVariables(text)
  return {
    ...(PHRASE_PLACES as readonly string[]).includes(place) ? {} : { place: { key: 'phrase.no_place' } },
    ...title === '' ? { title: { key: 'phrase.no_title' } } : [...title].length > PHRASE_LIMITS.title ? { title: { key: 'field.maxLength', values: { limit: PHRASE_LIMITS.title } } } : {},
    ...text === '' ? { text: { key: 'phrase.no_text' } } : [...text].length > PHRASE_LIMITS.text ? { text: { key: 'field.maxLength', values: { limit: PHRASE_LIMITS.text } } } : unknown.length > 0 ? { text: { key: 'phrase.unknown', values: { what: unknown.slice(0, 3).join(' ') } } } : {},
    ...isDate(reviewOn) && reviewOn > today ? {} : { review_on: { key: 'phrase.bad_review' } }
  }
}
