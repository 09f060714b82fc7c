import { readFileSync } from 'node:fs'
import path from 'node:path'
import { LOCALES, type Locale } from '../paths.ts'
import type { City } from './schema.ts'

/** A city pack's description of itself (`city.json`). */
export type CityPack = City

/** What every page knows of the site, in one language. */
export interface Site {
  name: string
  tagline: string
  cityName: string
  bureauName: string
  demo: boolean
  hotlines: Array<{ name: string, number: string }>
  footer: CityPack['footer']
}

/** Reads a JSON file of a pack that `readPack` has checked. */
export function readPackFile<T> (folder: string, name: string): T {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T
}

export function siteOf (city: CityPack, demo: boolean): Record<Locale, Site> {
  const one = (english: boolean): Site => ({
    name: english ? city.siteNameEn : city.siteName,
    tagline: english ? city.taglineEn : city.tagline,
    cityName: english ? city.cityNameEn : city.cityName,
    bureauName: english ? city.bureauNameEn : city.bureauName,
    demo,
    hotlines: city.hotlines.map(line => ({ name: english ? line.nameEn : line.name, number: line.number })),
    footer: city.footer
  })
  return Object.fromEntries(LOCALES.map(locale => [locale, one(locale === 'en')])) as Record<Locale, Site>
}
