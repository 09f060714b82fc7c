import { createReadStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { ours, roomOf, shelfError, type Listed, type Shelf } from './shelf.ts'

const UNFINISHED = '.part'

/** A shelf in a local folder, spread over subfolders. A file gets its name once it and its folders are on the disk. */
export function openFolder (folder: string): Shelf {
  const place = (id: string): string => path.join(folder, id.slice(0, 2), id)
  return {
    async write (id, source) {
      const target = place(id)
      const aside = target + UNFINISHED
      await ours(makeDurably(path.dirname(target)))
      const file = await ours(open(aside, 'wx', 0o600))
      try {
        await fill(file, source)
        await ours(rename(aside, target))
        await ours(syncFolder(path.dirname(target)))
      } catch (error) {
        await Promise.allSettled([rm(aside, { force: true }), rm(target, { force: true })])
        throw error
      }
    },
    async read (id) {
      return reading(await ours(open(place(id))))
    },
    has: async id => await ours(stat(place(id)).catch(unlessGone)) !== undefined,
    async remove (id) { await ours(rm(place(id), { force: true })) },
    list: () => listFolder(folder),
    tidy: async before => await tidyFolder(folder, before),
    room: async () => await ours(roomOf(folder))
  }
}

async function fill (file: FileHandle, source: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const piece of source) await ours(file.writeFile(piece)) // writes on from where the last piece ended
    await ours(file.sync())
  } finally {
    await file.close()
  }
}

async function * reading (file: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream('', { fd: file, highWaterMark: 65_536 })) yield piece as Buffer
  } catch (error) {
    throw shelfError(error)
  } finally {
    await file.close().catch(() => undefined) // the stream closed it already, unless nobody read
  }
}

/** A new folder is on the disk only when the one above it is. */
async function makeDurably (folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) await syncFolder(path.dirname(made))
}

async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(async () => { await handle.close() })
}

/** Name and time of everything on the shelf, finished or not; what another process takes away meanwhile is left out. */
async function * everything (folder: string): AsyncGenerator<Listed & { file: string }> {
  for await (const shelf of await entries(folder)) {
    if (!shelf.isDirectory()) continue
    for await (const entry of await entries(path.join(folder, shelf.name))) {
      const file = path.join(folder, shelf.name, entry.name)
      const found = await ours(stat(file).catch(unlessGone))
      if (found?.isFile() === true) yield { id: entry.name, at: found.mtime.toISOString(), file }
    }
  }
}

async function * listFolder (folder: string): AsyncGenerator<Listed> {
  for await (const { id, at } of everything(folder)) if (!id.endsWith(UNFINISHED)) yield { id, at }
}

async function tidyFolder (folder: string, before: string): Promise<number> {
  let taken = 0
  for await (const { id, at, file } of everything(folder)) {
    if (!id.endsWith(UNFINISHED) || at >= before) continue
    await ours(rm(file, { force: true }))
    taken++
  }
  return taken
}

async function entries (folder: string) {
  return await ours(opendir(folder).catch(unlessGone)) ?? []
}

function unlessGone (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
