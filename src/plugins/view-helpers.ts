import Handlebars, { type HelperOptions } from 'handlebars'
import { formatDate, formatDateTime, formatMoney, formatNumber } from '../i18n/format.ts'
import { translate } from '../i18n/index.ts'
import { createPaths, type Locale, type RouteName } from '../paths.ts'

type Helpers = Parameters<typeof Handlebars.registerHelper>[0]

const localeOf = (options: HelperOptions): Locale => options.data.locale as Locale
const isBlank = (value: unknown): boolean => value === null || value === undefined || value === ''
const truthy = (value: unknown): boolean => !Handlebars.Utils.isEmpty(value)

/** Helpers get their arguments followed by Handlebars' own options object. */
function split (values: unknown[]): { given: unknown[], options: HelperOptions } {
  return { given: values.slice(0, -1), options: values.at(-1) as HelperOptions }
}

/** The handful of helpers that templates may use: words, addresses, dates, numbers and literals. */
export function viewHelpers (basePath: string, assets: Readonly<Record<string, string>>): Helpers {
  const pathTo = createPaths(basePath)
  return {
    t (...values: unknown[]) {
      const { given, options } = split(values)
      return translate(localeOf(options), given.join('.'), options.hash)
    },
    path (...values: unknown[]) {
      const { given: [name, ...params], options } = split(values)
      return pathTo(localeOf(options), name as RouteName, params as string[], options.hash)
    },
    asset: (name: string) => `${basePath}/build/${assets[name] ?? name}`,
    image: (name: string) => `${basePath}/img/${name}`,
    date: (value: unknown, options: HelperOptions) => isBlank(value) ? '' : formatDate(localeOf(options), String(value)),
    datetime: (value: unknown, options: HelperOptions) => isBlank(value) ? '' : formatDateTime(localeOf(options), String(value)),
    num: (value: unknown, options: HelperOptions) => isBlank(value) ? '' : formatNumber(localeOf(options), Number(value)),
    money: (fen: unknown, options: HelperOptions) => isBlank(fen) ? '' : formatMoney(localeOf(options), Number(fen)),
    /** A data block for machines: never run, and no text in it can end it. */
    jsonld: (data: unknown) => new Handlebars.SafeString(`<script type="application/ld+json">${JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}</script>`),
    eq: (left: unknown, right: unknown) => left === right,
    not: (value: unknown) => !truthy(value),
    or: (...values: unknown[]) => split(values).given.find(truthy),
    and: (...values: unknown[]) => split(values).given.every(truthy),
    concat: (...values: unknown[]) => split(values).given.join(''),
    array: (...values: unknown[]) => split(values).given,
    object: (options: HelperOptions) => options.hash
  }
}
