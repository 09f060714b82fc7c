import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { buildApp, type App } from '../../src/app.ts'
import { attach, createDraft, prepareReceipt, saveDraft } from '../../src/complaints/form/filing/service.ts'
import { inspectStorage, sweepOrphans, type Suspects } from '../../src/complaints/case/storage/service.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/open.ts'
import { findSession, openSession } from '../../src/db/sessions.ts'
import { openConfiguredStore } from '../../src/files/place.ts'
import { addressOf } from '../../src/files/s3-client.ts'
import { openBucketStore, openFileStore, type FileStore } from '../../src/files/store.ts'
import { loadKeys, type Keys } from '../../src/vault/keys.ts'
import { ringOf } from '../../src/vault/seal.ts'
import { givenHouse, TODAY } from '../fixtures/app.ts'
import { answersOf } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { givenBucket } from '../fixtures/s3.ts'

t.setTimeout(180_000) // a real server and an application for each engine, beside other test files
const ROOT = path.resolve(import.meta.dirname, '../..')
const KEY = ringOf(randomBytes(32), 'aes')
const newId = (): string => randomBytes(16).toString('base64url')
const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()
const PICTURE = await sharp(randomBytes(300 * 300 * 3), { raw: { width: 300, height: 300, channels: 3 } }).png().toBuffer()

async function * one (content: string): AsyncGenerator<Buffer> { yield Buffer.from(content) }

async function idsIn (files: FileStore): Promise<string[]> {
  const ids = []
  for await (const { id } of files.list()) ids.push(id)
  return ids.sort()
}

function folderOf (t: Test): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-storage-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) })
  return folder
}

for (const engine of ENGINES) {
  for (const driver of ['folder', 'bucket']) {
    t.test(`U-7: ${engine}, ${driver}: files that belong to nobody go after a day and two looks; what is missing is told`, async t => {
      const house = await givenHouse(t, engine)
      const files = driver === 'folder' ? openFileStore(path.join(house.folder, 'files')) : openBucketStore((await givenBucket(t)).place, path.join(house.folder, 'outgoing'))
      const draft = await createDraft(house.app, TODAY)
      const add = async (): Promise<string> => (await attach(house.app, files, draft, { name: '照片.png', mediaType: 'image/png', content: PICTURE, cleaned: true }, TODAY)).id
      const [kept, lost] = [await add(), await add()]
      const orphan = newId()
      await files.put(orphan, KEY, one('nobody knows me'))
      const suspects: Suspects = new Set()
      const sweep = async (hours: number): Promise<object> => await sweepOrphans(house, files, { now: inHours(hours), suspects })
      t.same(await sweep(0), { removed: 0, unfinished: 0, missing: 0 })
      t.same(await sweep(23), { removed: 0, unfinished: 0, missing: 0 })
      t.equal(suspects.size, 0, 'its row may still be coming')
      t.same(await sweep(25), { removed: 0, unfinished: 0, missing: 0 }, 'a clock that jumped ahead costs nothing')
      await sweep(1)
      t.same(await sweep(25), { removed: 0, unfinished: 0, missing: 0 }, 'nor one that jumped back and forth')
      t.same(await sweep(26), { removed: 1, unfinished: 0, missing: 0 })
      t.same(await idsIn(files), [kept, lost].sort(), 'what has a row stays')
      await files.remove(lost)
      const { missing } = await inspectStorage(house, files, inHours(0))
      t.match(missing, [{ id: lost, sha256: /^[0-9a-f]{64}$/ }])
      t.match(await sweep(27), { removed: 0, missing: 1 })
      await t.rejects(inspectStorage(house, files, inHours(0), AbortSignal.abort()), { name: 'AbortError' }, 'it ends when the portal does')
    })
  }
}

/** Somebody in the middle of a complaint: all is answered, nothing sent. */
async function givenWriter (parts: { db: App['db'], keys: Keys }, now: string): Promise<{ id: string, cookie: string, token: string }> {
  const id = await createDraft(parts, now)
  await saveDraft(parts, id, answersOf(), now)
  await prepareReceipt(parts, id)
  const secret = await openSession(parts.db, 'draft', id, now)
  const session = await findSession(parts.db, 'draft', secret, now, parts.keys.forms)
  return { id, cookie: `sunlit-draft=${secret}`, token: session?.formToken ?? '' }
}

interface Answer { status: number, body: string, location: string | null }
type Sender = (address: string, body: FormData | URLSearchParams, cookie: string) => Promise<Answer>

const over = (origin: string): Sender => async (address, body, cookie) => {
  const response = await fetch(origin + address, { method: 'POST', body, headers: { cookie, accept: 'text/html', 'sec-fetch-site': 'same-origin' }, redirect: 'manual' })
  return { status: response.status, body: await response.text(), location: response.headers.get('location') }
}

async function upload (send: Sender, { cookie, token }: { cookie: string, token: string }): Promise<Answer> {
  const form = new FormData()
  form.append('_csrf', token)
  form.append('files', new Blob([new Uint8Array(PICTURE)], { type: 'image/png' }), '现场.png')
  return await send('/complain/draft/evidence/files', form, cookie)
}

