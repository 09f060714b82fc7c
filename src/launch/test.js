// npm test [-- [--coverage] [tap options] [parts of file names]]: types, lint and the whole suite on both engines.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { runChild } from './child.js'
import { findChromium, which } from './chromium.js'
import { ensure, ROOT } from './ensure.js'
import { startPostgres } from './postgres.js'
import { readResults } from './results.js'

const RESULTS = '.tap/results.tap'
const COMPILED = path.join(ROOT, '.cache/compiled')
/** Where the long tests lie, the longest first: every page in a browser, all ways to the end, servers that are killed, everything that is hostile. */
const LONG = ['test/walks/pages', 'test/walks/', 'test/security/', 'test/launch/', 'test/files/']
const CI = /^(1|true)$/.test(process.env.CI ?? '')
const total = { passed: 0, failed: 0, skipped: 0 }
const options = process.argv.slice(2).filter(arg => arg.startsWith('-') && arg !== '--coverage')
const filters = process.argv.slice(2).filter(arg => !arg.startsWith('-'))
const coverage = process.argv.includes('--coverage')

// Let the children have the signal first; then the exit stops the cluster.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => setTimeout(() => process.exit(130), 300))
process.chdir(ROOT)

const node = await ensure({ dev: true })
const files = findTests()
if (files.length === 0) finish(`No test file matches ${filters.join(' ')}.`)
await prepare()
await Promise.all([
  check('types', ['node_modules/typescript-native/bin/tsc', '-p', '.', '--noEmit']),
  check('lint', ['node_modules/eslint/bin/eslint.js', '--config', '.config/eslint.config.js', '--max-warnings', '0',
    '--cache', '--cache-strategy', 'content', '--cache-location', '.cache/eslint', '.'])
])
await runTap(findMachine())
finish()

/** Every test file, or those whose path holds one of the words given; the long ones first, so that no processor waits for the other at the end. */
function findTests () {
  const wanted = filters.map(filter => path.relative(ROOT, path.resolve(filter)).replaceAll('\\', '/'))
  return readdirSync('test', { recursive: true })
    .map(name => path.posix.join('test', String(name).replaceAll('\\', '/')))
    .filter(name => name.endsWith('.test.ts') && (wanted.length === 0 || wanted.some(word => name.includes(word))))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

function rank (name) {
  const at = LONG.findIndex(start => name.startsWith(start))
  return at < 0 ? LONG.length : at
}

/** Style sheets and scripts for the pages; tap must be built once before it may run without its TypeScript plugin. */
async function prepare () {
  if (existsSync('src/cli/build.ts') && await runChild(node, ['src/cli/build.ts']) !== 0) finish('The style sheets and scripts could not be built.')
  if (!existsSync('.tap/plugins') && await runChild(node, ['node_modules/tap/dist/esm/run.mjs', 'build']) !== 0) finish('tap could not be prepared.')
}

async function check (name, args) {
  const began = Date.now()
  const code = await runChild(node, args)
  total[code === 0 ? 'passed' : 'failed']++
  console.log(`${name}: ${code === 0 ? 'clean' : 'FAILED'} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
}

/** What the machine offers to the tests, as environment; what it lacks is said, and in CI it is a failure. */
function findMachine () {
  const given = process.env.TEST_POSTGRES
  const postgres = given === undefined ? startPostgres() : { url: given }
  const chromium = process.env.TEST_CHROMIUM ?? findChromium()
  if (postgres.url === undefined) lack('everything on PostgreSQL', postgres.missing)
  if (chromium === undefined) lack('everything in a browser', 'no Chromium, Chrome or Edge was found')
  return {
    ...process.env,
    // What one test file has compiled the next ones take, and the servers that they start; coverage would miss what was not compiled here.
    ...(coverage ? {} : { NODE_COMPILE_CACHE: COMPILED }),
    // tap's reporter then writes each line once instead of redrawing a screen that is not there
    ...(process.stdout.isTTY === true ? {} : { CONTINUOUS_INTEGRATION: 'true' }),
    ...(postgres.url === undefined ? {} : { TEST_POSTGRES: postgres.url }),
    ...(chromium === undefined ? {} : { TEST_CHROMIUM: chromium }),
    ...findPrograms()
  }
}

/** Programs that a check needs, as environment. */
function findPrograms () {
  const found = {}
  for (const [variable, program, what, name] of [['TEST_JAVA', 'java', 'the HTML checker', 'Java'], ['TEST_LIBREOFFICE', 'soffice', 'the files for word processors', 'LibreOffice']]) {
    const place = which(process.platform === 'win32' ? `${program}.exe` : program)
    if (place === undefined) lack(what, `no ${name} was found`)
    else found[variable] = place
  }
  return found
}

function lack (what, why) {
  total[CI ? 'failed' : 'skipped']++
  console.log(`${CI ? 'FAILED' : 'Skipped'}: ${what}: ${why}.`)
}

async function runTap (env) {
  rmSync(RESULTS, { force: true })
  mkdirSync('.tap', { recursive: true })
  const code = await runChild(node, ['node_modules/tap/dist/esm/run.mjs', `--output-file=${RESULTS}`,
    ...[...node.flags, `--import=${pathToFileURL(path.join(ROOT, 'src/launch/without-domains.js')).href}`].map(flag => `--node-arg=${flag}`), ...(coverage ? ['--show-full-coverage'] : ['--disable-coverage']),
    ...(options.some(option => option.startsWith('--reporter')) ? [] : ['--reporter=base']), ...options, ...files], env)
  const result = readResults(RESULTS)
  if (process.stdout.isTTY !== true) for (const failure of result.failures) console.log(`\n✖ ${failure}`)
  for (const reason of new Set(result.reasons)) console.log(`${CI ? 'FAILED: skipped' : 'Skipped'}: ${reason}`)
  total.passed += result.passed
  total.failed += result.failed + (CI ? result.skipped : 0)
  total.skipped += CI ? 0 : result.skipped
  // A runner that fell over, or that ran nothing, must not read as green.
  if ((code !== 0 && result.failed === 0) || result.passed + result.failed + result.skipped === 0) total.failed++
}

function finish (problem) {
  if (problem !== undefined) {
    console.error(problem)
    total.failed++
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  process.exit(total.failed === 0 ? 0 : 1)
}
