// Built-ins only: this runs before anything is installed, on any Node from 20 on.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.js'
import { findNode } from './node.js'
import { Obstacle } from './obstacle.js'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MODULES = path.join(ROOT, 'node_modules')
const LOCK_FILE = path.join(ROOT, 'package-lock.json')
const STAMP = path.join(MODULES, '.sunlit-lock')

/**
 * Makes node_modules match package-lock.json and finds the Node that runs the application.
 * Says what is wrong and ends the process with 1 when either cannot be had.
 * @param {{ dev?: boolean }} [options] dev: the packages of the test suite are wanted too
 * @returns {Promise<{ bin: string, flags: string[] }>}
 */
export async function ensure ({ dev = false } = {}) {
  try {
    if (!isInstalled(dev)) await withLock(path.join(ROOT, '.cache/install.lock'), async () => await install(dev))
    return findNode(MODULES)
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error
    console.error(`\n${error.message}`)
    process.exit(1)
  }
}

async function install (dev) {
  if (isInstalled(dev)) return // the other process, for which we waited, has done it
  refuseOwnNode()
  console.log('Installing packages (npm ci): about a minute the first time …')
  const errors = await npm(['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error',
    '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000', ...(dev ? ['--include=dev'] : [])])
  if (errors !== undefined) throw new Obstacle(explain(errors))
  if (!isInstalled(dev)) throw new Obstacle('npm ci ended well, yet node_modules does not match package-lock.json. Remove node_modules and start again.')
}

function isInstalled (dev) {
  const wanted = read(LOCK_FILE)
  const found = read(path.join(MODULES, '.package-lock.json')) // npm writes it last, when everything is unpacked
  if (wanted === undefined) throw new Obstacle('package-lock.json is missing: this folder is not a whole copy of the project.')
  if (found === undefined || !hasFolders(wanted)) return false
  const hash = createHash('sha256').update(wanted).update(found).digest('hex')
  const stamp = dev ? `${hash} with dev` : hash
  if ([stamp, `${hash} with dev`].includes(read(STAMP))) return true
  if (!matches(JSON.parse(wanted).packages, JSON.parse(found).packages, dev)) return false
  try { writeFileSync(STAMP, stamp) } catch { /* a read-only install is compared anew each time */ }
  return true
}

/** Also holds for an install made by hand with `npm ci`, with or without the dev packages. */
function matches (wanted, found, dev) {
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '' || entry.link === true) return true
    const have = found[name]
    if (have === undefined) return entry.optional === true || entry.devOptional === true || (!dev && entry.dev === true)
    return have.version === entry.version && have.integrity === entry.integrity
  })
}

/** Catches a folder that somebody removed by hand: only what package.json names is looked at. */
function hasFolders (lock) {
  const names = Object.keys(JSON.parse(lock).packages[''].dependencies ?? {})
  return names.every(name => existsSync(path.join(MODULES, name, 'package.json')))
}

function read (file) {
  try { return readFileSync(file, 'utf8') } catch { return undefined }
}

/** Windows cannot replace a program while it runs, and npm scripts run the packaged Node. */
function refuseOwnNode () {
  if (process.platform === 'win32' && process.execPath.startsWith(MODULES)) {
    throw new Obstacle('The installed packages do not match package-lock.json. Run: npm ci')
  }
}

/** Runs npm; gives its error output when it failed, undefined when all went well. */
async function npm (args) {
  const script = process.env.npm_execpath ?? ''
  const viaNode = /npm-cli\.c?js$/.test(script) // npm called us: use the same npm, on the Node it runs on
  const child = spawn(viaNode ? (process.env.npm_node_execpath ?? process.execPath) : 'npm', viaNode ? [script, ...args] : args,
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'], shell: !viaNode && process.platform === 'win32' })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', text => { errors += text; process.stderr.write(text) })
  return await new Promise(resolve => {
    child.on('error', error => resolve(String(error.code ?? error.message)))
    child.on('close', code => resolve(code === 0 ? undefined : errors))
  })
}

function explain (errors) {
  if (errors === 'ENOENT') return 'npm was not found. Install Node with npm (https://nodejs.org), then start again.'
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(errors)) {
    return 'The packages could not be fetched: the npm registry does not answer.\n' +
      'Check the network, or name a mirror: npm config set registry <address>. Then start again.'
  }
  if (/ENOSPC/.test(errors)) return 'The packages could not be unpacked: the disk is full (about 700 MB are needed).'
  if (/EACCES|EPERM|EROFS/.test(errors)) return `The packages could not be written: ${ROOT} is not writable for this user.`
  return 'The packages could not be installed; npm says why above. Nothing was started.'
}
