import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import t from 'tap'
import { declareConflict } from '../../src/complaints/work/conflicts/service.ts'
import { giveSecret } from '../../src/desk/account/second-factor/service.ts'
import { sealText } from '../../src/vault/seal.ts'
import { TOTP } from '../fixtures/sign-in.ts'
import { openCorrection, report, targetOf } from '../../src/catalogue/corrections/service.ts'
import { createDraft, readDraft } from '../../src/complaints/form/filing/service.ts'
import { openIdentity } from '../../src/complaints/case/ledger/sealing.ts'
import { findTracking } from '../../src/complaints/case/reading/service.ts'
import { askForCode } from '../../src/complaints/following/reissue/service.ts'
import { readNote } from '../../src/complaints/visits/notes/service.ts'
import { verifyAudit } from '../../src/db/chain/check.ts'
import { openDatabase } from '../../src/db/open.ts'
import type { Database } from '../../src/db/schema.ts'
import { claimLetter, queueLetter } from '../../src/mail/outbox.ts'
import { subscribe } from '../../src/open/subscriptions/service.ts'
import { newDataKey, unwrapDataKey } from '../../src/vault/data-keys.ts'
import { followKeys, KEY_NAMES, loadKeys, RING_NAMES } from '../../src/vault/keys.ts'
import { PLACES, sealedOtherwise } from '../../src/vault/places.ts'
import { listKeys, makeKey, retireKeys, rotateKey, type VaultParts } from '../../src/vault/rotation.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { answersOf, givenFiled, givenStaff, STAFF, type Filed } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { givenVisit } from '../fixtures/visits.ts'

const HOUR_LATER = '2026-11-23T03:00:01.000Z'
const LETTER = { to: 'demo@example.cn', subject: '有新进展', text: '请登录查询' }

/** Something of everything that the keys outside the database open. */
async function givenTexts (house: House): Promise<{ readAll: () => Promise<void> }> {
  const { app, db, keys } = house
  const filed = await givenFiled(house, TODAY)
  await givenStaff(db)
  await giveSecret(house, db, { id: STAFF.head.id, username: 'head', secret: TOTP }, TODAY)
  await declareConflict(house, STAFF.head, { agencyId: null, officerId: null, ref: null, text: '与某单位有来往' }, TODAY)
  await db.insertInto('pattern_dismissal').values({ pattern: 'ground 1 G01', count: 3, sealed: sealText(keys.content, '已研判', 'pattern|ground 1 G01'), dismissed_by: null, at: TODAY }).execute()
  await db.updateTable('account').set(({ email_sealed: sealText(keys.identity, 'demo@example.cn', 'account-email|head') })).where('id', '=', STAFF.head.id).execute()
  await db.insertInto('handover').values({ id: 'one', from_id: STAFF.investigator.id, to_id: STAFF.second.id, actor_id: STAFF.head.id, note_sealed: sealText(keys.content, '请继续办理', 'handover|one'), at: TODAY, ended_at: null }).execute()
  await askForCode(house, { ref: filed.ref, contact: 'demo@example.cn' }, TODAY)
  const draft = await createDraft(house, TODAY)
  const visit = await givenVisit(house, TODAY)
  const { id } = await report(app, await targetOf(app, 'prohibitions:1'), { field: 'other', contact: 'demo@example.cn', wrong: '写错了', right: '应为', source: '' }, TODAY)
  await queueLetter(db, keys, { kind: 'digest', subscription: 'none' }, LETTER, '2026-11-23T01:00:00.000Z') // the first in the queue
  await subscribe(app, { kept: { set: 'matters', code: '', query: '' }, title: '', lang: undefined, filters: [], href: '', scopes: [], names: { asked: '', confirmed: '' } as never }, { email: 'demo@example.cn', frequency: 'daily', locale: 'zh-CN' }, TODAY)
  const reads = async (): Promise<void> => {
    const fresh = await loadKeys(db, path.join(house.folder, 'keys')) // as another process would
    for (const parts of [house, { ...house, keys: fresh }]) {
      const { issues } = await findTracking(parts, filed.id, TODAY) as { issues: Array<{ text: string }> }
      if (issues[0]?.text !== answersOf().issues?.[0]?.text) throw new Error('issue')
      await readDraft(parts, draft)
      await readNote(parts, visit.id, TODAY)
      const { contact } = await openCorrection(parts, id)
      if (contact !== 'demo@example.cn') throw new Error('contact')
      const row = await db.selectFrom('identity').selectAll().where('complaint_id', '=', filed.id).executeTakeFirstOrThrow()
      if (openIdentity(parts.keys, row).name !== '演示投诉人') throw new Error('identity')
    }
  }
  return { readAll: reads }
}

