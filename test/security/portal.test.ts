import { sql } from 'kysely'
import { connect, type AddressInfo } from 'node:net'
import { mock } from 'node:test'
import t from 'tap'
import { createDraft } from '../../src/complaints/form/filing/service.ts'
import { askForCode } from '../../src/complaints/following/reissue/service.ts'
import { findSession, openSession, type SessionKind } from '../../src/db/sessions.ts'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
import { newReference } from '../../src/domain/records/receipts.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenFiled, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES, type Engine } from '../fixtures/engines.ts'
import { givenDecision, givenMatter } from '../fixtures/register.ts'
import { givenVisit } from '../fixtures/visits.ts'
import { visitor } from '../fixtures/visitor.ts'

t.setTimeout(300_000) // whole servers on both engines, beside other test files

/** A session as its cookie and its form token. */
interface Entered { cookie: string, token: string }

async function enter ({ db, keys }: House, kind: SessionKind, subject: string): Promise<Entered> {
  const token = await openSession(db, kind, subject, TODAY)
  const session = await findSession(db, kind, token, TODAY, keys.forms)
  return { cookie: `sunlit-${kind}=${token}`, token: session?.formToken ?? '' }
}

/** Values that break what is careless about text, numbers, paths, SQL, full-text queries or prototypes. */
const HOSTILE = ['%00', '%ED%A0%80', '%27%20or%201%3D1--', '..%2F..%2Fetc%2Fpasswd', '%25%5F', '%22%20OR%20*', '99999999999999999999', '-1', '1e9', '2147483648', '0.5', 'a'.repeat(190), '__proto__', 'constructor']
const QUERY = ['q', 'page', 'number', 'name', 'agency', 'level', 'category', 'field', 'region', 'sector', 'status', 'view', 'size', 'handler', 'ground', 'due', 'sort', 'tab', 'done', 'action', 'issue', 'next', 'matter', 'officer', 'prohibition', 'decision', 'return', 'toString']
const FORM = ['text', 'ref', 'code', 'username', 'password', 'current', 'again', 'action', 'version', 'issue', 'finding', 'id', 'session', 'kind', 'mode', 'date_year', 'count', 'do', 'agency', 'matter', 'officer', 'decision', 'category', 'next', 'seen', 'refusal', 'path', '__proto__', 'constructor']
const LEAKS = /\bat .{0,200}\.[jt]s:\d|SQLITE_|node_modules|select .{1,80} from |syntax error|invalid byte/i

/** Everything is tried on SQLite; on PostgreSQL what its own types and encoding could refuse. */
const TRIED: Record<Engine, string[]> = { sqlite: HOSTILE, postgres: ['%00', '%25%5F', '99999999999999999999', '2147483648'] }

const urlencoded = (names: string[], values: string[]): string => names.flatMap(name => values.map(value => `${name}=${value}`)).join('&')
const bodiesOf = (token: string, values: string[]): Array<[type: string, text: string]> => [
  ...['null', '[]', '"x"', '{', `{"_csrf":"${token}","text":"\\u0000","username":"\\u0000","password":{},"ref":"\\u0000"}`].map((text): [string, string] => ['application/json', text]),
  ['text/plain', 'x'], ['multipart/form-data; boundary=x', '--x\r\nbroken'], ['multipart/form-data', ''],
  ...['%', '&&&=', `_csrf=${token}`, ...values.map(value => `_csrf=${token}&${urlencoded(FORM, [value])}`), `_csrf=${token}&${urlencoded(FORM, ['1', '2'])}`].map((text): [string, string] => ['application/x-www-form-urlencoded', text])
]

