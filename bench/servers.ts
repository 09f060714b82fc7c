import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'

export interface Running { origin: string, pid: number, startedIn: number, stop: () => Promise<void> }

const ROOT = path.join(import.meta.dirname, '..')
const FLAGS = ['--disable-warning=ExperimentalWarning']

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function run (file: string, environment: Record<string, string>): Promise<Running> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const begun = performance.now()
  const child = spawn(process.execPath, [...FLAGS, path.join(ROOT, file)], { cwd: ROOT, env: { ...process.env, ...environment, PORT: String(port), HOST: '127.0.0.1' }, stdio: ['ignore', 'ignore', 'inherit'] })
  await answering(origin, child)
  return { origin, pid: child.pid as number, startedIn: performance.now() - begun, stop: async () => { child.kill('SIGTERM'); await once(child, 'exit') } }
}

/** Waits for the first answer; a server that ends instead is an error. */
async function answering (origin: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`server ended with ${child.exitCode}`)
    const ready = await fetch(`${origin}/healthz`).then(response => response.ok, () => false)
    if (ready) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** The portal as it is started in production, its log thrown away. */
export async function startPortal (environment: Record<string, string>): Promise<Running> {
  return await run('src/server.ts', { SUNLIT_LOG: 'info', SUNLIT_RATE: '100000', ...environment })
}

/** A bare Fastify server that sends the bytes of `file` for every address: the reference of all ratios. */
export async function startBare (file: string): Promise<Running> {
  return await run('bench/bare.ts', { BENCH_FILE: file })
}

/** Processor time that a process has used so far, in milliseconds (Linux; 0 elsewhere). */
export function processorTime (pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return 0
  }
}

/** Memory that a process holds, in MB (Linux; 0 elsewhere). */
export function memory (pid: number, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  try {
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Makes the peak of a process's memory begin anew (Linux; nothing elsewhere). */
export function resetPeak (pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch { /* another system: the peak is that of its whole life */ }
}