const vaultOf = ({ db, keys, folder }: House, now = TODAY): VaultParts => ({ db, keys, folder: path.join(folder, 'keys'), now })

for (const engine of ENGINES) {
  t.test(`${engine} E-3 E-5: a key is exchanged beside the running portal, and the old one can be destroyed`, async t => {
    const house = await givenHouse(t, engine)
    const { db } = house
    const { readAll } = await givenTexts(house)
    const before = Object.fromEntries((await listKeys(db)).map(({ name, id }) => [name, id]))
    for (const place of Object.values(PLACES).flat()) t.ok((await sealedOtherwise(db, place, { id: 'none', last: '', limit: 1 })).length > 0, `there is something in ${place.table}.${place.column}`)
    for (const name of RING_NAMES) {
      const { id, started, moved, broken } = await rotateKey(vaultOf(house), name)
      t.match({ started, broken }, { started: true, broken: [] }, name)
      t.ok(moved > 0, `${name}: ${moved} texts`)
      t.equal(house.keys[name].current.id, id)
      t.not(id, before[name])
      await readAll()
      t.match(await retireKeys(vaultOf(house), name), { retired: [], left: 0, notBefore: /^2026-11-23T03:00/ }, 'a request of a moment ago may still hold the old key')
      t.match(await retireKeys(vaultOf(house, HOUR_LATER), name), { retired: [before[name]], left: 0 })
      t.notOk(existsSync(path.join(house.folder, 'keys', `${name}.key`)), 'its file is gone')
      await readAll()
      t.match(await retireKeys(vaultOf(house, HOUR_LATER), name), { retired: [], notBefore: null })
    }
    const letters = [await claimLetter(db, house.keys, TODAY), await claimLetter(db, house.keys, TODAY)]
    t.ok(letters.some(claimed => claimed?.letter.subject === LETTER.subject), 'letters that wait still open')
    const entries = await db.selectFrom('audit_entry').select(['action', 'subject']).where('action', 'like', 'key.%').orderBy('seq').execute()
    t.equal(entries.length, 9, 'made, rotated and retired for each')
    t.match(entries[0], { action: 'key.made', subject: /^identity [0-9a-f]{12}$/ })
    t.equal((await verifyAudit(db, house.keys)).broken, null)
  })

  t.test(`${engine} E-5: a process that came before the new key opens what it sealed at once, and seals with it once it follows`, async t => {
    const house = await givenHouse(t, engine)
    const other = { ...house, keys: await loadKeys(house.db, path.join(house.folder, 'keys')) }
    const { id } = await makeKey(vaultOf(house), 'content')
    t.equal((await makeKey(vaultOf(house), 'content')).id, id, 'one key waits, however often it is asked for')
    await createDraft(house, TODAY)
    t.equal((await rotateKey(vaultOf(house), 'content')).id, id)
    const draft = await createDraft(house, TODAY)
    await readDraft(other, draft)
    const late = await createDraft(other, TODAY)
    const wrappedBy = async (): Promise<string | undefined> => (await house.db.selectFrom('draft').select('wrapped_key').where('id', '=', late).executeTakeFirstOrThrow()).wrapped_key.split('.')[2]
    t.not(await wrappedBy(), id, 'for some seconds the old key goes on')
    await followKeys(house.db, other.keys)
    t.equal(other.keys.content.current.id, id)
    t.match(await rotateKey(vaultOf(house), 'content'), { started: false, moved: 1 }, 'what came late is moved, no further key is made')
    t.equal(await wrappedBy(), id)
  })

  t.test(`${engine} E-5: what no key opens keeps the old key alive`, async t => {
    const house = await givenHouse(t, engine)
    const draft = await createDraft(house, TODAY)
    await house.db.updateTable('draft').set({ wrapped_key: 'v2.aes.0123456789ab.AAAA' }).where('id', '=', draft).execute()
    await createDraft(house, TODAY)
    const place = [`draft.wrapped_key ${draft}`]
    t.match(await rotateKey(vaultOf(house), 'content'), { started: true, broken: place, moved: 1 }, 'the others get their new key')
    t.match(await rotateKey(vaultOf(house), 'content'), { started: true, broken: place, moved: 1 }, 'and may get another')
    t.match(await retireKeys(vaultOf(house, HOUR_LATER), 'content'), { retired: [], left: 1, broken: place })
  })
}