async function submit (send: Sender, { cookie, token }: { cookie: string, token: string }): Promise<Answer> {
  return await send('/complain/submissions', new URLSearchParams({ _csrf: token }), cookie)
}

/** The same house, its attachments elsewhere, reached over a port as by a browser. */
async function listening (t: Test, files: (folder: string) => Promise<FileStore> | FileStore) {
  const house = await givenHouse(t)
  const { app: { config, site }, db, keys, folder, clock } = house
  const app = await buildApp({ config, db, keys, files: await files(folder), site, now: () => clock.now })
  t.teardown(async () => { await app.close() })
  return { house, app, send: over(await app.listen({ port: 0, host: '127.0.0.1' })) }
}

t.test('U-2 D-4: where the disk is nearly full no file is taken; the page says so, and the complaint is sent without it', async t => {
  const { house, send } = await listening(t, folder => openFileStore(path.join(folder, 'files'), { floor: 100 }))
  const writer = await givenWriter(house, TODAY)
  t.match(await upload(send, writer), { status: 503, body: /附件存储空间不足，暂时不能上传[^]*可以先不带附件提交投诉/ })
  t.match(await submit(send, writer), { status: 303, location: '/complain/receipt' })
})

t.test('a bucket that does not answer: files are refused in plain words, complaints go on, and it recovers by itself', async t => {
  const bucket = await givenBucket(t)
  const { house, app, send } = await listening(t, folder => openBucketStore(bucket.place, path.join(folder, 'outgoing')))
  const [first, second] = [await givenWriter(house, TODAY), await givenWriter(house, TODAY)]
  t.equal((await upload(send, second)).status, 303)
  await bucket.kill()
  t.match(await upload(send, first), { status: 503, body: /附件存储出现故障[^]*请过十分钟再试，也可以先不带附件提交投诉/ })
  t.match(await submit(send, first), { status: 303, location: '/complain/receipt' })
  t.equal((await app.inject('/readyz')).statusCode, 200, 'the portal is ready all the same')
  await bucket.start()
  t.equal((await upload(send, second)).status, 303, 'nobody had to start anything anew')
  t.match(await submit(send, second), { status: 303, location: '/complain/receipt' })
  t.equal((await house.db.selectFrom('attachment').select('id').where('complaint_id', '=', second.id).execute()).length, 1, 'the same picture once')
})

/** The real server. `limit` lets no file of it grow beyond so many bytes, as a full disk does, and works for every user; null takes the limit away. */
async function givenServer (t: Test, folder: string): Promise<{ send: Sender, origin: string, limit: (bytes: number | null) => void }> {
  const settings = Object.entries({ PATH: process.env['PATH'] ?? '', SUNLIT_DATA: folder, SUNLIT_DEMO: 'off', PORT: '0', SUNLIT_LOG: 'silent' }).map(([name, value]) => `${name}=${value}`)
  // `env -i`: the runner's own hooks write files, which a full disk forbids too.
  const child = spawn('env', ['-i', ...settings, process.execPath, '--disable-warning=ExperimentalWarning', 'src/server.ts'], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit']
  })
  const closed = new Promise(resolve => child.once('close', resolve))
  t.teardown(async () => { child.kill('SIGKILL'); await closed })
  let said = ''
  const origin = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      said += String(piece)
      const found = /(http:\/\/\S+?)\/?en\b/.exec(said)
      if (found?.[1] !== undefined) resolve(found[1])
    })
    child.once('close', () => { reject(new Error(`ended: ${said}`)) })
  })
  const limit = (bytes: number | null): void => {
    const { status, stderr } = spawnSync('prlimit', [`--pid=${child.pid}`, `--fsize=${bytes ?? 'unlimited'}:unlimited`], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }
  return { send: over(origin), origin, limit }
}