for (const engine of ENGINES) {
  t.test(`${engine}: V-1 V-2 V-7: nothing that a visitor sends is a fault of ours`, { timeout: 120_000 }, async t => {
    const house = await givenHouse(t, engine, { SUNLIT_RATE: '100000' })
    const { app, db } = house
    await givenStaff(db)
    const { id, ref } = await givenComplaint(app, 'accepted', TODAY)
    const subjects: Record<SessionKind, string> = { staff: String(STAFF.clerk.id), half: String(STAFF.clerk.id), track: id, receipt: id, draft: await createDraft(app, TODAY), visit: (await givenVisit(app, TODAY)).id, lost: await askForCode(app, { ref, contact: '13800000000' }, TODAY) }
    await app.ready()
    const faults: string[] = []
    const values = TRIED[engine]
    let tried = 0
    const ask = async (method: string, url: string, { cookie }: Entered, [type, text]: [type?: string, text?: string] = []): Promise<void> => {
      const headers = { 'sec-fetch-site': 'same-origin', ...(cookie === '' ? {} : { cookie }), ...(type === undefined ? {} : { 'content-type': type }) }
      let { statusCode, body, headers: { 'retry-after': later } } = await app.inject({ method: method as 'GET', url, headers, ...(text === undefined ? {} : { payload: text }) })
      // A busy machine sheds load before it looks at what was sent; then it is asked again.
      for (let tries = 0; statusCode === 503 && later !== undefined && tries < 50; tries++) {
        await new Promise(resolve => setTimeout(resolve, 100));
        ({ statusCode, body, headers: { 'retry-after': later } } = await app.inject({ method: method as 'GET', url, headers, ...(text === undefined ? {} : { payload: text }) }))
      }
      tried++
      if (statusCode >= 500 || LEAKS.test(body)) faults.push(`${method} ${url} ${text ?? ''}: ${statusCode}`)
    }
    for (const { method, url, session } of app.routeTable.filter(row => !row.url.startsWith('/build/') && row.method !== 'HEAD')) {
      // Forms may end what they act on: each route begins with a session of its own.
      const entered = session === null ? { cookie: '', token: '' } : await enter(house, session as SessionKind, subjects[session as SessionKind])
      const plain = url.replace(':ref', ref).replace(/:\w+|\*/g, 'x')
      const addresses = url.includes(':') ? values.flatMap(value => [url.replace(/:\w+/g, value), url.replace(':ref', ref).replace(/:\w+/g, value)]) : []
      for (const address of new Set(addresses)) await ask(method, address, entered)
      if (method === 'GET') for (const value of values) await ask(method, `${plain}?${urlencoded(QUERY, [value])}`, entered)
      // One faulty field hides the next: those that only a lookup can find fault with are asked for one by one.
      if (method === 'GET' && !url.includes(':')) for (const name of QUERY) for (const value of values.slice(-3)) await ask(method, `${plain}?${name}=${value}`, entered)
      if (method === 'GET') await ask(method, `${plain}?${urlencoded(QUERY, ['a', 'b', '1'])}&__proto__=a&__proto__=b`, entered)
      if (method === 'POST') for (const body of bodiesOf(entered.token, values)) await ask(method, plain, entered, body)
    }
    t.ok(tried > 1000)
    t.same(faults, [])
  })
}

const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }

t.test('a limit counts a client over all the addresses it covers, and a household behind IPv6 as one', async t => {
  const { app } = await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' })
  const ask = async (url: string, remoteAddress: string): Promise<number> => (await app.inject({ url, remoteAddress })).statusCode
  for (let at = 0; at < 30; at++) await ask(`/verify?number=${1000 + at}`, '192.0.2.1')
  for (let at = 0; at < 30; at++) await ask('/officers', '192.0.2.1')
  t.equal(await ask('/officers', '192.0.2.1'), 429, 'sixty a minute for all look-ups together')
  t.equal(await ask('/verify', '192.0.2.2'), 200, 'another client is not concerned')
  t.equal(await ask('/search?q=a', '192.0.2.1'), 200, 'nor is another limit')
  const household = (at: number): string => `2001:db8::${(at + 1).toString(16)}:0:0:1`
  for (let at = 0; at < 60; at++) await ask('/officers', household(at))
  t.equal(await ask('/officers', household(60)), 429, 'the last 64 bits do not make another client, however the address is shortened')
  t.equal(await ask('/officers', '2001:db8:0:1::1'), 200)
})

