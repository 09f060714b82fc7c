import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { complainantMessage } from '../../src/complaints/case/correspondence/service.ts'
import { createDraft, prepareReceipt, readReceipt, saveDraft, submitDraft } from '../../src/complaints/form/filing/service.ts'
import { checkSlip, copyAsFiled, slipOf } from '../../src/complaints/following/proof/service.ts'
import { openSession, type SessionKind } from '../../src/db/sessions.ts'
import { isReference, newReference } from '../../src/domain/records/receipts.ts'
import { readSlip, signedText } from '../../src/domain/records/slips.ts'
import { loadKeys } from '../../src/vault/keys.ts'
import { retireKeys, rotateKey } from '../../src/vault/rotation.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { answersOf, givenComplaint, givenFiled, step, type Filed } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'

const minutes = (count: number): string => new Date(Date.parse(TODAY) + count * 60_000).toISOString()
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Every text of every table. */
async function everything ({ db }: House): Promise<string> {
  const tables = (await db.introspection.getTables()).filter(({ name }) => !name.includes('_search'))
  const rows = []
  for (const { name } of tables) rows.push(name, await db.selectFrom(name as 'setting').selectAll().execute())
  return JSON.stringify(rows)
}

/** A browser that holds one session. */
async function browser ({ app, db, clock }: House, kind: SessionKind, subject: string): Promise<(url: string) => Promise<{ status: number, body: string, headers: Record<string, unknown> }>> {
  const cookie = `sunlit-${kind}=${await openSession(db, kind, subject, clock.now)}`
  return async url => {
    const { statusCode, body, headers } = await app.inject({ url, headers: { cookie, accept: 'text/html' } })
    return { status: statusCode, body, headers }
  }
}

