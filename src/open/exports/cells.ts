import type { FieldValue, ListField, PublicRecord } from '../../catalogue/lists/definition.ts'
import { hasWord, type Translate } from '../../i18n/index.ts'
import type { Locale } from '../../paths.ts'

/** What a spreadsheet shows in one cell: a number stays one, everything else is text. */
export type Cell = string | number

const SHANGHAI = 8 * 3_600_000

/** A record as cells, codes said in words; the JSON file and the API keep the codes. */
export function cellsOf (fields: readonly ListField[], record: PublicRecord, locale: Locale, t: Translate): Cell[] {
  return fields.map(field => cellOf(field, record[field.key] ?? null, locale, t))
}

function cellOf ({ type, words }: ListField, value: FieldValue, locale: Locale, t: Translate): Cell {
  if (value === null || value === '') return ''
  if (type === 'fen') return Number(value) / 100
  if (type === 'integer') return Number(value)
  if (type === 'flag') return t(value === true || value === 1 ? 'export.yes' : 'export.no')
  if (type === 'instant') return localTime(String(value))
  const said = (code: string): string => words !== undefined && hasWord(locale, `${words}.${code}`) ? t(`${words}.${code}`) : code
  return (Array.isArray(value) ? value : [String(value)]).map(said).join(t('ui.between'))
}

/** An instant as the wall clock in China shows it. */
function localTime (instant: string): string {
  const time = Date.parse(instant)
  return Number.isNaN(time) ? instant : new Date(time + SHANGHAI).toISOString().slice(0, 16).replace('T', ' ')
}

/** A field's name in the reader's language, with the unit where cells hold no unit of their own. */
export function headOf (field: ListField, t: Translate): string {
  const name = t(field.label)
  return field.type === 'fen' ? t('export.in_yuan', { name }) : name
}
