import type { AddressInfo } from 'node:net'
import t from 'tap'
import { recordFinding } from '../../src/complaints/case/core/service.ts'
import { findById } from '../../src/complaints/case/core/repository.ts'
import { claim, sendMessage } from '../../src/complaints/case/correspondence/service.ts'
import { findCase } from '../../src/complaints/case/reading/service.ts'
import { listQueue, visibleBureaus } from '../../src/complaints/case/reading/repository.ts'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
import { saveView } from '../../src/desk/day/saved-views/service.ts'
import { readList, writeList } from '../../src/desk/day/queue/schema.ts'
import { localDate } from '../../src/domain/time/calendar.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { axe, BROWSER, newPage } from '../fixtures/browser.ts'
import { givenComplaint, givenStaff, STAFF, type Filed } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { signInAs } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const PEOPLE = { 'li.na': 'clerk', 'wang.wei': 'clerk', 'zhao.lei': 'head', 'qian.hui': 'legal_reviewer' } as const
type Username = keyof typeof PEOPLE

interface Desk extends House { enter: (username: Username) => Promise<ReturnType<typeof visitor>>, bureauIds: number[] }

/** The house with people who work on one queue; each sits down when a test first needs them, and stays. */
async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  await givenStaff(db)
  const top = await db.selectFrom('bureau').select('id').where('parent_id', 'is', null).executeTakeFirstOrThrow()
  const seated = new Map<Username, Promise<ReturnType<typeof visitor>>>()
  const seat = async (username: Username): Promise<ReturnType<typeof visitor>> => {
    await addAccount(app, { username, name: `测试${username}`, role: PEOPLE[username], region: undefined, password: PASSWORD }, TODAY)
    const person = visitor(app)
    const answer = await signInAs(app, person, { username, password: PASSWORD })
    if (answer.status !== 303) throw new Error(`${username} could not sign in: ${answer.status}`)
    await person.get(ROUTES.desk) // the token of the forms
    return person
  }
  return {
    ...house,
    bureauIds: await visibleBureaus(db, top.id),
    async enter (username) {
      const there = seated.get(username) ?? seat(username)
      seated.set(username, there)
      return await there
    }
  }
}

const later = (now: string, minutes: number): string => new Date(Date.parse(now) + minutes * 60_000).toISOString()

const undoOf = (batch: string | undefined): string => `${(batch ?? '').split('?')[0] ?? ''}/undo`