t.test('an address with two slashes makes no link to another host', async t => {
  const { app } = await givenHouse(t)
  for (const url of ['/en//elsewhere.example/x', '//elsewhere.example/x', '/en///elsewhere.example', '/\\elsewhere.example', '/en/\\elsewhere.example']) {
    const { body } = await app.inject({ url, headers: { accept: 'text/html' } })
    t.notMatch(body, /(?:href|action|content)="(?:\/|\\)[/\\]/, url)
  }
})

t.test('a page that depends on the day is not kept into the next one', async t => {
  const { app, db, clock } = await givenHouse(t)
  const agency = await db.selectFrom('agency').select(['id', 'slug']).orderBy('id').executeTakeFirstOrThrow()
  const matter = await givenMatter(db, { code: 'T-1', name: '对测试的处罚', agency: agency.id })
  await givenDecision(db, { number: '测罚〔2023〕9号', agency: agency.id, matter, party_name: '某店', facts: '事实', fine_fen: 100, decided_on: '2023-11-24', public_until: '2026-11-23' })
  const url = `/agencies/${agency.slug}`
  t.match((await app.inject(url)).body, '测罚〔2023〕9号')
  clock.now = '2026-11-23T16:00:01.000Z' // midnight in China
  await new Promise(resolve => setTimeout(resolve, 1100)) // the cache looks once a second
  t.notMatch((await app.inject(url)).body, '测罚〔2023〕9号', 'what is public until the 23rd is gone on the 24th')
})

t.test('a hundred tries at once at one password are heard no more often than one after the other', async t => {
  const house = await givenHouse(t)
  await addAccount(house.app, { username: 'li.na', name: '测试', role: 'clerk', password: 'Tq8-vRm2-Kx4z' }, TODAY)
  const answers = await Promise.all(Array.from({ length: 40 }, async () => await house.app.inject({ method: 'POST', url: '/desk/sign-in', headers: FORM_TYPE, payload: 'username=li.na&password=wrong-wrong' })))
  t.equal(answers.filter(answer => answer.statusCode === 401).length, 5)
  t.equal(answers.filter(answer => answer.statusCode === 429 && Number(answer.headers['retry-after']) > 0).length, 35)
})

t.test('R-5 P-8: who tries a receipt too often is told when to come again', async t => {
  const { app } = await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' })
  const track = async (at: number) => await app.inject({ method: 'POST', url: '/track', headers: FORM_TYPE, remoteAddress: `192.0.2.${at}`, payload: `ref=${newReference(() => Buffer.alloc(16, 7))}&code=1111222233334444` })
  for (let at = 0; at < 25; at++) await track(at)
  const late = await track(26)
  t.equal(late.statusCode, 429)
  t.ok(Number(late.headers['retry-after']) > 0)
})

t.test('S-2: a new session ends the one it replaces in the same browser', async t => {
  const house = await givenHouse(t)
  const { app, db } = house
  const first = await givenFiled(app, TODAY)
  const second = await givenFiled(app, TODAY)
  const person = visitor(app)
  await person.submit('/track', { ref: first.ref, code: first.code })
  const old = person.cookies.get(`sunlit-track-${first.ref}`) ?? ''
  await person.submit('/track', { ref: first.ref, code: first.code })
  t.equal(await findSession(db, 'track', old, TODAY, house.keys.forms), null)
  await person.submit('/track', { ref: second.ref, code: second.code })
  for (const { ref } of [first, second]) t.equal((await person.get(`/track/${ref}`)).status, 200, 'two complaints are followed in two tabs')
})

t.test('S-3 R-6: half an hour after sending, the browser that sent opens nothing without the code', async t => {
  const house = await givenHouse(t)
  const { app, clock } = house
  const { id } = await givenFiled(app, TODAY)
  const { cookie, token } = await enter(house, 'receipt', id)
  const written = async () => await app.inject({ method: 'POST', url: '/complain/receipt', headers: { ...FORM_TYPE, cookie }, payload: `_csrf=${token}&written=1` })
  t.match((await written()).headers.location, /^\/track\/TS/)
  clock.now = new Date(Date.parse(TODAY) + 31 * 60_000).toISOString()
  const late = await written()
  t.equal(late.headers.location, '/track')
  t.equal(late.cookies.find(({ name }) => name === 'sunlit-track'), undefined)
})

t.test('G-3: a person without the right is written down, and the refusal needs no write', async t => {
  const house = await givenHouse(t)
  const { app, db } = house
  await givenStaff(db)
  const { ref } = await givenFiled(app, TODAY)
  const { cookie } = await enter(house, 'staff', String(STAFF.auditor.id))
  const open = async (): Promise<number> => (await app.inject({ url: `/desk/complaints/${ref}`, headers: { cookie } })).statusCode
  t.equal(await open(), 403)
  const entry = await db.selectFrom('audit_entry').selectAll().orderBy('seq', 'desc').executeTakeFirstOrThrow()
  t.match(entry, { action: 'access.refused', actor_id: STAFF.auditor.id, role: 'auditor', result: 'refused', subject: 'complaint.read' })
  await sql`pragma query_only = on`.execute(db)
  t.equal(await open(), 403)
  await sql`pragma query_only = off`.execute(db)
})

t.test('H-1 H-2 H-3 H-4 S-1 V-9: every answer carries the headers, whoever made it, and only built files are served', async t => {
  const { app } = await givenHouse(t, 'sqlite', { SITE_ORIGIN: 'https://zfjd.example.cn' })
  const agency = await app.db.selectFrom('agency').select('slug').orderBy('id').executeTakeFirstOrThrow()
  const answers = await Promise.all([
    app.inject('/'), app.inject('/'), app.inject(`/agencies/${agency.slug}`), app.inject('/complain'), app.inject('/desk'), app.inject('/desk/sign-in'), app.inject('/track'),
    app.inject('/nothing'), app.inject('/%ff'), app.inject('/healthz'), app.inject('/robots.txt'), app.inject('/search?q=%00'), app.inject({ url: '/', headers: { accept: 'application/json' } }),
    app.inject({ method: 'PUT', url: '/track' }), app.inject({ method: 'POST', url: '/track' }), app.inject({ method: 'POST', url: '/track', headers: { ...FORM_TYPE, 'content-length': '999999' }, payload: 'a'.repeat(999_999) }),
    app.inject({ method: 'POST', url: '/complain', headers: FORM_TYPE, payload: '' }), app.inject({ method: 'OPTIONS', url: '/', headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' } }),
    ...['/build/..%2f..%2fpackage.json', '/build/%2e%2e/%2e%2e/package.json', '/img/..%5c..%5cpackage.json', '/build/', '/img/', '/.env', '/package.json', '/data/keys/identity.key'].map(async url => await app.inject(url))
  ])
  for (const { headers, statusCode, body, raw } of answers) {
    const name = `${raw.req.method ?? ''} ${raw.req.url ?? ''} ${statusCode}`
    t.match(headers['content-security-policy'], /^default-src 'none';(?!.*unsafe)/, name)
    t.match(headers, { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin', 'referrer-policy': 'same-origin', 'permissions-policy': /camera=\(\)/ }, name)
    if (/html/.test(String(headers['content-type']))) t.equal(headers['cross-origin-opener-policy'], 'same-origin', name)
    t.same(['server', 'x-powered-by', 'access-control-allow-origin'].filter(header => header in headers), [], name)
    t.notMatch(body, '"dependencies"', name)
    for (const cookie of [headers['set-cookie'] ?? []].flat()) t.match(cookie, /^__Host-sunlit-\w+=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/, name)
  }
  t.match((await app.inject('/')).headers['strict-transport-security'], /max-age=31536000; includeSubDomains/)
})

t.test('P-1: a form that never ends is cut off, also after it was refused', async t => {
  const { app } = await givenHouse(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  for (const [path, type, answered] of [['/track', 'application/x-www-form-urlencoded', false], ['/desk/sign-in', 'multipart/form-data; boundary=x', true], ['/complain/draft/evidence/files', 'multipart/form-data; boundary=x', true]] as const) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    const closed = new Promise(resolve => socket.once('close', resolve))
    const taken = new Promise(resolve => answered ? socket.once('data', resolve) : app.server.once('request', resolve))
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncontent-type: ${type}\r\ncontent-length: 5000\r\n\r\na`)
    await taken
    for (let at = 0; at < 20; at++) await new Promise(resolve => setImmediate(resolve)) // the hooks have run
    mock.timers.tick(20_000)
    await closed
    t.pass(path)
  }
})

t.test('P-7: readiness means that a write was taken', async t => {
  const { app, db } = await givenHouse(t)
  const ready = async (): Promise<number> => (await app.inject('/readyz')).statusCode
  t.equal(await ready(), 200)
  t.ok(await db.selectFrom('setting').select('value').where('name', '=', 'ready_probe').executeTakeFirst(), 'something was written')
  await sql`pragma query_only = on`.execute(db)
  t.equal(await ready(), 200, 'asked again within a second, it is not written again')
  await new Promise(resolve => setTimeout(resolve, 1100))
  t.equal(await ready(), 503)
  await sql`pragma query_only = off`.execute(db)
})

t.test('F-6: a complaint is no place to fill with messages', async t => {
  const house = await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' })
  const { id, ref } = await givenFiled(house.app, TODAY)
  const { cookie, token } = await enter(house, 'track', id)
  const send = async (): Promise<number> => (await house.app.inject({ method: 'POST', url: `/track/${ref}/messages`, headers: { ...FORM_TYPE, cookie }, payload: `_csrf=${token}&text=x` })).statusCode
  for (let at = 0; at < 20; at++) t.equal(await send(), 303)
  t.equal(await send(), 429)
})
