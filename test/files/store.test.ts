import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { openFileStore, type FileStore } from '../../src/files/store.ts'
import { ringOf } from '../../src/vault/seal.ts'
import { paddedSize } from '../../src/vault/stream.ts'

const KEY = ringOf(randomBytes(32), 'aes')
const CHUNK = 65_536
const SEALED = 4 + CHUNK + 28 // count, content, nonce and tag
const HEADER = 36
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const newId = (): string => randomBytes(16).toString('base64url')

async function * pieces (content: Buffer, size = 50_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

async function listOf (files: FileStore): Promise<Array<{ id: string, at: string }>> {
  const found = []
  for await (const one of files.list()) found.push(one)
  return found
}

/** `megabytes` of bytes that no memory holds together. */
async function * flow (megabytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < megabytes * 16; at++) yield Buffer.alloc(CHUNK, at)
}

function givenFolder (t: Test): { folder: string, files: FileStore, bytesOf: (id: string) => Buffer, put: (id: string, bytes: Buffer) => void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-files-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const place = (id: string): string => path.join(folder, id.slice(0, 2), id)
  return {
    folder,
    files: openFileStore(folder),
    bytesOf: id => readFileSync(place(id)),
    put: (id, bytes) => { mkdirSync(path.dirname(place(id)), { recursive: true }); writeFileSync(place(id), bytes) }
  }
}

t.test('E-1 U-5: what goes in comes out, of every size, and lies sealed and padded', async t => {
  const { files, bytesOf } = givenFolder(t)
  for (const size of [0, 1, 4095, 4096, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 1_000_000, 20 * 1_048_576]) {
    const content = size === 1_000_000 ? Buffer.alloc(size, '姓名') : randomBytes(size)
    const id = newId()
    t.same(await files.put(id, KEY, pieces(content)), { size, sha256: createHash('sha256').update(content).digest('hex') }, `${size} bytes go in`)
    t.ok((await buffer(await files.read(id, KEY))).equals(content), `${size} bytes come out`)
    const stored = bytesOf(id)
    t.notOk(stored.includes('姓名'), 'nothing of it can be read on the disk')
    const padded = paddedSize(size)
    t.equal(stored.length, HEADER + padded + Math.max(1, Math.ceil(padded / CHUNK)) * 32, `${size}: length on the disk`)
    t.ok(padded >= size && padded <= Math.max(size + 4096, size * 1.05), `${size}: padded by at most 5 %`)
  }
  t.equal(paddedSize(0), paddedSize(4096), 'small files look alike')
})

t.test('E-4: a stored file that was altered, cut, mixed or moved does not open', async t => {
  const { files, bytesOf, put } = givenFolder(t)
  const id = newId()
  const other = newId()
  await files.put(id, KEY, pieces(randomBytes(4 * CHUNK)))
  await files.put(other, KEY, pieces(randomBytes(4 * CHUNK)))
  const whole = bytesOf(id)
  const chunk = (no: number, of = whole): Buffer => of.subarray(HEADER + no * SEALED, HEADER + (no + 1) * SEALED)
  const header = whole.subarray(0, HEADER)
  const refused = async (name: string, bytes: Buffer, key = KEY): Promise<void> => {
    put(id, bytes)
    await t.rejects(files.read(id, key).then(buffer), { code: 'file_broken', status: 500 }, name)
  }
  for (const at of [0, 5, 10, HEADER, HEADER + 100, HEADER + SEALED + 5, whole.length - 1]) {
    const altered = Buffer.from(whole)
    altered[at] = (altered[at] ?? 0) ^ 1
    await refused(`one bit at ${at}`, altered)
  }
  await refused('the last piece cut off', whole.subarray(0, whole.length - SEALED))
  await refused('cut within a piece', whole.subarray(0, whole.length - 10))
  await refused('two pieces swapped', Buffer.concat([header, chunk(1), chunk(0), chunk(2), chunk(3)]))
  await refused('a piece left out', Buffer.concat([header, chunk(0), chunk(2), chunk(3)]))
  await refused('a piece twice', Buffer.concat([header, chunk(0), chunk(0), chunk(2), chunk(3)]))
  await refused('a piece of another file', Buffer.concat([header, chunk(0), chunk(1, bytesOf(other)), chunk(2), chunk(3)]))
  await refused('something behind it', Buffer.concat([whole, chunk(3)]))
  await refused('another file in its place', bytesOf(other))
  await refused('another key', whole, ringOf(randomBytes(32), 'aes'))
  put(id, whole)
  t.equal((await buffer(await files.read(id, KEY))).length, 4 * CHUNK, 'and whole again it opens')
})

