import { OPEN_STATUSES, ROWS, STATUSES, type Row } from './workflow.ts'

/** The process as a mermaid state diagram, for src/README.md. */
export function mermaid (): string {
  const arrows = ROWS.flatMap(row => (row.from.length === 0 ? ['[*]'] : row.from).map(from => `    ${from} --> ${row.to}: ${row.action}`))
  const ends = STATUSES.filter(status => !OPEN_STATUSES.includes(status)).map(status => `    ${status} --> [*]`)
  return ['stateDiagram-v2', ...arrows, ...ends].join('\n')
}

const COLUMNS: ReadonlyArray<[string, (row: Row) => string]> = [
  ['action', row => row.action],
  ['from', row => row.from.join(', ')],
  ['to', row => row.to],
  ['by', row => row.by.join(', ')],
  ['permission', row => row.permission],
  ['must give', row => [...row.reason === true ? ['text'] : [], ...row.fields ?? []].join(', ')],
  ['needs', row => (row.needs ?? []).join(', ')],
  ['document', row => row.document ?? ''],
  ['clocks', row => Object.entries(row.clock ?? {}).map(([effect, clocks]) => `${effect} ${clocks.join(', ')}`).join('; ')],
  ['page', row => row.place ?? ''],
  ['handler', row => row.released === true ? 'released' : ''],
  ['outcome', row => [...new Set(Object.values(row.outcome ?? {}))].join(', ')],
  ['complainant sees', row => row.audience]
]

/** The process as a Markdown table, one row for each step. */
export function workflowTable (): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = COLUMNS.map(([name]) => name)
  return [line(head), line(head.map(() => '---')), ...ROWS.map(row => line(COLUMNS.map(([, cell]) => cell(row))))].join('\n')
}
