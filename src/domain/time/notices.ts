import { addDays, isDate, type CalendarDay } from './calendar.ts'

/** A day that a notice of the State Council names: a rest day on a weekday, or a weekend day on which people work. */
export interface NoticeDay { date: string, isWorkday: boolean, name: string }
/** A year's notice (放假安排): `papers` are the addresses of its publication, where the file names them. */
export interface Notice { year: number, days: NoticeDay[], papers: string[] }

/** What is wrong with a notice, by row (1 is the first; 0 the whole); words at `notice_fault.<code>`. */
export interface NoticeFault { row: number, code: 'not_json' | 'no_year' | 'no_days' | 'too_many' | 'bad_line' | 'bad_date' | 'other_year' | 'twice' | 'no_name' | 'needless', value: string }

/** More days than any year's notice names. */
const MOST = 120
const LINE = /^(\d{4}-\d{2}-\d{2})\s+(休|放假|班|上班)\s+(\S.*)$/

/**
 * Reads a notice: a file of holiday-cn (JSON with year and days), a table with commas whose head names date, name and isOffDay, or one day a line such as
 * 2027-01-01 休 元旦 and 2027-01-03 班 元旦. Every fault is
 * named; with any, nothing of it is taken.
 */
export function readNotice (text: string): { notice: Notice, faults: NoticeFault[] } {
  const head = headOf(text)
  const { notice, faults } = text.trimStart().startsWith('{') ? readJson(text) : head === null ? readLines(text) : readTable(text, head)
  return { notice, faults: faults.length > 0 ? faults : checked(notice) }
}

function readJson (text: string): { notice: Notice, faults: NoticeFault[] } {
  const none: Notice = { year: 0, days: [], papers: [] }
  let file: { year?: unknown, days?: unknown, papers?: unknown }
  try {
    file = JSON.parse(text) as typeof file
  } catch {
    return { notice: none, faults: [{ row: 0, code: 'not_json', value: '' }] }
  }
  const { year, days, papers } = file
  if (typeof year !== 'number' || !Number.isInteger(year) || year < 2000 || year > 2100) return { notice: none, faults: [{ row: 0, code: 'no_year', value: short(year) }] }
  const rows: unknown[] = Array.isArray(days) ? days.slice(0, MOST + 1) : []
  const found = rows.map((row, at): NoticeDay | NoticeFault => {
    const { date, isOffDay, name } = (typeof row === 'object' && row !== null ? row : {}) as { date?: unknown, isOffDay?: unknown, name?: unknown }
    if (typeof date !== 'string' || typeof isOffDay !== 'boolean' || typeof name !== 'string') return { row: at + 1, code: 'bad_line', value: short(row) }
    return { date, isWorkday: !isOffDay, name: name.trim() }
  })
  return {
    notice: { year, days: found.filter(row => 'date' in row), papers: Array.isArray(papers) ? papers.filter((paper): paper is string => typeof paper === 'string' && /^https?:\/\/\S{1,300}$/.test(paper)).slice(0, 5) : [] },
    faults: found.filter(row => 'code' in row)
  }
}

function readLines (text: string): { notice: Notice, faults: NoticeFault[] } {
  const days: NoticeDay[] = []
  const faults: NoticeFault[] = []
  for (const [at, line] of text.normalize('NFKC').split(/\r?\n/).slice(0, 2000).entries()) {
    if (line.trim() === '') continue
    const [, date, kind, name] = LINE.exec(line.trim()) ?? []
    if (date === undefined || kind === undefined || name === undefined) faults.push({ row: at + 1, code: 'bad_line', value: short(line) })
    else days.push({ date, isWorkday: kind === '班' || kind === '上班', name: name.trim() })
  }
  return { notice: { year: yearOf(days), days, papers: [] }, faults: faults.slice(0, 20) }
}

/** What the columns of a table may be called, and what stands for a rest day in one. */
const COLUMNS = { date: ['date', '日期'], name: ['name', '名称', '节日'], off: ['isoffday', '休息', '是否休息', '类型'] } as const
const OFF: Readonly<Record<string, boolean>> = { true: true, 1: true, 是: true, 休: true, 休息: true, 放假: true, false: false, 0: false, 否: false, 班: false, 上班: false }
type Head = Record<keyof typeof COLUMNS, number>

