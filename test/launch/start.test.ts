import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'

const START = path.join(import.meta.dirname, '../../src/launch/start.js')
const GROUP = process.platform !== 'win32'

const RUN = path.join(import.meta.dirname, '../../src/launch/run.js')

interface Running { child: ChildProcess, output: () => string, ended: Promise<number | null> }

/** `npm start` without npm, in a process group of its own, with a database that is gone afterwards. */
function start (folder: string, environment: Record<string, string>, args = [START]): Running {
  const child = spawn(process.execPath, args, {
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

t.test('D-7: it serves, and closes well when npm, launcher and terminal all pass on the same signal', async t => {
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

t.test('a data folder that cannot be is named in two sentences', async t => {
  const file = path.join(t.testdir({}), 'a-file')
  writeFileSync(file, '')
  for (const folder of [file, path.join(file, 'below'), ...process.platform === 'linux' ? ['/proc/nowhere/data'] : []]) {
    const { ended, output } = start(folder, {})
    t.equal(await ended, 1, folder)
    t.match(output(), /文件夹[^]*folder/)
    t.notMatch(output(), /\n\s+at /, 'no stack trace')
  }
})

t.test('every faulty setting is named at once', async t => {
  const { ended, output } = start(t.testdir({}), { PORT: 'eighty', SITE_BASE_PATH: 'zfjd/' })
  t.equal(await ended, 1)
  t.match(output(), /PORT/)
  t.match(output(), /eighty/)
  t.match(output(), /SITE_BASE_PATH/)
  t.notMatch(output(), /\n\s+at /, 'no stack trace')
})

t.test('the tables are made and the staff are entered at the command line', async t => {
  const folder = t.testdir({})
  const command = async (...args: string[]): Promise<{ code: number | null, output: string }> => {
    const { ended, output } = start(folder, { LC_ALL: 'en' }, [RUN, ...args])
    return { code: await ended, output: output() }
  }
  t.match(await command('src/cli/migrate.ts'), { code: 0, output: /migrations applied/ })
  t.match(await command('src/cli/migrate.ts'), { code: 0, output: /up to date/ })
  const person = ['--username', 'zhang.san', '--name', '张三', '--role', 'clerk']
  t.match(await command('src/cli/account.ts', 'add', ...person), { code: 0, output: /(?:[A-Za-z0-9]{4}-){3}[A-Za-z0-9]{4}/ }, 'with a one-time password')
  t.match(await command('src/cli/account.ts', 'add', ...person), { code: 1, output: /--username: / }, 'a name is given once')
  t.match(await command('src/cli/account.ts', 'disable', '--username', 'zhang.san'), { code: 0 })
  t.match(await command('src/cli/account.ts', 'list'), { code: 0, output: /zhang\.san\t张三\t/ })
  t.match(await command('src/cli/account.ts', 'add', '--username', 'X', '--name', '李四', '--role', 'king'), { code: 1, output: /--username: [^]*--role: / }, 'every fault at once')
  t.match(await command('src/cli/account.ts'), { code: 2, output: /用法：[^]*Usage:[^]*npm run account/ })
  const keys = readdirSync(path.join(folder, 'keys'))
  t.equal(keys.length, 8)
  if (GROUP) for (const name of keys) t.equal(statSync(path.join(folder, 'keys', name)).mode & 0o777, 0o400, `${name} is its owner's alone`)
})
