import { appendAudit } from '../../../db/audit.ts'
import { letterKind, type LetterType } from '../../../domain/supervision/letters.ts'
import { AppError } from '../../../errors.ts'
import { demandPermission } from '../../case/core/service.ts'
import type { Actor, Parts } from '../../case/core/types.ts'
import { keepLocalLetter } from './repository.ts'

/** Longest basis, in code points. */
export const BASIS_LIMIT = 300

/**
 * Puts a letter that only local rules know into use, on a basis that is named, or out of it. Letters begun before go on. Errors: `forbidden`, `not_found`
 * for every other letter, `form_invalid` (`basis`).
 */
export async function switchLetter (parts: Parts, actor: Actor, { type, used, basis }: { type: LetterType, used: boolean, basis: string }, now: string): Promise<void> {
  demandPermission(actor, 'letter.configure')
  if (letterKind(type).local === undefined) throw new AppError('not_found', { type })
  if (used && basis === '') throw new AppError('form_invalid', { fields: { basis: { key: 'letter_type.no_basis' } } })
  if ([...basis].length > BASIS_LIMIT) throw new AppError('form_invalid', { fields: { basis: { key: 'field.maxLength', values: { limit: BASIS_LIMIT } } } })
  await parts.db.transaction().execute(async trx => {
    await keepLocalLetter(trx, { type, in_use: used ? 1 : 0, basis, actor_id: actor.id, at: now })
    await appendAudit(trx, parts.keys.audit, { at: now, actorId: actor.id, role: actor.role, action: used ? 'letter_type.switched_on' : 'letter_type.switched_off', subject: type, result: 'done', requestId: actor.requestId })
  })
}
