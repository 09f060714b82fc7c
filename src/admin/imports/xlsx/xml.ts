import { ImportError } from '../faults.ts'

/** A piece of XML: the start of an element (`closed` when it ends at once), its end, or text. Prefixes are dropped. */
export type Token =
  | { type: 'start', name: string, attributes: string, closed: boolean }
  | { type: 'end', name: string }
  | { type: 'text', text: string }

/** Longer than any tag or text run of a workbook: what never ends is not XML. */
const MAX_HELD = 2_000_000
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Cuts XML into tokens as it arrives. No document type, so no entity of the file's own (security.md I-1). */
export async function * tokens (chunks: AsyncIterable<string>): AsyncGenerator<Token> {
  let held = ''
  for await (const chunk of chunks) {
    held += chunk
    let from = 0
    for (;;) {
      const cut = next(held, from)
      if (cut === null) break
      from = cut.end
      if (cut.token !== null) yield cut.token
    }
    held = held.slice(from)
    if (held.length > MAX_HELD) throw new ImportError('xlsx_broken', { why: 'XML' })
  }
}

/** The token that starts at a place, once all of it has arrived. */
function next (xml: string, from: number): { token: Token | null, end: number } | null {
  if (from >= xml.length) return null
  if (xml[from] !== '<') {
    const end = xml.indexOf('<', from)
    return end < 0 ? null : { token: { type: 'text', text: decode(xml.slice(from, end)) }, end }
  }
  if (xml.startsWith('<!', from)) return declaration(xml, from)
  const end = xml.indexOf('>', from)
  if (end < 0) return null
  return { token: xml[from + 1] === '?' ? null : tag(xml.slice(from + 1, end)), end: end + 1 }
}

function declaration (xml: string, from: number): { token: Token | null, end: number } | null {
  if (xml.length < from + 9) return null
  const [cdata, comment] = [xml.startsWith('<![CDATA[', from), xml.startsWith('<!--', from)]
  if (!cdata && !comment) throw new ImportError('xlsx_broken', { why: 'DOCTYPE' })
  const end = xml.indexOf(cdata ? ']]>' : '-->', from)
  if (end < 0) return null
  return { token: cdata ? { type: 'text', text: xml.slice(from + 9, end) } : null, end: end + 3 }
}

function tag (inside: string): Token {
  if (inside.startsWith('/')) return { type: 'end', name: local(inside.slice(1).trim()) }
  const closed = inside.endsWith('/')
  const text = closed ? inside.slice(0, -1) : inside
  const space = text.search(/\s/)
  return { type: 'start', name: local(space < 0 ? text : text.slice(0, space)), attributes: space < 0 ? '' : text.slice(space), closed }
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

function decode (text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10FFFF ? String.fromCodePoint(code) : whole
  })
}

/** An attribute's value, or undefined. */
export function attribute (attributes: string, name: string): string | undefined {
  const found = new RegExp(`\\s(?:\\w+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)
  return found === null ? undefined : decode(found[1] ?? found[2] ?? '')
}
