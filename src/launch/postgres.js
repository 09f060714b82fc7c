// A private PostgreSQL for the test suite: one cluster, reached through a socket only, gone afterwards.
import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isAlive } from './lock.js'

const PREFIX = 'sunlit-pg-'
const FOLDERS = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']
// Nothing here outlives the suite: durability would only cost time.
const FAST = ['-F', '-c', 'full_page_writes=off', '-c', 'synchronous_commit=off', '-c', 'max_connections=200']

/**
 * Starts the cluster; it is stopped and removed when the process ends, however it ends.
 * @returns {{ url: string } | { missing: string }}
 */
export function startPostgres () {
  const bin = findServer()
  if (bin === undefined) return { missing: 'no PostgreSQL server program (initdb) was found' }
  const owner = serverOwner()
  if (owner === undefined) return { missing: 'PostgreSQL refuses to run as root and there is no user postgres' }
  sweep()
  // A socket path may have about 100 characters: the temporary folder of macOS is too long.
  const folder = mkdtempSync(path.join(existsSync('/tmp') ? '/tmp' : tmpdir(), `${PREFIX}${process.pid}-`))
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.uid)
  const data = path.join(folder, 'data')
  const as = (program, ...args) => run(owner, path.join(bin, program), args, folder)
  process.on('exit', () => {
    if (existsSync(data)) as('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop')
    rmSync(folder, { recursive: true, force: true })
  })
  const made = as('initdb', '-D', data, '-U', 'app', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '-N')
  const options = ['-k', folder, '-c', "listen_addresses=''", ...FAST].join(' ')
  const started = made.status === 0 ? as('pg_ctl', '-D', data, '-l', path.join(folder, 'log'), '-w', '-t', '60', '-o', options, 'start') : made
  if (started.status !== 0) return { missing: `PostgreSQL did not start: ${(started.stderr || started.stdout || 'no reason given').trim()}` }
  return { url: `postgres://app@localhost/postgres?host=${folder}` }
}

function findServer () {
  const installed = FOLDERS.filter(existsSync)
    .flatMap(folder => readdirSync(folder).map(name => path.join(folder, name, 'bin')))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  const onPath = (process.env.PATH ?? '').split(path.delimiter)
  return [...installed, ...onPath].find(folder => existsSync(path.join(folder, 'initdb')))
}

/** The server refuses root: then it runs as the user postgres, as Debian's package made it. */
function serverOwner () {
  if (process.platform === 'win32') return undefined
  if (process.getuid() !== 0) return {}
  const { status, stdout } = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' })
  return status === 0 ? { uid: Number(stdout) } : undefined
}

function run (owner, program, args, folder) {
  const [command, ...rest] = owner.uid === undefined ? [program, ...args] : ['runuser', '-u', 'postgres', '--', program, ...args]
  // Its output goes to nobody: a server that inherits a pipe would keep it open.
  return spawnSync(command, rest, { cwd: folder, encoding: 'utf8', stdio: ['ignore', args.at(-1) === 'start' ? 'ignore' : 'pipe', 'pipe'] })
}

/** Removes what a suite left behind that was killed before it could clean up. */
function sweep () {
  const parent = existsSync('/tmp') ? '/tmp' : tmpdir()
  for (const name of readdirSync(parent).filter(name => name.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0])
    if (pid > 0 && !isAlive(pid)) removeCluster(path.join(parent, name))
  }
}

function removeCluster (folder) {
  try {
    const pid = Number(readFileSync(path.join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0])
    // The number may belong to another program by now: its command line tells.
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(pid, 'SIGQUIT')
  } catch { /* it was not running */ }
  try { rmSync(folder, { recursive: true, force: true }) } catch { /* another user's */ }
}
