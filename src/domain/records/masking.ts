import { normaliseResidentId, passesLuhn } from './codes.ts'

const COMPOUND_SURNAMES = new Set([
  '欧阳', '司马', '上官', '诸葛', '东方', '皇甫', '尉迟', '公孙', '慕容', '令狐', '宇文', '长孙', '司徒', '司空', '夏侯', '轩辕', '端木', '南宫',
  '独孤', '公冶', '澹台', '濮阳', '淳于', '单于', '申屠', '仲孙', '钟离', '东郭', '呼延', '闻人', '赫连', '百里', '拓跋', '万俟', '闾丘', '太史'
])

/** A person's name as the public may see it: the surname and two stars, whatever the length. */
export function maskName (name: string): string {
  const characters = [...name.trim()]
  if (characters.length === 0) return ''
  const two = characters.slice(0, 2).join('')
  return `${characters.length > 2 && COMPOUND_SURNAMES.has(two) ? two : characters[0]}**`
}

/** A telephone number or an e-mail address as its owner knows it again: 138****5678, d***@example.cn. */
export function maskContact (address: string): string {
  const at = address.lastIndexOf('@')
  if (at > 0) return `${[...address][0] ?? ''}***${address.slice(at)}`
  return address.length < 8 ? '****' : `${address.slice(0, 3)}****${address.slice(-4)}`
}

export type PersonalKind = 'resident_id' | 'phone' | 'bank_card'

/** Where in a text something personal stands; `end` is exclusive, both count UTF-16 units of the text as given. */
export interface PersonalSpan { start: number, end: number, kind: PersonalKind }

const SEARCHES: ReadonlyArray<{ kind: PersonalKind, pattern: RegExp, holds: (found: string) => boolean }> = [
  { kind: 'resident_id', pattern: /(?<![0-9A-Za-z])\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?![0-9A-Za-z])/g, holds: found => normaliseResidentId(found) !== null },
  { kind: 'bank_card', pattern: /(?<![0-9A-Za-z])[3-6]\d{3}(?:[ -]?\d){12,15}(?![0-9A-Za-z])/g, holds: found => passesLuhn(found.replace(/\D/g, '')) },
  { kind: 'phone', pattern: /(?<![0-9A-Za-z])(?:(?:\+?86[ -]?|0)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0(?:10|2\d|[3-9]\d\d)-?\d{7,8})(?![0-9A-Za-z])/g, holds: () => true }
]

/** Vehicle plates in running text; whose car it is may tell who somebody is. Same shape as `detectPersonal`. */
export function findPlates (text: string): Array<{ start: number, end: number, kind: 'plate' }> {
  const pattern = /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·.• -]?[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])/g
  return Array.from(halfWidth(text).matchAll(pattern), found => ({ start: found.index, end: found.index + found[0].length, kind: 'plate' as const }))
}

/** Numbers shaped like an ID number, also with a wrong check digit, in running text. */
function suspectIds (text: string): PersonalSpan[] {
  return Array.from(halfWidth(text).matchAll(ID_SHAPE), found => ({ start: found.index, end: found.index + found[0].length, kind: 'resident_id' as const }))
}

const ID_SHAPE = /(?<![0-9A-Za-z])[1-8]\d{5}[ -]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx](?![0-9A-Za-z])/g

/** Everything in a text that its writer may want to take out, in order and without overlaps. */
export function suspectSpans (text: string): Array<{ start: number, end: number, kind: PersonalKind | 'plate' }> {
  const found = [...detectPersonal(text), ...suspectIds(text), ...findPlates(text)]
  return found.filter((span, at) => found.slice(0, at).every(other => span.end <= other.start || span.start >= other.end)).sort((a, b) => a.start - b.start)
}

/**
 * What the writer of a text may want to take out: everything that `detectPersonal` finds, and numbers shaped like an ID number whose
 * check digit is wrong, because a slip of the pen still tells who it is.
 */
export function suspectPersonal (text: string): Set<PersonalKind> {
  const kinds = new Set(detectPersonal(text).map(span => span.kind))
  if (suspectIds(text).length > 0) kinds.add('resident_id')
  return kinds
}

function halfWidth (text: string): string {
  return text.replace(/[！-～]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xFEE0)).replaceAll('\u3000', ' ')
}

/**
 * Finds ID numbers (checksum valid), bank cards (Luhn) and telephone numbers in running text, in order of appearance and without overlaps.
 * Full-width digits are seen too. It misses names and addresses: a person still reads what is published.
 */
export function detectPersonal (text: string): PersonalSpan[] {
  const half = halfWidth(text)
  const spans: PersonalSpan[] = []
  for (const { kind, pattern, holds } of SEARCHES) {
    for (const found of half.matchAll(pattern)) {
      const span = { start: found.index, end: found.index + found[0].length, kind }
      const free = spans.every(other => span.end <= other.start || span.start >= other.end)
      if (free && holds(found[0])) spans.push(span)
    }
  }
  return spans.sort((a, b) => a.start - b.start)
}
