import t from 'tap'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { newReference } from '../../src/domain/records/receipts.ts'
import { buildApp } from '../../src/app.ts'
import { givenHouse } from '../fixtures/app.ts'
import { answersOf, givenFiled } from '../fixtures/complaints.ts'
import { visitor } from '../fixtures/visitor.ts'
import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { createDraft, readReceipt, saveDraft, submitDraft } from '../../src/complaints/form/filing/service.ts'

t.test('V-5: a method that a page does not know is told so before anybody asks where it came from', async t => {
  const { app } = await givenHouse(t)
  for (const method of ['PUT', 'DELETE', 'PATCH'] as const) t.equal((await app.inject({ method, url: '/matters' })).statusCode, 405, method)
  t.equal((await app.inject({ method: 'PUT', url: '/nowhere' })).statusCode, 404)
  t.equal((await app.inject({ method: 'POST', url: '/track' })).statusCode, 403)
})

t.test('the language link of a page that answers a form leads to an address that can be opened', async t => {
  const { app } = await givenHouse(t)
  const links = [['/track', '/en/track'], ['/complain/draft/evidence/files', '/en/complain/draft/evidence'], ['/visits/exits', '/en/visits'], ['/en/complain/discards', '/complain'], ['/feeds/nowhere', '/en']] as const
  for (const [url, other] of links) {
    const { body } = await app.inject({ method: 'POST', url, headers: { accept: 'text/html', 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' }, payload: 'a=b' })
    t.equal(/class="sl-header__language" href="([^"]*)"/.exec(body)?.[1], other, url)
  }
})

t.test('R-5: wrong codes wait longer and longer, for the receipt and for the client, and never more than a minute', async t => {
  const house = await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' })
  const { app, clock } = house
  const { ref, code } = await givenFiled(app, clock.now)
  const after = (seconds: number): void => { clock.now = new Date(Date.parse(clock.now) + seconds * 1000).toISOString() }
  const wrong = code.replace(/\d/, digit => String((Number(digit) + 1) % 10))
  let client = 0
  const look = async (query: string, address = `10.0.${++client}.1`, reference = ref) => await app.inject({
    method: 'POST', url: '/track', remoteAddress: address, headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }, payload: new URLSearchParams({ ref: reference, code: query }).toString()
  })
  const atOnce = await Promise.all(Array.from({ length: 20 }, async () => await look(wrong)))
  t.equal(atOnce.filter(({ statusCode }) => statusCode === 404).length, 5, 'of many at once five are heard, from wherever they come')
  const waits: number[] = []
  for (let at = 0; at < 7; at++) {
    const late = await look(wrong)
    t.equal(late.statusCode, 429)
    t.match(late.body, `请等${String(late.headers['retry-after'])}秒再试`)
    t.equal((await look(code)).statusCode, 429, 'the right code is not looked at either')
    waits.push(Number(late.headers['retry-after']))
    after(waits.at(-1) ?? 0)
    t.equal((await look(wrong)).statusCode, 404)
  }
  t.same(waits, [5, 10, 20, 40, 60, 60, 60], 'strangers cannot keep somebody out')
  after(60)
  t.equal((await look(code)).statusCode, 303)
  t.equal((await look(wrong)).statusCode, 404, 'who is right begins anew')
  for (let at = 0; at < 5; at++) await look(wrong, '192.0.2.7', newReference(n => randomBytes(n)))
  t.equal((await look(wrong, '192.0.2.7', newReference(n => randomBytes(n)))).statusCode, 429, 'one client waits also when each try is for another receipt')
  t.equal((await look('x', '192.0.2.8', 'TS-nonsense')).statusCode, 404)
})

t.test('R-5: two hundred failures in ten minutes are written down once', async t => {
  const { app, db } = await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' })
  for (let at = 0; at < 230; at++) app.tryCode(newReference(n => randomBytes(n)), `10.1.${at}.1`)
  await new Promise(resolve => setTimeout(resolve, 100))
  t.match(await db.selectFrom('audit_entry').select(['action', 'role', 'subject']).where('action', '=', 'receipt.attacked').execute(), [{ role: 'system', subject: '' }])
})

t.test('a page is kept until something is published, and answers conditional requests', async t => {
  const { app, db } = await givenHouse(t)
  const first = await app.inject({ url: '/prohibitions' })
  t.match(first.headers['cache-control'], /public/)
  t.equal(first.headers['set-cookie'], undefined)
  const etag = String(first.headers.etag)
  const second = await app.inject({ url: '/prohibitions', headers: { 'if-none-match': etag } })
  t.equal(second.statusCode, 304)
  t.match(second.headers['content-security-policy'], /default-src 'none'/, 'a kept page has the same security headers')
  await db.updateTable('prohibition').set({ title: '改过的标题' }).where('no', '=', 1).execute()
  await db.updateTable('revision').set(eb => ({ value: eb('value', '+', 1) })).where('name', '=', 'register').execute()
  await new Promise(resolve => setTimeout(resolve, 1100))
  const third = await app.inject({ url: '/prohibitions', headers: { 'if-none-match': etag } })
  t.equal(third.statusCode, 200)
  t.match(third.body, /改过的标题/)
})

t.test('V-5 V-7 H-1: bytes that are no HTTP, endless headers and unreadable addresses get a plain answer', async t => {
  const { app } = await givenHouse(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  async function say (bytes: string): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    socket.end(bytes)
    let heard = ''
    socket.setEncoding('utf8').on('data', (part: string) => { heard += part })
    await once(socket, 'close')
    return heard
  }
  for (const [bytes, status] of [['nonsense\r\n\r\n', 400], [`GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`, 431], ['GET /%ff HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400]] as const) {
    const heard = await say(bytes)
    t.match(heard, `HTTP/1.1 ${status}`)
    t.match(heard.toLowerCase(), /content-security-policy: default-src 'none'/)
    t.notMatch(heard, /at .*\.(js|ts):/, 'no stack')
  }
})

t.test('O-1 R-2: the log tells what was answered, never about which complaint or with which code', async t => {
  const { app, db, keys, clock } = await givenHouse(t)
  const id = await createDraft(app, clock.now)
  await saveDraft(app, id, answersOf(), clock.now)
  await submitDraft(app, id, clock.now)
  const { ref, code } = await readReceipt(app, id, clock.now)
  let log = ''
  const stream = new Writable({ write (chunk, _encoding, done) { log += String(chunk); done() } })
  const talking = await buildApp({ config: app.config, db, keys, files: app.files, site: app.site, now: () => clock.now, logger: { level: 'trace', stream } })
  t.teardown(async () => { await talking.close() })
  const person = visitor(talking)
  t.equal((await person.submit('/track', { ref, code: String(code) })).status, 303)
  t.equal((await person.get(`/track/${ref}?from=${ref}`)).status, 200)
  t.equal((await person.submit(`/track/${ref}/messages`, { text: '补充一句话' })).status, 303)
  t.equal((await person.submit('/track', { ref, code: '1234567890123456' })).status, 404)
  const lines = log.trim().split('\n').map(line => JSON.parse(line) as Record<string, unknown>).filter(line => line['msg'] === 'answered')
  t.same(lines.map(line => line['route']), ['/track', '/track/:ref', '/track/:ref/messages', '/track'])
  t.equal(new Set(lines.map(line => line['reqId'])).size, 4, 'each answer has an id of its own')
  t.notMatch(log, new RegExp(`${ref}|${ref.slice(2)}|${String(code)}|1234567890123456|补充|sunlit-track|127\\.0\\.0\\.1`))
})

t.test('under a base path every address stays there, in both languages', async t => {
  const { app } = await givenHouse(t, 'sqlite', { SITE_BASE_PATH: '/zfjd' })
  for (const url of ['/zfjd', '/zfjd/en', '/zfjd/matters', '/zfjd/en/complain', '/zfjd/desk/sign-in']) {
    const { statusCode, body } = await app.inject({ url })
    t.equal(statusCode, 200, url)
    const own = [...body.matchAll(/(?:href|src|action)="(\/[^"]*)"/g)].map(match => match[1] ?? '')
    t.ok(own.length > 5, url)
    t.same(own.filter(address => !/^\/zfjd(?:[/?#]|$)/.test(address)), [], url)
  }
  t.equal((await app.inject({ url: '/zfjd/desk' })).headers.location, '/zfjd/desk/sign-in?next=%2Fdesk')
  for (const url of ['/', '/matters', '/en', '/zfjdx', '/zfjdx/matters']) t.equal((await app.inject({ url })).statusCode, 404, url)
})
