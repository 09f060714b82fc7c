import { createWriteStream, writeFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Worker } from 'node:worker_threads'
import { ATTACHMENTS, FileRefused, KIND_NAMES, type FileKindName } from '../limits.ts'
import { inspect } from './inspect.ts'

/**
 * Looks at one file and ends: its bytes come through the standard input, a copy that was made anew leaves through the standard output, what was
 * found through the third pipe. A process of its own, because what decodes strangers' files may hang, grow or crash.
 */
const [given = '', most = '0', black = '[]'] = process.argv.slice(2)

function firstToGo (): void {
  // Where memory runs out this process ends, not the portal.
  try { writeFileSync('/proc/self/oom_score_adj', '1000') } catch { /* another system, or not allowed */ }
  new Worker(new URL('./watchdog.ts', import.meta.url), { workerData: { megabytes: Number(most) } }).unref()
}

async function readAll (): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    size += (chunk as Buffer).length
    if (size > ATTACHMENTS.bytes) throw new FileRefused('too_large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

async function main (): Promise<void> {
  firstToGo()
  const kind = KIND_NAMES.find(name => name === given) as FileKindName
  let answer: object
  try {
    const { content = [], ...found } = await inspect(await readAll(), kind, JSON.parse(black) as number[][])
    await pipeline(content, createWriteStream('', { fd: 1 }))
    answer = { ok: true, ...found }
  } catch (error) {
    answer = { ok: false, reason: error instanceof FileRefused ? error.reason : 'broken' }
  }
  await pipeline([JSON.stringify(answer)], createWriteStream('', { fd: 3 }))
  process.exit(0)
}

await main()
