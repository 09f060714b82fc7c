import t from 'tap'
import { ENGINES } from '../fixtures/engines.ts'
import { givenHouse } from '../fixtures/app.ts'
import { visitor } from '../fixtures/visitor.ts'

const STORY = '两名执法人员没有出示执法证，也没有说明理由，就拿走了店里的三箱货物。'

for (const engine of ENGINES) {
  t.test(`the whole way on ${engine}`, async t => {
    const { app } = await givenHouse(t, engine)
    const person = visitor(app)
    const step = async (name: string, form: Record<string, string>): Promise<string | undefined> => {
      const page = await person.get(`/complain/draft/${name}`)
      t.equal(page.status, 200, name + page.body.slice(0, 300))
      const answer = await person.submit(`/complain/draft/${name}`, form)
      t.equal(answer.status, 303, `${name} ${/error-summary__list[^]*?<\/ul>/.exec(answer.body)?.[0] ?? ''}`)
      return answer.location
    }
    t.equal((await person.get('/complain')).status, 200)
    t.equal((await person.submit('/complain')).location, '/complain/draft/target')
    await step('target', { agency: '综合执法队' })
    await step('what', { ground_1: 'G01', text_1: STORY })
    await step('when-where', { date_year: '2026', date_month: '11', date_day: '20', place: '和平区太原街1号' })
    await step('elsewhere', { kind: 'none' })
    await step('want', { claim: '退还货物' })
    t.equal(await step('you', { mode: 'confidential', name: '王小明', phone: '13800138000' }), '/complain/draft/evidence')
    t.equal((await person.get('/complain/draft/evidence')).status, 200)
    const check = await person.get('/complain/draft/check')
    t.match(check.body, STORY)
    const sent = await person.submit('/complain/submissions')
    t.equal(sent.location, '/complain/receipt')
    const receipt = await person.get('/complain/receipt')
    t.equal(receipt.status, 200, receipt.body.slice(0, 500))
    const [ref = ''] = /TS\d{11}/.exec(receipt.body) ?? []
    const [code = ''] = /\d{4} \d{4} \d{4} \d{4}/.exec(receipt.body) ?? []
    const other = visitor(app)
    const entered = await other.submit('/track', { ref: ref.toLowerCase(), code })
    t.equal(entered.location, `/track/${ref}`)
    t.match((await other.get(`/track/${ref}`)).body, '已提交')
  })
}