t.test('E-5: a machine that lacks the new key takes nothing in with the old one', async t => {
  const house = await givenHouse(t)
  const elsewhere = path.join(house.folder, 'other')
  mkdirSync(elsewhere)
  for (const name of readdirSync(path.join(house.folder, 'keys'))) writeFileSync(path.join(elsewhere, name), readFileSync(path.join(house.folder, 'keys', name)), { mode: 0o400 })
  const other = { ...house, keys: await loadKeys(house.db, elsewhere) }
  const { id } = await rotateKey(vaultOf(house), 'content')
  await t.rejects(followKeys(house.db, other.keys), { name: 'StartError', reason: /keys_(missing|wrong)/ })
  await t.rejects(createDraft(other, TODAY), { name: 'SealBroken' })
  writeFileSync(path.join(elsewhere, `content-${id}.key`), readFileSync(path.join(house.folder, 'keys', `content-${id}.key`)), { mode: 0o400 })
  await followKeys(house.db, other.keys)
  t.ok(await createDraft(other, TODAY), 'with the file it goes on')
})

const ROOT = path.join(import.meta.dirname, '../..')
const GROUP = process.platform !== 'win32'

interface Running { child: ChildProcess, output: () => string, ended: Promise<number | null> }

function run (folder: string, args: string[], environment: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    detached: GROUP,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '', SUNLIT_DATA: folder, SUNLIT_DEMO: 'off', SUNLIT_LOG: 'silent', PORT: '0', LC_ALL: 'C.UTF-8', ...environment }
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => { text += part })
  return { child, output: () => text, ended: once(child, 'close').then(([code]) => code as number | null) }
}

async function addressOf ({ child, output, ended }: Running): Promise<string> {
  for (let known: string | undefined; ; await Promise.race([once(child.stdout ?? child, 'data'), ended])) {
    known = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0]
    if (known !== undefined) return known
    if (child.exitCode !== null) throw new Error(output())
  }
}

const keysCommand = async (folder: string, ...args: string[]): Promise<{ code: number | null, output: string }> => {
  const { ended, output } = run(folder, ['src/cli/keys.ts', ...args])
  return { code: await ended, output: output() }
}

/** Waits until something is so, for at most fifteen seconds. */
async function until (what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    if (await what()) return
    await setTimeout(5)
  }
  throw new Error('it never came to be')
}

