import Fastify from 'fastify'
import t from 'tap'
import type { App } from '../../src/app.ts'
import { verifyAudit } from '../../src/db/chain/check.ts'
import { openSession } from '../../src/db/sessions.ts'
import { createDraft, readDraft, saveDraft, sweepDrafts } from '../../src/complaints/form/filing/service.ts'
import { sweepAll } from '../../src/complaints/index.ts'
import attempts from '../../src/plugins/limits/attempts.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenFiled, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { visitor, type Answer } from '../fixtures/visitor.ts'

t.setTimeout(180_000) // whole applications on both engines, beside other test files

type Visitor = ReturnType<typeof visitor>
const STORY = '两名执法人员没有出示执法证，也没有说明理由，\n就拿走了店里的三箱货物。'
const draft = (step: string): string => `/complain/draft/${step}`
const TARGET = { agency: '街道上的综合队' }
const WHAT = { count: '1', ground_1: 'G01', text_1: STORY }
const DAY = 86_400_000
const after = (ms: number): string => new Date(Date.parse(TODAY) + ms).toISOString()
const codeIn = ({ body }: Answer): string => /\d{4} \d{4} \d{4} \d{4}/.exec(body)?.[0] ?? ''
const faultsIn = ({ body }: Answer): string[] => Array.from((/error-summary__list">([^]*?)<\/ul>/.exec(body)?.[1] ?? '').matchAll(/<li>(?:<a[^>]*>)?([^<]*)/g), found => found[1] ?? '')

/** Somebody who told whom and what, on a device. */
async function givenWriter (app: App, device = 'own'): Promise<Visitor> {
  const person = visitor(app)
  await person.get('/complain')
  await person.submit('/complain', { device })
  await person.get(draft('target'))
  await person.submit(draft('target'), TARGET)
  await person.get(draft('what'))
  return person
}

/** The same, with a page half typed and put aside. */
async function givenPutAside (app: App, device = 'own'): Promise<{ person: Visitor, code: string }> {
  const person = await givenWriter(app, device)
  const answer = await person.submit(draft('what'), { count: '1', ground_1: '', text_1: STORY, do: 'later' })
  t.equal(answer.location, draft('later'))
  return { person, code: codeIn(await person.get(draft('later'))) }
}

async function resume (app: App, code: string, form: Record<string, string> = {}, person = visitor(app)): Promise<Answer & { person: Visitor }> {
  await person.get('/complain/resume')
  return { ...await person.submit('/complain/resume', { code, device: 'own', ...form }), person }
}

const count = async ({ db }: House): Promise<number> => (await db.selectFrom('draft').select('id').where('submitted_at', 'is', null).execute()).length

for (const engine of ENGINES) {
  t.test(`${engine}: R-6: a form put aside is opened again elsewhere by its code, with what was typed and not yet saved`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db } = house
    const { person, code } = await givenPutAside(app)
    t.match(code, /^\d{4} \d{4} \d{4} \d{4}$/, 'shown four by four')
    const page = await person.get(draft('later'))
    t.match(page.body, '保存到2026年12月7日', 'fourteen days, as a date')
    t.equal(codeIn(page), code, 'and the same code each time')
    t.notMatch(JSON.stringify(await db.selectFrom('draft').selectAll().execute()), code.replaceAll(' ', ''), 'the code is stored nowhere')
    const { person: elsewhere, location } = await resume(app, `\u3000${code.replaceAll(' ', '-')} `)
    t.equal(location, draft('what'))
    t.match((await elsewhere.get(draft('what'))).body, `\n${STORY}</textarea>`)
    t.equal((await person.get(draft('what'))).location, '/complain?expired=1', 'the device before has lost it')
    t.equal((await elsewhere.submit(draft('what'), WHAT)).location, draft('when-where'))
  })

  t.test(`${engine}: two pages saved at the same moment: neither takes the other's words away`, async t => {
    const { app } = await givenHouse(t, engine)
    const id = await createDraft(app, TODAY)
    await saveDraft(app, id, { place: '门前', saves: { 'when-where': 1 } }, TODAY)
    const { answers } = await readDraft(app, id)
    await saveDraft(app, id, { ...answers, claim: '请退还', saves: { ...answers.saves, effect: 1 } }, TODAY)
    await t.rejects(saveDraft(app, id, { ...answers, kind: 'report', saves: { ...answers.saves, what: 1 } }, TODAY), { code: 'database_busy' }, 'the slower one is asked to send it again')
    t.match((await readDraft(app, id)).answers, { place: '门前', claim: '请退还', kind: undefined })
    const now = (await readDraft(app, id)).answers
    await Promise.all([1, 2, 3].map(async no => { await saveDraft(app, id, { ...now, typed: { what: { form: { text_1: String(no) }, checked: false } } }, TODAY) }))
    t.equal((await readDraft(app, id)).answers.claim, '请退还')
  })

  t.test(`${engine}: D-6 Y-1: a clock that jumps ahead destroys nothing for a day, and nothing at all once it is put right`, async t => {
    const house = await givenHouse(t, engine)
    const { app, clock } = house
    const { code } = await givenPutAside(app, 'shared')
    const sweepAt = async (ms: number): Promise<number> => {
      clock.now = after(ms)
      await sweepAll(app)
      return await count(house)
    }
    t.equal(await sweepAt(60_000), 1)
    for (const minutes of [0, 10, 23 * 60]) t.equal(await sweepAt(365 * DAY + minutes * 60_000), 1, `a year on, and ${minutes} minutes`)
    t.equal(await sweepAt(DAY / 2), 1, 'put right')
    t.equal((await resume(app, code)).location, draft('what'), 'and nothing is lost')
    t.equal(await sweepAt(365 * DAY), 1, 'wrong once more')
    t.equal(await sweepAt(366 * DAY), 0, 'a day later it is taken for true: the portal was only off')
  })

  t.test(`${engine}: Y-1 U-7: what a code or an own device can open is kept for fourteen days after it was saved, anything else for one`, async t => {
    const house = await givenHouse(t, engine)
    const { app, clock } = house
    const { code } = await givenPutAside(app, 'shared')
    const mine = await givenWriter(app, 'own')
    await givenWriter(app, 'shared') // without a code
    t.equal(await count(house), 3)
    clock.now = after(DAY - 60_000)
    t.equal(await sweepDrafts(app, app.files, clock.now), 0)
    clock.now = after(DAY + 60_000)
    t.equal(await sweepDrafts(app, app.files, clock.now), 1, 'nobody can open that one any more')
    clock.now = after(14 * DAY - 120_000)
    t.equal(await sweepDrafts(app, app.files, clock.now), 0)
    t.match((await mine.get(draft('what'))).body, '事情经过', 'the own device simply goes on')
    t.equal((await resume(app, code)).location, draft('what'))
    await mine.submit(draft('what'), WHAT)
    clock.now = after(14 * DAY + 60_000)
    t.equal((await resume(app, code)).status, 404, 'over, also before it is swept')
    t.equal(await sweepDrafts(app, app.files, clock.now), 1)
    t.equal((await mine.get(draft('when-where'))).status, 200, 'saving began the days anew')
  })
}

