/** One line of the result: what, how much, and the figure to hold (design: figures). `held` is null where no figure is set. */
export interface Line { what: string, measured: string, hold: string, held: boolean | null }

export function printTable (lines: readonly Line[]): string {
  const rows = [['What', 'Measured', 'To hold', 'Held'], ...lines.map(line => [line.what, line.measured, line.hold, line.held === null ? '–' : line.held ? 'yes' : 'NO'])]
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => (row[column] as string).length)))
  const text = rows.map(row => `| ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`)
  text.splice(1, 0, `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`)
  return text.join('\n')
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`
export const ratio = (value: number): string => value.toFixed(value < 0.2 ? 3 : 2)
