import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { filesFolder, type Config } from '../config.ts'
import { StartError } from '../db/start-error.ts'
import { openBucketStore, openFileStore, type FileStore } from './store.ts'

/** The store that the settings name: a folder, or a bucket with the keys from their file. Throws StartError; whether the bucket answers is not asked. */
export function openConfiguredStore (config: Config): FileStore {
  const options = { floor: config.SUNLIT_FREE }
  const bucket = config.SUNLIT_FILES
  if (bucket === null) return openFileStore(filesFolder(config), options)
  return openBucketStore({ ...bucket, ...readSecret(config.SUNLIT_FILES_SECRET) }, path.join(config.SUNLIT_DATA, 'outgoing'), options)
}

/** Two lines: the key's id and the secret. They stand in a file, never in an address or on the command line (security.md K-2). */
function readSecret (file: string): { keyId: string, secret: string } {
  const found = file === '' ? undefined : statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw new StartError('files_secret_missing', { file })
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) throw new StartError('keys_open', { file })
  const [keyId = '', secret = '', ...more] = readFileSync(file, 'utf8').trim().split(/\r?\n/).map(line => line.trim())
  if (keyId === '' || secret === '' || more.length > 0) throw new StartError('files_secret_missing', { file })
  return { keyId, secret }
}