t.test('S-3: a public computer forgets after half an hour, a closed browser at once; one who did not say is treated as there', async t => {
  const { app, clock } = await givenHouse(t)
  const lifeOf = async (form: Record<string, string>): Promise<{ person: Visitor, cookie: string }> => {
    const person = visitor(app)
    await person.get('/complain')
    const { headers } = await person.submit('/complain', form)
    return { person, cookie: [headers['set-cookie'] ?? ''].flat().map(String).find(text => text.startsWith('sunlit-draft=') && !text.includes('1970')) ?? '' }
  }
  const [own, shared, silent] = [await lifeOf({ device: 'own' }), await lifeOf({ device: 'shared' }), await lifeOf({})]
  t.match(own.cookie, /Max-Age=5184000/)
  for (const { cookie } of [shared, silent]) t.notMatch(cookie, /Max-Age|Expires/)
  clock.now = after(29 * 60_000)
  for (const { person } of [own, shared, silent]) t.equal((await person.get(draft('target'))).status, 200)
  clock.now = after(60 * 60_000)
  t.equal((await own.person.get(draft('target'))).status, 200, 'lunch')
  for (const { person } of [shared, silent]) t.equal((await person.get(draft('target'))).location, '/complain?expired=1')
  t.match((await shared.person.get('/complain?expired=1')).body, '凭暂存码继续，内容都在')
  t.match((await visitor(app).get('/complain?shared=1')).body, 'name="device" value="shared"')
  t.notMatch((await visitor(app).get('/complain?shared=1')).body, 'name="device" value="own"', 'the address for the hall')
})

