import { fold } from '../../../db/text.ts'

/** A piece of text; hits are marked by the template, after escaping. */
export interface Piece { text: string, hit: boolean }

const BEFORE = 24
const LENGTH = 96

/** The whole text cut into pieces, every occurrence of every phrase a hit. */
export function highlight (text: string, runs: readonly string[]): Piece[] {
  const marks = marksOf(text, runs)
  if (marks.length === 0) return [{ text, hit: false }]
  const pieces: Piece[] = []
  let end = 0
  for (const [from, to] of marks) {
    if (from > end) pieces.push({ text: text.slice(end, from), hit: false })
    pieces.push({ text: text.slice(from, to), hit: true })
    end = to
  }
  return end < text.length ? [...pieces, { text: text.slice(end), hit: false }] : pieces
}

/** About a hundred characters around the first hit, or null when no phrase occurs in the text. */
export function snippet (text: string, runs: readonly string[]): Piece[] | null {
  const flat = text.replace(/\s+/g, ' ').trim()
  const first = marksOf(flat, runs)[0]
  if (first === undefined) return null
  const from = Math.max(0, whole(flat, first[0] - BEFORE))
  const to = Math.min(flat.length, whole(flat, from + LENGTH))
  return highlight(`${from > 0 ? '…' : ''}${flat.slice(from, to)}${to < flat.length ? '…' : ''}`, runs)
}

/** The paragraphs of an article; none for a text that is missing. */
export function paragraphsOf (text: string | null): string[] {
  return (text ?? '').split('\n').map(line => line.trim()).filter(line => line !== '')
}

/** Does the text hold every phrase? */
export function holdsAll (text: string, runs: readonly string[]): boolean {
  const folded = fold(text)
  return runs.every(run => folded.includes(run))
}

/** Never between the two halves of a rare character. */
function whole (text: string, at: number): number {
  return at > 0 && /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at
}

/** Spans of the original text where a phrase stands, in order, overlapping ones joined. */
function marksOf (text: string, runs: readonly string[]): Array<[number, number]> {
  const folded = fold(text)
  const place = folded.length === text.length ? null : placesOf(text)
  const source = place === null ? folded : place.folded
  const found = runs.flatMap(run => occurrences(source, run)).map(([from, to]): [number, number] =>
    place === null ? [from, to] : [place.starts[from] as number, place.ends[to - 1] as number])
  found.sort((a, b) => a[0] - b[0])
  const joined: Array<[number, number]> = []
  for (const mark of found) {
    const last = joined.at(-1)
    if (last !== undefined && mark[0] <= last[1]) last[1] = Math.max(last[1], mark[1])
    else joined.push(mark)
  }
  return joined
}

function occurrences (text: string, run: string): Array<[number, number]> {
  const found: Array<[number, number]> = []
  for (let at = text.indexOf(run); at >= 0 && found.length < 50; at = text.indexOf(run, at + run.length)) found.push([at, at + run.length])
  return found
}

/** Where folding changes lengths (㎡ → m2), each folded character remembers its original one. */
function placesOf (text: string): { folded: string, starts: number[], ends: number[] } {
  let folded = ''
  let at = 0
  const [starts, ends] = [[] as number[], [] as number[]]
  for (const character of text) {
    for (const unit of fold(character)) for (let half = 0; half < unit.length; half++) { starts.push(at); ends.push(at + character.length) }
    folded += fold(character)
    at += character.length
  }
  return { folded, starts, ends }
}
