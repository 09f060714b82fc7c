import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { spawnSync } from 'node:child_process'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { killInSubmission } from '../../bench/kills.ts'
import type { App } from '../../src/app.ts'
import { readDraft, sweepDrafts } from '../../src/complaints/form/filing/service.ts'
import { hashSecret } from '../../src/vault/passwords.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenFiled } from '../fixtures/complaints.ts'
import { ENGINES, testDatabaseUrl } from '../fixtures/engines.ts'
import { visitor, type Answer } from '../fixtures/visitor.ts'

t.setTimeout(300_000) // real servers that are killed and started again, beside other test files

type Visitor = ReturnType<typeof visitor>
const STORY = '两名执法人员没有出示执法证，也没有说明理由，\n就拿走了店里的三箱货物。'
const STEPS: Record<string, Record<string, string>> = {
  target: { agency: '街道上的综合队' },
  what: { count: '1', ground_1: 'G01', text_1: STORY },
  'when-where': { date_year: '2026', date_month: '11', date_day: '20', place: '太原街 1 号' },
  rule: {},
  effect: { claim: '请退还货物' },
  elsewhere: { kind: 'none', body: '区 信访 局' },
  evidence: {},
  you: { mode: 'confidential', name: '王小明', phone: '138 0013 8000' }
}
const draft = (step: string): string => `/complain/draft/${step}`
const DAY = 86_400_000
const kept = (body: string): Record<string, string> => Object.fromEntries(Array.from(body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g), ([, name = '', value = '']) => [name, value]))

/** A visitor at "check your answers". */
async function givenWriter (app: App, last = 'you'): Promise<Visitor> {
  const person = visitor(app)
  await person.get('/complain')
  await person.submit('/complain', { device: 'own' })
  for (const [step, form] of Object.entries(STEPS)) {
    await person.get(draft(step))
    await person.submit(draft(step), form)
    if (step === last) return person
  }
  return person
}

/** The form came back whole: nothing is missing in the page that sends it again. */
function gaveBack (t: Test, answer: Answer, form: Record<string, string>, status = 503): void {
  t.equal(answer.status, status, 'status')
  if (status === 503) t.match(answer.headers['retry-after'], /^\d+$/)
  const fields = kept(answer.body)
  for (const [name, value] of Object.entries(form)) t.equal(fields[name], value, name)
  t.match(answer.body, '再发送一次')
}

/** What the browser sends when "send it again" is pressed. */
async function again (person: Visitor, answer: Answer): Promise<Answer> {
  const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(answer.body) ?? []
  return await person.submit(action.replaceAll('&#x3D;', '='), kept(answer.body))
}

for (const engine of ENGINES) {
  t.test(`${engine}: D-1 D-2 F-3 R-7: killed in the middle of submissions, what was acknowledged is stored once, and the rest can be sent again`, async t => {
    const folder = t.testdir({})
    const url = await testDatabaseUrl(t, engine, folder)
    const toll = await killInSubmission({ SUNLIT_DATA: folder, SUNLIT_DEMO: 'off', SUNLIT_LOG: 'silent', DATABASE_URL: url }, engine === 'sqlite' ? 4 : 2)
    t.same([toll.lost, toll.doubled, toll.stranded], [[], [], []])
    t.ok(toll.unacknowledged > 0, `${toll.unacknowledged} of ${toll.sent} were cut off`)
    t.ok(toll.auditHolds, 'and the audit chain has no gap')
    t.comment(`restarts: ${toll.restarts.map(ms => `${(ms / 1000).toFixed(1)} s`).join(', ')}`)
  })
}

t.test('P-8: when secrets queue to be hashed, every form comes back at once with all that was typed, and goes through when sent again', async t => {
  const house = await givenHouse(t)
  const { app } = house
  const { ref, code } = await givenFiled(app, TODAY)
  const tracker = visitor(app)
  await tracker.submit('/track', { ref, code })
  await tracker.get(`/track/${ref}`)
  const writers = new Map<string, Visitor>()
  for (const step of Object.keys(STEPS)) {
    const at = Object.keys(STEPS).indexOf(step)
    const person = visitor(app)
    await person.submit('/complain', { device: 'own' })
    for (const [name, form] of Object.entries(STEPS).slice(0, at)) { await person.get(draft(name)); await person.submit(draft(name), form) }
    await person.get(draft(step))
    writers.set(step, person)
  }
  const sender = await givenWriter(app)
  await sender.get(draft('check'))
  const queue = Promise.all(Array.from({ length: 120 }, async () => await hashSecret('x', house.keys.pepper)))
  const shed = new Map<string, Answer>()
  for (const [step, person] of writers) shed.set(step, await person.submit(draft(step), STEPS[step]))
  const message = await tracker.submit(`/track/${ref}/messages`, { text: STORY })
  const sent = await sender.submit('/complain/submissions')
  const read = await app.inject('/matters')
  await queue
  for (const [step, answer] of shed) gaveBack(t, answer, STEPS[step] ?? {})
  t.match(shed.get('what')?.body, `${STORY}</p>`, 'and can be read and copied')
  gaveBack(t, message, { text: STORY })
  gaveBack(t, sent, {})
  t.equal(read.statusCode, 200, 'the register stays open')
  for (const [step, person] of writers) t.match((await again(person, shed.get(step) as Answer)).location, /^\/complain\/draft\/(?!target)/, `${step} goes on`)
  t.equal((await again(sender, sent)).location, '/complain/receipt')
  t.equal((await again(tracker, message)).status, 303)
  t.match((await tracker.get(`/track/${ref}`)).body, '就拿走了店里的三箱货物')
})

