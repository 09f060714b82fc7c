import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { SealBroken } from '../vault/seal.ts'

/** What was stored: size in bytes and SHA-256 (hex) of the plain content. */
export interface StoredFile { size: number, sha256: string }

/** Attachments, each encrypted under its complaint's key and bound to its id; nothing here is ever served by path. */
export interface FileStore {
  put: (id: string, key: Buffer, content: Buffer) => Promise<StoredFile>
  read: (id: string, key: Buffer) => Promise<Buffer>
  remove: (id: string) => Promise<void>
}

const NONCE = 12
const TAG = 16
const ID = /^[A-Za-z0-9_-]{22,64}$/

/** A store in a local folder. The file is on disk (file and folder synced) before `put` returns, so a row never points to nothing. */
export function openFileStore (folder: string): FileStore {
  const place = (id: string): string => {
    if (!ID.test(id)) throw new RangeError('not a file id')
    return path.join(folder, id.slice(0, 2), id)
  }
  return {
    async put (id, key, content) {
      const target = place(id)
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
      await writeDurably(target, encrypt(key, content, id))
      return { size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    },
    async read (id, key) { return decrypt(key, await readFile(place(id)), id) },
    async remove (id) { await rm(place(id), { force: true }) }
  }
}

async function writeDurably (target: string, content: Buffer): Promise<void> {
  const aside = `${target}.part`
  const file = await open(aside, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, target)
  const folder = await open(path.dirname(target), 'r')
  await folder.sync().finally(async () => { await folder.close() })
}

function encrypt (key: Buffer, content: Buffer, id: string): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(`file|${id}`))
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

function decrypt (key: Buffer, sealed: Buffer, id: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG }).setAAD(Buffer.from(`file|${id}`))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()])
  } catch {
    throw new SealBroken()
  }
}