async function check ({ app }: House, slip: string, base = ''): Promise<{ status: number, body: string, headers: Record<string, unknown> }> {
  const { statusCode, body, headers } = await app.inject({ method: 'POST', url: `${base}/receipts/check`, headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', accept: 'text/html' }, payload: new URLSearchParams({ slip }).toString() })
  return { status: statusCode, body, headers }
}

t.test('R-1: a reference is random, tells neither day nor number, and a slip of one digit is noticed', async t => {
  const zero = (count: number): Uint8Array => new Uint8Array(count)
  t.equal(newReference(zero), 'TS00000000000', 'ten digits from the source of randomness and a check digit, nothing else')
  const house = await givenHouse(t)
  const refs = [await givenFiled(house, TODAY), await givenFiled(house, TODAY)].map(({ ref }) => ref)
  for (const ref of refs) {
    t.ok(isReference(ref))
    t.notOk(isReference(ref.replace(/\d$/, digit => String((Number(digit) + 1) % 10))))
  }
  t.not(refs[0], refs[1])
})

for (const engine of ENGINES) {
  t.test(`${engine} R-2 R-3 R-7: the code exists before the last click, is shown for half an hour, and is stored as a hash alone`, async t => {
    const house = await givenHouse(t, engine)
    const { db } = house
    const id = await createDraft(house, TODAY)
    await saveDraft(house, id, answersOf(), TODAY)
    await prepareReceipt(house, id)
    const prepared = await db.selectFrom('draft').select(['ref', 'code_hash']).where('id', '=', id).executeTakeFirstOrThrow()
    t.match(prepared.code_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    await submitDraft(house, id, TODAY)
    await submitDraft(house, id, minutes(1)) // the answer was lost, the form is sent again
    const first = await readReceipt(house, id, TODAY)
    t.match(first, { ref: prepared.ref, code: /^\d{16}$/, codeUntil: minutes(30) })
    t.equal((await readReceipt(house, id, minutes(30))).code, first.code, 'to the very minute')
    t.equal((await readReceipt(house, id, new Date(Date.parse(minutes(30)) + 1).toISOString())).code, null, 'and not a moment longer')
    t.equal((await readReceipt(house, id, minutes(-60))).code, first.code, 'a clock that was set back locks nobody out')
    const stored = await everything(house)
    t.notOk(stored.includes(first.code as string))
    t.notOk(stored.includes((first.code as string).replace(/(\d{4})(?=\d)/g, '$1 ')))
  })
}

for (const suite of ['aes', 'sm']) {
  t.test(`E-1 E-3 E-6: with ${suite}, nothing that was typed lies readable in the database`, async t => {
    const house = await givenHouse(t, 'sqlite', { SUNLIT_SUITE: suite })
    const { id } = await givenComplaint(house, 'accepted', TODAY)
    await complainantMessage(house, id, '我又想起一件事', TODAY)
    await givenFile(house, id, '小票照片.jpg', TODAY)
    const draft = await createDraft(house, TODAY)
    await saveDraft(house, draft, answersOf(), TODAY)
    const stored = await everything(house)
    for (const typed of ['演示投诉人', '13800000000', 'demo@example.cn', '乙路二号', '出示执法证件', '冰柜', '甲路一号', '某街道的执法队', '又想起一件事', '小票照片']) t.notOk(stored.includes(typed), typed)
    const { wrapped_key: content } = await house.db.selectFrom('complaint').select('wrapped_key').where('id', '=', id).executeTakeFirstOrThrow()
    const { wrapped_key: identity } = await house.db.selectFrom('identity').select('wrapped_key').where('complaint_id', '=', id).executeTakeFirstOrThrow()
    t.match(content, new RegExp(`^v2\\.${suite}\\.${house.keys.content.current.id}\\.`))
    t.match(identity, new RegExp(`^v2\\.${suite}\\.${house.keys.identity.current.id}\\.`), 'the identity under a key of its own')
    t.not(house.keys.identity.current.id, house.keys.content.current.id)
  })
}

t.test('R-2: the code stands in no address and no title, and on paper only if the complainant wants it there', async t => {
  const house = await givenHouse(t)
  const { id, ref, code } = await givenFiled(house, TODAY)
  const get = await browser(house, 'receipt', id)
  const grouped = code.replace(/(\d{4})(?=\d)/g, '$1 ')
  const page = await get('/complain/receipt')
  t.match(page.body, grouped)
  t.equal(page.headers['cache-control'], 'no-store')
  for (const [, place] of page.body.matchAll(/(?:href|action|src|value)="([^"]*)"|<title>([^<]*)/g)) t.notOk((place ?? '').replace(/\D/g, '').includes(code), place ?? '')
  const paper = await get('/complain/receipt/print')
  t.match(paper.body, /投诉举报回执[^]*____ ____ ____ ____/)
  t.match(paper.body, ref)
  t.notMatch(paper.body, grouped)
  t.match((await get('/complain/receipt/print?code=1')).body, grouped)
  house.clock.now = minutes(31)
  for (const address of ['/complain/receipt/print?code=1', '/complain/receipt/print?slip=1', '/complain/receipt/copy']) t.match(await get(address), { status: 303, headers: { location: '/track?receipt=1' } }, `${address} after half an hour`)
  t.notMatch((await get('/complain/receipt')).body, /receipt\/(?:print|copy)/, 'nor does the page lead there: somebody else may sit at the computer')
  t.equal((await house.app.inject({ url: '/complain/receipt/print' })).headers.location, '/track?receipt=1', 'nobody else has it')
  t.match((await get('/complain/receipt')).body, 'href="/track"', 'and the way on is a link')
})

t.test('the paper says when, by when and on what basis, whom to call, and which files came along', async t => {
  const house = await givenHouse(t)
  const { id } = await givenFiled(house, TODAY)
  await givenFile(house, id, '小票照片.jpg', TODAY)
  const { body } = await (await browser(house, 'receipt', id))('/complain/receipt/print?slip=1')
  for (const words of ['2026年11月23日', '最迟在2026年11月30日决定是否受理', '12348', '小票照片.jpg', 'a'.repeat(64), 'SL1.']) t.match(body, words)
  const english = await (await browser(house, 'receipt', id))('/en/complain/receipt/print?slip=1')
  t.match(english.body, 'Receipt for a complaint')
})

async function givenFile ({ db, keys }: House, id: string, name: string, at: string, messageId: number | null = null): Promise<void> {
  const { sealFor } = await import('../../src/complaints/case/ledger/sealing.ts')
  const row = await db.selectFrom('complaint').select(['id', 'wrapped_key']).where('id', '=', id).executeTakeFirstOrThrow()
  const fileId = `file-${name.length}-aaaaaaaaaaaaaaaaaaaa`
  await db.insertInto('attachment').values({ id: fileId, complaint_id: id, name_sealed: sealFor(keys, row).close(`attachment:${fileId}`, name), media_type: 'image/jpeg', size: 12_345, sha256: 'a'.repeat(64), cleaned: 1, at, message_id: messageId }).execute()
}

t.test('a slip is short, says nothing of the content, and is the same however it is written', async t => {
  const house = await givenHouse(t)
  const { id, ref } = await givenFiled(house, TODAY)
  const { slip, digest } = await slipOf(house, id)
  t.equal(slip.length, 199)
  t.match(slip, new RegExp(`^SL1\\.[0-9a-f]{12}\\.${ref}\\.20261123T020000Z\\.${digest}\\.`))
  t.equal((await slipOf(house, id)).slip, slip, 'made anew it is the same')
  for (const written of [slip, ` ${slip.replace(/.{44}/g, '$&\n  ')}\n`, `https://zfjd.example.gov.cn/receipts/check#${slip}`, slip.replaceAll('.', '．')]) t.match(readSlip(written), { ref, digest }, written)
  for (const wrong of ['', 'SL1', slip.slice(0, -1), `${slip}A`, slip.toUpperCase(), slip.replace('SL1', 'SL2'), slip.replace(ref, 'TS00000000001'), `<${slip}>`, `${slip}\u0000`]) t.equal(readSlip(wrong), null, wrong)
  t.equal(signedText({ keyId: '0123456789ab', ref: 'TS00000000000', at: '2026-11-23T02:00:00.999Z', digest: 'f'.repeat(64) }), `SL1.0123456789ab.TS00000000000.20261123T020000Z.${'f'.repeat(64)}`, 'the form is frozen')
})

for (const engine of ENGINES) {
  t.test(`${engine}: a slip proves what was filed, and shows what was done to it since`, async t => {
    const house = await givenHouse(t, engine)
    const { db } = house
    const { id } = await givenComplaint(house, 'registered', TODAY)
    const before = await everything(house)
    const { slip, digest } = await slipOf(house, id)
    const copy = await copyAsFiled(house, id)
    t.equal(await everything(house), before, 'nothing is stored of it')
    t.equal(digestOf(copy), digest, 'sha256sum of the file is what stands in the slip')
    t.match(copy, '扣走了我的冰柜，没有给任何清单')
    t.notMatch(copy, /演示投诉人|13800000000|demo@example\.cn|乙路二号/, 'without name and contact')
    t.match(Object.keys(JSON.parse(copy) as object), ['说明', '编号', '提交时间', '随机数', '诉求', '其他内容', '附件'], 'the form is frozen')
    const verdict = async (): Promise<string | undefined> => (await checkSlip(house, slip))?.verdict
    t.equal(await verdict(), 'genuine')
    house.clock.now = minutes(600)
    await complainantMessage(house, id, '我又想起一件事', minutes(600))
    await step(house, id, 'clerk', { action: 'accept' }, minutes(600))
    await givenFile(house, id, '后来补的.jpg', TODAY, 1) // with a message, by a clock that was put back
    await db.deleteFrom('identity').where('complaint_id', '=', id).execute()
    t.equal(await verdict(), 'genuine', 'what came later, and an identity that was erased, change nothing')
    const issue = await db.selectFrom('complaint_issue').selectAll().where('complaint_id', '=', id).where('no', '=', 2).executeTakeFirstOrThrow()
    await db.deleteFrom('complaint_issue').where('complaint_id', '=', id).where('no', '=', 2).execute()
    t.equal(await verdict(), 'altered', 'an issue was removed')
    await db.insertInto('complaint_issue').values({ ...issue, sealed: `${issue.sealed.slice(0, -3)}AAA` }).execute()
    t.equal(await verdict(), 'altered', 'a text that does not open')
    await db.updateTable('complaint_issue').set({ sealed: issue.sealed }).where('complaint_id', '=', id).where('no', '=', 2).execute()
    t.equal(await verdict(), 'genuine')
    await givenFile(house, id, '塞进来的文件.jpg', TODAY)
    t.equal(await verdict(), 'altered', 'a file was slipped in')
    await db.deleteFrom('complaint').where('id', '=', id).execute()
    t.equal(await verdict(), 'deleted')
    t.equal((await checkSlip(house, slip.replace(/Z\.[0-9a-f]/, found => `${found.slice(0, 2)}${found.endsWith('0') ? '1' : '0'}`)))?.verdict, 'forged')
  })

  t.test(`${engine} E-5: after the signing key was exchanged, earlier slips are still proved by the published key`, async t => {
    const house = await givenHouse(t, engine)
    const first = await slipOf(house, (await givenFiled(house, TODAY)).id)
    const vault = { db: house.db, keys: house.keys, folder: path.join(house.folder, 'keys'), now: TODAY }
    const { id } = await rotateKey(vault, 'signing')
    const second = await slipOf(house, (await givenFiled(house, TODAY)).id)
    t.equal(readSlip(second.slip)?.keyId, id)
    t.match(await retireKeys({ ...vault, now: minutes(61) }, 'signing'), { retired: [readSlip(first.slip)?.keyId] })
    const later = { ...house, keys: await loadKeys(house.db, vault.folder) }
    for (const parts of [house, later]) for (const { slip } of [first, second]) t.equal((await checkSlip(parts, slip))?.verdict, 'genuine')
    const { keys } = (await house.app.inject('/receipts/key')).json<{ keys: Array<{ kid: string }> }>()
    t.same(keys.map(({ kid }) => kid).sort(), [id, readSlip(first.slip)?.keyId].sort(), 'both are published')
  })
}

t.test('H-7 S-7: anybody can check a slip: no cookie, no address with the slip in it, an answer in plain words', async t => {
  const house = await givenHouse(t)
  const { id } = await givenFiled(house, TODAY)
  const { slip } = await slipOf(house, id)
  const empty = await house.app.inject('/receipts/check')
  t.equal(empty.statusCode, 200)
  const sound = await check(house, slip)
  t.equal(sound.status, 200)
  t.match(sound.body, /凭条是真的，投诉原文没有改动[^]*提交日期：.*2026年11月23日/)
  t.notMatch(sound.body, /10:00/, 'the day is enough')
  for (const { headers } of [empty, sound]) {
    t.equal(headers['set-cookie'], undefined)
    t.equal(headers['cache-control'], 'no-store')
    t.match(headers['referrer-policy'], /no-referrer|same-origin/)
  }
  const forged = `${slip.slice(0, -2)}${slip.endsWith('AA') ? 'BA' : 'AA'}`
  for (const [written, status, said] of [
    [`${forged.slice(0, -2)}${slip.slice(-2)}`, 200, '凭条是真的'],
    [slip.replace(/^SL1\.[0-9a-f]{12}/, 'SL1.000000000000'), 200, '凭条不是本机关出具的'],
    ['', 422, '请填写签名凭条'],
    ['SL1.什么', 422, '这不是完整的签名凭条'],
    ['x'.repeat(5000), 422, '这不是完整的签名凭条']
  ] as const) {
    const answer = await check(house, written)
    t.equal(answer.status, status, written.slice(0, 30))
    t.match(answer.body, said)
  }
  t.match((await check(house, 'SL1.<b>typed</b>')).body, 'SL1.&lt;b&gt;typed&lt;/b&gt;', 'what was typed stays')
  t.match((await check(house, slip, '/en')).body, 'The slip is genuine and the complaint is unchanged')
  await house.db.deleteFrom('complaint').where('id', '=', id).execute()
  t.match((await check(house, slip)).body, '这件投诉已经不在系统里')
  t.equal((await house.app.inject({ method: 'POST', url: '/receipts/check', payload: { slip: ['a', 'b'] } })).statusCode >= 400, true)
  t.equal((await house.app.inject('/receipts/key/000000000000')).statusCode, 404)
})

t.test('whoever complained anonymously gets no slip unless they ask for one', async t => {
  const house = await givenHouse(t)
  const { id } = await givenFiled(house, TODAY, { mode: 'anonymous', identity: undefined as never })
  const named = await givenFiled(house, TODAY)
  const get = await browser(house, 'receipt', id)
  const ticked = /name="slip"[^>]*checked/
  t.notMatch((await get('/complain/receipt')).body, ticked)
  t.match((await get('/complain/receipt')).body, '所以系统没有替您生成')
  t.notMatch((await get('/complain/receipt/print')).body, 'SL1.')
  t.match((await (await browser(house, 'receipt', named.id))('/complain/receipt')).body, ticked)
  const before = await everything(house)
  t.match((await get('/complain/receipt/print?slip=1')).body, 'SL1.')
  t.equal(await everything(house), before, 'and nothing is kept of it')
})

t.test('R-6 R-7: with reference and code, receipt and text can be had later too, by nobody else', async t => {
  const house = await givenHouse(t)
  const [mine, other] = [await givenFiled(house, TODAY), await givenFiled(house, TODAY)] as [Filed, Filed]
  const get = await browser(house, 'track', mine.id)
  t.match((await get(`/track/${mine.ref}/receipt?slip=1`)).body, 'SL1.')
  const copy = await get(`/track/${mine.ref}/copy`)
  t.equal(copy.body, await copyAsFiled(house, mine.id))
  t.match(copy.headers, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'content-disposition': /^attachment; / })
  for (const page of ['receipt', 'copy']) t.equal((await get(`/track/${other.ref}/${page}`)).status, 404)
  t.equal((await (await browser(house, 'receipt', mine.id))('/complain/receipt/copy')).body, copy.body)
})

const openssl = ((): string | null => {
  try { return execFileSync('openssl', ['version'], { encoding: 'utf8' }) } catch { return null }
})()

t.test('the offline check works exactly as the page describes it', { skip: /^OpenSSL [3-9]/.test(openssl ?? '') ? false : 'no OpenSSL 3 on this machine' }, async t => {
  const house = await givenHouse(t)
  const { id } = await givenFiled(house, TODAY)
  const { slip, digest } = await slipOf(house, id)
  const { body } = await house.app.inject('/receipts/check')
  const folder = t.testdir({})
  const pem = await house.app.inject(/href="(\/receipts\/key\/[0-9a-f]{12})"/.exec(body)?.[1] ?? '')
  t.equal(pem.headers['content-type'], 'application/x-pem-file')
  writeFileSync(path.join(folder, 'key.pem'), pem.body)
  const commands = (/<pre[^>]*><code>([^]*?)<\/code>/.exec(body)?.[1] ?? '').replace(/&(#x27|#39|quot|amp|lt|gt|#x3D|#61);/g, (_, name: string) => ({ '#x27': "'", '#39': "'", quot: '"', amp: '&', lt: '<', gt: '>', '#x3D': '=', '#61': '=' })[name] ?? '')
  const run = (given: string): string => execFileSync('sh', ['-c', commands.replace('SL1.…', given)], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  t.match(run(slip), 'Signature Verified Successfully')
  t.throws(() => run(slip.replace(digest, digest.replace(/^./, first => first === '0' ? '1' : '0'))), 'another digest is not what was signed')
  writeFileSync(path.join(folder, '投诉原文.txt'), await copyAsFiled(house, id))
  t.match(execFileSync('sha256sum', ['投诉原文.txt'], { cwd: folder, encoding: 'utf8' }), slip.split('.')[4])
  const { keys: [jwk] } = (await house.app.inject('/receipts/key')).json<{ keys: Array<Record<string, string>> }>()
  const signature = slip.split('.')[5] as string
  t.ok(verify(null, Buffer.from(slip.slice(0, slip.lastIndexOf('.'))), createPublicKey({ key: jwk as never, format: 'jwk' }), Buffer.from(signature, 'base64url')), 'the JWK is the same key')
})
