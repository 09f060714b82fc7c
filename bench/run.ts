import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { cityRows, givenCity } from './city.ts'
import { againstBare, latency } from './load.ts'
import { memory, startBare, startPortal, type Running } from './servers.ts'
import { exportLines, filteredLists, hostileLine, listLines } from './register.ts'
import { givenCases } from './cases.ts'
import { queueLines } from './queue.ts'
import { submissions } from './submissions.ts'
import { ms, printTable, ratio, type Line } from './table.ts'

/**
 * `npm run bench`: one command, one run, one table. Everything is measured against a bare Fastify server that sends the same bytes,
 * in the same run, because machines differ and are shared. `-- --quick` halves the time.
 */
const quick = process.argv.includes('--quick')
const seconds = quick ? 1 : 3
const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-bench-'))
const say = (line: string): void => { process.stderr.write(`${line}\n`) }

async function pageAgainstBare (portal: Running, what: string, sample: string, address: () => string, hold: number): Promise<Line> {
  const html = Buffer.from(await (await fetch(portal.origin + sample)).arrayBuffer())
  const file = path.join(folder, 'page.html')
  writeFileSync(file, html)
  const bare = await startBare(file)
  try {
    const result = await againstBare(portal, bare, address, seconds)
    const errors = result.errors > 0 ? `, ${result.errors} errors` : ''
    return {
      what: `${what} (${(html.length / 1024).toFixed(0)} KB)`,
      measured: `${ratio(result.throughput)} of bare (${result.perSecond.toFixed(0)}/s to ${result.bare.toFixed(0)}/s; processor ${ratio(result.cpu)})${errors}`,
      hold: `≥ ${hold.toFixed(2)} of bare`,
      held: result.throughput >= hold && result.errors === 0
    }
  } finally {
    await bare.stop()
  }
}

async function lookups (portal: Running, what: string, paths: readonly string[], p99: number): Promise<Line> {
  await latency(portal, paths.slice(0, 50).map(one => ({ path: one })))
  const found = await latency(portal, paths.slice(50).map(one => ({ path: one })))
  return {
    what: `${what} (${paths.length - 50} asked, ≤ ${(found.bytes / 1024).toFixed(0)} KB)`,
    measured: `p50 ${ms(found.p50)}, p99 ${ms(found.p99)}, worst ${ms(found.worst)}${found.errors > 0 ? `, ${found.errors} errors` : ''}`,
    hold: `p99 ≤ ${p99} ms`,
    held: found.p99 <= p99 && found.errors === 0
  }
}

/** Second start on a database that is ready: what a restart costs. */
async function startUp (environment: Record<string, string>): Promise<Line> {
  const times: number[] = []
  let idle = 0
  for (let round = 0; round < 3; round++) {
    const portal = await startPortal(environment)
    times.push(portal.startedIn)
    await new Promise(resolve => setTimeout(resolve, 1000))
    idle = memory(portal.pid)
    await portal.stop()
  }
  const median = times.sort((a, b) => a - b)[1] as number
  return { what: 'Start to first answer, database ready', measured: `${(median / 1000).toFixed(2)} s, idle memory ${idle.toFixed(0)} MB`, hold: '≤ 1.50 s, ≤ 160 MB', held: median <= 1500 && idle <= 160 }
}

const lines: Line[] = []
try {
  say('bench: building a city of 22,000 matters and 23,000 officers …')
  const environment = await givenCity(path.join(folder, 'city'), 1)
  const rows = await cityRows(environment)
  const portal = await startPortal(environment)
  say('bench: public pages …')
  const hot = `/matters/${rows.codes[0] ?? ''}`
  lines.push(await pageAgainstBare(portal, 'Hot matter page', hot, () => hot, 0.8))
  lines.push(await pageAgainstBare(portal, 'Hot prohibition page', '/prohibitions/4', () => '/prohibitions/4', 0.8))
  lines.push(await pageAgainstBare(portal, 'Hot home page', '/', () => '/', 0.8))
  let cold = 0
  lines.push(await pageAgainstBare(portal, 'Cold matter page, never asked before', hot, () => `/matters/${rows.codes[cold % rows.codes.length] ?? ''}?cold=${cold++}`, 0.07))
  say('bench: search and verification …')
  const search = rows.pairs.map((pair, at) => `/matters?q=${encodeURIComponent(pair)}&category=${at % 2 === 0 ? 'penalty' : 'permit'}&n=${at}`)
  lines.push(await lookups(portal, 'Search with a facet, any two characters', search, 15))
  lines.push(await lookups(portal, 'Officer verification', rows.certificates.map(number => `/verify?number=${encodeURIComponent(number)}`), 5))
  say('bench: lists and odd questions …')
  lines.push(...await listLines(portal, await filteredLists(environment, quick ? 120 : 320)))
  lines.push(await hostileLine(portal))
  lines.push(...await exportLines(portal, ['csv', 'xlsx', 'json']))
  say('bench: complaints …')
  lines.push(await submissions(portal, environment, quick ? 300 : 1000))
  say('bench: the queue of staff …')
  lines.push(...await queueLines(portal, await givenCases(environment, 50_000), 50_000, quick ? 3 : 10))
  await portal.stop()
  lines.push(await startUp(environment))
  if (!quick) {
    say('bench: ten times the records …')
    const larger = await givenCity(path.join(folder, 'larger'), 10)
    const tenfold = await startPortal(larger)
    lines.push(await lookups(tenfold, 'The same search at 220,000 matters', search, 45))
    await tenfold.stop()
  }
  process.stdout.write(`${printTable(lines)}\n\n${os.cpus()[0]?.model ?? ''}, ${os.cpus().length} processors, Node ${process.version}; load generator on the same machine\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
