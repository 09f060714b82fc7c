import { translate } from '../../../i18n/index.ts'
import type { Locale } from '../../../paths.ts'
import { ImportError } from '../faults.ts'
import { KINDS, type Fault, type ImportOptions, type OnProgress, type Report } from '../schema.ts'
import { explain } from './words.ts'

const SHOWN = 20
const EVERY = 2000

/** The report of an import as lines of text. */
export function reportLines (locale: Locale, report: Report, options: ImportOptions, seconds: number): string[] {
  const t = (key: string, values = {}): string => translate(locale, key, values)
  const { counts, created, ignored } = report
  const rows: Array<[string, string | number]> = [
    ['file', report.file], ['kind', t(`import_kind.${report.kind}`)], ['read', counts.read], ['new', counts.new], ['changed', counts.changed],
    ['unchanged', counts.unchanged], ['rejected', counts.rejected], ['left_out', counts.leftOut], ['seconds', seconds.toFixed(1)]
  ]
  const join = (names: string[]): string => names.join('、')
  return [
    ...table(rows.map(([name, value]) => [t(`imports.table_${name}`), String(value)])),
    ...(created.agencies.length > 0 ? [t('imports.created_agencies', { names: join(created.agencies) })] : []),
    ...(created.divisions.length > 0 ? [t('imports.created_divisions', { names: join(created.divisions) })] : []),
    ...(ignored.length > 0 ? [t('imports.ignored', { names: join(ignored) })] : []),
    ...leftOutLines(locale, report.leftOut),
    ...faultLines(locale, report.faults, options.rejects !== undefined),
    ...(options.rejects !== undefined && counts.rejected > 0 ? [t('imports.rejects_written', { file: options.rejects })] : []),
    ...(counts.read === 0 ? [t('imports.no_rows')] : []),
    ...verdictLines(locale, report, options)
  ]
}

function leftOutLines (locale: Locale, leftOut: Fault[]): string[] {
  if (leftOut.length === 0) return []
  const groups = Map.groupBy(leftOut, fault => explain(locale, fault))
  return [translate(locale, 'imports.left_out_heading'), ...Array.from(groups, ([why, rows]) => `  ${translate(locale, 'imports.left_out_count', { count: rows.length, why })}`)]
}

function faultLines (locale: Locale, faults: Fault[], handedBack: boolean): string[] {
  if (faults.length === 0) return []
  const lines = faults.slice(0, SHOWN).map(fault => `  ${translate(locale, fault.column === '' ? 'imports.line_whole' : 'imports.line', { row: fault.row, column: fault.column, value: fault.value, why: explain(locale, fault) })}`)
  const more = faults.length > SHOWN ? [`  ${translate(locale, handedBack ? 'imports.more_handed_back' : 'imports.more', { count: faults.length - SHOWN })}`] : []
  return [translate(locale, 'imports.rejected_heading'), ...lines, ...more]
}

function verdictLines (locale: Locale, { counts, written, file, batchId }: Report, options: ImportOptions): string[] {
  const t = (key: string, values = {}): string => translate(locale, key, values)
  if (options.dryRun === true) return [t('imports.dry_run')]
  if (counts.rejected > 0 && options.partial !== true) return [t('imports.refused', { count: counts.rejected })]
  const partial = counts.rejected > 0 ? [t('imports.partial', { count: counts.rejected })] : []
  return [...partial, written ? t('imports.done', { file, new: counts.new, changed: counts.changed, batch: batchId }) : t('imports.nothing_new', { file })]
}

/** Two columns; a Chinese character is as wide as two letters. */
function table (rows: string[][]): string[] {
  const width = (text: string): number => Array.from(text).reduce((sum, character) => sum + (/[\u1100-\uFFE6]/.test(character) ? 2 : 1), 0)
  const widest = Math.max(...rows.map(([name = '']) => width(name)))
  return rows.map(([name = '', value = '']) => `${name}${' '.repeat(widest - width(name) + 2)}${value}`)
}

/** What is wrong with the command, the file or the database, with the way to mend it. */
export function errorLines (locale: Locale, error: unknown): string {
  if (!(error instanceof ImportError)) return (error as Error).message
  const text = translate(locale, `import_error.${error.code}`, error.values)
  return error.code === 'usage' ? [error.values['why'] === '' ? '' : text, translate(locale, 'imports.usage', { kinds: KINDS.join('|') })].filter(line => line !== '').join('\n') : text
}

/** Tells how far an import is: on a terminal in one line, elsewhere every 2,000 rows. */
export function progressTo (stream: NodeJS.WriteStream, locale: Locale): OnProgress {
  let told = 0
  return ({ stage, done, total }) => {
    const text = stage === 'read' ? translate(locale, 'imports.reading', { done }) : translate(locale, 'imports.writing', { done, total })
    if (stream.isTTY) stream.write(`\r\x1B[K${text}${done === total ? '\n' : ''}`)
    else if (done - told >= EVERY || done < told) { stream.write(`${text}\n`); told = done }
  }
}