/** The fields of the form that confirms a batch, as a browser would send them. */
function formOf (body: string): Record<string, string | string[]> {
  const form = body.slice(body.indexOf('method="post" action="/desk/queue/bulk"'))
  const fields: Record<string, string[]> = {}
  for (const [, name = '', value = ''] of form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)) (fields[name] ??= []).push(value)
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, name === 'row' ? values : values[0] ?? '']))
}

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const desk = await givenDesk(t, engine)
    const { app, db, bureauIds } = desk

    t.test('T4 T23: the list is narrowed to how far an agency has come with what a letter demands', async t => {
      const filed = { not_due: await givenComplaint(app, 'document_issued', TODAY), claimed: await givenComplaint(app, 'document_issued', TODAY), disputed: await givenComplaint(app, 'document_issued', TODAY), overdue: await givenComplaint(app, 'document_issued', TODAY) }
      const today = localDate(TODAY)
      const demands = { not_due: ['open', today], claimed: ['claimed', '2020-01-01'], disputed: ['disputed', '2099-01-01'], overdue: ['open', '2020-01-01'] } as const
      for (const [name, [state, due]] of Object.entries(demands)) {
        const { id } = filed[name as keyof typeof filed]
        await db.insertInto('demand').values({ complaint_id: id, document_id: `queue-${name}`, no: 1, kind: 'correct', sealed: '', due_on: due, state, changed_at: TODAY }).execute()
      }
      for (const [rectify, { ref }] of Object.entries(filed)) {
        const { rows, total } = await listQueue(db, { bureauIds, view: 'all', rectify: rectify as keyof typeof filed }, today)
        t.same([total, rows.map(row => row.ref)], [1, [ref]], rectify)
      }
      const clerk = await desk.enter('li.na')
      const page = await clerk.get('/desk/queue?view=all&rectify=overdue')
      t.match(page.body, new RegExp(filed.overdue.ref))
      t.match(page.body, /class="moj-filter__tag"[^]*?逾期未改/)
      t.equal((await clerk.get('/desk/queue?rectify=never')).status, 422)
    })

    t.test('T6 Z-4: one act for many cases: checked one by one, told case by case, done once, and taken back only where nothing else happened', async t => {
      const [one, two, three, closed] = [await givenComplaint(app, 'accepted', TODAY), await givenComplaint(app, 'accepted', TODAY), await givenComplaint(app, 'registered', TODAY), await givenComplaint(app, 'closed', TODAY)]
      const [head, clerk, reviewer] = [await desk.enter('zhao.lei'), await desk.enter('li.na'), await desk.enter('qian.hui')]
      const refs = [one, two, three, closed].map(({ ref }) => `ref=${ref}`).join('&')
      t.match((await head.get('/desk/queue?view=all')).body, /data-bulk[^]*交由他人承办/)
      t.notMatch((await clerk.get('/desk/queue')).body, /交由他人承办/, 'only what the role may')
      t.notMatch((await reviewer.get('/desk/queue')).body, /data-bulk/)
      t.equal((await clerk.get(`/desk/queue/bulk?act=handler&${refs}&value=101`)).status, 403)
      t.match(await head.get('/desk/queue/bulk?act=handler'), { status: 422, body: /请先在列表中选中案件/ })
      t.match(await head.get('/desk/queue/bulk?act='), { status: 422, body: /请先在列表中选中案件[^]*请选择要办理的事项/ }, 'both are said')
      t.equal((await head.get(`/desk/queue/bulk?act=close&${refs}`)).status, 422, 'never close')
      t.equal((await head.get(`/desk/queue/bulk?act=handler&${Array.from({ length: 101 }, (_, at) => `ref=TS${10_000_000_000 + at}`).join('&')}`)).status, 422)

      const asks = await head.get(`/desk/queue/bulk?act=handler&${refs}&ref=TS00000000000`)
      t.match(asks.body, /新的承办人/)
      t.notMatch(asks.body, /name="reason"/, 'first whom')
      t.match(await head.get(`/desk/queue/bulk?act=handler&${refs}&value=999`), { status: 422, body: /请选择人员/ })
      const checked = await head.get(`/desk/queue/bulk?act=handler&${refs}&ref=TS00000000000&value=101&list=view%3Dall`)
      t.match(checked.body, /选中 4 件，其中 3 件可以办理[^]*另有 1 件没有找到/)
      t.match(checked.body, new RegExp(`${closed.ref}[^]*?已办结，不能办理`))
      const form = formOf(checked.body)
      t.equal(form['row']?.length, 3)
      t.match(await head.submit('/desk/queue/bulk', { ...form, reason: '' }), { status: 422, body: /请写明理由[^]*选中 3 件/ })

      await claim(app, STAFF.clerk, two.ref, TODAY) // somebody is faster with the second
      const sent = await Promise.all([1, 2].map(async () => await head.submit('/desk/queue/bulk', { ...form, reason: '承办人调离' })))
      t.same(sent.map(({ status }) => status), [303, 303], 'sent twice at once')
      const result = await head.get(sent[0]?.location ?? '')
      t.match(result.body, /2 件已办理，1 件没有改动/)
      t.match(result.body, new RegExp(`${two.ref}[^]*?核对之后已有变化`))
      const handlers = async (): Promise<Array<number | null>> => (await Promise.all([one, two, three].map(async ({ id }) => await findById(db, id)))).map(row => row.handler_id)
      t.same(await handlers(), [101, STAFF.clerk.id, 101])
      const told = (await findCase(app, one.ref, TODAY)).events.filter(({ action }) => action === 'handed_over')
      t.match(told, [{ text: '承办人调离', audience: 'internal', fields: { person: '演示收件员' }, details: { bulk: 'done' } }])
      t.equal((await head.get(`/desk/complaints/${one.ref}?tab=timeline`)).body.includes('批量办理：是'), true)
      t.same((await db.selectFrom('audit_entry').select('subject').where('action', '=', 'complaint.handed_over').execute()).map(({ subject }) => subject).sort(), [one.ref, three.ref].sort())
      t.equal((await clerk.get(sent[0]?.location ?? '')).status, 404, 'a batch is its owner\'s')

      await sendMessage(app, STAFF.clerk, three.ref, '请问当天还有谁在场？', TODAY)
      await db.insertInto('event').values({ complaint_id: three.id, seq: 99, action: 'claim', from_status: 'registered', to_status: 'registered', actor_id: 101, actor_role: 'clerk', audience: 'internal', details: null, reason_sealed: null, at: TODAY }).execute()
      const undo = undoOf(sent[0]?.location)
      await Promise.all([1, 2].map(async () => await head.submit(undo, { list: 'view=all' })))
      const undone = await head.get(sent[0]?.location ?? '')
      t.match(undone.body, /1 件已撤销，1 件没有撤销/)
      t.match(undone.body, new RegExp(`${three.ref}[^]*?之后又有变化，没有撤销`))
      t.same(await handlers(), [null, STAFF.clerk.id, 101])
      t.equal((await findCase(app, one.ref, TODAY)).events.filter(({ action }) => action === 'handed_over').length, 2, 'taken back once')

      for (const act of ['supervisor', 'priority', 'relate', 'release', 'quarantine'] as const) {
        const value = { supervisor: String(STAFF.investigator.id), priority: 'high', relate: closed.ref, release: '', quarantine: '' }[act]
        const shown = await head.get(`/desk/queue/bulk?act=${act}&ref=${one.ref}&ref=${three.ref}&value=${value}`)
        t.equal(shown.status, 200, act)
        if (!shown.body.includes('name="row"')) continue
        const answer = await head.submit('/desk/queue/bulk', { ...formOf(shown.body), reason: '一并处理' })
        t.match((await head.get(answer.location ?? '')).body, act === 'quarantine' ? /1 件已办理，0 件没有改动/ : /2 件已办理，0 件没有改动/, act)
        if (act === 'quarantine') t.match(await findById(db, three.id), { suspect: 1, quarantine: 'kept' })
        desk.clock.now = later(TODAY, 9)
        t.equal((await head.submit(undoOf(answer.location), {})).status, 303)
        t.match((await head.get(answer.location ?? '')).body, /0 件没有撤销/, act)
        t.equal((await findById(db, three.id)).suspect, 0)
        desk.clock.now = TODAY
      }
      t.same(await db.selectFrom('complaint_tie').selectAll().execute(), [])
      t.equal((await db.selectFrom('assignment').select('ended_at').where('complaint_id', '=', one.id).execute()).every(({ ended_at: ended }) => ended !== null), true)

      const late = await head.submit('/desk/queue/bulk', { ...formOf((await head.get(`/desk/queue/bulk?act=relate&ref=${one.ref}&value=${closed.ref}`)).body), reason: '同一事件' })
      desk.clock.now = later(TODAY, 11)
      t.match(await head.submit(undoOf(late.location), {}), { status: 409, body: /已超过撤销的时间/ })
      desk.clock.now = TODAY
    })

    t.test('T9: who opened a case just now is said, at most one write a minute, and never somebody recused', async t => {
      const { ref, id } = await givenComplaint(app, 'accepted', TODAY)
      const [first, second] = [await desk.enter('li.na'), await desk.enter('wang.wei')]
      const at = `/desk/complaints/${ref}`
      t.notMatch((await first.get(at)).body, /打开过此件/, 'oneself is no news')
      t.match((await second.get(at)).body, /测试li\.na<\/span> 刚刚打开过此件/)
      const visits = async (): Promise<string[]> => (await db.selectFrom('case_visit').select('at').where('complaint_id', '=', id).orderBy('at').execute()).map(row => row.at)
      desk.clock.now = later(TODAY, 0.5)
      await first.get(at)
      t.same(await visits(), [TODAY, TODAY])
      desk.clock.now = later(TODAY, 2)
      await second.get(at)
      t.same(await visits(), [TODAY, later(TODAY, 2)])
      t.match((await second.get(at)).body, /测试li\.na<\/span> 2 分钟前打开过此件/)
      const { id: me } = await db.selectFrom('account').select('id').where('username', '=', 'li.na').executeTakeFirstOrThrow()
      await db.insertInto('recusal').values({ complaint_id: id, sealed: '', status: 'granted', account_id: me, asked_at: TODAY, decided_at: TODAY, decided_by: null }).execute()
      t.notMatch((await second.get(at)).body, /打开过此件/)
      await db.deleteFrom('recusal').where('complaint_id', '=', id).execute()
      desk.clock.now = later(TODAY, 11)
      t.notMatch((await second.get(at)).body, /打开过此件/)
      desk.clock.now = TODAY
    })

    t.test('T9: who claims second is told who was first, and takes over from nobody else than was on the page', async t => {
      const { ref, id } = await givenComplaint(app, 'accepted', TODAY)
      const [first, second, head] = [await desk.enter('li.na'), await desk.enter('wang.wei'), await desk.enter('zhao.lei')]
      const at = `/desk/complaints/${ref}/claims`
      const both = await Promise.all([first, second].map(async person => await person.submit(at, {})))
      t.same(both.map(({ status }) => status).sort(), [303, 409], 'one wins')
      const lost = both.find(({ status }) => status === 409)?.body ?? ''
      const winner = both[0]?.status === 303 ? 'li.na' : 'wang.wei'
      t.match(lost, new RegExp(`这件投诉现由测试${winner}承办`))
      t.match(lost, new RegExp(`从测试${winner}处转为由我承办`))
      const holder = /name="holder" value="(\d+)"/.exec(lost)?.[1] ?? ''
      t.equal((await head.submit(at, { take_over: '1', holder })).status, 303)
      t.match(await (winner === 'li.na' ? second : first).submit(at, { take_over: '1', holder }), { status: 409, body: /现由测试zhao\.lei承办/ }, 'somebody else was faster')
      t.equal((await findById(db, id)).handler_id, (await db.selectFrom('account').select('id').where('username', '=', 'zhao.lei').executeTakeFirstOrThrow()).id)
    })

    t.test('T9: two who write at once see each other\'s text, and keep their own', async t => {
      const { ref } = await givenComplaint(app, 'investigating', TODAY)
      const [first, second] = [await desk.enter('li.na'), await desk.enter('wang.wei')]
      for (const [part, own, other] of [['notes', '我想写的备注', '同事先写的备注'], ['messages', '我想发的信息', '同事先发的信息']] as const) {
        const page = await first.get(`/desk/complaints/${ref}?tab=${part}`)
        const seen = /name="seen" value="(\d+)"/.exec(page.body.slice(page.body.indexOf(`/${part}"`)))?.[1] ?? ''
        await second.get(`/desk/complaints/${ref}?tab=${part}`)
        t.equal((await second.submit(`/desk/complaints/${ref}/${part}`, { text: other, seen })).status, 303)
        const lost = await first.submit(`/desk/complaints/${ref}/${part}`, { text: own, seen })
        t.match(lost, { status: 409, body: new RegExp(`其间有变化|${other}`) })
        t.match(lost.body, new RegExp(`<textarea[^>]*>\\s*${own}`))
        const again = /name="seen" value="(\d+)"/.exec(lost.body.slice(lost.body.indexOf(`/${part}" enctype`) > 0 ? lost.body.indexOf(`/${part}" enctype`) : lost.body.indexOf(`/${part}" novalidate`)))?.[1] ?? ''
        t.not(again, seen)
        t.equal((await first.submit(`/desk/complaints/${ref}/${part}`, { text: own, seen: again })).status, 303, 'having read it')
      }
      const texts = await findCase(app, ref, TODAY)
      t.same([texts.notes.map(({ text }) => text), texts.messages.map(({ text }) => text)], [['同事先写的备注', '我想写的备注'], ['同事先发的信息', '我想发的信息']])

      const version = String(texts.version)
      await recordFinding(app, STAFF.investigator, ref, { issue: 1, finding: 'not', reasons: '同事的理由', version: texts.version }, TODAY)
      const head = await desk.enter('zhao.lei')
      const lost = await head.submit(`/desk/complaints/${ref}/findings`, { issue: '1', finding: 'substantiated', reasons: '我的理由', rule: 'none', version, seen: '1' })
      t.match(lost, { status: 409, body: /同事已经保存的内容[^]*同事的理由[^]*<textarea[^>]*>\s*我的理由/ })
    })

    t.test('T34: after a step one stays, goes back to the list, or on to its next case, and the choice is remembered', async t => {
      const [one, two, three] = [await givenComplaint(app, 'submitted', '2026-02-05T02:00:00.000Z'), await givenComplaint(app, 'submitted', '2026-02-06T02:00:00.000Z'), await givenComplaint(app, 'submitted', '2026-02-07T02:00:00.000Z')]
      const clerk = await desk.enter('wang.wei')
      const list = 'view=triage&sort=oldest'
      const opened = await clerk.get(`/desk/queue?${list}`)
      t.match(opened.body, new RegExp(`/desk/complaints/${two.ref}\\?list&#x3D;view%3Dtriage%26sort%3Doldest`))
      await clerk.get(`/desk/complaints/${one.ref}?list=${encodeURIComponent(list)}`)
      const register = async ({ ref, id }: Filed, then?: string): Promise<string | undefined> => (await clerk.submit(`/desk/complaints/${ref}/transitions`, { action: 'register', version: String((await findById(db, id)).version), ...then === undefined ? {} : { then } })).location
      const form = await register(one, 'next')
      t.equal(form, `/desk/complaints/${two.ref}?done=register&about=${one.ref}`, 'the next in the order of the list')
      t.match((await clerk.get(form ?? '')).body, new RegExp(`${one.ref}：已登记。[^]*?下一件：${three.ref}`))
      t.equal(await register(two), `/desk/complaints/${three.ref}?done=register&about=${two.ref}`, 'remembered')
      const back = await register(three, 'list')
      t.equal(back, `/desk/queue?view=triage&sort=oldest&done=register&about=${three.ref}`)
      t.match((await clerk.get(back ?? '')).body, new RegExp(`${three.ref}：已登记。`))
      t.match((await clerk.get(`/desk/complaints/${three.ref}/transitions?action=accept`)).body, /name="then" type="radio" value="list" checked/)
      t.equal((await clerk.submit('/desk/settings', { keys: 'sometimes', after: 'stay' })).status, 422)
      t.match(await clerk.submit('/desk/settings', { keys: 'off', after: 'stay' }), { status: 303 })
      t.match((await clerk.get('/desk/settings?done=1')).body, /已保存[^]*value="stay" checked/)
      await clerk.get(`/desk/complaints/${three.ref}?list=${encodeURIComponent('view=all\' or 1=1')}`)
      t.equal((await db.selectFrom('account_setting').select('value').where('name', '=', 'list').executeTakeFirstOrThrow()).value, list, 'a list that is none is not kept')
    })

    if (engine === 'sqlite') {
      t.test('T7: single keys work the list, never while somebody types, and not once they are switched off', BROWSER, async t => {
        await app.listen({ host: '127.0.0.1', port: 0 })
        const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
        const clerk = await desk.enter('li.na')
        const page = await newPage(t)
        await page.context().addCookies([...clerk.cookies].map(([name, value]) => ({ name, value, url: origin })))
        await page.goto(`${origin}/desk/queue?view=all`)
        const focused = async (): Promise<string> => await page.locator(':focus').textContent({ timeout: 1000 }).catch(() => '') ?? ''
        const refs = await page.locator('[data-rows] tbody th a').allTextContents()
        await page.keyboard.press('j')
        t.equal(await focused(), refs[0])
        await page.keyboard.press('j')
        await page.keyboard.press('j')
        await page.keyboard.press('k')
        t.equal(await focused(), refs[1])
        await page.keyboard.press('a')
        t.same(await page.locator('.sl-pick:checked').evaluateAll(boxes => boxes.map(box => box.getAttribute('value'))), [refs[1]])
        t.match(await page.locator('.sl-bulk__count').textContent(), /已选 1 件/)
        await page.locator('.sl-bulk__all label').click()
        t.equal(await page.locator('.sl-pick:checked').count(), refs.length)
        await page.keyboard.press('Control+j')
        await page.keyboard.press('/')
        await page.keyboard.type('jae?')
        t.equal(await page.inputValue('#queue-search'), 'jae?', 'what is typed is typed')
        await page.locator('h1').click()
        await page.keyboard.press('?')
        t.ok(await page.locator('dialog[data-shortcuts]').isVisible())
        t.same(await axe(page), [])
        await page.keyboard.press('Escape')
        await page.keyboard.press('j')
        await Promise.all([page.waitForURL(/\/desk\/complaints\//), page.keyboard.press('o')])
        await Promise.all([page.waitForURL(/tab=notes/), page.keyboard.press('n')])
        await clerk.submit('/desk/settings', { keys: 'off', after: 'stay' })
        await page.goto(`${origin}/desk/queue?view=all`)
        await page.keyboard.press('j')
        t.notMatch(await focused(), /^TS\d{11}$/)
        t.equal(await page.locator('dialog[data-shortcuts]').count(), 0)
      })
    }

    t.test('T4: a person chooses the columns of a list; in one form equal lists are equal texts', async t => {
      t.equal(writeList({}), writeList({ view: 'open', page: 3, size: 20, cols: ['handler', 'about', 'received', 'due', 'status'], saved: 'x'.repeat(22) }))
      const list = { view: 'all', status: ['replied', 'accepted'], handler: 'none', ground: 'G01', q: '演示', cols: ['bureau'], size: 50 } as const
      t.same(readList(writeList({ ...list, status: [...list.status], cols: [...list.cols] })), { ...list, status: ['accepted', 'replied'] })
      for (const hostile of ['view=nothing', 'status=x', 'handler=1%20or%201', 'size=7', 'agency=-1', 'view=open&view=all', `q=${'长'.repeat(101)}`, `view=open&${'x'.repeat(1300)}`, 'ground=__proto__', 'cols=secret', 'q=%00', 'q=a%E2%80%AEb']) t.equal(readList(hostile), null, hostile.slice(0, 40))
      t.same(readList('constructor=1&__proto__=2'), {}, 'what is no part of a list says nothing')
      const clerk = await desk.enter('li.na')
      const plain = await clerk.get('/desk/queue?view=all')
      t.match(plain.body, /data-label="承办人"/)
      t.notMatch(plain.body, /data-label="受理机关"/)
      const chosen = await clerk.get('/desk/queue?view=all&cols=bureau&cols=supervisors&cols=updated')
      for (const there of ['受理机关', '承办监督人员', '最近变动']) t.match(chosen.body, new RegExp(`data-label="${there}"`))
      t.notMatch(chosen.body, /data-label="承办人"/)
      t.match(chosen.body, /演示监督员、演示二监督员/)
    })

    t.test('T5: a list is kept as a view, counted for whoever opens it, shared by a link, and changed by its owner or a head only', async t => {
      const [owner, colleague, head] = [await desk.enter('li.na'), await desk.enter('wang.wei'), await desk.enter('zhao.lei')]
      const form = await owner.get('/desk/queue/views?list=view%3Dall%26status%3Ddocument_issued')
      t.match(form.body, /把当前列表存为视图/)
      t.match(await owner.submit('/desk/queue/views', { list: 'view=all&status=document_issued', name: ' ' }), { status: 422, body: /请填写视图名称/ })
      const made = await owner.submit('/desk/queue/views', { list: 'status=document_issued&view=all', name: '已发文书', shared: '1' })
      t.match(made, { status: 303, location: /\/desk\/queue\/views\/[\w-]{22}$/ })
      const address = made.location ?? ''
      t.match(await owner.submit('/desk/queue/views', { list: 'view=open', name: '已发文书' }), { status: 422, body: /已有同名的视图/ })
      const own = (await owner.submit('/desk/queue/views', { list: 'view=mine', name: '只给自己' })).location ?? ''

      const opened = await colleague.get(address)
      t.match(opened, { status: 303, location: /view=all.*status=document_issued|status=document_issued.*view=all/ })
      const list = await colleague.get(opened.location ?? '')
      t.match(list.body, /aria-current="page"><span lang="zh-CN">已发文书<\/span> <span class="sl-facet__count">4</)
      t.notMatch(list.body, /只给自己/)
      t.equal((await colleague.get(own)).status, 404, 'what somebody keeps for themselves does not exist for others')
      t.equal((await colleague.get(`${address}/edit`)).status, 403)
      t.equal((await colleague.submit(`${address}/endings`, {})).status, 403)
      t.match((await owner.get('/desk/queue/views')).body, /已发文书<[^]*?>4<[^]*?已共享/)

      const edit = await head.get(`${address}/edit`)
      t.match(edit.body, new RegExp(`href="${address}"`))
      t.match(await head.submit(`${address}/edit`, { version: '1', name: '已发文书（全市）', shared: '1' }), { status: 303 })
      t.match(await owner.submit(`${address}/edit`, { version: '1', name: '我改的' }), { status: 409, body: /value="我改的"/ }, 'who comes second keeps what was typed')
      t.match(await owner.submit(`${address}/edit`, { version: '2', name: '已发文书', list: 'view=all&status=closed', shared: '1' }), { status: 303, location: address })
      await db.updateTable('saved_view').set({ query: "view=all' or 1=1" }).where('name', '=', '已发文书').execute()
      t.match(await owner.get(address), { status: 409, body: /这个视图的条件已失效/ }, 'what lies in the table goes through the schema of the address again')
      t.match(await owner.submit(`${address}/endings`, {}), { status: 303 })
      t.equal((await owner.get(address)).status, 404)

      const keeper = { id: (await db.selectFrom('account').select('id').where('username', '=', 'wang.wei').executeTakeFirstOrThrow()).id, role: 'clerk' as const, requestId: 'test', bureauId: bureauIds[0] ?? 0, bureauIds }
      for (let at = 0; at < 18; at++) await saveView(app, keeper, { name: `视图${at}`, shared: false, list: 'view=open' }, TODAY)
      const ends = await Promise.allSettled([1, 2, 3, 4].map(async no => await saveView(app, keeper, { name: `同时${no}`, shared: false, list: 'view=open' }, TODAY)))
      t.equal(ends.filter(({ status }) => status === 'fulfilled').length, 2, 'twenty a person, however many come at once')
      t.same((await db.selectFrom('audit_entry').select('action').where('action', 'like', 'view.%').orderBy('seq').limit(5).execute()).map(({ action }) => action), ['view.saved', 'view.saved', 'view.changed', 'view.changed', 'view.removed'])
    })
  })
}
