import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { openBucketStore, openFileStore, type FileStore, type StoreOptions } from '../../src/files/store.ts'
import { ringOf } from '../../src/vault/seal.ts'
import { paddedSize } from '../../src/vault/stream.ts'
import { givenBucket, type Bucket } from '../fixtures/s3.ts'

t.setTimeout(180_000) // a server that is killed, and much that is written to the disk, beside other test files
const KEY = ringOf(randomBytes(32), 'aes')
const CHUNK = 65_536
const SEALED = 4 + CHUNK + 28 // count, content, nonce and tag
const HEADER = 36
setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void
const collectGarbage = (): void => { gc(); gc() } // what the first finds is given back when the second begins
const newId = (): string => randomBytes(16).toString('base64url')
const wait = async (milliseconds: number): Promise<void> => { await new Promise(resolve => setTimeout(resolve, milliseconds)) }

async function * pieces (content: Buffer, size = 50_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

/** `megabytes` of bytes that no memory holds together. */
async function * flow (megabytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < megabytes * 16; at++) yield Buffer.alloc(CHUNK, at)
}

async function listOf (files: FileStore): Promise<Array<{ id: string, at: string }>> {
  const found = []
  for await (const one of files.list()) found.push(one)
  return found
}

function givenFolder (t: Test): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-files-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  return folder
}

/** A store, and the file in which its driver keeps what it was given. */
interface Given { files: FileStore, folder: string, fileOf: (id: string) => string }
type Driver = 'folder' | 'bucket'

let server: Bucket | undefined
async function given (t: Test, driver: Driver, options: StoreOptions = {}): Promise<Given> {
  const folder = givenFolder(t)
  if (driver === 'folder') return { folder, files: openFileStore(folder, options), fileOf: id => path.join(folder, id.slice(0, 2), id) }
  server ??= await givenBucket(globalTest)
  return { folder, files: openBucketStore(server.place, folder, options), fileOf: server.fileOf }
}
const globalTest = t