t.test('P-8 P-3: an event loop that is late sheds forms and private pages, and serves the public ones', async t => {
  const house = await givenHouse(t)
  const person = await givenWriter(house.app, 'target')
  await person.get(draft('what'))
  await setTimeout(5100) // what its own start cost is no sign
  const answers: Answer[] = []
  for (let round = 0; round < 4 && answers.every(answer => answer.status !== 503); round++) {
    for (let at = 0; at < 2; at++) {
      for (const end = performance.now() + 1300; performance.now() < end;);
      await setTimeout(0)
    }
    answers.push(await person.submit(draft('what'), { ...STEPS['what'], ground_1: '' }))
  }
  const late = answers.at(-1) as Answer
  gaveBack(t, late, { text_1: STORY })
  t.match(late.body, '系统正忙')
  t.equal((await house.app.inject('/matters')).statusCode, 200)
  await setTimeout(2200)
  t.equal((await again(person, late)).status, 303, 'once it breathes again')
})

t.test('P-8: with the database gone, a form still comes back whole', async t => {
  const house = await givenHouse(t)
  const person = await givenWriter(house.app, 'target')
  await person.get(draft('what'))
  await house.db.destroy()
  const answer = await person.submit(draft('what'), STEPS['what'])
  t.ok(answer.status >= 500)
  gaveBack(t, answer, STEPS['what'] ?? {}, answer.status)
})

t.test('P-3 D-4: while another program holds the database for long, pages are read, forms come back, and the next try succeeds', async t => {
  const house = await givenHouse(t, 'sqlite', { DATABASE_URL: `sqlite:${t.testdir({})}/busy.db` })
  const { app } = house
  const person = await givenWriter(app, 'target')
  const other = await givenWriter(app, 'target')
  for (const one of [person, other]) await one.get(draft('what'))
  const holder = new Sqlite(path.join(t.testdirName, 'busy.db'))
  t.teardown(() => { holder.close() })
  holder.exec('begin immediate')
  const begun = performance.now()
  const waiting = person.submit(draft('what'), STEPS['what'])
  await setTimeout(1500)
  const breath = performance.now()
  t.equal((await app.inject('/healthz')).statusCode, 200)
  t.ok(performance.now() - breath < 1000, 'the process is not held up')
  const shed = await other.submit(draft('what'), STEPS['what'])
  t.ok(performance.now() - breath < 1500, 'whoever comes now is told at once')
  gaveBack(t, shed, STEPS['what'] ?? {})
  const answer = await waiting
  gaveBack(t, answer, STEPS['what'] ?? {})
  t.ok(performance.now() - begun >= 5000)
  const patient = again(person, answer)
  await setTimeout(300)
  holder.exec('rollback')
  t.equal((await patient).location, draft('when-where'), 'a shorter wait is waited out')
  t.equal((await again(other, shed)).location, draft('when-where'))
})

process.on('SIGXFSZ', () => undefined) // the runner would take the signal for the end

/** Every write of this process beyond so many bytes of a file fails, as on a full disk; 'unlimited' makes room again. */
function allowBytes (bytes: string): boolean {
  return spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]).status === 0
}
const LIMITS = allowBytes('unlimited') ? {} : { skip: 'no prlimit to fill a disk with' }

