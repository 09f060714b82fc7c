import { readFileSync } from 'node:fs'

/**
 * Counts the assertions of a TAP file and lists the reasons of what was skipped.
 * @param {string} file written by tap --output-file
 * @returns {{ passed: number, failed: number, skipped: number, reasons: string[] }}
 */
export function readResults (file) {
  let text = ''
  try { text = readFileSync(file, 'utf8') } catch { /* the runner fell over before it wrote anything */ }
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const [, line] of text.matchAll(/^# \{ total: \d+(.*)\}$/gm)) { // the outermost summary stands at the margin
    const count = word => Number(line.match(new RegExp(`${word}: (\\d+)`))?.[1] ?? 0)
    counts.passed += count('pass')
    counts.failed += count('fail')
    counts.skipped += count('skip') + count('todo')
  }
  const skips = [...text.matchAll(/^\s*(?:not )?ok \d+(?: - )?(.*?) # (?:SKIP|TODO)\b ?(.*?)(?: \{)?$/gmi)]
  return { ...counts, reasons: skips.map(([, name, reason]) => [name.trim(), reason.trim()].filter(Boolean).join(': ')) }
}
