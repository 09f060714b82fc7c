/** The most that a spreadsheet keeps in one cell is 32,767 characters. */
const MOST = 32_000

/** A leading = + - @ tab or line break would be run or swallowed by a spreadsheet: an apostrophe makes it text. NUL and other controls go (security.md V-10). */
export function harmless (cell: string): string {
  const text = printable(cell)
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
}

/** A text without what neither XML nor a spreadsheet can hold. */
export function printable (cell: string): string {
  return cell.replace(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]|\p{Cs}/gu, '').slice(0, MOST)
}