for (const driver of ['folder', 'bucket'] as const) {
  t.test(`E-1 U-5: ${driver}: what goes in comes out, of every size, and lies sealed and padded`, async t => {
    const { files, fileOf } = await given(t, driver)
    for (const size of [0, 1, 4095, 4096, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 1_000_000, 20 * 1_048_576]) {
      const content = size === 1_000_000 ? Buffer.alloc(size, '姓名') : randomBytes(size)
      const id = newId()
      t.same(await files.put(id, KEY, pieces(content)), { size, sha256: createHash('sha256').update(content).digest('hex') }, `${size} bytes go in`)
      t.ok((await buffer(await files.read(id, KEY))).equals(content), `${size} bytes come out`)
      const stored = readFileSync(fileOf(id))
      t.notOk(stored.includes('姓名'), 'nothing of it can be read on the disk')
      const padded = paddedSize(size)
      t.equal(stored.length, HEADER + padded + Math.max(1, Math.ceil(padded / CHUNK)) * 32, `${size}: length on the disk`)
      t.ok(padded >= size && padded <= Math.max(size + 4096, size * 1.05), `${size}: padded by at most 5 %`)
    }
    t.equal(paddedSize(0), paddedSize(4096), 'small files look alike')
  })

  t.test(`E-4: ${driver}: a stored file that was altered, cut, mixed or moved does not open`, async t => {
    const { files, fileOf } = await given(t, driver)
    const id = newId()
    const other = newId()
    await files.put(id, KEY, pieces(randomBytes(4 * CHUNK)))
    await files.put(other, KEY, pieces(randomBytes(4 * CHUNK)))
    const [whole, strange] = [readFileSync(fileOf(id)), readFileSync(fileOf(other))]
    const chunk = (no: number, of = whole): Buffer => of.subarray(HEADER + no * SEALED, HEADER + (no + 1) * SEALED)
    const header = whole.subarray(0, HEADER)
    const refused = async (name: string, bytes: Buffer, key = KEY): Promise<void> => {
      writeFileSync(fileOf(id), bytes)
      await t.rejects(files.read(id, key).then(buffer), { code: 'file_broken', status: 500 }, name)
    }
    for (const at of [0, 5, 10, 25, HEADER, HEADER + 100, HEADER + SEALED + 5, whole.length - 1]) {
      const altered = Buffer.from(whole)
      altered[at] = (altered[at] ?? 0) ^ 1
      await refused(`one bit at ${at}`, altered)
    }
    await refused('the last piece cut off', whole.subarray(0, whole.length - SEALED))
    await refused('cut within a piece', whole.subarray(0, whole.length - 10))
    await refused('two pieces swapped', Buffer.concat([header, chunk(1), chunk(0), chunk(2), chunk(3)]))
    await refused('a piece left out', Buffer.concat([header, chunk(0), chunk(2), chunk(3)]))
    await refused('a piece twice', Buffer.concat([header, chunk(0), chunk(0), chunk(2), chunk(3)]))
    await refused('a piece of another file', Buffer.concat([header, chunk(0), chunk(1, strange), chunk(2), chunk(3)]))
    await refused('something behind it', Buffer.concat([whole, chunk(3)]))
    await refused('another file in its place', strange)
    await refused('nothing in its place', Buffer.alloc(0))
    await refused('another key', whole, ringOf(randomBytes(32), 'aes'))
    writeFileSync(fileOf(id), whole)
    t.equal((await buffer(await files.read(id, KEY))).length, 4 * CHUNK, 'and whole again it opens')
  })

  t.test(`D-3: ${driver}: a source that breaks off leaves nothing behind, and what is not there says so`, async t => {
    const { files, folder } = await given(t, driver)
    const before = (await listOf(files)).length
    const id = newId()
    async function * breaking (): AsyncGenerator<Buffer> {
      yield * flow(1)
      throw new Error('the line broke')
    }
    await t.rejects(files.put(id, KEY, breaking()), { message: 'the line broke' })
    t.same(readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()), [])
    t.equal((await listOf(files)).length, before)
    await t.rejects(files.read(id, KEY), { code: 'file_broken' })
    await files.remove(id)
    await files.put(id, KEY, flow(1))
    await files.remove(id)
    await t.rejects(files.read(id, KEY), { code: 'file_broken' })
  })

  t.test(`U-2: ${driver}: memory stays flat however large the files are`, async t => {
    const { files } = await given(t, driver)
    const id = newId()
    await files.put(id, KEY, flow(20)) // what is loaded once is loaded
    let [most, count, read] = [0, 0, 0]
    const measured = async function * (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const piece of source) {
        if (count++ % 200 === 0) { collectGarbage(); most = Math.max(most, process.memoryUsage().arrayBuffers) }
        yield piece
      }
    }
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    for (let at = 0; at < 4; at++) await files.put(newId(), KEY, measured(flow(20)))
    for await (const piece of measured(await files.read(id, KEY))) read += piece.length
    t.equal(read, 20 * 1_048_576)
    t.comment(`${driver}: ${Math.round((most - before) / 1024)} KB held while 100 MB went through`)
    t.ok(most - before < 2 * 1_048_576, `${most - before} bytes held`)
  })

  t.test(`U-7: ${driver}: every whole file is listed, and nothing else`, async t => {
    const { files } = await given(t, driver)
    const known = (await listOf(files)).map(({ id }) => id)
    const ids = Array.from({ length: 12 }, newId)
    for (const id of ids) await files.put(id, KEY, flow(0))
    const listed = (await listOf(files)).filter(({ id }) => !known.includes(id))
    t.same(listed.map(({ id }) => id).sort(), [...ids].sort())
    t.ok(listed.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 60_000))
    const { free = 0, total = 0 } = await files.room() ?? {}
    t.ok(free > 0 && total > free)
  })

  t.test(`U-2 D-4: ${driver}: below the floor of free space no file is taken; reading and removing go on`, async t => {
    const { files } = await given(t, driver)
    const id = newId()
    await files.put(id, KEY, flow(1))
    const { files: strict } = await given(t, driver, { floor: 100 })
    await t.rejects(strict.put(newId(), KEY, flow(1)), { code: 'files_full', status: 503 })
    if (driver === 'bucket') t.equal((await buffer(await strict.read(id, KEY))).length, 1_048_576)
    await files.remove(id)
  })

  t.test(`${driver}: whoever stops reading closes the file`, { skip: process.platform === 'linux' ? false : 'open files are counted in /proc' }, async t => {
    const { files } = await given(t, driver)
    const id = newId()
    await files.put(id, KEY, flow(5))
    await wait(100)
    const open = (): number => readdirSync('/proc/self/fd').length
    const before = open()
    for (let at = 0; at < 20; at++) {
      const read = await files.read(id, KEY)
      if (at % 2 === 0) await read[Symbol.asyncIterator]().next()
      read.destroy()
    }
    await wait(200)
    t.ok(open() <= before + 2, `${open() - before} stay open`)
  })
}

