import t from 'tap'
import { findSession, openSession, type SessionKind } from '../../src/db/sessions.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES, type Engine } from '../fixtures/engines.ts'
import { createDraft } from '../../src/complaints/filing/service.ts'

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
  t.test(`${engine}: nothing that a visitor sends is a fault of ours`, { timeout: 120_000 }, async t => {
    const house = await givenHouse(t, engine, { SUNLIT_RATE: '100000' })
    const { app, db } = house
    await givenStaff(db)
    const { id, ref } = await givenComplaint(app, 'accepted', TODAY)
    const subjects: Record<SessionKind, string> = { staff: String(STAFF.clerk.id), track: id, draft: await createDraft(app, TODAY) }
    await app.ready()
    const faults: string[] = []
    const values = TRIED[engine]
    let tried = 0
    const ask = async (method: string, url: string, { cookie }: Entered, [type, text]: [type?: string, text?: string] = []): Promise<void> => {
      const headers = { 'sec-fetch-site': 'same-origin', ...(cookie === '' ? {} : { cookie }), ...(type === undefined ? {} : { 'content-type': type }) }
      const { statusCode, body } = await app.inject({ method: method as 'GET', url, headers, ...(text === undefined ? {} : { payload: text }) })
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