const filesIn = (folder: string): string[] => readdirSync(path.join(folder, 'files'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => entry.name)

t.test('D-3 D-4: a disk that is full during upload and during sending: refused, nothing half kept, nothing typed lost, and it goes on by itself', { skip: process.platform === 'linux' ? false : 'prlimit is a command of Linux' }, async t => {
  const folder = folderOf(t)
  const { send, origin, limit } = await givenServer(t, folder)
  const db = await openDatabase(`sqlite:${path.join(folder, 'sunlit.db')}`)
  t.teardown(async () => { await db.destroy() })
  const parts = { db, keys: await loadKeys(db, path.join(folder, 'keys')) }
  const now = new Date().toISOString()
  const writer = await givenWriter(parts, now)
  t.equal((await upload(send, writer)).status, 303)
  const before = filesIn(folder).length
  limit(20_000)
  t.match(await upload(send, writer), { status: 503, body: /存储空间不足/ }, 'full during upload')
  t.equal(filesIn(folder).length, before, 'nothing half stays')
  t.match(await submit(send, writer), { status: 503, body: /存储空间不足，暂时不能提交/ }, 'full during sending')
  t.equal((await fetch(`${origin}/prohibitions`)).status, 200, 'reading goes on')
  t.equal((await fetch(`${origin}/readyz`)).status, 503, 'P-7: readiness tries a write')
  t.equal((await db.selectFrom('complaint').select('id').execute()).length, 0)
  limit(null)
  t.equal((await upload(send, writer)).status, 303, 'files are taken again')
  t.match(await submit(send, writer), { status: 303, location: '/complain/receipt' })
  t.match(await submit(send, writer), { status: 303, location: '/complain/receipt' })
  t.equal((await db.selectFrom('complaint').select('id').where('id', '=', writer.id).execute()).length, 1, 'exactly once, with all that was typed')
  t.equal((await db.selectFrom('attachment').select('id').where('complaint_id', '=', writer.id).execute()).length, 1, 'the same picture once, with its original')
  t.same(await inspectStorage({ db }, openFileStore(path.join(folder, 'files')), now), { files: 2, orphans: [], missing: [] })

  await t.test('U-7: the command counts, names what is missing, and sweeps only when told to', async t => {
    const run = (...args: string[]) => spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli/files.ts', ...args], {
      cwd: ROOT, env: { PATH: process.env['PATH'], SUNLIT_DATA: folder }, encoding: 'utf8'
    })
    t.match(run('check'), { status: 0, stdout: /存储中有2个附件；0个[^\n]*缺失的0个\n2 attachments are stored/ })
    const files = openFileStore(path.join(folder, 'files'))
    const [gone = ''] = filesIn(folder)
    await files.remove(gone)
    t.match(run('sweep', '--dry'), { status: 1, stdout: new RegExp(`1 are recorded but their file is missing\\n  ${gone}  SHA-256 [0-9a-f]{64}`) })
    t.match(run('sweep'), { stdout: /Removed 0 files/ })
    t.match(run('tidy'), { status: 2, stderr: /npm run files -- check/ })
  })
})

t.test('D-4: a file system without space is told apart from a broken one', async t => {
  const folder = folderOf(t)
  // Only root may mount, as CI does; for everybody else the limit of the test above does the same.
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'none', folder]).status === 0) {
    t.teardown(() => { spawnSync('umount', [folder]) })
    const files = openFileStore(folder)
    await t.rejects(files.put(newId(), KEY, one('x'.repeat(1_000_000))), { code: 'files_full', details: { why: 'ENOSPC' } })
    t.same(readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()), [], 'nothing stays')
    const id = newId()
    await files.put(id, KEY, one('smaller'))
    t.equal(await text(await files.read(id, KEY)), 'smaller')
  }
  const broken = openFileStore(path.join(ROOT, 'package.json'))
  await t.rejects(broken.put(newId(), KEY, one('x')), { code: 'files_unavailable' })
  await t.rejects(broken.read(newId(), KEY), { code: 'files_unavailable' })
})

t.test('K-2: the bucket is named by a setting, its keys by a file for its owner alone', async t => {
  const folder = folderOf(t)
  const secret = path.join(folder, 'bucket.secret')
  const open = (address: string, file = secret): FileStore => openConfiguredStore(readConfig({ SUNLIT_DATA: folder, SUNLIT_FILES: address, SUNLIT_FILES_SECRET: file }))
  const bucket = await givenBucket(t)
  const address = `s3://sunlit/a/b?endpoint=${bucket.place.endpoint}&region=cn-north-1`
  t.throws(() => open(address, ''), { name: 'StartError', reason: 'files_secret_missing' })
  t.throws(() => open(address), { name: 'StartError', reason: 'files_secret_missing' })
  writeFileSync(secret, 'S3RVER\n', { mode: 0o600 })
  t.throws(() => open(address), { name: 'StartError', reason: 'files_secret_missing' })
  writeFileSync(secret, 'S3RVER\nS3RVER\n')
  if (process.platform !== 'win32') {
    chmodSync(secret, 0o644)
    t.throws(() => open(address), { name: 'StartError', reason: 'keys_open' })
    chmodSync(secret, 0o600)
  }
  const files = open(address)
  const id = newId()
  await files.put(id, KEY, one('kept'))
  t.same(await idsIn(files), [id])
  for (const wrong of ['bucket', 's3://', 's3://sunlit', 's3://sunlit?endpoint=ftp://x', 's3://sunlit?endpoint=https://key:secret@host', `${address}&style=none`, `${address}&secret=x`, 's3://UPPER/?endpoint=https://x', 's3://sunlit/a b?endpoint=https://x']) {
    t.throws(() => open(wrong), { name: 'ConfigError', message: /SUNLIT_FILES/ }, wrong)
  }
  const place = { ...bucket.place, endpoint: 'https://oss.example.cn/', style: 'host' } as const
  t.equal(addressOf(place, { key: 'x' }), 'https://sunlit.oss.example.cn/files/x', 'where the bucket stands in front of the host')
})