/** Opens a complaint as its holder would, in the portal at this address. */
async function trackAt (address: string, { ref, code }: Filed): Promise<string> {
  const entered = await fetch(`${address}/track`, { method: 'POST', redirect: 'manual', headers: { origin: address }, body: new URLSearchParams({ ref, code }) })
  const cookie = (entered.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  return await (await fetch(`${address}/track/${ref}`, { headers: { cookie } })).text()
}

t.test('E-5: killed in the middle of an exchange beside a real portal, the command goes on where it stopped; then the old key goes', async t => {
  const folder = t.testdir({})
  const portal = run(folder, ['src/server.ts'])
  t.teardown(async () => { if (GROUP) process.kill(-(portal.child.pid ?? 0), 'SIGKILL'); await portal.ended.catch(() => undefined) })
  const address = await addressOf(portal)
  const db = await openDatabase(`sqlite:${folder}/sunlit.db`)
  t.teardown(async () => { await db.destroy() })
  const parts = { db, keys: await loadKeys(db, path.join(folder, 'keys')) }
  const filed = await givenFiled(parts, new Date().toISOString())
  const [old] = (await listKeys(db)).filter(({ name }) => name === 'content')
  await givenDrafts(parts, 6000)

  const first = run(folder, ['src/cli/keys.ts', 'rotate', 'content'])
  const movedTo = async (sign: '=' | '<>'): Promise<number> => (await db.selectFrom('draft').select(eb => eb.fn.countAll<number>().as('n')).where('wrapped_key', sign === '=' ? 'like' : 'not like', `v2.%.${old?.id}.%`).executeTakeFirstOrThrow()).n
  await until(async () => await movedTo('<>') > 0)
  if (GROUP) process.kill(-(first.child.pid ?? 0), 'SIGKILL')
  else first.child.kill('SIGKILL')
  await first.ended
  t.ok(await movedTo('=') > 0 && await movedTo('<>') > 0, 'it was killed half way')
  t.match(await trackAt(address, filed), /没有出示执法证件/, 'the running portal opens all meanwhile')

  t.match(await keysCommand(folder, 'rotate', 'content'), { code: 0, output: /补做完毕[^]*interrupted/ })
  t.equal(await movedTo('='), 0)
  await until(async () => await newestDraft(db, address, old?.id ?? ''))
  await db.updateTable('vault_key').set({ former_at: '2026-01-01T00:00:00.000Z' }).where('state', '=', 'former').execute() // an hour has passed
  t.match(await keysCommand(folder, 'retire', 'content'), { code: 0, output: /已销毁[^]*destroyed/ })
  t.notOk(existsSync(path.join(folder, 'keys', 'content.key')))
  t.match(await trackAt(address, filed), /没有出示执法证件/)
  const again = { db, keys: await loadKeys(db, path.join(folder, 'keys')) }
  for (const { id, wrapped_key: wrapped } of await db.selectFrom('draft').select(['id', 'wrapped_key']).execute()) unwrapDataKey(again.keys.content, wrapped, `content|${id}`)
  t.equal((await verifyAudit(db, again.keys)).broken, null)
})

/** Begins a complaint in the portal and says whether it was sealed with the new key. */
async function newestDraft (db: Kysely<Database>, address: string, oldId: string): Promise<boolean> {
  await setTimeout(400)
  const before = new Set((await db.selectFrom('draft').select('id').execute()).map(({ id }) => id))
  await fetch(`${address}/complain`, { method: 'POST', redirect: 'manual', headers: { origin: address }, body: new URLSearchParams({ understood: 'yes' }) })
  const made = (await db.selectFrom('draft').select(['id', 'wrapped_key']).execute()).find(({ id }) => !before.has(id))
  if (made === undefined) throw new Error('the portal made no draft')
  return made.wrapped_key.split('.')[2] !== oldId
}

/** Many drafts at once, each with a key of its own. */
async function givenDrafts ({ db, keys }: Parameters<typeof givenFiled>[0], count: number): Promise<void> {
  const made = await createDraft({ db, keys }, new Date().toISOString())
  const row = await db.selectFrom('draft').selectAll().where('id', '=', made).executeTakeFirstOrThrow()
  const { sealed: _, ...rest } = row
  const rows = Array.from({ length: count }, () => {
    const id = randomBytes(16).toString('base64url')
    const { wrapped } = newDataKey(keys.content, `content|${id}`)
    return { ...rest, id, wrapped_key: wrapped, sealed: '', submitted_at: new Date().toISOString() }
  })
  for (let at = 0; at < rows.length; at += 500) await db.insertInto('draft').values(rows.slice(at, at + 500)).execute()
}

/** What may be wrong with a key file, and what is said then. */
const FAULTS: ReadonlyArray<readonly [string, (file: string) => void, RegExp]> = [
  ['missing', file => { rmSync(file) }, /密钥文件缺失[^]*is missing/],
  ['another key', file => { replace(file, randomBytes(32).toString('base64url')) }, /不符[^]*does not belong/],
  ['empty', file => { replace(file, '') }, /为空或残缺[^]*empty or damaged/],
  ['half a key', file => { replace(file, readFileSync(file, 'utf8').slice(0, 20)) }, /为空或残缺[^]*empty or damaged/],
  ['the same byte over and over', file => { replace(file, Buffer.alloc(32, 7).toString('base64url')) }, /不是随机生成的[^]*is not random/],
  ['a folder', file => { rmSync(file); mkdirSync(file) }, /却是一个文件夹[^]*is a folder/],
  ...process.platform === 'win32' ? [] : [['world-readable', (file: string) => { chmodSync(file, 0o644) }, /可被他人读取[^]*Others can read/] as const],
  ...process.getuid?.() === 0 ? [] : [['unreadable', (file: string) => { chmodSync(file, 0) }, /无权读取[^]*cannot be read/] as const]
]

function replace (file: string, content: string): void {
  chmodSync(file, 0o600)
  writeFileSync(file, content)
}

t.test('E-2 K-1 K-2: a key file that is missing, wrong, empty, open to others, unreadable or a folder stops the start in plain words', async t => {
  const folder = t.testdir({})
  t.match(await keysCommand(folder, 'list'), { code: 0, output: /identity\t[0-9a-f]{12}\t现用 in use\t/ }, 'an empty place gets its keys')
  t.match(await keysCommand(folder, 'rotate', 'pepper'), { code: 2, output: /不能更换[^]*cannot be exchanged/ })
  const keyFolder = path.join(folder, 'keys')
  t.same(readdirSync(keyFolder).sort(), KEY_NAMES.map(name => `${name}.key`).sort(), 'each key in a file of its own')
  if (GROUP) for (const name of readdirSync(keyFolder)) t.equal(statSync(path.join(keyFolder, name)).mode & 0o777, 0o400, name)
  const tree = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => !/^sunlit\.db/.test(name)).sort()
  const kept = path.join(folder, 'kept')
  const db = await openDatabase(`sqlite:${folder}/sunlit.db`)
  t.teardown(async () => { await db.destroy() })
  for (const [at, [what, spoil, said]] of FAULTS.entries()) {
    const file = path.join(keyFolder, `${KEY_NAMES[at % KEY_NAMES.length]}.key`)
    const secret = readFileSync(file)
    renameSync(file, kept)
    writeFileSync(file, secret, { mode: 0o400 })
    spoil(file)
    const before = tree()
    const fault = await loadKeys(db, keyFolder).then(() => null, (error: Error) => error)
    t.match(fault, { name: 'StartError', message: said }, what)
    t.match(fault?.message, file, 'the file is named')
    t.notOk(fault?.message.includes(secret.toString()), 'the key is not told')
    if (what === 'missing' || what === 'a folder') {
      const { ended, output } = run(folder, ['src/server.ts'])
      t.equal(await ended, 1, `a process ends, ${what}`)
      t.equal(output().trim(), fault?.message, 'with two sentences, and serves nothing')
    }
    t.same(tree(), before, 'nothing is made')
    rmSync(file, { recursive: true, force: true })
    renameSync(kept, file)
  }
})