for (const [name, options, hold, release] of [
  ['D-4: a full disk', LIMITS, async () => { allowBytes('1024') }, async () => { allowBytes('unlimited') }],
  ['F-5: a database that may only be read', {}, async ({ db }: House) => { await sql`pragma query_only = on`.execute(db) }, async ({ db }: House) => { await sql`pragma query_only = off`.execute(db) }]
] as const) {
  t.test(`${name}: saving and sending say so, keep what was typed, and work again without a restart`, options, async t => {
    const house = await givenHouse(t, 'sqlite', { DATABASE_URL: `sqlite:${t.testdir({})}/full.db` })
    const { app, db } = house
    const writer = await givenWriter(app, 'target')
    const sender = await givenWriter(app)
    await writer.get(draft('what'))
    await sender.get(draft('check'))
    await hold(house)
    const refused = await writer.submit(draft('what'), STEPS['what'])
    const sent = await sender.submit('/complain/submissions')
    const read = await app.inject('/matters')
    await release(house)
    gaveBack(t, refused, STEPS['what'] ?? {})
    gaveBack(t, sent, {})
    t.equal(read.statusCode, 200, 'reading goes on')
    t.equal((await db.selectFrom('complaint').select('id').execute()).length, 0, 'nothing half sent')
    t.equal((await again(writer, refused)).location, draft('when-where'))
    t.equal((await again(sender, sent)).location, '/complain/receipt')
  })
}

t.test('D-6: a clock that jumps a day back or a year on loses nothing and breaks nothing', async t => {
  const house = await givenHouse(t)
  const { app, clock, db } = house
  const at = (ms: number): string => new Date(Date.parse(TODAY) + ms).toISOString()
  const writer = await givenWriter(app, 'what')
  const sender = await givenWriter(app)
  await sender.get(draft('check'))
  clock.now = at(-DAY)
  await writer.get(draft('when-where'))
  t.equal((await writer.submit(draft('when-where'), { about: '上个星期' })).location, draft('rule'), 'a day back')
  t.equal((await sender.submit('/complain/submissions')).location, '/complain/receipt')
  clock.now = at(400 * DAY)
  for (const address of [draft('effect'), '/complain/receipt', '/complain', '/track', '/complain/resume']) t.ok((await writer.get(address)).status < 500, address)
  t.equal((await writer.get(draft('rule'))).location, '/complain?expired=1', 'over, as the clock says')
  clock.now = at(60_000)
  t.equal((await writer.get(draft('rule'))).status, 200, 'and everything is there once the clock is right')
  const [{ id } = { id: '' }] = await db.selectFrom('draft').select('id').where('submitted_at', 'is', null).execute()
  t.equal((await readDraft(app, id)).answers.when?.about, '上个星期')
  t.equal(await sweepDrafts(app, app.files, clock.now), 0)
})

t.test('an attachment store that fails: the upload says so, and the complaint can be sent without', async t => {
  const house = await givenHouse(t)
  const { app } = house
  const person = await givenWriter(app)
  const fail = async (): Promise<never> => { throw Object.assign(new Error('no space'), { code: 'ENOSPC' }) }
  Object.assign(app.files, { put: fail, remove: fail })
  const token = /name="_csrf" value="([^"]+)"/.exec((await person.get(draft('evidence'))).body)?.[1] ?? ''
  const body = `--x\r\ncontent-disposition: form-data; name="_csrf"\r\n\r\n${token}\r\n--x\r\ncontent-disposition: form-data; name="files"; filename="a.pdf"\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n\r\n--x--\r\n`
  const answer = await app.inject({ method: 'POST', url: '/complain/draft/evidence/files', headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'multipart/form-data; boundary=x', accept: 'text/html', cookie: Array.from(person.cookies, pair => pair.join('=')).join('; ') }, payload: body })
  t.equal(answer.statusCode, 503, answer.body)
  t.match(answer.body, '存储空间不足')
  await person.get(draft('check'))
  t.equal((await person.submit('/complain/submissions')).location, '/complain/receipt')
})

t.test('D-7: asked to stop in the middle of a submission, the server answers it first and ends well', async t => {
  const { startPortal } = await import('../../bench/servers.ts')
  const folder = t.testdir({})
  const portal = await startPortal({ SUNLIT_DATA: folder, SUNLIT_DEMO: 'off', SUNLIT_LOG: 'silent', DATABASE_URL: `sqlite:${folder}/stop.db` })
  const begun = await fetch(`${portal.origin}/complain`, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }, body: 'device=own', redirect: 'manual' })
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const page = await (await fetch(`${portal.origin}${draft('target')}`, { headers: { cookie } })).text()
  const body = new URLSearchParams({ _csrf: /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '', ...STEPS['target'] }).toString()
  const socket = connect(Number(new URL(portal.origin).port), '127.0.0.1')
  let heard = ''
  socket.on('data', (part: Buffer) => { heard += part.toString() })
  const over = new Promise(resolve => { socket.once('close', resolve) })
  socket.write(`POST ${draft('target')} HTTP/1.1\r\nHost: 127.0.0.1\r\ncookie: ${cookie}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`)
  await setTimeout(200)
  const stopped = portal.stop()
  await setTimeout(200)
  socket.write(body.slice(20))
  await over
  t.match(heard, /^HTTP\/1\.1 303 /, 'what was under way is done')
  t.match(heard, /location: \/complain\/draft\/what/i)
  await stopped
})
