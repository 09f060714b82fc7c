import { COMMON_WORDS } from './common-words.ts'

/** The default profile (GB/T 22239 level 3 asks for length and classes). Pasting and passphrases up to `max` are welcome. */
export const PASSWORD_PROFILE = { min: 12, max: 256, classes: 3, unguessable: 6 } as const

/** What stands against a password; words at `password_fault.<fault>`. */
export const PASSWORD_FAULTS = ['short', 'long', 'classes', 'common'] as const
export type PasswordFault = (typeof PASSWORD_FAULTS)[number]

const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u]
const LETTERS: Readonly<Record<string, string>> = { '@': 'a', 4: 'a', 3: 'e', 1: 'i', '!': 'i', 0: 'o', $: 's', 5: 's', 7: 't' }
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '!@#$%^&*()', '1qaz2wsx3edc4rfv5tgb6yhn']

/**
 * Everything that a new password lacks; empty when it is good. `own` are words that belong to the person (username, name).
 * Whatever is a common word, a year, a walk over the keyboard or a repetition counts as nothing: what is left must still be long enough.
 */
export function passwordFaults (password: string, own: readonly string[] = []): PasswordFault[] {
  const length = [...password].length
  const faults: PasswordFault[] = []
  if (length < PASSWORD_PROFILE.min) faults.push('short')
  if (length > PASSWORD_PROFILE.max) faults.push('long')
  if (CLASSES.filter(one => one.test(password)).length < PASSWORD_PROFILE.classes) faults.push('classes')
  if (length <= PASSWORD_PROFILE.max && unguessable(password, own) < PASSWORD_PROFILE.unguessable) faults.push('common')
  return faults
}

/** How many characters remain once all that is easily guessed is taken out; the smaller of two readings of digits as letters. */
function unguessable (password: string, own: readonly string[]): number {
  const plain = password.normalize('NFKC').toLowerCase()
  const words = [...own.map(word => word.toLowerCase()).filter(word => word.length > 1), ...COMMON_WORDS]
  const read = [...plain].map(sign => LETTERS[sign] ?? sign).join('')
  return Math.min(rest(plain, words), rest(read, words))
}

function rest (text: string, words: readonly string[]): number {
  const without = words.reduce((left, word) => left.replaceAll(word, ' '), text)
    .replace(/(?:19|20)\d{2}(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?/g, ' ')
  const parts = without.split(/[\s\p{P}\p{S}]+/u).filter(part => part !== '')
  const signs = new Set([...without].filter(sign => /[\p{P}\p{S}]/u.test(sign))).size
  return parts.reduce((sum, part) => sum + Math.max(0, [...part].length - guessed(part)), 0) + Math.min(signs, 2)
}

/** How many characters of a part repeat or continue the ones before them: aaa, 123, fdsa. */
function guessed (part: string): number {
  const signs = [...part]
  return signs.filter((sign, at) => at > 0 && (sign === signs[at - 1] || ROWS.some(row => follows(row, signs[at - 1] ?? '', sign)))).length
}

function follows (row: string, before: string, sign: string): boolean {
  return row.includes(before + sign) || row.includes(sign + before)
}
