/** C0 controls but tab and line ends, DEL, bidi overrides and isolates, lone surrogates (security.md V-2). */
export const FORBIDDEN = /[^\P{Cc}\t\n]|[\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u

/** Words that can stand in a letter to somebody who may not have typed them: no address, no line of its own. */
export function isPlainWord (text: string): boolean {
  return /^[\p{L}\p{M}\p{N} 《》〈〉（）、·-]{1,40}$/u.test(text)
}