/** Where the columns of a table stand; null for a text that is none. */
function headOf (text: string): Head | null {
  const names = cellsOf(text.trimStart().split(/\r?\n/, 1)[0] ?? '').map(cell => cell.toLowerCase())
  const at = (column: keyof Head): number => names.findIndex(name => (COLUMNS[column] as readonly string[]).includes(name))
  const head = { date: at('date'), name: at('name'), off: at('off') }
  return Object.values(head).some(place => place < 0) ? null : head
}

function cellsOf (line: string): string[] {
  return line.normalize('NFKC').split(',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1').replaceAll('""', '"').trim())
}

function readTable (text: string, { date, name, off }: Head): { notice: Notice, faults: NoticeFault[] } {
  const days: NoticeDay[] = []
  const faults: NoticeFault[] = []
  for (const [at, line] of text.trimStart().split(/\r?\n/).slice(0, 2000).entries()) {
    const cells = cellsOf(line)
    if (at === 0 || cells.every(cell => cell === '')) continue
    const isOff = OFF[(cells[off] ?? '').toLowerCase()]
    if (isOff === undefined) faults.push({ row: at + 1, code: 'bad_line', value: short(line) })
    else days.push({ date: (cells[date] ?? '').replaceAll('/', '-').replace(/-(\d)(?!\d)/g, '-0$1'), isWorkday: !isOff, name: cells[name] ?? '' })
  }
  return { notice: { year: yearOf(days), days, papers: [] }, faults: faults.slice(0, 20) }
}

/** The year of most days: a notice for a year may name days at the end of the one before. */
function yearOf (days: readonly NoticeDay[]): number {
  const counts = new Map<number, number>()
  for (const { date } of days) counts.set(Number(date.slice(0, 4)), (counts.get(Number(date.slice(0, 4))) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}

function checked ({ year, days }: Notice): NoticeFault[] {
  if (days.length === 0) return [{ row: 0, code: 'no_days', value: String(year === 0 ? '' : year) }]
  if (days.length > MOST) return [{ row: 0, code: 'too_many', value: String(MOST) }]
  const seen = new Set<string>()
  return days.flatMap(({ date, isWorkday, name }, at): NoticeFault[] => {
    const fault = (code: NoticeFault['code'], value = date): NoticeFault[] => [{ row: at + 1, code, value: short(value) }]
    if (!isDate(date)) return fault('bad_date')
    if (date < `${year - 1}-12-20` || date > `${year + 1}-01-10`) return fault('other_year')
    if (seen.has(date)) return fault('twice')
    seen.add(date)
    if (name === '' || [...name].length > 40) return fault('no_name', name)
    return isWorkday && !isWeekend(date) ? fault('needless') : []
  })
}

/** Every day of the notice's year, and what it says of the days around it. */
export function daysOfNotice ({ year, days }: Notice): Array<CalendarDay & { isWorkday: boolean, name: string | null }> {
  const named = new Map(days.map(day => [day.date, day]))
  const whole = []
  for (let date = `${year}-01-01`; date <= `${year}-12-31`; date = addDays(date, 1)) whole.push({ date, isWorkday: named.get(date)?.isWorkday ?? !isWeekend(date), name: named.get(date)?.name ?? null })
  return [...whole, ...days.filter(({ date }) => !date.startsWith(String(year)))]
}

/** The year whose notice should be there and is not: the present one at any time, the next one from the first of November, when the State Council has announced it. */
export function missingYear (today: string, covers: (date: string) => boolean): number | null {
  const year = Number(today.slice(0, 4))
  if (!covers(`${year}-12-31`)) return year
  return today >= `${year}-11-01` && !covers(`${year + 1}-12-31`) ? year + 1 : null
}

function isWeekend (date: string): boolean {
  return [0, 6].includes(new Date(date).getUTCDay())
}

function short (value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value) ?? '').slice(0, 60)
}
