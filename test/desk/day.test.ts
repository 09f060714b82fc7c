import t from 'tap'
import { findByRef } from '../../src/complaints/case/core/repository.ts'
import { fileHandedOver } from '../../src/complaints/form/entry/service.ts'
import { listQueue, visibleBureaus } from '../../src/complaints/case/reading/repository.ts'
import { listAssigned } from '../../src/complaints/work/assignments/service.ts'
import { setPriority } from '../../src/complaints/work/priority/service.ts'
import { absentFor } from '../../src/complaints/allotment/absence/service.ts'
import { listLoads } from '../../src/complaints/allotment/workload/repository.ts'
import { barTo } from '../../src/complaints/outcome/letters/approvals.ts'
import { listRules, saveRule } from '../../src/complaints/allotment/routing/service.ts'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
import { addDays, localDate } from '../../src/domain/time/calendar.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { answersOf, givenComplaint, givenFiled, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { signInAs } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const PEOPLE = { 'li.na': 'clerk', 'zhao.lei': 'head', 'gao.yang': 'investigator', 'sun.mei': 'admin' } as const
type Username = keyof typeof PEOPLE

interface Desk extends House { enter: (username: Username) => Promise<ReturnType<typeof visitor>>, ids: Record<Username, number>, bureauIds: number[], today: string }

