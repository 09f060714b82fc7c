import { createHmac, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { Db } from '../db/schema.ts'
import { makeFolder } from '../db/folders.ts'
import { StartError } from '../db/start-error.ts'
import { ringOf, type KeyRing } from './seal.ts'
import type { SuiteName } from './suites.ts'

/** identity: names and contacts; content: everything else typed; pepper: query codes; forms: form tokens; audit: the chain; cards: codes on certificates; visits: private notes. */
export const KEY_NAMES = ['identity', 'content', 'pepper', 'forms', 'audit', 'cards', 'visits'] as const
export type KeyName = (typeof KEY_NAMES)[number]
/** Keys that seal; the others only make digests. */
export const RING_NAMES = ['identity', 'content', 'visits'] as const satisfies readonly KeyName[]
export type RingName = (typeof RING_NAMES)[number]
export type Keys = Readonly<Record<RingName, KeyRing> & Record<Exclude<KeyName, RingName>, Buffer>>

const LENGTH = 32

/**
 * Loads the keys, each 32 bytes in its own file (mode 0600). Makes them only for a database that has none yet;
 * for one that has, a missing or different key is a StartError: no fallback, nothing is ever written in the clear. `suite` is what new texts are sealed with.
 */
export async function loadKeys (db: Db, folder: string, suite: SuiteName = 'aes'): Promise<Keys> {
  makeFolder(path.resolve(folder))
  const keys: Record<string, Buffer | KeyRing> = {}
  for (const name of KEY_NAMES) keys[name] = await loadKey(db, folder, name)
  for (const name of RING_NAMES) keys[name] = ringOf(keys[name] as Buffer, suite)
  return Object.freeze(keys) as Keys
}

async function loadKey (db: Db, folder: string, name: KeyName): Promise<Buffer> {
  const file = path.join(folder, `${name}.key`)
  const check = await db.selectFrom('setting').select('value').where('name', '=', `key_check.${name}`).executeTakeFirst()
  if (!existsSync(file)) {
    if (check !== undefined) throw new StartError('keys_missing', { file })
    create(file)
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) throw new StartError('keys_open', { file })
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  const expected = checkValue(key, name)
  if (key.length !== LENGTH || (check !== undefined && check.value !== expected)) throw new StartError('keys_wrong', { file })
  if (check === undefined) await remember(db, name, expected, file)
  return key
}

/** Of two processes that start at once the first to write wins; the other must then find its key equal. */
async function remember (db: Db, name: KeyName, value: string, file: string): Promise<void> {
  await db.insertInto('setting').values({ name: `key_check.${name}`, value }).onConflict(conflict => conflict.column('name').doNothing()).execute()
  const stored = await db.selectFrom('setting').select('value').where('name', '=', `key_check.${name}`).executeTakeFirstOrThrow()
  if (stored.value !== value) throw new StartError('keys_wrong', { file })
}

/** Whole or not at all: a process that starts at the same moment must not read half a key. Of two, the first one's stands. */
function create (file: string): void {
  const draft = `${file}.${process.pid}`
  try {
    const handle = openSync(draft, 'wx', 0o600)
    writeSync(handle, randomBytes(LENGTH).toString('base64url'))
    fsyncSync(handle)
    closeSync(handle)
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw StartError.of(error, { file })
  } finally {
    rmSync(draft, { force: true })
  }
}

function checkValue (key: Buffer, name: KeyName): string {
  return createHmac('sha256', key).update(`sunlit key check ${name}`).digest('base64url')
}
