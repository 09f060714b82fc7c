import t from 'tap'
import { findByRef } from '../../src/complaints/case/core/repository.ts'
import { listQueue, visibleBureaus } from '../../src/complaints/case/reading/repository.ts'
import { setPriority } from '../../src/complaints/work/priority/service.ts'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
import { localDate } from '../../src/domain/time/calendar.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { signInAs } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const PEOPLE = { 'li.na': 'clerk', 'zhao.lei': 'head', 'gao.yang': 'investigator' } as const
type Username = keyof typeof PEOPLE

interface Desk extends House { enter: (username: Username) => Promise<ReturnType<typeof visitor>>, ids: Record<Username, number>, bureauIds: number[], today: string }

/** The house with people who share one desk. */
async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  await givenStaff(db)
  const top = await db.selectFrom('bureau').select('id').where('parent_id', 'is', null).executeTakeFirstOrThrow()
  for (const [username, role] of Object.entries(PEOPLE)) await addAccount(app, { username, name: username, role, password: PASSWORD }, TODAY)
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
  })
}
