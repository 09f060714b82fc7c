import { findById, listIssues } from '../../case/core/repository.ts'
import type { Parts } from '../../case/core/types.ts'
import { renderText } from '../../work/redaction/service.ts'

/** What of the issues was released to the agency, with what is covered marked. What nobody released stays with the bureau. */
export async function coveredFor (parts: Parts, complaintId: string): Promise<string[]> {
  const { id } = await findById(parts.db, complaintId)
  const texts: string[] = []
  for (const { no } of await listIssues(parts.db, id)) {
    const text = await renderText(parts, id, `issue.${no}`, 'agency')
    if (text !== null) texts.push(text)
  }
  return texts
}