t.test('E-6: a file opens with the suite it was sealed with, whatever is set now', async t => {
  const { files } = givenFolder(t)
  const [sm, aes] = [ringOf(KEY.current.bytes, 'sm'), KEY]
  const content = randomBytes(3 * CHUNK + 17)
  for (const [sealing, opening] of [[sm, aes], [aes, sm], [sm, sm]] as const) {
    const id = newId()
    await files.put(id, sealing, pieces(content))
    t.ok((await buffer(await files.read(id, opening))).equals(content))
  }
})

t.test('U-4: a place is never made of what somebody sent', async t => {
  const { files } = givenFolder(t)
  for (const id of ['', '../../../../../../etc/passwd', `${'a'.repeat(20)}/..`, 'short', `${'a'.repeat(30)}\0`, 'x'.repeat(65)]) {
    await t.rejects(files.read(id, KEY), RangeError, JSON.stringify(id))
    await t.rejects(files.put(id, KEY, flow(0)), RangeError)
    await t.rejects(files.remove(id), RangeError)
  }
})

t.test('D-3: a source that breaks off leaves nothing behind, and what is not there says so', async t => {
  const { files, folder } = givenFolder(t)
  const id = newId()
  async function * breaking (): AsyncGenerator<Buffer> {
    yield * flow(1)
    throw new Error('the line broke')
  }
  await t.rejects(files.put(id, KEY, breaking()), { message: 'the line broke' })
  t.same(readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()), [])
  await t.rejects(files.read(id, KEY), { code: 'file_broken' })
  await files.remove(id)
  await files.put(id, KEY, flow(1))
  t.equal(statSync(path.join(folder, id.slice(0, 2), id)).mode & 0o077, 0, 'for nobody else')
})

t.test('every whole file is listed; what was begun and never finished is taken away', async t => {
  const { files, folder } = givenFolder(t)
  t.same(await listOf(files), [], 'also before the first file')
  const ids = [newId(), newId(), newId()]
  for (const id of ids) await files.put(id, KEY, flow(0))
  const old = path.join(folder, (ids[0] ?? '').slice(0, 2), `${ids[0]}.part`)
  writeFileSync(old, 'begun')
  writeFileSync(path.join(folder, (ids[1] ?? '').slice(0, 2), `${ids[1]}.part`), 'begun')
  utimesSync(old, 1, 1)
  const listed = await listOf(files)
  t.same(listed.map(({ id }) => id).sort(), [...ids].sort())
  t.ok(listed.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 60_000))
  t.equal(await files.tidy(new Date(Date.now() - 3_600_000).toISOString()), 1, 'the older one')
  const { free = 0, total = 0 } = await files.room() ?? {}
  t.ok(free > 0 && total > free)
})

t.test('U-2: memory stays flat however large the files are', async t => {
  const { files } = givenFolder(t)
  const id = newId()
  await files.put(id, KEY, flow(20)) // what is loaded once is loaded
  let most = 0
  let count = 0
  const measured = async function * (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      if (count++ % 50 === 0) { collectGarbage(); most = Math.max(most, process.memoryUsage().arrayBuffers) }
      yield piece
    }
  }
  collectGarbage()
  const before = process.memoryUsage().arrayBuffers
  for (let at = 0; at < 4; at++) await files.put(newId(), KEY, measured(flow(20)))
  let read = 0
  for await (const piece of measured(await files.read(id, KEY))) read += piece.length
  t.equal(read, 20 * 1_048_576)
  t.comment(`${Math.round((most - before) / 1024)} KB held while 100 MB went through`)
  t.ok(most - before < 4 * 1_048_576, `${most - before} bytes held`)
})

t.test('whoever stops reading closes the file', async t => {
  const { files } = givenFolder(t)
  const id = newId()
  await files.put(id, KEY, flow(5))
  const open = (): number => readdirSync('/proc/self/fd').length
  const before = process.platform === 'linux' ? open() : 0
  for (let at = 0; at < 20; at++) {
    const read = await files.read(id, KEY)
    if (at % 2 === 0) await read[Symbol.asyncIterator]().next()
    read.destroy()
  }
  await new Promise(resolve => setTimeout(resolve, 50))
  if (process.platform === 'linux') t.ok(open() <= before + 1, 'nothing stays open')
})
