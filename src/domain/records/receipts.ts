import { plain } from './codes.ts'

/** Source of randomness, handed in: n bytes from the system, or fixed ones in a test. */
export type Random = (n: number) => Uint8Array

// Damm's quasigroup of order ten: catches every single wrong digit and every swap of two neighbours.
const DAMM = [
  '0317598642', '7092154863', '4206871359', '1750983426', '6123045978', '3674209581', '5869720134', '8945362017', '9438617205', '2581436790'
]
/** What a reference belongs to, as its first letters say: 投诉, a complaint; 到访, a private note of a visit. */
export const REFERENCE_KINDS = ['TS', 'DF'] as const
export type ReferenceKind = (typeof REFERENCE_KINDS)[number]

/** The shape of a complaint's reference, for schemas; `isReference` also checks the digit. */
export const REFERENCE_PATTERN = '^TS[0-9]{11}$'

/** A new reference: two letters, ten random digits, one check digit. Never a counter, so it tells nothing about how many there are. */
export function newReference (random: Random, kind: ReferenceKind = 'TS'): string {
  const digits = randomDigits(10, random)
  return `${kind}${digits}${checkDigit(digits)}`
}

/** Whether a text is a reference exactly as issued, check digit included. */
export function isReference (text: string, kind: ReferenceKind = 'TS'): boolean {
  return text.startsWith(kind) && /^\d{11}$/.test(text.slice(2)) && interim(text.slice(2)) === 0
}

/** A reference however it was typed (spaces, hyphens, full width, lower case, without its letters), or null when it cannot be one. */
export function normaliseReference (text: string, kind: ReferenceKind = 'TS'): string | null {
  const typed = plain(text).replace(/[-‐-―−]/g, '')
  const reference = /^\d{11}$/.test(typed) ? `${kind}${typed}` : typed
  return isReference(reference, kind) ? reference : null
}

/** A new query code: sixteen random digits, about 53 bits. People read it out on the telephone, so no letters. */
export function newQueryCode (random: Random): string {
  return randomDigits(16, random)
}

/** A query code however it was typed, or null when it is not sixteen digits. */
export function normaliseQueryCode (text: string): string | null {
  const typed = plain(text).replace(/[-‐-―−]/g, '')
  return /^\d{16}$/.test(typed) ? typed : null
}

/** A query code as it is shown and read out: four groups of four. */
export function groupQueryCode (code: string): string {
  return code.replace(/(\d{4})(?=\d)/g, '$1 ')
}

function checkDigit (digits: string): string {
  return String(interim(digits)) // the zero diagonal makes the interim digit its own check digit
}

function interim (digits: string): number {
  return [...digits].reduce((row, digit) => Number(DAMM[row]?.[Number(digit)]), 0)
}

// Bytes from 250 up are thrown away: otherwise the digits 0 to 5 would come up more often.
function randomDigits (count: number, random: Random): string {
  let digits = ''
  while (digits.length < count) {
    for (const byte of random(count)) if (byte < 250 && digits.length < count) digits += String(byte % 10)
  }
  return digits
}
