import { spawn, type ChildProcess } from 'node:child_process'
import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { AppError } from '../errors.ts'
import { FILE_KINDS, FILE_REFUSALS, FileRefused, type FileKindName, type FileRefusal } from './limits.ts'
import { pour } from './pour.ts'
import type { StoredFile } from './store.ts'

/** What a file proved to be; `copy` is what `keep` stored of the one made anew, null where files of this kind are kept as they came. */
export interface Verdict { mediaType: string, active: boolean, copy: StoredFile | null }
type Answer = { ok: true, mediaType: string, active: boolean } | { ok: false, reason: FileRefusal }

/** Stores a copy as it comes; it must store nothing when its source fails. */
export type Keep = (content: AsyncIterable<Uint8Array>) => Promise<StoredFile>

/** What one check may take. Forty million pixels unpack to 160 MB, and are held twice while they are turned. */
export const CHECK_LIMITS = { seconds: 30, megabytes: 900, heap: 256, atOnce: 2, waiting: 40 } as const

const MAIN = path.join(import.meta.dirname, 'checker', 'main.ts')

/**
 * Has a process of its own look at a file and make it anew. A file on which that process hangs, grows too large or crashes is `broken`; nothing
 * of it reaches the portal. `black`: pieces of a picture (x, y, width, height in thousandths) that the copy shows black. Throws FileRefused, `checks_busy`, and what the source or `keep` throw.
 */
export async function check (source: Readable, kind: FileKindName, keep: Keep, black: readonly number[][] = []): Promise<Verdict> {
  const release = await place()
  try {
    return await checkWith(start(kind, black), { source, kind, keep })
  } finally {
    source.destroy()
    release()
  }
}

async function checkWith (child: ChildProcess, { source, kind, keep }: { source: Readable, kind: FileKindName, keep: Keep }): Promise<Verdict> {
  const timer = setTimeout(() => { child.kill('SIGKILL') }, CHECK_LIMITS.seconds * 1000)
  try {
    const answer = answerOf(child)
    answer.catch(() => undefined) // told to whoever waits for it
    const [fed, kept] = await Promise.allSettled([feed(source, child), FILE_KINDS[kind].rewritten ? keep(copied(child, answer)) : nothing(child)])
    for (const end of [fed, kept]) if (end.status === 'rejected') throw end.reason
    const { mediaType, active } = accepted(await answer)
    return { mediaType, active, copy: kept.status === 'fulfilled' ? kept.value : null }
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}

/** Without our environment (it may hold passwords), and where Node can do it without a right to write or start anything. */
function start (kind: FileKindName, black: readonly number[][]): ChildProcess {
  const root = path.resolve(import.meta.dirname, '../..')
  const readable = [path.join(root, 'package.json'), import.meta.dirname, path.join(root, 'node_modules'), realpathSync(path.join(root, 'node_modules'))]
  const fenced = process.allowedNodeEnvironmentFlags.has('--permission')
    ? ['--permission', '--allow-addons', '--allow-worker', ...[...new Set(readable)].map(folder => `--allow-fs-read=${folder}`)]
    : []
  const stripping = process.execArgv.filter(flag => flag === '--experimental-strip-types')
  return spawn(process.execPath, [...stripping, '--no-warnings', `--max-old-space-size=${CHECK_LIMITS.heap}`, ...fenced, MAIN, kind, String(CHECK_LIMITS.megabytes), JSON.stringify(black)], {
    env: { MALLOC_ARENA_MAX: '2' }, stdio: ['pipe', 'pipe', 'ignore', 'pipe'], windowsHide: true
  })
}

/** Where the source fails nobody waits for the child any more. */
async function feed (source: Readable, child: ChildProcess): Promise<void> {
  await pour(source, child.stdin as Writable).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
}

/** What the child found, once it has ended; null when it told nothing. */
async function answerOf (child: ChildProcess): Promise<Answer | null> {
  const told: Buffer[] = []
  ;(child.stdio[3] as Readable).on('data', chunk => { told.push(chunk as Buffer) }).on('error', () => undefined)
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      try { resolve(JSON.parse(Buffer.concat(told).toString()) as Answer) } catch { resolve(null) }
    })
  })
}

function accepted (answer: Answer | null): Answer & { ok: true } {
  if (answer?.ok === true) return answer
  throw new FileRefused(answer !== null && FILE_REFUSALS.includes(answer.reason) ? answer.reason : 'broken')
}

async function nothing (child: ChildProcess): Promise<null> {
  child.stdout?.resume()
  return null
}

/** The copy, which fails at its end when the child has found a fault. */
async function * copied (child: ChildProcess, answer: Promise<Answer | null>): AsyncGenerator<Uint8Array> {
  for await (const chunk of child.stdout as Readable) yield chunk as Buffer
  accepted(await answer)
}

let running = 0
const waiting: Array<() => void> = []

/** Waits for a turn: a few checks at once leave the machine to the portal. Returns what ends the turn. Errors: `checks_busy`. */
async function place (): Promise<() => void> {
  if (waiting.length >= CHECK_LIMITS.waiting) throw new AppError('checks_busy')
  if (running >= CHECK_LIMITS.atOnce) await new Promise<void>(resolve => { waiting.push(resolve) })
  else running++
  return () => {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}