t.test('R-4 R-5: every code that opens nothing gets one answer, and each wrong one makes the next wait longer', async t => {
  const house = await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' })
  const { app, clock } = house
  const { person, code } = await givenPutAside(app)
  const gone = await givenPutAside(app)
  await gone.person.submit('/complain/discards')
  const stranger = visitor(app)
  const bodies = new Set<string>()
  for (const typed of ['0000 0000 0000 0000', gone.code, '1234123412341234']) {
    const answer = await resume(app, typed, {}, stranger)
    t.equal(answer.status, 404)
    t.notMatch(answer.body, typed)
    bodies.add(faultsIn(answer).join())
  }
  t.equal(bodies.size, 1)
  t.same(faultsIn(await resume(app, '12345', { device: '' }, stranger)), ['暂存码是16位数字，请核对后重新输入', '请选择您用的是谁的设备'])
  t.same(faultsIn(await resume(app, '', { device: 'own' }, stranger)), ['请输入16位暂存码'])
  for (let at = 0; at < 2; at++) await resume(app, '1234123412341234', {}, stranger)
  const waits: number[] = []
  for (let at = 0; at < 4; at++) {
    const refused = await resume(app, code, {}, stranger)
    t.equal(refused.status, 429, 'also with the right code')
    waits.push(Number(refused.headers['retry-after']))
    clock.now = new Date(Date.parse(clock.now) + Number(refused.headers['retry-after']) * 1000).toISOString()
    await resume(app, '1234123412341234', {}, stranger)
  }
  t.same(waits, [5, 10, 20, 40])
  clock.now = new Date(Date.parse(clock.now) + 300_000).toISOString()
  t.equal((await resume(app, code, {}, stranger)).location, draft('what'))
  t.equal((await person.get(draft('what'))).location, '/complain?expired=1')
})

t.test('R-5: who has to wait does not use up the tries of everybody else', async t => {
  const app = Fastify()
  let right = false
  app.decorate('now', () => TODAY)
  await app.register(attempts, { config: { SUNLIT_RATE: 1 } as never })
  app.post('/', async request => {
    request.demandTry('draft_code')
    if (!right) request.countFailure('draft_code')
    return 'looked at'
  })
  const tryFrom = async (remoteAddress: string): Promise<number> => (await app.inject({ method: 'POST', url: '/', remoteAddress })).statusCode
  for (let at = 0; at < 5; at++) t.equal(await tryFrom('10.0.0.1'), 200)
  for (let at = 0; at < 3000; at++) if (await tryFrom('10.0.0.1') !== 429) t.fail('waits')
  right = true
  t.equal(await tryFrom('10.0.0.2'), 200)
  await app.close()
})

t.test('a code deletes what it opens, at once and with its files; and the form that opens it is locked on request', async t => {
  const house = await givenHouse(t)
  const { app } = house
  const { person, code } = await givenPutAside(app)
  t.equal((await person.submit('/complain/exits')).location, '/complain/resume?left=1')
  t.equal((await person.get(draft('what'))).location, '/complain?expired=1')
  t.notMatch((await person.get('/complain')).body, '您有一份没有提交的投诉', 'the next person at this computer finds nothing')
  t.equal((await resume(app, code, { do: 'delete', device: '' })).location, '/complain?discarded=1')
  t.equal(await count(house), 0)
  t.equal((await resume(app, code)).status, 404)
  const without = await givenWriter(app)
  t.equal((await without.submit('/complain/exits')).location, draft('later'), 'who has no code is not locked out')
  t.match((await without.get(draft('later'))).body, '还没有取暂存码')
  t.equal((await without.submit(draft('later'))).location, draft('later'))
  t.match(codeIn(await without.get(draft('later'))), /\d/)
})

