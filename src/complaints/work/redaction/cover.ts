import type { Box, RedactionReason, Span } from '../../../domain/records/redaction.ts'
import type { Seal } from '../../case/ledger/sealing.ts'
import type { RedactionRow } from './repository.ts'
import type { Target } from './targets.ts'

/** What is covered: pieces of a text, boxes of a picture, or the whole. */
export interface Cover { spans: Span[], boxes: Box[], withheld: RedactionReason | null }

/** What a redaction covers. Throws SealBroken. */
export function openCover (seal: Seal, { target, rendering, sealed }: Pick<RedactionRow, 'target' | 'rendering' | 'sealed'>): Cover {
  return JSON.parse(seal.open(`redaction:${target}:${rendering}`, sealed)) as Cover
}

/** What a redaction was made for: the very text, or the bytes of the file. */
export function digestOf (seal: Seal, { text, file }: Target): string {
  return seal.digest(text ?? file?.sha256 ?? '')
}
