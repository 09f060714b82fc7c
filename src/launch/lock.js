import { closeSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const BEAT_MS = 2_000
const STALE_MS = 30_000

/**
 * Runs the work while holding a lock file; a second process waits its turn.
 * A lock is stale when its process on this machine is gone or its time stamp stopped moving.
 * @param {string} file
 * @param {() => Promise<void>} work
 */
export async function withLock (file, work) {
  mkdirSync(path.dirname(file), { recursive: true })
  const token = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() })
  await take(file, token)
  const beat = setInterval(() => touch(file), BEAT_MS)
  const release = () => { if (read(file) === token) rmSync(file, { force: true }) }
  process.on('exit', release)
  try {
    await work()
  } finally {
    clearInterval(beat)
    process.off('exit', release)
    release()
  }
}

async function take (file, token) {
  let told = false
  while (true) {
    if (create(file, token)) {
      await wait(50) // somebody who judged the old lock stale may just have moved ours away
      if (read(file) === token) return
      continue
    }
    if (clearStale(file)) continue
    if (!told) console.log('Another start is installing packages: waiting for it …')
    told = true
    await wait(500)
  }
}

function create (file, token) {
  try {
    const handle = openSync(file, 'wx')
    writeSync(handle, token)
    closeSync(handle)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function clearStale (file) {
  const seen = read(file)
  if (seen === undefined) return true
  if (!isStale(file, seen)) return false
  const aside = `${file}.${randomUUID()}`
  try {
    renameSync(file, aside)
    if (read(aside) !== seen) linkSync(aside, file) // it was a fresh lock after all: put it back
  } catch { /* another process was quicker */ }
  rmSync(aside, { force: true })
  return true
}

function isStale (file, text) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true
    const { pid, host } = JSON.parse(text)
    return host === hostname() && !isAlive(pid)
  } catch { return false } // half written or just gone: look again in a moment
}

/** @param {number} pid */
export function isAlive (pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) { return error.code === 'EPERM' }
}

function touch (file) {
  try { utimesSync(file, new Date(), new Date()) } catch { /* released meanwhile */ }
}

function read (file) {
  try { return readFileSync(file, 'utf8') } catch { return undefined }
}
