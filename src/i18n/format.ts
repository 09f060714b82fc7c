import type { Locale } from '../paths.ts'

/** Times are stored in UTC and shown in the city's time. */
const ZONE = 'Asia/Shanghai'

function formatter<T> (make: (locale: Locale) => T): (locale: Locale) => T {
  const made = new Map<Locale, T>()
  return locale => {
    const known = made.get(locale) ?? make(locale)
    made.set(locale, known)
    return known
  }
}

const dates = formatter(locale => new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { timeZone: ZONE, dateStyle: 'long' }))
const times = formatter(locale => new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { timeZone: ZONE, dateStyle: 'long', timeStyle: 'short' }))
const numbers = formatter(locale => new Intl.NumberFormat(locale))
const money = formatter(locale => new Intl.NumberFormat(locale, { style: 'currency', currency: 'CNY', minimumFractionDigits: 0 }))

/** A date (`YYYY-MM-DD`, taken as it stands) or an instant (ISO UTC) as a long date. */
export function formatDate (locale: Locale, value: string): string {
  return dates(locale).format(new Date(value.length === 10 ? `${value}T12:00:00+08:00` : value))
}

/** An instant (ISO UTC) as date and time in the city. */
export function formatDateTime (locale: Locale, value: string): string {
  return times(locale).format(new Date(value))
}

/** A number with the reader's separators. */
export function formatNumber (locale: Locale, value: number): string {
  return numbers(locale).format(value)
}

/** Fen to yuan. */
export function formatMoney (locale: Locale, fen: number): string {
  return money(locale).format(fen / 100)
}

const sizes = formatter(locale => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }))

/** Bytes as KB or MB, the way file managers show them. */
export function formatSize (locale: Locale, bytes: number): string {
  const [value, unit] = bytes < 1_048_576 ? [Math.max(1, Math.round(bytes / 1024)), 'KB'] : [bytes / 1_048_576, 'MB']
  return `${sizes(locale).format(value)} ${unit}`
}