t.test('a new form destroys none that waits: its writer says what becomes of it', async t => {
  const house = await givenHouse(t)
  const { app } = house
  const person = await givenWriter(app)
  await person.get('/complain')
  const asked = await person.submit('/complain', { prohibition: '4', device: 'own' })
  t.equal(asked.location, '/complain?prohibition=4&waiting=1', 'where it came from is remembered')
  const page = await person.get(asked.location as string)
  for (const text of ['您有一份没有提交的投诉', '还没有开始新的一份', 'name="replace" value="delete"', 'name="prohibition" value="4"', 'href="/complain/draft/later"']) t.match(page.body, text)
  t.equal((await person.submit('/complain', { replace: 'keep' })).location, '/complain?waiting=1', 'without a code it would be lost')
  t.equal((await person.get(draft('what'))).status, 200)
  await person.submit(draft('later'))
  const code = codeIn(await person.get(draft('later')))
  t.match((await person.get('/complain')).body, 'name="replace" value="keep"')
  t.equal((await person.submit('/complain', { replace: 'keep' })).location, draft('target'))
  t.equal(await count(house), 2)
  await person.get(draft('target'))
  await person.submit(draft('target'), TARGET)
  await person.get('/complain/resume')
  t.equal((await resume(app, code, {}, person)).location, '/complain?waiting=1', 'nor does opening another by its code')
  await person.get('/complain')
  t.equal((await person.submit('/complain', { replace: 'delete' })).location, draft('target'))
  t.equal(await count(house), 2)
  await person.get('/complain')
  t.equal((await person.submit('/complain')).location, draft('target'), 'an empty one may go unasked')
  t.equal(await count(house), 2)
  t.equal((await resume(app, code, {}, person)).location, draft('what'))
})

/** The rest of the form, sent. Time passes on the way, unless somebody is hasty. */
async function givenSent ({ app, clock }: House, { hasty = false, story = STORY, form = {} as Record<string, string> } = {}): Promise<Visitor> {
  const person = await givenWriter(app, 'own')
  for (const [step, fields] of Object.entries({ what: { ...WHAT, text_1: story }, 'when-where': { about: '上个星期' }, rule: {}, effect: {}, elsewhere: { kind: 'none' }, evidence: {}, you: { mode: 'anonymous' } })) {
    await person.get(draft(step))
    await person.submit(draft(step), fields)
  }
  if (!hasty) clock.now = new Date(Date.parse(clock.now) + 60_000).toISOString()
  await person.get(draft('check'))
  const { location } = await person.submit('/complain/submissions', form)
  if (location !== '/complain/receipt') throw new Error(`not sent: ${String(location)}`)
  return person
}

