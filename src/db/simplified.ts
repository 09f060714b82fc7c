import hongKong from 'opencc-js/dict/HKVariantsRev'
import taiwan from 'opencc-js/dict/TWVariantsRev'
import traditional from 'opencc-js/dict/TSCharacters'

/** Simplified characters that are also variants of others: 什么, 显著. */
const OWN = /^[么著] /

const pairsOf = (table: string): Array<[string, string]> => table.split('|').filter(pair => !OWN.test(pair)).map(pair => pair.split(' ') as [string, string])

/**
 * Traditional characters and their simplified forms, of the same length each, so that places in a text stay. From OpenCC's tables (3,600
 * characters, 5 ms and 0.3 MB); its dictionaries of phrases are left out, as text and question are folded alike and only have to agree.
 */
const SIMPLIFIED = makePairs()
const PLAIN = makeTable()

function makePairs (): Map<string, string> {
  const known = new Map(pairsOf(traditional))
  for (const [variant, character] of [...pairsOf(hongKong), ...pairsOf(taiwan)]) if (!known.has(variant)) known.set(variant, known.get(character) ?? character)
  return new Map([...known].filter(([from, to]) => from !== to && from.length === to.length))
}

function makeTable (): Uint16Array {
  const table = Uint16Array.from({ length: 65_536 }, (_one, code) => code)
  for (const [from, to] of SIMPLIFIED) if (from.length === 1) table[from.charCodeAt(0)] = to.charCodeAt(0)
  return table
}

/** 食品經營許可 → 食品经营许可. A text without traditional characters, which is nearly every one, comes back as it is. */
export function simplify (text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (PLAIN[code] !== code) return text.slice(0, at) + Array.from(text.slice(at), character => SIMPLIFIED.get(character) ?? character).join('')
  }
  return text
}
