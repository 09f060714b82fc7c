import { listAttachments } from '../../case/attachments/service.ts'
import { listIssues, type ComplaintRow } from '../../case/core/repository.ts'
import type { AttachmentInfo, Parts } from '../../case/core/types.ts'
import { sealFor } from '../../case/ledger/sealing.ts'
import { listMessages } from '../../case/reading/history.ts'
import { openDetails } from '../../case/reading/records.ts'

/**
 * Something of a case that others may get to read: a text, or a file. Its name is `<kind>` or `<kind>.<which>`: claim, place, issue.2, reasons.2, message.17,
 * name.<file>, words.<file>, file.<file>.
 */
export interface Target { target: string, kind: string, which: string, text: string | null, file: AttachmentInfo | null }

export const TARGET_PATTERN = '^[a-z_]{1,20}(\\.[A-Za-z0-9_-]{1,22})?$'

/** Everything of a case that is covered before others read it, in the order of the case page. */
export async function listTargets (parts: Parts, row: ComplaintRow): Promise<Target[]> {
  const seal = sealFor(parts.keys, row)
  const { target, place, claim, effect, rule, when } = openDetails(seal, row.sealed)
  const typed = { agency: target.agencyText, officer: target.officerText, decision: target.decisionText, plate: target.plate, matter: rule.matterText, when: when.about, place, cost: effect.cost, claim }
  const issues = (await listIssues(parts.db, row.id)).flatMap(issue => [
    text('issue', String(issue.no), seal.open(`issue:${issue.no}`, issue.sealed)),
    text('reasons', String(issue.no), issue.reasons_sealed === null ? '' : seal.open(`issue:${issue.no}:reasons`, issue.reasons_sealed))
  ])
  const messages = (await listMessages(parts.db, seal, row.id)).map(message => text('message', String(message.id), message.text))
  const files = (await listAttachments(parts, row)).flatMap(file => [
    text('name', file.id, file.name), text('words', file.id, file.description), { target: `file.${file.id}`, kind: 'file', which: file.id, text: null, file }
  ])
  return [...issues, ...Object.entries(typed).map(([kind, value]) => text(kind, '', value ?? '')), ...messages, ...files].filter(({ text }) => text !== '')
}

function text (kind: string, which: string, text: string): Target {
  return { target: which === '' ? kind : `${kind}.${which}`, kind, which, text, file: null }
}

/** Whether boxes can be burned into a file: only into pictures that we drew ourselves. */
export function takesBoxes ({ mediaType, cleaned }: Pick<AttachmentInfo, 'mediaType' | 'cleaned'>): boolean {
  return cleaned && /^image\/(jpeg|png)$/.test(mediaType)
}
