import { SORTS, VIEWS } from '../src/complaints/case/reading/repository.ts'
import { latency, type Ask } from './load.ts'
import { processorTime, type Running } from './servers.ts'
import { ms, type Line } from './table.ts'

const HOLD = 30
const FILTERS = ['', 'handler=none', 'ground=G01', 'due=overdue', 'status=accepted&status=investigating', 'q=%E5%B8%82%E5%9C%BA', 'size=100', 'unread=1', 'priority=high']

/** The list of cases as a clerk asks for it: every view in every order, and with each filter. One line for the worst view, one for all questions together. */
export async function queueLines (portal: Running, cookie: string, stored: number, rounds: number): Promise<Line[]> {
  const asks = (query: string): Ask => ({ path: `/desk/queue?${query}`, headers: { cookie } })
  const worst: Array<{ view: string, p99: number }> = []
  const every: Ask[] = []
  for (const view of VIEWS) {
    const questions = ['', ...SORTS].map(sort => `view=${view}&sort=${sort}`).concat(FILTERS.map(filter => `view=${view}&${filter}`))
    const list = Array.from({ length: rounds }, () => questions).flat().map(asks)
    await latency(portal, list.slice(0, questions.length))
    const plain = Array.from({ length: rounds * 10 }, () => asks(`view=${view}`))
    worst.push({ view, p99: (await latency(portal, plain)).p99 })
    every.push(...list)
  }
  const [slowest] = worst.sort((a, b) => b.p99 - a.p99)
  const before = processorTime(portal.pid)
  const all = await latency(portal, every)
  const each = (processorTime(portal.pid) - before) / every.length
  return [
    { what: `Queue of staff, the slowest view (${slowest?.view ?? ''}; ${stored} complaints stored)`, measured: `p99 ${ms(slowest?.p99 ?? 0)}`, hold: `p99 ≤ ${HOLD} ms`, held: (slowest?.p99 ?? HOLD + 1) <= HOLD },
    { what: `Queue, every view in every order and with filters (${every.length} asked, ≤ ${(all.bytes / 1024).toFixed(0)} KB)`, measured: `p50 ${ms(all.p50)}, p99 ${ms(all.p99)}, worst ${ms(all.worst)}, processor ${ms(each)} each${all.errors > 0 ? `, ${all.errors} errors` : ''}`, hold: `p99 ≤ ${HOLD} ms`, held: all.p99 <= HOLD && all.errors === 0 }
  ]
}
