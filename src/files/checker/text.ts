import { FileRefused } from '../limits.ts'

/** Signs that no text has but line ends, tab and form feed. */
const NO_TEXT = /[^\P{Cc}\t\n\r\f\u0085]/u

/** A text is UTF-8 or GB18030 and holds no control characters. Throws FileRefused. */
export function inspectText (content: Buffer): void {
  const text = decode(content, 'utf-8') ?? decode(content, 'gb18030')
  if (text === null || NO_TEXT.test(text)) throw new FileRefused('not_text')
}

function decode (content: Buffer, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content)
  } catch { return null }
}