for (const engine of ENGINES) {
  t.test(`${engine}: F-6: what a machine may have sent is receipted, kept apart with its reasons, and put back or left by a person`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, clock, keys } = house
    await givenStaff(db)
    await givenSent(house, { story: '第一件普通的投诉，经过写得清清楚楚，没有什么特别的。' })
    const hasty = await givenSent(house, { hasty: true, story: '这一件填得很快，从开始到提交还不到二十秒钟。' })
    await givenSent(house, { story: '这一件连网页中看不见的一栏也填写了，像是程序。', form: { website: 'https://example.com' } })
    for (const story of ['同样的话，发了又发，内容完全一样，没有别的。', '同样的话　发了又发；内容完全一样。没有别的', '同样的话发了又发内容完全一样没有别的！！', '同样的话，发了又发，内容完全一样，没有别的！']) await givenSent(house, { story })
    t.match((await hasty.get('/complain/receipt')).body, /\d{4} \d{4} \d{4} \d{4}/, 'a receipt like any other')
    const rows = await db.selectFrom('complaint').select(['ref', 'suspicions', 'quarantine', 'suspect', 'due_on']).orderBy('submitted_at').orderBy('ref').execute()
    t.same(rows.map(row => row.suspicions).sort(), ['', '', '', '', 'same_text', 'too_fast', 'trap'])
    t.ok(rows.every(row => row.due_on !== null), 'the period runs for all')
    const clerk = visitor(app)
    const token = await openSession(db, 'staff', String(STAFF.clerk.id), clock.now)
    clerk.cookies.set('sunlit-staff', token)
    const held = rows.filter(row => row.suspect === 1).map(row => row.ref)
    const page = await clerk.get('/desk/quarantine')
    for (const text of [...held, '网页中不显示的一栏被填写', '从开始到提交不到20秒', '30天内有多件内容相同的投诉']) t.match(page.body, text)
    const listed = async (view: string): Promise<string[]> => (await clerk.get(`/desk/queue?view=${view}`)).body.match(/TS\d{11}(?=<\/a>)/g) ?? []
    t.equal((await listed('open')).length, 4, 'the ordinary views are free of them')
    t.equal((await listed('all')).length, 7, 'and nothing is hidden from a search')
    t.match((await clerk.get('/desk')).body, '隔离区待查看')
    await clerk.get('/desk/quarantine')
    t.same(faultsIn(await clerk.submit('/desk/quarantine', { verdict: 'release' })), ['请至少选择一件投诉'])
    t.equal((await clerk.submit('/desk/quarantine', { ref: held.slice(0, 2), verdict: 'release' })).location, '/desk/quarantine?release=2')
    t.equal((await clerk.submit('/desk/quarantine', { ref: held, verdict: 'keep' })).location, '/desk/quarantine?keep=1', 'what was put back stays back')
    t.equal((await listed('open')).length, 6)
    t.match((await clerk.get('/desk/quarantine')).body, '已查看，留在隔离区')
    t.equal((await clerk.submit('/desk/quarantine', { ref: 'TS00000000000', verdict: 'release' })).status, 404)
    const both = held.toReversed()
    const judged = await Promise.all([clerk.submit('/desk/quarantine', { ref: held, verdict: 'keep' }), clerk.submit('/desk/quarantine', { ref: both, verdict: 'keep' })])
    t.same(judged.map(({ location }) => location), ['/desk/quarantine?keep=0', '/desk/quarantine?keep=0'])
    const audited = await db.selectFrom('audit_entry').select('action').where('action', 'like', 'quarantine.%').execute()
    t.equal(audited.length, 3)
    t.equal((await verifyAudit(db, keys)).broken, null)
    t.notMatch(JSON.stringify(await db.selectFrom('complaint').selectAll().execute()), '同样的话')
  })
}

t.test('F-6 E-7: a case takes twenty messages an hour, a network as many complaints as its day allows, under a salt of that day', async t => {
  const house = await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' })
  const { app, clock, db } = house
  const { ref, code, id } = await givenFiled(app, TODAY)
  for (let at = 0; at < 20; at++) app.countAttempt('message', id)
  const person = visitor(app)
  await person.submit('/track', { ref, code })
  await person.get(`/track/${ref}`)
  const late = await person.submit(`/track/${ref}/messages`, { text: STORY })
  t.equal(late.status, 429)
  t.match(late.body, '三箱货物', 'the message comes back')
  clock.now = after(61 * 60_000)
  await person.submit('/track', { ref, code })
  await person.get(`/track/${ref}`)
  t.equal((await person.submit(`/track/${ref}/messages`, { text: STORY })).status, 303)
  for (let at = 0; at < 6; at++) await givenSent(house, { story: `${STORY}${'甲乙丙丁戊己'[at] ?? ''}` })
  const marked = async (): Promise<number> => (await db.selectFrom('complaint').select('id').where('suspicions', '=', 'many_from_network').execute()).length
  t.equal(await marked(), 1, 'the sixth')
  clock.now = after(DAY)
  await givenSent(house, { story: `${STORY}庚` })
  t.equal(await marked(), 1, 'another day, another salt: nothing of yesterday can be told')
})
