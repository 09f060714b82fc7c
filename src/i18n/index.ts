import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { LOCALES, type Locale } from '../paths.ts'

type Words = ReadonlyMap<string, string>
export type Values = Readonly<Record<string, unknown>>
export type Translate = (key: string, values?: Values) => string

/** All word files of a language in one map; a key stands in one file only. */
export function loadWords (locale: Locale): Words {
  const folder = path.join(import.meta.dirname, locale)
  const words = new Map<string, string>()
  for (const file of readdirSync(folder).filter(name => name.endsWith('.json')).sort()) {
    const entries = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Record<string, string>
    for (const [key, text] of Object.entries(entries)) {
      if (words.has(key)) throw new Error(`word ${key} of ${locale}/${file} stands in another file too`)
      words.set(key, text)
    }
  }
  return words
}

const catalogues = new Map<Locale, Words>(LOCALES.map(locale => [locale, loadWords(locale)]))

/** Whether a language has a word for a key; for keys that only some codes have. */
export function hasWord (locale: Locale, key: string): boolean {
  return catalogues.get(locale)?.has(key) === true
}

/** All keys of a language that begin so; for what can be chosen from words. */
export function wordsUnder (locale: Locale, prefix: string): string[] {
  return [...catalogues.get(locale)?.keys() ?? []].filter(key => key.startsWith(prefix))
}

/** The sentence behind a key with its {named} values filled in. Throws for an unknown key: a page never shows a raw code. */
export function translate (locale: Locale, key: string, values: Values = {}): string {
  const text = catalogues.get(locale)?.get(key)
  if (text === undefined) throw new Error(`no word for ${key} in ${locale}`)
  if (!text.includes('{')) return text
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] === undefined || values[name] === null ? whole : String(values[name]))
}

/** A translator bound to one language, for handlers and views. */
export function translator (locale: Locale): Translate {
  return (key, values) => translate(locale, key, values)
}
