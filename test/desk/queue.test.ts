import t from 'tap'
import { listQueue, visibleBureaus } from '../../src/complaints/case/reading/repository.ts'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
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
  })
}
