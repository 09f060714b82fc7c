import { readFileSync } from 'node:fs'

/**
 * Counts the assertions of a TAP file and lists what was skipped and what failed, with the difference found.
 * @param {string} file written by tap --output-file
 * @returns {{ passed: number, failed: number, skipped: number, reasons: string[], failures: string[] }}
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
  const reasons = skips.map(([, name, reason]) => [name.trim(), reason.trim()].filter(Boolean).join(': '))
  return { ...counts, reasons, failures: [...crashes(text), ...failures(text)] }
}

/** A failed assertion carries no time, a failed group does; the quoted source at the end is left out. */
function failures (text) {
  return [...text.matchAll(/^( *)not ok \d+ - ((?!.* # (?:time=|SKIP|TODO)).*)\n\1 {2}---\n([^]*?)\n\1 {2}\.\.\.$/gm)]
    .map(([, margin, name, detail]) => `${name}\n${detail.split(`\n${margin}  source:`)[0].replaceAll(`\n${margin}`, '\n').slice(margin.length)}`)
}

/** tap's reporter shows a file that fell over before its first test as skipped; it counts as failed. */
function crashes (text) {
  return [...text.matchAll(/^# Subtest: (.+)\n {4}1\.\.0 # no tests found\nnot ok/gm)].map(([, file]) => `${file} ended before its first test`)
}