t.test('E-2: a live portal refuses keys that its backups would carry along; a demo is only warned', async t => {
  const folder = t.testdir({})
  const live = run(folder, ['src/server.ts'], { SITE_ORIGIN: 'https://zfjd.example.gov.cn' })
  t.equal(await live.ended, 1)
  t.match(live.output(), /SUNLIT_KEYS[^]*SUNLIT_KEYS/)
  t.same(readdirSync(folder), [], 'nothing is made')
})

t.test('E-4 E-6: a database written under one suite opens under the other', async t => {
  for (const [first, second] of [['aes', 'sm'], ['sm', 'aes']] as const) {
    const house = await givenHouse(t, 'sqlite', { SUNLIT_SUITE: first })
    const { readAll } = await givenTexts(house)
    const { wrapped_key: wrapped } = await house.db.selectFrom('complaint').select('wrapped_key').executeTakeFirstOrThrow()
    t.match(wrapped, `v2.${first}.`)
    await readAll()
    const later = { ...house, keys: await loadKeys(house.db, path.join(house.folder, 'keys'), second) }
    const draft = await createDraft(later, TODAY)
    await readDraft(house, draft)
    t.same(await verifyAudit(house.db, house.keys), await verifyAudit(house.db, later.keys), 'the audit chain too')
    t.equal((await verifyAudit(house.db, later.keys)).broken, null)
    t.match(await rotateKey(vaultOf(later), 'content'), { broken: [] })
    t.equal((await verifyAudit(house.db, house.keys)).broken, null, 'a chain of both suites holds')
    await readAll()
  }
})
