import { suspectSpans } from './masking.ts'

/** Who reads: the bureau everything, a supervised agency and the public what was released to them. */
export const RENDERINGS = ['full', 'agency', 'public'] as const
export type Rendering = (typeof RENDERINGS)[number]
/** The renderings in which something is covered. */
export const COVERED = ['agency', 'public'] as const
export type Covered = (typeof COVERED)[number]

/** Why something is covered; words at `redaction_reason.<code>`, short enough to stand in its place. The bureau's own list (本局自定). */
export const REDACTION_REASONS = ['identity', 'contact', 'number', 'address', 'third_party', 'secret', 'other'] as const
export type RedactionReason = (typeof REDACTION_REASONS)[number]

/** A piece of a text: UTF-16 units, `end` is exclusive. */
export interface Span { start: number, end: number, reason: RedactionReason }
/** A piece of a picture in thousandths of its width and height, from its upper left corner. */
export interface Box { x: number, y: number, w: number, h: number, reason: RedactionReason }

/** What detectors find, and why that is covered. */
const REASON_OF = { resident_id: 'number', bank_card: 'number', phone: 'contact', email: 'contact', plate: 'identity', address: 'address' } as const satisfies Record<string, RedactionReason>

const EMAIL = /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g
/** A street or village with a house number, and what follows it: 某路12号3栋2单元501室. */
const ADDRESS = /(?:(?![在住于是到从往去我你他她的])\p{Script=Han}){1,8}(?:大街|胡同|路|街|巷|里|村|屯|小区|花园)[\p{Script=Han}]{0,6}?[0-9０-９一二三四五六七八九十百]+(?:号楼|号|栋|幢|单元|室|组)(?:[0-9０-９-]+(?:号楼|号|栋|幢|单元|室|门))*/gu

/** What a text should not say to others, as detectors see it; a person looks at it once more. In order, without overlaps. */
export function detectSpans (text: string): Span[] {
  const known = suspectSpans(text).map(({ start, end, kind }): Span => ({ start, end, reason: REASON_OF[kind] }))
  const more = [...matches(text, EMAIL, 'email'), ...matches(text, ADDRESS, 'address')]
  return mergeSpans([...known, ...more])
}

function matches (text: string, pattern: RegExp, kind: keyof typeof REASON_OF): Span[] {
  return Array.from(text.matchAll(pattern), found => ({ start: found.index, end: found.index + found[0].length, reason: REASON_OF[kind] }))
}

/** Everywhere in a text where exactly these words stand. */
export function spansOf (text: string, words: string, reason: RedactionReason): Span[] {
  const found: Span[] = []
  if (words === '') return found
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) found.push({ start: at, end: at + words.length, reason })
  return found
}

/** In order; what overlaps is one piece, with the reason of its beginning. */
export function mergeSpans (spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last === undefined || span.start >= last.end) merged.push({ ...span })
    else last.end = Math.max(last.end, span.end)
  }
  return merged
}

/** A text cut at its spans, in order; a covered piece has its reason. */
export function piecesOf (text: string, spans: readonly Span[]): Array<{ text: string, reason: RedactionReason | null }> {
  const pieces: Array<{ text: string, reason: RedactionReason | null }> = []
  let at = 0
  for (const { start, end, reason } of mergeSpans(spans)) {
    if (start > at) pieces.push({ text: text.slice(at, start), reason: null })
    pieces.push({ text: text.slice(start, end), reason })
    at = end
  }
  return at < text.length ? [...pieces, { text: text.slice(at), reason: null }] : pieces
}

/** A text with its spans covered; `mark` gives what stands in the place of one. How long it was does not show. */
export function coverText (text: string, spans: readonly Span[], mark: (reason: RedactionReason) => string): string {
  return piecesOf(text, spans).map(({ text, reason }) => reason === null ? text : mark(reason)).join('')
}

/** The marks of Chinese renderings, which official data are. */
const MARKS: Readonly<Record<RedactionReason, string>> = { identity: '身份信息', contact: '联系方式', number: '证件或者账号', address: '住址', third_party: '第三人信息', secret: '秘密', other: '其他' }

/** What stands in the place of something covered. */
export function markOf (reason: RedactionReason): string {
  return `〔已遮盖：${MARKS[reason]}〕`
}

/** A text with everything covered that detectors find, where nobody has looked at it. */
export function coverDetected (text: string): string {
  return coverText(text, detectSpans(text), markOf)
}
