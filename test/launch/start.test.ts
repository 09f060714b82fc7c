import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'

const START = path.join(import.meta.dirname, '../../src/launch/start.js')
const GROUP = process.platform !== 'win32'

interface Running { child: ChildProcess, output: () => string, ended: Promise<number | null> }

/** `npm start` without npm, in a process group of its own, with a database that is gone afterwards. */
function start (folder: string, environment: Record<string, string>): Running {
  const child = spawn(process.execPath, [START], {
    detached: GROUP,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '', SUNLIT_DATA: folder, SUNLIT_DEMO: 'off', SUNLIT_LOG: 'silent', PORT: '0', ...environment }
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => { text += part })
  return { child, output: () => text, ended: once(child, 'close').then(([code]) => code as number | null) }
}

/** Waits for the address that the server prints. */
async function addressOf ({ child, output, ended }: Running): Promise<string> {
  for (let known: string | undefined; ; await Promise.race([once(child.stdout ?? child, 'data'), ended])) {
    known = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0]
    if (known !== undefined) return known
    if (child.exitCode !== null) throw new Error(output())
  }
}

t.test('it serves, and closes well when npm, launcher and terminal all pass on the same signal', async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const running = start(t.testdir({}), {})
    const address = await addressOf(running)
    t.equal((await fetch(`${address}/healthz`)).status, 200)
    const request = connect(Number(new URL(address).port), '127.0.0.1') // begun before the signal, sent whole after it
    request.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    await setTimeout(100)
    for (let times = 0; times < 3; times++) {
      if (GROUP) process.kill(-(running.child.pid ?? 0), signal)
      else if (times === 0) running.child.kill(signal)
      await setTimeout(60)
    }
    request.write('Connection: close\r\n\r\n')
    const [answer] = await Promise.race([once(request, 'data'), once(request, 'close').then(() => ['nothing'])])
    t.match(String(answer), /^HTTP\/1\.1 /, `${signal}: a request in flight is answered`)
    t.equal(await running.ended, 0, signal)
  }
})

t.test('a port in use is said in plain words', async t => {
  const first = start(t.testdir({ a: {}, b: {} }) + '/a', {})
  t.teardown(async () => { first.child.kill(); await first.ended })
  const { port } = new URL(await addressOf(first))
  const second = start(t.testdirName + '/b', { PORT: port })
  t.equal(await second.ended, 1)
  t.match(second.output(), port)
  t.notMatch(second.output(), /\n\s+at /, 'no stack trace')
})

t.test('every faulty setting is named at once', async t => {
  const { ended, output } = start(t.testdir({}), { PORT: 'eighty', SITE_BASE_PATH: 'zfjd/' })
  t.equal(await ended, 1)
  t.match(output(), /PORT/)
  t.match(output(), /eighty/)
  t.match(output(), /SITE_BASE_PATH/)
  t.notMatch(output(), /\n\s+at /, 'no stack trace')
})
