import t from 'tap'
import { addAccount } from '../../src/desk/accounts/service.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const at = (ref: string, rest = ''): string => `/desk/complaints/${ref}${rest}`
const hidden = (body: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? ''

const PEOPLE = { 'sun.yue': 'investigator', 'ma.li': 'head', 'li.na': 'clerk' } as const
type Person = ReturnType<typeof visitor>
interface Desk extends House { enter: (username: keyof typeof PEOPLE) => Promise<Person>, idOf: (username: string) => Promise<number> }

async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  await givenStaff(db)
  const idOf = async (username: string): Promise<number> => (await db.selectFrom('account').select('id').where('username', '=', username).executeTakeFirstOrThrow()).id
  return {
    ...house,
    idOf,
    async enter (username) {
      await addAccount(app, { username, name: `测试${username}`, role: PEOPLE[username], region: undefined, password: PASSWORD }, TODAY)
      if (PEOPLE[username] !== 'clerk') await db.updateTable('account').set({ card_no: `DEMO-JD-${username}` }).where('username', '=', username).execute()
      const person = visitor(app)
      await person.submit(ROUTES.signIn, { username, password: PASSWORD })
      await person.get(ROUTES.desk)
      return person
    }
  }
}

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const desk = await givenDesk(t, engine)
    const { app, db } = desk
    const [head, supervisor, clerk] = [await desk.enter('ma.li'), await desk.enter('sun.yue'), await desk.enter('li.na')]

    t.test('the people page names the agency, puts supervisors on the case and takes them off', async t => {
      const { ref } = await givenComplaint(app, 'accepted', TODAY)
      const agency = await db.selectFrom('agency').select(['id', 'name']).where('status', '=', 'in_force').orderBy('id').executeTakeFirstOrThrow()
      t.match((await clerk.get(at(ref, '/people'))).body, /还没有确定是哪一个单位[^]*某街道的执法队[^]*还不足两名持证人员/)
      const found = await clerk.get(at(ref, `/people?q=${encodeURIComponent(agency.name)}`))
      t.match(found.body, new RegExp(`value="${agency.id}"`))
      t.match(await clerk.submit(at(ref, '/people/agency'), { version: hidden(found.body, 'version'), q: agency.name }), { status: 422, body: /请选择一个单位/ }, 'none chosen')
      t.match(await clerk.submit(at(ref, '/people/agency'), { agency: '99999999', version: hidden(found.body, 'version') }), { status: 404 })
      t.match(await clerk.submit(at(ref, '/people/agency'), { agency: String(agency.id), version: hidden(found.body, 'version') }), { status: 303, location: at(ref, '/people?done=agency') })
      t.match(await clerk.submit(at(ref, '/people/agency'), { agency: String(agency.id), version: hidden(found.body, 'version') }), { status: 409, body: /刚刚被他人更新/ }, 'the page was old')
      t.equal((await clerk.submit(at(ref, '/people/assignments'), { account: String(STAFF.second.id) })).status, 403)
      t.match(await supervisor.submit(at(ref, '/people/assignments'), { account: String(STAFF.second.id) }), { status: 403 }, 'a supervisor puts nobody else on a case')
      t.match(await supervisor.submit(at(ref, '/people/assignments'), { account: String(await desk.idOf('sun.yue')) }), { status: 303 })
      t.match(await head.submit(at(ref, '/people/assignments'), { account: String(STAFF.clerk.id) }), { status: 422 }, 'a clerk examines nothing')
      t.match(await head.submit(at(ref, '/people/assignments'), {}), { status: 422, body: /请选择一名监督人员/ })
      t.match(await head.submit(at(ref, '/people/assignments'), { account: String(STAFF.second.id) }), { status: 303 })
      const page = (await head.get(at(ref, '/people?done=assigned'))).body
      t.match(page, /已指定承办监督人员[^]*DEMO-JD-sun\.yue/)
      t.notMatch(page, /还不足两名/)
      t.match(page, /谁可以查阅本件/)
      t.match(await head.submit(at(ref, '/people/endings'), { account: String(STAFF.second.id) }), { status: 303 })
      t.match((await head.get(at(ref, '/people'))).body, /还不足两名/)
      t.match((await head.get(`/en${at(ref, '/people')}`)).body, /Supervisors on the case/)
    })
  })
}
