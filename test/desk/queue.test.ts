import t from 'tap'
import { listQueue, visibleBureaus } from '../../src/complaints/case/reading/repository.ts'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
import { saveView } from '../../src/desk/day/saved-views/service.ts'
import { readList, writeList } from '../../src/desk/day/queue/schema.ts'
import { localDate } from '../../src/domain/time/calendar.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenStaff } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { signInAs } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const PEOPLE = { 'li.na': 'clerk', 'wang.wei': 'clerk', 'zhao.lei': 'head', 'qian.hui': 'legal_reviewer' } as const
type Username = keyof typeof PEOPLE

interface Desk extends House { enter: (username: Username) => Promise<ReturnType<typeof visitor>>, bureauIds: number[] }

/** The house with people who work on one queue; each is hired when a test first needs them. */
async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  await givenStaff(db)
  const top = await db.selectFrom('bureau').select('id').where('parent_id', 'is', null).executeTakeFirstOrThrow()
  const hired = new Set<string>()
  return {
    ...house,
    bureauIds: await visibleBureaus(db, top.id),
    async enter (username) {
      if (!hired.has(username)) await addAccount(app, { username, name: `测试${username}`, role: PEOPLE[username], region: undefined, password: PASSWORD }, TODAY)
      hired.add(username)
      const person = visitor(app)
      const answer = await signInAs(app, person, { username, password: PASSWORD })
      if (answer.status !== 303) throw new Error(`${username} could not sign in: ${answer.status}`)
      await person.get(ROUTES.desk) // the token of the forms
      return person
    }
  }
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

    t.test('T4: a person chooses the columns of a list; in one form equal lists are equal texts', async t => {
      t.equal(writeList({}), writeList({ view: 'open', page: 3, size: 20, cols: ['handler', 'about', 'received', 'due', 'status'], saved: 'x'.repeat(22) }))
      const list = { view: 'all', status: ['replied', 'accepted'], handler: 'none', ground: 'G01', q: '演示', cols: ['bureau'], size: 50 } as const
      t.same(readList(writeList({ ...list, status: [...list.status], cols: [...list.cols] })), { ...list, status: ['accepted', 'replied'] })
      for (const hostile of ['view=nothing', 'status=x', 'handler=1%20or%201', 'size=7', 'agency=-1', 'view=open&view=all', `q=${'长'.repeat(101)}`, `view=open&${'x'.repeat(1300)}`, 'ground=__proto__', 'cols=secret']) t.equal(readList(hostile), null, hostile.slice(0, 40))
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
