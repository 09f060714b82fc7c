import { LOCALES, type Locale } from '../paths.ts'
import type { City } from './schema.ts'

/** What every page knows of the site, in one language. */
export interface Site {
  name: string
  tagline: string
  cityName: string
  bureauName: string
  demo: boolean
  hotlines: Array<{ name: string, number: string }>
  footer: City['footer']
}

/** What the pages of each language know of the site; `demo`: all data are fictional, and every page says so. */
export function siteOf (city: City, demo: boolean): Record<Locale, Site> {
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
