import { hasWord, translate, type Translate } from '../../i18n/index.ts'
import type { Locale } from '../../paths.ts'
import type { Publication } from './service.ts'

/** What a record is called; one without a name by its code. */
export function nameOf (t: Translate, { name, code }: Pick<Publication, 'name' | 'code'> & Partial<Publication>): string {
  return name ?? t('feed.unnamed', { code })
}

/** What happened to a record, in one sentence: new, ended, or which fields differ. */
export function sentenceOf ({ locale }: { locale: Locale }, { set, kind, fields }: Publication): string {
  const order = set.fields.map(field => field.key)
  const sorted = fields.toSorted((a, b) => (order.indexOf(a) + 1 || Infinity) - (order.indexOf(b) + 1 || Infinity))
  const named = [...new Set(sorted.flatMap(key => wordFor(locale, key)))]
  const key = kind === 'changed' && named.length > 0 ? 'feed.did_fields' : `feed.did_${kind}`
  return translate(locale, key, { fields: named.join(translate(locale, 'ui.between')) })
}

/** The column of a key as it stands in stored states: `penalty_kinds`, `penaltyKinds`. */
function wordFor (locale: Locale, key: string): string[] {
  const plain = key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`).replace(/_(id|code)$/, '')
  return hasWord(locale, `column.${plain}`) ? [translate(locale, `column.${plain}`)] : []
}
