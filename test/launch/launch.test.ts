import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'

const LAUNCH = path.join(import.meta.dirname, '../../src/launch')
const run = promisify(execFile)

/** Runs a module of the launcher in a Node of its own: it is plain JavaScript, outside the type check. */
async function script (code: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: LAUNCH })
  return stdout.trim()
}

t.test('two processes never hold the install lock at once', async t => {
  const folder = t.testdir({})
  const holder = `
    import { withLock } from './lock.js'
    import { appendFileSync } from 'node:fs'
    import { setTimeout } from 'node:timers/promises'
    await withLock(${JSON.stringify(path.join(folder, 'install.lock'))}, async () => {
      appendFileSync(${JSON.stringify(path.join(folder, 'log'))}, 'in ')
      await setTimeout(150)
      appendFileSync(${JSON.stringify(path.join(folder, 'log'))}, 'out ')
    })`
  await Promise.all([script(holder), script(holder), script(holder)])
  t.equal(readFileSync(path.join(folder, 'log'), 'utf8'), 'in out in out in out ')
})

t.test('a lock whose process is gone, or whose clock stands still, is taken over', async t => {
  const folder = t.testdir({})
  const gone = path.join(folder, 'gone')
  const still = path.join(folder, 'still')
  const { hostname } = await import('node:os')
  writeFileSync(gone, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'a' }))
  writeFileSync(still, JSON.stringify({ pid: 1, host: 'elsewhere', id: 'b' }))
  utimesSync(still, new Date(), new Date(Date.now() - 60_000))
  for (const file of [gone, still]) {
    t.equal(await script(`import { withLock } from './lock.js'
      await withLock(${JSON.stringify(file)}, async () => console.log('mine'))`), 'mine')
  }
})

t.test('the summary counts assertions and names what was skipped', async t => {
  const file = path.join(t.testdir({}), 'results.tap')
  writeFileSync(file, `TAP version 14
# Subtest: test/a.test.ts
    # Subtest: in a browser
        1..0 # no browser
    ok 1 - in a browser # SKIP no browser
    # Subtest: adding
        not ok 1 - adds up
          ---
          diff: |
            -1
            +2
          source: |
            t.equal(1, 2)
          ...
        1..1
    not ok 2 - adding # time=3ms
      ---
      at:
        fileName: a
      ...
    # { total: 7, pass: 5, fail: 1, skip: 1 }
not ok 1 - test/a.test.ts
# Subtest: test/b.test.ts
    1..0 # no tests found
not ok 2 - test/b.test.ts # time=1ms
1..2
# { total: 9, pass: 6, fail: 1, skip: 1, todo: 1 }
`)
  const result = JSON.parse(await script(`import { readResults } from './results.js'
    console.log(JSON.stringify(readResults(${JSON.stringify(file)})))`))
  t.same(result, { passed: 6, failed: 1, skipped: 2, reasons: ['in a browser: no browser'], failures: ['test/b.test.ts ended before its first test', 'adds up\n  diff: |\n    -1\n    +2'] })
})

t.test('a Node that is too old is refused in plain words when no packaged one is there', async t => {
  const empty = path.join(t.testdir({}), 'node_modules')
  mkdirSync(empty)
  const text = await script(`import { findNode } from './node.js'
    Object.defineProperty(process, 'versions', { value: { node: '20.20.2', napi: '9' } })
    try { findNode(${JSON.stringify(empty)}) } catch (error) { console.log(error.message) }`)
  t.match(text, /is too old: 22\.14 or newer is needed/)
})

t.test('types are stripped with a flag where this Node needs one', async t => {
  const flags = async (node: string): Promise<string> => await script(`import { findNode } from './node.js'
    Object.defineProperty(process, 'versions', { value: { node: '${node}', napi: '10' } })
    console.log(findNode('').flags.join(' '))`)
  t.match(await flags('22.14.0'), /--experimental-strip-types/)
  t.match(await flags('23.5.0'), /--experimental-strip-types/)
  t.notMatch(await flags('22.18.0'), /strip-types/)
  t.notMatch(await flags('26.0.0'), /strip-types/)
})
