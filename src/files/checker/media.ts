import { FileRefused } from '../limits.ts'

/** Box by box to the end: a recording that was cut off has no index (`moov`) and plays nowhere. Throws FileRefused. */
export function inspectMovie (content: Buffer): void {
  let at = 0
  const seen = new Set<string>()
  while (at + 8 <= content.length) {
    seen.add(content.toString('latin1', at + 4, at + 8))
    const size = sizeOf(content, at)
    if (size < 8 || at + size > content.length) throw new FileRefused('broken')
    at += size
  }
  if (at !== content.length || !seen.has('moov')) throw new FileRefused('broken')
}

function sizeOf (content: Buffer, at: number): number {
  const size = content.readUInt32BE(at)
  if (size === 0) return content.length - at // to the end
  if (size !== 1) return size
  return at + 16 <= content.length ? Number(content.readBigUInt64BE(at + 8)) : 0
}

/** Some frame must follow the tags. Throws FileRefused. */
export function inspectMusic (content: Buffer): void {
  let at = 0
  if (content.toString('latin1', 0, 3) === 'ID3' && content.length > 10) {
    at = 10 + [6, 7, 8, 9].reduce((sum, place) => sum * 128 + (content.readUInt8(place) & 0x7f), 0)
  }
  for (let end = Math.min(content.length - 1, at + 65_536); at < end; at++) {
    if (content.readUInt8(at) === 0xff && (content.readUInt8(at + 1) & 0xe0) === 0xe0) return
  }
  throw new FileRefused('broken')
}
