import path from 'node:path'
import { listCounts } from '../src/catalogue/lists/engine/find.ts'
import type { RegisterList } from '../src/catalogue/lists/definition.ts'
import { REGISTER } from '../src/catalogue/register/service.ts'
import { openDatabase } from '../src/db/open.ts'
import { createPaths } from '../src/paths.ts'
import { latency } from './load.ts'
import { memory, processorTime, resetPeak, type Running } from './servers.ts'
import { ms, type Line } from './table.ts'

const pathTo = createPaths('')
/** What nothing may cost at 22,000 records, whatever is asked (processor time). */
const MOST_MS = 200

interface Filtered { list: RegisterList, records: number, paths: string[] }

/** For every list that has records and two facets: addresses that choose a value of each, a different pair each time. */
export async function filteredLists (environment: Record<string, string>, count: number): Promise<Filtered[]> {
  const db = await openDatabase(`sqlite:${path.join(environment['SUNLIT_DATA'] as string, 'sunlit.db')}`)
  try {
    const found: Filtered[] = []
    for (const list of REGISTER) {
      const counts = await listCounts(db, list)
      const facets = list.facets.map(({ name }) => ({ name, values: [...counts[name]?.keys() ?? []] })).filter(({ values }) => values.length > 0)
      const [first, second] = facets
      const records = Math.max(0, ...facets.map(({ name }) => [...counts[name]?.values() ?? []].reduce((sum, n) => sum + n, 0)))
      if (first === undefined || second === undefined) continue
      const paths = Array.from({ length: count }, (_, at) => pathTo('zh-CN', list.route, list.params, {
        [first.name]: first.values[at % first.values.length], [second.name]: second.values[at % second.values.length], n: at
      }))
      found.push({ list, records, paths })
    }
    return found
  } finally {
    await db.destroy()
  }
}

/** One line for each list, first page, two facets chosen. */
export async function listLines (portal: Running, lists: readonly Filtered[]): Promise<Line[]> {
  const lines: Line[] = []
  for (const { list, records, paths } of lists) {
    await latency(portal, paths.slice(0, 20).map(one => ({ path: one })))
    const found = await latency(portal, paths.slice(20).map(one => ({ path: one })))
    lines.push({
      what: `List of ${list.name} with two facets (${records} records, ${paths.length - 20} asked)`,
      measured: `p50 ${ms(found.p50)}, p99 ${ms(found.p99)}, worst ${ms(found.worst)}${found.errors > 0 ? `, ${found.errors} errors` : ''}`,
      hold: 'p99 ≤ 15 ms',
      held: found.p99 <= 15 && found.errors === 0
    })
  }
  return lines
}

const LONG = '食品安全处罚'.repeat(1700)

/** Questions made to be dear or odd; each is asked ten times with another ending, and the dearest counts. */
const HOSTILE: readonly string[] = [
  `q=${encodeURIComponent(LONG)}`, 'q=%00', 'q=%EF%BC%9F%E3%80%82%EF%BC%81', 'q=*&sort=updated', 'q=%E7%BD%9A', 'q=的', 'q=行政处罚&page=1000000000', `q=${'a '.repeat(200)}`,
  `q=${encodeURIComponent('处 罚 食 品 行 政 许 可')}`, Array.from({ length: 50 }, (_, at) => `agency=x${at}`).join('&'), 'q=spjyxk', 'q=%F0%9F%98%80'
]

/** The processor time of the dearest of the odd questions, on the matters' list and in the search over everything. */
export async function hostileLine (portal: Running): Promise<Line> {
  let [worst, dearest, faults] = [0, '', 0]
  for (const address of ['/matters', '/search']) {
    for (const query of HOSTILE) {
      const before = processorTime(portal.pid)
      for (let at = 0; at < 10; at++) {
        const { status } = await fetch(`${portal.origin}${address}?${query}&n=${at}`)
        if (status >= 500) faults++
      }
      const each = (processorTime(portal.pid) - before) / 10
      if (each > worst) [worst, dearest] = [each, `${address}?${query.slice(0, 24)}`]
    }
  }
  return { what: `The dearest of ${HOSTILE.length * 2} odd questions`, measured: `${ms(worst)} of processor (${dearest})${faults > 0 ? `, ${faults} faults` : ''}`, hold: `≤ ${MOST_MS} ms`, held: worst <= MOST_MS && faults === 0 }
}

/** The whole list of matters as a file: how long it takes, how much memory it needs at its peak, and how long others wait meanwhile. */
export async function exportLines (portal: Running, formats: readonly string[]): Promise<Line[]> {
  const lines: Line[] = []
  for (const format of formats) {
    resetPeak(portal.pid)
    const before = memory(portal.pid)
    const begun = performance.now()
    const answer = await fetch(`${portal.origin}/exports/matters/${format}`)
    let [bytes, waited] = [0, 0]
    const read = new AbortController()
    const neighbour = (async () => {
      while (!read.signal.aborted) {
        const asked = performance.now()
        await (await fetch(`${portal.origin}/healthz`)).arrayBuffer()
        waited = Math.max(waited, performance.now() - asked)
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    })()
    for await (const part of answer.body ?? []) bytes += (part as Uint8Array).length
    read.abort()
    await neighbour
    const peak = memory(portal.pid, 'VmHWM') - before
    lines.push({
      what: `All matters as ${format.toUpperCase()} (${(bytes / 1_048_576).toFixed(1)} MB)`,
      measured: `${((performance.now() - begun) / 1000).toFixed(2)} s, ${peak.toFixed(0)} MB more at the peak, others waited ≤ ${ms(waited)}`,
      hold: 'flat memory, others ≤ 50 ms',
      held: answer.ok && peak <= 64 && waited <= 50
    })
  }
  return lines
}