/** The house with people who share one desk. */
async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  await givenStaff(db)
  const top = await db.selectFrom('bureau').select('id').where('parent_id', 'is', null).executeTakeFirstOrThrow()
  for (const [username, role] of Object.entries(PEOPLE)) await addAccount(app, { username, name: username, role, password: PASSWORD }, TODAY)
  await db.updateTable('account').set({ card_no: 'JD-T1' }).where('username', '=', 'gao.yang').execute()
  const rows = await db.selectFrom('account').select(['id', 'username']).where('username', 'in', Object.keys(PEOPLE)).execute()
  const enter: Desk['enter'] = async username => {
    const person = visitor(app)
    await signInAs(app, person, { username, password: PASSWORD })
    return person
  }
  return { ...house, enter, ids: Object.fromEntries(rows.map(row => [row.username, row.id])) as Desk['ids'], bureauIds: await visibleBureaus(db, top.id), today: localDate(TODAY) }
}

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const desk = await givenDesk(t, engine)
    const { app, db, bureauIds, today } = desk

    t.test('T2 T6: a priority is set with a reason, orders and narrows the list, and changes no period', async t => {
      const [low, normal, high] = [await givenComplaint(app, 'accepted', TODAY), await givenComplaint(app, 'accepted', TODAY), await givenComplaint(app, 'accepted', TODAY)]
      const { due_on: due } = await findByRef(db, high.ref)
      const clerk = await desk.enter('li.na')
      const address = `/desk/complaints/${high.ref}/priorities`
      await clerk.get(address)
      const refused = await clerk.submit(address, { priority: 'high', text: ' ' })
      t.match([refused.status, refused.body], [422, /请写明调整优先程度的理由/])
      t.match(refused.body, /value="high" checked/, 'the choice is kept')
      t.equal((await clerk.submit(address, { priority: 'highest', text: '涉及多户' })).status, 422)
      t.equal((await clerk.submit(address, { priority: 'high', text: '涉及多户' })).status, 303)
      t.equal(await setPriority(app, STAFF.clerk, low.ref, { priority: 'low', reason: '不急' }, TODAY), true)
      t.equal(await setPriority(app, STAFF.clerk, low.ref, { priority: 'low', reason: '不急' }, TODAY), false, 'twice is once')
      const order = async (filter: object) => (await listQueue(db, { bureauIds, ...filter }, today)).rows.map(row => row.ref)
      t.same(await order({ sort: 'priority' }), [high.ref, normal.ref, low.ref])
      t.same(await order({ priority: 'high' }), [high.ref])
      const row = await findByRef(db, high.ref)
      t.same([row.priority, row.due_on], ['high', due])
      const page = await clerk.get(`/desk/complaints/${high.ref}?tab=timeline`)
      t.match(page.body, /调整优先程度[\s\S]*优先程度：优先[\s\S]*涉及多户/)
      t.match((await clerk.get('/desk/queue?priority=high&sort=priority')).body, new RegExp(`${high.ref}[\\s\\S]*>优先<`))
      t.equal((await (await desk.enter('gao.yang')).get(address)).status, 403)
      const closed = await givenComplaint(app, 'closed', TODAY)
      await t.rejects(setPriority(app, STAFF.clerk, closed.ref, { priority: 'high', reason: '试' }, TODAY), { code: 'transition_refused' })
      const { total } = await listQueue(db, { bureauIds, view: 'all', priority: 'high' }, today)
      t.equal(total, 1)
    })

    t.test('T3: the first rule that meets a complaint routes it, and the case says which one in which version', async t => {
      const head = await desk.enter('zhao.lei')
      await head.get('/desk/routing/new')
      const empty = await head.submit('/desk/routing/new', { name: ' ', agency: '量子纠缠管理局', fine: '很多', do: 'save' })
      t.match([empty.status, empty.body], [422, /名录中没有这个单位[\s\S]*请填写金额/])
      t.match((await head.submit('/desk/routing/new', { name: '空', reason: '试', do: 'save' })).body, /请至少写明一项办理内容/)
      const catering = { name: '冰柜案件', keywords: '冰　柜、电冰箱', handler: String(desk.ids['li.na']), supervisor_1: String(desk.ids['gao.yang']), priority: 'high', checks: 'fine_separated', reason: '同类案件归口办理', do: 'save' }
      t.equal((await head.submit('/desk/routing/new', catering)).status, 303)
      t.equal((await head.submit('/desk/routing/new', { name: '其余', priority: 'low', handler: String(desk.ids['zhao.lei']), suggest: '1', reason: '兜底', do: 'save' })).status, 303)
      const met = await givenFiled(app, TODAY)
      const row = await findByRef(db, met.ref)
      const [first, second] = await listRules(db, desk.bureauIds)
      t.same([row.routing_rule, row.routing_version, row.handler_id, row.priority, row.routing_faults, row.checks], [first?.id, 1, desk.ids['li.na'], 'high', '', 'fine_separated'])
      t.same((await listAssigned(db, row.id)).map(({ id }) => id), [desk.ids['gao.yang']])
      const other = await findByRef(db, (await givenFiled(app, TODAY, { issues: [{ ground: 'G04', text: '多次申请都没有答复' }], claim: '请答复' })).ref)
      t.same([other.routing_rule, other.handler_id, other.suggested_id, other.priority], [second?.id, null, desk.ids['zhao.lei'], 'low'])
      t.match((await head.get(`/desk/complaints/${other.ref}`)).body, /按分办规则“其余”（第1版）分办 · 建议由zhao.lei承办/)
      t.match((await head.get(`/desk/complaints/${met.ref}?tab=timeline`)).body, /按分办规则分办[\s\S]*规则：冰柜案件/)

      t.equal((await head.submit(`/desk/routing/${first?.id}`, { ...catering, name: '冰柜和冰箱', version: '1', priority: 'normal', reason: '改名' })).status, 303)
      const late = await head.submit(`/desk/routing/${first?.id}`, { ...catering, version: '1' })
      t.match([late.status, late.body], [409, /冰柜案件/], 'what was typed is kept')
      t.equal((await findByRef(db, (await givenFiled(app, TODAY)).ref)).routing_version, 2)
      t.match((await head.get(`/desk/complaints/${met.ref}`)).body, /“冰柜案件”（第1版）/, 'the old version stays with its case')
      await head.get('/desk/routing')
      await head.submit(`/desk/routing/${first?.id}/moves`, { to: 'down' })
      t.equal((await findByRef(db, (await givenFiled(app, TODAY)).ref)).routing_rule, second?.id, 'the order decides')
      await head.submit(`/desk/routing/${second?.id}/switches`, { on: '0' })
      t.equal((await findByRef(db, (await givenFiled(app, TODAY)).ref)).routing_rule, first?.id, 'a rule that is off meets nothing')
      const audited = await db.selectFrom('audit_entry').select('action').where('action', 'like', 'routing.%').orderBy('seq').execute()
      t.same(audited.map(({ action }) => action), ['routing.added', 'routing.added', 'routing.changed', 'routing.moved', 'routing.switched_off'])
    })

    t.test('T3 T27: a rule that cannot do what it says keeps back no complaint; who leads is told', async t => {
      const rule = (await listRules(db, desk.bureauIds)).find(({ enabled }) => enabled)
      await db.insertInto('conflict_declaration').values({ id: 'tie', account_id: desk.ids['li.na'], agency_id: null, complaint_id: null, officer_id: null, sealed: '', since: today, declared_at: TODAY, ended_at: null, ended_by: null }).execute()
      await db.updateTable('account').set({ disabled: 1 }).where('id', 'in', [desk.ids['li.na'], desk.ids['gao.yang']]).execute()
      const { ref } = await givenFiled(app, TODAY)
      const row = await findByRef(db, ref)
      t.same([row.routing_rule, row.handler_id, row.routing_faults], [rule?.id, null, 'handler:gone supervisor:gone'])
      t.match((await (await desk.enter('zhao.lei')).get(`/desk/complaints/${ref}`)).body, /分办规则中有的内容没有执行[\s\S]*承办人：账号已经停用/)
      await db.updateTable('account').set({ disabled: 0 }).where('id', 'in', [desk.ids['li.na'], desk.ids['gao.yang']]).execute()
      t.notMatch((await (await desk.enter('li.na')).get(`/desk/complaints/${ref}`)).body, /没有执行/, 'others are not told')
      const agency = await db.selectFrom('agency').select(['id', 'slug']).orderBy('id').executeTakeFirstOrThrow()
      await db.updateTable('conflict_declaration').set({ agency_id: agency.id }).where('id', '=', 'tie').execute()
      const tied = await findByRef(db, (await givenFiled(app, TODAY, { target: { agencyId: agency.id } })).ref)
      t.same([tied.handler_id, tied.routing_faults], [null, 'handler:conflict'])
      await db.updateTable('routing_rule_version').set({ data: '{"when":{"grounds":7}' }).where('rule_id', '=', rule?.id ?? '').execute()
      t.equal((await findByRef(db, (await givenFiled(app, TODAY)).ref)).routing_rule, null, 'a broken rule meets nothing')
      t.match((await (await desk.enter('zhao.lei')).get('/desk/routing')).body, /这条规则无法读取/)
      await db.deleteFrom('conflict_declaration').where('id', '=', 'tie').execute()
      await db.deleteFrom('routing_rule').execute()
    })

    t.test('T3: a rule is tried on the last complaints before it counts; administrators keep rules but never learn of complaints', async t => {
      const head = await desk.enter('zhao.lei')
      await db.insertInto('recusal').values({ complaint_id: (await db.selectFrom('complaint').select('id').where('agency_id', 'is not', null).executeTakeFirstOrThrow()).id, account_id: desk.ids['zhao.lei'], status: 'granted', sealed: '', asked_at: TODAY, decided_at: TODAY, decided_by: null }).execute()
      const { count } = await db.selectFrom('complaint').select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
      await head.get('/desk/routing/new')
      t.match(await head.submit('/desk/routing/new', { do: 'try' }), { status: 422, body: /至少填写一项/ }, 'a rule that does nothing is not tried')
      const tried = await head.submit('/desk/routing/new', { name: '答复慢', keywords: '没有答复', priority: 'high', do: 'try' })
      t.match([tried.status, tried.body], [200, new RegExp(`查看了最近 ${Number(count) - 1} 件投诉：其中 1 件会适用这条规则，1 件的分办会与现在的规则不同`)])
      t.match(tried.body, /value="答复慢"/)
      t.same(await listRules(db, desk.bureauIds), [])
      const admin = await desk.enter('sun.mei')
      await admin.get('/desk/routing/new')
      t.equal((await admin.submit('/desk/routing/new', { name: '答复慢', keywords: '没有答复', priority: 'high', do: 'try' })).status, 403)
      t.equal((await admin.submit('/desk/routing/new', { name: '答复慢', keywords: '没有答复', priority: 'high', reason: '试', do: 'save' })).status, 303)
      t.equal((await (await desk.enter('li.na')).get('/desk/routing')).status, 403)
      const handed = await fileHandedOver(app, { ...answersOf({ claim: '没有答复' }), entry: { source: 'hotline_12345', number: 'H-1', receivedOn: today } }, TODAY, 'test')
      t.equal((await findByRef(db, handed.ref)).priority, 'high', 'what another system hands over is routed too')
      await db.deleteFrom('routing_rule').execute()
    })

    t.test('T31: somebody who is away has a deputy, who sees their cases under the name and gets what a rule would bring them', async t => {
      const clerk = await desk.enter('li.na')
      await clerk.get('/desk/absences')
      const days = { from_year: '2026', from_month: '1', from_day: '1', to_year: '2027', to_month: '1', to_day: '1' }
      t.match((await clerk.submit('/desk/absences', { ...days, from_month: '13' })).body, /请填写完整、正确的日期/)
      t.match((await clerk.submit('/desk/absences', { ...days, deputy: String(desk.ids['sun.mei']) })).body, /代理人应当是本局有办案岗位的其他同事/)
      t.equal((await clerk.submit('/desk/absences', { ...days, account: String(desk.ids['zhao.lei']) })).status, 403, 'only who leads sets it for others')
      const [year = '', month = '', day = ''] = today.split('-')
      t.equal((await clerk.submit('/desk/absences', { from_year: year, from_month: month, from_day: day, to_year: year, to_month: month, to_day: day, deputy: String(desk.ids['gao.yang']) })).status, 303)
      t.same(await absentFor(db, desk.ids['gao.yang'], today), [{ id: desk.ids['li.na'], name: 'li.na', until: today }])
      t.same(await absentFor(db, desk.ids['gao.yang'], addDays(today, 1)), [])
      const { id, ref } = await givenFiled(app, TODAY)
      await db.updateTable('complaint').set({ handler_id: desk.ids['li.na'] }).where('id', '=', id).execute()
      const deputy = await desk.enter('gao.yang')
      t.match((await deputy.get('/desk')).body, new RegExp(`代li\\.na[\\s\\S]*${ref}`))
      const keeper = { id: desk.ids['zhao.lei'], role: 'head' as const, requestId: 'test', bureauIds, bureauId: bureauIds[0] ?? 0 }
      await saveRule(app, keeper, { name: '都归李娜', data: { when: {}, then: { handler: desk.ids['li.na'] } }, reason: '试' }, TODAY)
      t.equal((await findByRef(db, (await givenFiled(app, TODAY)).ref)).handler_id, desk.ids['gao.yang'])
      await db.deleteFrom('routing_rule').execute()
    })

    t.test('T31: all open cases go to a colleague one by one, with a note; what the colleague may not have stays, and twice is once', async t => {
      const head = await desk.enter('zhao.lei')
      await db.updateTable('complaint').set({ handler_id: null }).execute()
      const [first, second, third] = [await givenFiled(app, TODAY), await givenFiled(app, TODAY), await givenFiled(app, TODAY)]
      await db.updateTable('complaint').set({ handler_id: desk.ids['li.na'] }).where('id', 'in', [first.id, second.id, third.id]).execute()
      await db.insertInto('recusal').values({ complaint_id: third.id, account_id: desk.ids['gao.yang'], status: 'granted', sealed: '', asked_at: TODAY, decided_at: TODAY, decided_by: null }).execute()
      await head.get('/desk/absences')
      const wish = { from_person: String(desk.ids['li.na']), to_person: String(desk.ids['gao.yang']), note: '休假，请接着办' }
      t.match((await head.submit('/desk/handovers', { ...wish, note: ' ', to_person: String(desk.ids['li.na']) })).body, /请选择另一名在岗的办案人员[\s\S]*请写明移交说明/)
      const { location = '' } = await head.submit('/desk/handovers', wish)
      t.match((await head.get(location)).body, /还有 3 件在移交人手中[\s\S]*移交 2 件/)
      await Promise.all([head.submit(location), head.submit(location)])
      t.match((await head.get(location)).body, /已移交 2 件[\s\S]*这名人员应当回避此案/)
      const holders = await Promise.all([first, second, third].map(async ({ ref }) => (await findByRef(db, ref)).handler_id))
      t.same(holders, [desk.ids['gao.yang'], desk.ids['gao.yang'], desk.ids['li.na']])
      const told = await db.selectFrom('event').select('seq').where('complaint_id', '=', first.id).where('action', '=', 'handed_over').execute()
      t.equal(told.length, 1)
      t.match((await head.get(`/desk/complaints/${first.ref}?tab=timeline`)).body, /休假，请接着办/)
      t.equal((await (await desk.enter('li.na')).get(location)).status, 404, 'a hand-over is whose who began it')
    })

    t.test('T8: who leads sees what each has in hand, and a suggestion', async t => {
      const head = await desk.enter('zhao.lei')
      const [load] = (await listLoads(db, { id: desk.ids['zhao.lei'], bureauIds }, today)).filter(({ handlerId }) => handlerId === desk.ids['gao.yang'])
      t.match(load, { open: 2, overdue: 0 })
      const page = await head.get('/desk/workload')
      t.match(page.body, /下一件可以考虑由[\s\S]*gao\.yang[\s\S]*查看案件/)
      t.match(page.body, /li\.na[\s\S]*离岗[\s\S]*gao\.yang/)
      t.equal((await (await desk.enter('li.na')).get('/desk/workload')).status, 403)
    })

    t.test('my day: what waits for a decision stands before those who may take it, and for nobody else', async t => {
      const { id, ref } = await givenComplaint(app, 'accepted', TODAY)
      await db.insertInto('clock_extension').values({ id: 'x1', complaint_id: id, clock: 'handle', run: TODAY, days: 10, state: 'requested', reason_sealed: '', requested_by: desk.ids['li.na'], requested_role: 'clerk', requested_at: TODAY, decided_by: null, decided_at: null, answer_sealed: null, due_before: today, due_after: null, document_id: null }).execute()
      t.match((await (await desk.enter('zhao.lei')).get('/desk')).body, new RegExp(`延期申请待审批[\\s\\S]*${ref}/clocks`))
      t.notMatch((await (await desk.enter('li.na')).get('/desk')).body, /延期申请待审批/)
      await db.insertInto('recusal').values({ complaint_id: id, account_id: desk.ids['zhao.lei'], status: 'granted', sealed: '', asked_at: TODAY, decided_at: TODAY, decided_by: null }).execute()
      t.notMatch((await (await desk.enter('zhao.lei')).get('/desk')).body, new RegExp(ref), 'a case that one was recused from does not exist')
    })

    t.test('T18 T31: a leader stands in for a head who is away, but never in the legal look, and never at a letter of their own', async t => {
      const draft = { id: 'd', type: 'opinion_letter', state: 'pending', author_id: 7, complaint_id: '', version: 1, step: 1, sealed: '', digest: null, document_id: null, created_at: TODAY, updated_at: TODAY }
      const leader = { id: 1, role: 'approver' as const, requestId: 'test' }
      t.equal(barTo(leader, draft, []), 'not_your_turn')
      t.equal(barTo({ ...leader, deputyFor: ['head'] }, draft, []), null)
      t.equal(barTo({ ...leader, deputyFor: ['head'] }, { ...draft, author_id: 1 }, []), 'own_letter')
      t.equal(barTo({ ...leader, deputyFor: ['legal_reviewer'] }, { ...draft, step: 0 }, []), 'not_your_turn')
    })
  })
}
