import { detectSpans } from '../records/redaction.ts'

/**
 * What an agency says in public about a letter of a closed case (公开说明; features.md B19): drafted, signed by its head, published or returned by the bureau's
 * publisher, taken down by either. Words at `statement_state.<state>`. No statute knows it: our own (本局自定).
 */
export const STATEMENT_STATES = ['draft', 'signed', 'returned', 'published', 'withdrawn'] as const
export type StatementState = (typeof STATEMENT_STATES)[number]

/** Longest statement, in code points: it stands beside figures, it is no second letter. */
export const STATEMENT_LIMIT = 500

/** Whether the agency may write: nobody waits for it and nothing of it is public. */
export function writable (state: StatementState | null): boolean {
  return state === null || state === 'draft' || state === 'returned' || state === 'withdrawn'
}

/** What is wrong with a statement; words at `statement_fault.<fault>`. What detectors find about people never becomes public. */
export type StatementFault = 'required' | 'too_long' | 'personal'
export function statementFault (text: string): StatementFault | null {
  if (text.trim() === '') return 'required'
  if ([...text].length > STATEMENT_LIMIT) return 'too_long'
  return personalPieces(text).length > 0 ? 'personal' : null
}

/** The pieces that a detector takes for something about a person, to be shown to whoever wrote them; signs without width or of another width hide nothing. */
export function personalPieces (text: string): string[] {
  const plain = text.normalize('NFKC').replace(/\p{Cf}/gu, '')
  return detectSpans(plain).map(({ start, end }) => plain.slice(start, end))
}
