import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { pour } from './pour.ts'

/** What a virus scanner said of a file; `silent` when it could not be asked or did not answer in time. */
export type Scan = 'clean' | 'infected' | 'silent'

const SECONDS = 60

/**
 * Asks the scanner that the settings name: a command and its words, e.g. `clamdscan --no-summary -`. It reads the file from the standard input
 * and ends with 0 (nothing found) or 1 (infected); anything else is no answer.
 * It gets nothing of our environment, which may hold passwords. Throws what the source throws.
 */
export async function scan (command: readonly string[], source: Readable): Promise<Scan> {
  const [program, ...words] = command
  if (program === undefined) { source.destroy(); return 'clean' }
  const child = spawn(program, words, { env: {}, stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true })
  const timer = setTimeout(() => { child.kill('SIGKILL') }, SECONDS * 1000)
  const answer = new Promise<Scan>(resolve => {
    child.once('error', () => { resolve('silent') })
    child.once('close', code => { resolve(code === 0 ? 'clean' : code === 1 ? 'infected' : 'silent') })
  })
  try {
    await pour(source, child.stdin)
    return await answer
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}
