import autocannon from 'autocannon'
import { Agent, request } from 'node:http'
import { processorTime, type Running } from './servers.ts'

export interface Burst { perSecond: number, cpuMicroseconds: number, errors: number }
export interface Latency { p50: number, p99: number, worst: number, errors: number, bytes: number }

/** Loads a server for some seconds over 16 connections; `address` gives each request its path. */
export async function burst (server: Running, seconds: number, address: () => string): Promise<Burst> {
  const before = processorTime(server.pid)
  const result = await autocannon({
    url: server.origin,
    connections: 16,
    duration: seconds,
    requests: [{ method: 'GET', setupRequest: given => ({ ...given, path: address() }) }]
  })
  const answered = result['2xx']
  return { perSecond: answered / seconds, cpuMicroseconds: (processorTime(server.pid) - before) * 1000 / Math.max(1, answered), errors: result.non2xx + result.errors }
}

export interface Ratio { throughput: number, cpu: number, perSecond: number, bare: number, errors: number }

/** Portal and bare server in turn, three rounds; the median round counts, so that a busy machine does not decide. */
export async function againstBare (portal: Running, bare: Running, address: () => string, seconds = 3): Promise<Ratio> {
  const rounds: Ratio[] = []
  await burst(portal, 1, address)
  await burst(bare, 1, address)
  for (let round = 0; round < 3; round++) {
    const [ours, theirs] = [await burst(portal, seconds, address), await burst(bare, seconds, address)]
    rounds.push({ throughput: ours.perSecond / theirs.perSecond, cpu: theirs.cpuMicroseconds / ours.cpuMicroseconds, perSecond: ours.perSecond, bare: theirs.perSecond, errors: ours.errors + theirs.errors })
  }
  return rounds.sort((a, b) => a.throughput - b.throughput)[1] as Ratio
}

export interface Ask { path: string, method?: 'GET' | 'POST', headers?: Record<string, string>, body?: string, expect?: number }

/** Asks all questions, `atOnce` at a time, and takes the time of each from first byte sent to last byte received. */
export async function latency (server: Running, asks: readonly Ask[], atOnce = 1): Promise<Latency> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const times: number[] = []
  let [at, errors, bytes] = [0, 0, 0]
  async function worker (): Promise<void> {
    for (let ask = asks[at++]; ask !== undefined; ask = asks[at++]) {
      const begun = performance.now()
      const answer = await once(server, agent, ask)
      times.push(performance.now() - begun)
      bytes = Math.max(bytes, answer.bytes)
      if (answer.status !== (ask.expect ?? 200)) errors++
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  agent.destroy()
  times.sort((a, b) => a - b)
  const share = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
  return { p50: share(0.5), p99: share(0.99), worst: times.at(-1) ?? 0, errors, bytes }
}

async function once (server: Running, agent: Agent, ask: Ask): Promise<{ status: number, bytes: number }> {
  return await new Promise((resolve, reject) => {
    const sent = request(`${server.origin}${ask.path}`, { agent, method: ask.method ?? 'GET', headers: ask.headers ?? {} }, response => {
      let bytes = 0
      response.on('data', (part: Buffer) => { bytes += part.length })
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, bytes }) })
    })
    sent.on('error', reject)
    sent.end(ask.body)
  })
}