t.test('E-6: a file opens with the suite it was sealed with, whatever is set now', async t => {
  const { files } = await given(t, 'folder')
  const [sm, aes] = [ringOf(KEY.current.bytes, 'sm'), KEY]
  const content = randomBytes(3 * CHUNK + 17)
  for (const [sealing, opening] of [[sm, aes], [aes, sm], [sm, sm]] as const) {
    const id = newId()
    await files.put(id, sealing, pieces(content))
    t.ok((await buffer(await files.read(id, opening))).equals(content))
  }
})

t.test('U-4: a place is never made of what somebody sent', async t => {
  const { files } = await given(t, 'folder')
  for (const id of ['', '../../../../../../etc/passwd', `${'a'.repeat(20)}/..`, 'short', `${'a'.repeat(30)}\0`, 'x'.repeat(65)]) {
    await t.rejects(files.read(id, KEY), RangeError, JSON.stringify(id))
    await t.rejects(files.put(id, KEY, flow(0)), RangeError)
    await t.rejects(files.remove(id), RangeError)
  }
})

t.test('U-7: what was begun in a folder and never finished is taken away', async t => {
  const { files, fileOf } = await given(t, 'folder')
  t.same(await listOf(files), [], 'a folder that is not there yet is empty')
  const [old, fresh] = [newId(), newId()]
  for (const id of [old, fresh]) {
    mkdirSync(path.dirname(fileOf(id)), { recursive: true })
    writeFileSync(`${fileOf(id)}.part`, 'begun')
  }
  utimesSync(`${fileOf(old)}.part`, 1, 1)
  t.equal(await files.tidy(new Date(Date.now() - 3_600_000).toISOString()), 1, 'the older one')
  await files.put(old, KEY, flow(0))
  t.same((await listOf(files)).map(({ id }) => id), [old])
  t.equal(statSync(fileOf(old)).mode & 0o077, 0, 'for nobody else')
})

t.test('D-3: a bucket whose server dies, hangs or refuses: nothing acknowledged is lost, nothing half is kept', { timeout: 60_000 }, async t => {
  const bucket = await givenBucket(t)
  const files = openBucketStore(bucket.place, givenFolder(t))
  const [kept, lost, late] = [newId(), newId(), newId()]
  await files.put(kept, KEY, flow(20))
  const reading = (await files.read(kept, KEY))[Symbol.asyncIterator]()
  await reading.next()
  bucket.stop()
  const writing = files.put(lost, KEY, flow(20))
  writing.catch(() => undefined)
  await wait(300)
  await bucket.kill()
  await t.rejects(writing, { code: 'files_unavailable', status: 503 }, 'killed in the middle of writing')
  await t.rejects((async () => { for (let next = await reading.next(); next.done !== true; next = await reading.next()); })(), { code: 'files_unavailable' }, 'and in the middle of reading')
  await t.rejects(files.read(kept, KEY), { code: 'files_unavailable' }, 'nobody there')
  await bucket.start()
  t.same((await listOf(files)).map(({ id }) => id), [kept], 'what was acknowledged is there, what was not is not')
  t.equal((await buffer(await files.read(kept, KEY))).length, 20 * 1_048_576)

  bucket.stop()
  const began = Date.now()
  await t.rejects(files.put(late, KEY, flow(1)), { code: 'files_unavailable' }, 'a server that says nothing')
  t.ok(Date.now() - began < 8000, 'is not waited for without end')
  const slow = files.read(kept, KEY)
  await wait(300)
  bucket.go()
  t.equal((await buffer(await slow)).length, 20 * 1_048_576, 'one that is slow is waited for')
  for (const [why, place] of Object.entries({ SignatureDoesNotMatch: { secret: 'wrong' }, InvalidAccessKeyId: { keyId: 'nobody' }, NoSuchBucket: { bucket: 'elsewhere' } })) {
    const wrong = openBucketStore({ ...bucket.place, ...place }, givenFolder(t))
    await t.rejects(wrong.put(newId(), KEY, flow(1)), { code: 'files_unavailable', details: { why } }, why)
    await t.rejects(wrong.read(kept, KEY), { code: 'files_unavailable', details: { why } })
  }
})
