import { isDate } from '../time/calendar.ts'

const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY' // no I O S V Z
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECKS = '10X98765432'
// GB/T 2260 provinces; 83 is the code on residence permits of people from Taiwan, 91 marks foreigners' permits.
const PROVINCES = /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/
const AREA_CODE = /^0(10|2\d|[3-9]\d\d)/

/** One way of writing: full-width to half-width, upper case, no spaces of any kind. For codes, never for running text. */
export function plain (text: string): string {
  return text.normalize('NFKC').replace(/[\s\u200B\uFEFF]/g, '').toUpperCase()
}

/** A unified social credit code in its written form, or null (GB 32100-2015: shape, region and check character). */
export function normaliseUscc (text: string): string | null {
  const code = plain(text).replaceAll('-', '')
  return /^[1-9A-HJ-NP-RTUWXY][0-9A-HJ-NP-RTUWXY]\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/.test(code) && usccCheck(code) === code[17] ? code : null
}

/** The check character of the first seventeen characters of a unified social credit code (GB 32100-2015). */
function usccCheck (code: string): string | undefined {
  const sum = USCC_WEIGHTS.reduce((sum, weight, at) => sum + weight * USCC_ALPHABET.indexOf(code.charAt(at)), 0)
  return USCC_ALPHABET[(31 - sum % 31) % 31]
}

/** A resident ID number in its written form, or null: province, a birthday that exists and is not after `today`, check digit (GB 11643-1999). */
export function normaliseResidentId (text: string, today = '9999-12-31'): string | null {
  const id = plain(text).replaceAll('-', '')
  if (!/^\d{17}[\dX]$/.test(id) || !PROVINCES.test(id) || residentIdCheck(id) !== id[17]) return null
  const born = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`
  return isDate(born) && born >= '1900-01-01' && born <= today ? id : null
}

/** The check digit of the first seventeen digits of a resident ID (GB 11643-1999, ISO 7064 MOD 11-2). */
export function residentIdCheck (id: string): string | undefined {
  return ID_CHECKS[ID_WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(id[at]), 0) % 11]
}

/** A telephone number in one form, or null: mobile 13800000000, landline 024-12345678(-12), 400-123-4567, or a short number such as 12345. */
export function normalisePhone (text: string): string | null {
  const number = plain(text).replace(/[()（）.]/g, '').replace(/[‐-―−]/g, '-').replace(/^(\+|00)86-?/, '')
  const digits = number.replaceAll('-', '')
  if (/^1[3-9]\d{9}$/.test(digits)) return digits
  if (/^[48]00\d{7}$/.test(digits)) return `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`
  if (/^(1\d{2}|1\d{4}|9[56]\d{3,4})$/.test(number)) return number
  return landline(number)
}

function landline (number: string): string | null {
  const area = AREA_CODE.exec(number)?.[0] ?? ''
  const local = /^-?(\d{7,8})(?:-(\d{1,6}))?$/.exec(number.slice(area.length))
  if (area === '' || local === null) return null
  return [area, local[1], local[2]].filter(part => part !== undefined).join('-')
}

/** A division code: 6 digits (county), 9 (street or town) or 12 (village), GB/T 2260 or a local code of the same length. */
export function isRegionCode (text: string): boolean {
  return /^\d{6}(\d{3}(\d{3})?)?$/.test(text)
}

/** A document number such as 沈司执监督〔2026〕12号 with the official brackets, or null. Square, round and half-width brackets are accepted. */
export function normaliseDocumentNumber (text: string): string | null {
  const found = /^(.{1,30}?)[〔[(【［](\d{4})[〕\])】］]第?(\d{1,6})号$/.exec(text.normalize('NFKC').replace(/\s/g, ''))
  return found === null ? null : `${found[1]}〔${found[2]}〕${found[3]}号`
}

/**
 * A certificate number as printed, or null. No rule text on its digits was found, so only the outer shape is checked; a city may set a
 * narrower pattern.
 */
export function normaliseCertificate (text: string, pattern = /^[0-9A-Z\u4e00-\u9fa5\-()]{4,30}$/): string | null {
  const number = plain(text).replace(/[‐-―−]/g, '-')
  return pattern.test(number) ? number : null
}

/** Whether digits pass the Luhn check that bank cards carry (ISO/IEC 7812-1). */
export function passesLuhn (digits: string): boolean {
  const sum = [...digits].reverse().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2)
    return sum + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
