import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { makeFolder } from '../db/folders.ts'
import { StartError } from '../db/start-error.ts'
import { keyId } from './seal.ts'

/** Keys of any kind are 32 random bytes, written in base64url. */
const LENGTH = 32
/** 32 random bytes hold fewer different ones than this once in 10^16 keys; what was typed or filled in by hand does (security.md K-1). */
const DISTINCT = 16
const ID = /^[0-9a-f]{12}$/

export interface KeyFile { file: string, id: string, key: Buffer, madeAt: string }

/** Where a database's first key lies: `identity.key`. Later ones carry their id: `identity-<id>.key`. */
export function firstFile (folder: string, name: string): string {
  return path.join(folder, `${name}.key`)
}

function laterFile (folder: string, name: string, id: string): string {
  return path.join(folder, `${name}-${id}.key`)
}

/** Throws StartError: no file, a folder, others may read it, we may not, or not a key. */
export function readKeyFile (file: string): KeyFile {
  if (!existsSync(file)) throw new StartError('keys_missing', { file })
  const { mode, mtime } = statSync(file)
  if (!statSync(file).isFile()) throw new StartError('keys_not_file', { file })
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new StartError('keys_open', { file })
  const key = Buffer.from(textOf(file).trim(), 'base64url')
  if (key.length !== LENGTH) throw new StartError('keys_damaged', { file })
  if (new Set(key).size < DISTINCT) throw new StartError('keys_weak', { file })
  return { file, id: keyId(key), key, madeAt: mtime.toISOString() }
}

function textOf (file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartError('keys_unreadable', { file }, cause)
  }
}

/** The key of this id, from the file that bears its id or from the first. Throws StartError. */
export function readKey (folder: string, name: string, id: string): KeyFile {
  if (!ID.test(id)) throw new RangeError('not a key id')
  const later = laterFile(folder, name, id)
  const found = readKeyFile(existsSync(later) ? later : firstFile(folder, name))
  if (found.id !== id) throw new StartError('keys_wrong', { file: found.file })
  return found
}

/** The first key of a name: the one that lies there, or a new one. Of two processes that start at once both get the same. Throws StartError. */
export function firstKey (folder: string, name: string): KeyFile {
  const file = firstFile(folder, name)
  if (!existsSync(file)) writeKey(file, randomBytes(LENGTH))
  return readKeyFile(file)
}

/** A further key of a name, in a file of its own beside the others. Throws StartError. */
export function newKey (folder: string, name: string): KeyFile {
  const key = randomBytes(LENGTH)
  const file = laterFile(folder, name, keyId(key))
  writeKey(file, key)
  return readKeyFile(file)
}

/** Removes a key for good. Says whether there was a file. */
export function removeKey (folder: string, name: string, id: string): boolean {
  for (const file of [laterFile(folder, name, id), firstFile(folder, name)]) {
    if (!existsSync(file) || readKeyFile(file).id !== id) continue
    rmSync(file)
    return true
  }
  return false
}

/** Whole or not at all, and on the disk: a process that starts at the same moment must not read half a key. What lies there already stands. */
function writeKey (file: string, key: Buffer): void {
  makeFolder(path.resolve(path.dirname(file)))
  const draft = `${file}.${process.pid}`
  try {
    const handle = openSync(draft, 'wx', 0o400)
    writeSync(handle, key.toString('base64url'))
    fsyncSync(handle)
    closeSync(handle)
    linkSync(draft, file)
    syncFolder(path.dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw StartError.of(error, { file })
  } finally {
    rmSync(draft, { force: true })
  }
}

function syncFolder (folder: string): void {
  if (process.platform === 'win32') return // there folders cannot be opened
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
