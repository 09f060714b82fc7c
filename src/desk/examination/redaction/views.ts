import type { FastifyRequest } from 'fastify'
import type { RedactionView, Target } from '../../../complaints/work/redaction/service.ts'
import { COVERED, markOf, piecesOf, REDACTION_REASONS, type Covered } from '../../../domain/records/redaction.ts'

export interface Line { label: string, excerpt: string, ways: Array<{ label: string, state: string, href: string, about: string }> }
export interface Piece { text: string, covered: boolean }
export interface Kept { value: string, label: string, lang: string | null }

/** What one target is called. */
export function labelOf (request: FastifyRequest, { kind, which, text, file }: Target, targets: readonly Target[]): string {
  const files = targets.filter(target => target.kind === 'file')
  const no = files.findIndex(target => target.which === which) + 1
  if (file !== null || kind === 'name' || kind === 'words') return request.t(`redact_target.${kind}`, { no })
  if (kind === 'message') return request.t('redact_target.message', { no: targets.filter(target => target.kind === 'message').findIndex(target => target.which === which && target.text === text) + 1 })
  return request.t(`redact_target.${kind}`, { no: which })
}

/** The state of a redaction in a word of `redact_state`. */
export function stateOf ({ made, released, stale, withheld }: RedactionView): string {
  if (!made) return 'open'
  if (stale) return 'stale'
  if (released) return withheld === null ? 'released' : 'withheld'
  return 'draft'
}

/** One line for each text and file, with its way to the agency's and the public's rendering. */
export function linesOf (request: FastifyRequest, ref: string, targets: readonly Target[], of: (target: Target, rendering: Covered) => RedactionView): Line[] {
  return targets.map(target => {
    const about = labelOf(request, target, targets)
    return {
      label: about,
      excerpt: target.text === null ? target.file?.name ?? '' : [...target.text].slice(0, 40).join('') + ([...target.text].length > 40 ? '…' : ''),
      ways: COVERED.map(rendering => ({ label: request.t(`rendering.${rendering}`), state: stateOf(of(target, rendering)), href: request.path('redaction', [ref, rendering, target.target]), about }))
    }
  })
}

/** The text with what is covered marked, and as its reader gets it. */
export function sidesOf ({ text }: Target, { spans }: RedactionView): { full: Piece[], covered: Piece[] } {
  const pieces = piecesOf(text ?? '', spans)
  return {
    full: pieces.map(({ text, reason }) => ({ text, covered: reason !== null })),
    covered: pieces.map(({ text, reason }) => ({ text: reason === null ? text : markOf(reason), covered: reason !== null }))
  }
}

/** What is covered now, each with the mark by which it stays. */
export function keptOf (request: FastifyRequest, { text }: Target, { spans, boxes }: RedactionView): { spans: Kept[], boxes: Kept[] } {
  const percent = (part: number): string => String(part / 10)
  return {
    spans: spans.map(({ start, end, reason }) => ({ value: `${start}-${end}-${reason}`, label: request.t('redact.span', { words: (text ?? '').slice(start, end), reason: request.t(`redaction_reason.${reason}`) }), lang: 'zh-CN' })),
    boxes: boxes.map(({ x, y, w, h, reason }) => ({ value: [x, y, w, h, reason].join('-'), label: request.t('redact.box', { x: percent(x), y: percent(y), w: percent(w), h: percent(h), reason: request.t(`redaction_reason.${reason}`) }), lang: null }))
  }
}

export function reasonsOf (request: FastifyRequest): Array<{ value: string, label: string }> {
  return REDACTION_REASONS.map(reason => ({ value: reason, label: request.t(`redaction_reason.${reason}`) }))
}
