import t from 'tap'
import { acknowledge, askForTime, itemOf, itemsOf, judgeDemand, rectificationOf, saveAnswer, signAnswers, withdrawObjection } from '../../src/complaints/outcome/agency-answers/service.ts'
import { openSession } from '../../src/db/sessions.ts'
import { givenHouse, TODAY } from '../fixtures/app.ts'
import { givenComplaint, givenStaff, STAFF, type Filed } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { givenIssued } from '../fixtures/letters.ts'

const { investigator, agency_handler: handler, agency_leader: leader } = STAFF
/** Who complained and what was told: in nothing that the agency gets. */
const SECRETS = ['演示投诉人', '13800000000', 'demo@example.cn', '乙路二号', '扣走了我的冰柜', '甲路一号门前', '请退还冰柜并说明理由']

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const house = await givenHouse(t, engine)
    const { app, db } = house
    await givenStaff(db)
    const statusOf = async ({ id }: Filed): Promise<string> => (await db.selectFrom('complaint').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status
    const as = async (id: number) => {
      const token = await openSession(db, 'staff', String(id), app.now())
      return async (url: string) => await app.inject({ url, headers: { cookie: `sunlit-staff=${token}` } })
    }

    await t.test('each demand is answered, signed by another than its author, and proven to the bureau', async t => {
      const filed = await givenIssued(house)
      const { letter: id, ref } = filed
      t.match((await itemsOf(app, handler)).find(line => line.id === id), { tab: 'active', type: 'opinion_letter', read: false })
      await acknowledge(app, handler, id, TODAY)
      await acknowledge(app, leader, id, TODAY)
      t.match((await itemOf(app, leader, id, TODAY)).item, { receipt: { name: '演示联络员' }, packet: { texts: [], files: [] } })
      const say = async (no: number, text: string, version = 0, person: typeof handler | typeof leader = handler): Promise<void> => { await saveAnswer(app, person, { id, kind: 'demand', no, text, version }, TODAY) }
      await say(1, '十一月已退还，有收条')
      await t.rejects(say(1, '同时写的'), { code: 'stale_version' })
      await t.rejects(say(9, '没有这一项'), { code: 'not_found' })
      await t.rejects(say(2, ' '), { code: 'form_invalid' })
      await t.rejects(say(2, '长'.repeat(5001)), { code: 'form_invalid' })
      await t.rejects(signAnswers(app, handler, { id, kind: 'demand' }, TODAY), { code: 'forbidden' }, 'a handler does not sign')
      await t.rejects(signAnswers(app, leader, { id, kind: 'demand' }, TODAY), { code: 'form_invalid' }, 'one is not written')
      await say(2, '负责人自己写的', 0, leader)
      await t.rejects(signAnswers(app, leader, { id, kind: 'demand' }, TODAY), { code: 'form_invalid' }, 'nobody signs what they wrote')
      await say(2, '已登门道歉', 1)
      t.same((await rectificationOf(app, ref, investigator)).flatMap(line => line.demands.flatMap(({ answers }) => answers)), [], 'a draft is the agency\'s own')
      await signAnswers(app, leader, { id, kind: 'demand' }, TODAY)
      t.equal(await statusOf(filed), 'verifying')
      await t.rejects(signAnswers(app, leader, { id, kind: 'demand' }, TODAY), { code: 'transition_refused' }, 'once')
      const judge = async (no: number, verdict: 'verified' | 'disputed' | 'closed', text = '看了收条'): Promise<void> => { await judgeDemand(app, investigator, ref, { document: id, no, verdict, text }, TODAY) }
      await t.rejects(judge(1, 'verified', ' '), { code: 'reason_required' })
      await t.rejects(judgeDemand(app, leader, ref, { document: id, no: 1, verdict: 'verified', text: '自己说' }, TODAY), { code: 'forbidden' })
      await judge(1, 'verified')
      await t.rejects(judge(1, 'disputed'), { code: 'transition_refused' }, 'what is settled stays')
      await judge(2, 'disputed', '当事人说没有人来过')
      t.match((await itemOf(app, handler, id, TODAY)).item.demands[1], { state: 'disputed', answers: [{ verdict: 'disputed', verdictText: '当事人说没有人来过' }] })
      const running = async (): Promise<string[]> => (await db.selectFrom('clock').select('clock').where('complaint_id', '=', filed.id).where('stopped_on', 'is', null).execute()).map(({ clock }) => clock)
      t.ok((await running()).includes('verification'))
      await judge(2, 'closed', '当事人接受书面道歉')
      t.ok((await running()).includes('reply'))
      t.notOk((await running()).includes('verification'))
    })

    await t.test('an objection and an explanation are drafted, signed, taken back', async t => {
      const filed = await givenIssued(house)
      await t.rejects(saveAnswer(app, handler, { id: filed.notice, kind: 'explanation', no: 0, text: '太迟', version: 0 }, TODAY), { code: 'transition_refused' })
      await saveAnswer(app, handler, { id: filed.letter, kind: 'objection', no: 0, text: '扣押有依据', version: 0 }, TODAY)
      await signAnswers(app, leader, { id: filed.letter, kind: 'objection' }, TODAY)
      t.equal(await statusOf(filed), 'objection')
      await withdrawObjection(app, leader, filed.letter, TODAY)
      t.equal(await statusOf(filed), 'document_issued')
      await askForTime(app, handler, { id: filed.letter, days: 5, reason: '需要采购设备' }, TODAY)
      await t.rejects(askForTime(app, handler, { id: filed.letter, days: 5, reason: '再来一次' }, TODAY), { code: 'form_invalid' })
      const early = await givenComplaint(app, 'investigating', TODAY)
      const { id } = await db.selectFrom('document').select('id').where('complaint_id', '=', early.id).where('type', '=', 'agency_notice').executeTakeFirstOrThrow()
      await saveAnswer(app, handler, { id, kind: 'explanation', no: 0, text: '当时情况如下', version: 0 }, TODAY)
      await signAnswers(app, leader, { id, kind: 'explanation' }, TODAY)
      t.match((await itemOf(app, leader, id, TODAY)).item, { receipt: { name: '演示被监督负责人' } }, 'who answers a letter has received it')
      t.match(await rectificationOf(app, early.ref, investigator), [{ explanation: [{ text: '当时情况如下', signer: '演示被监督负责人' }] }])
      t.equal((await itemsOf(app, handler)).find(line => line.id === id)?.tab, 'archive')
      t.notMatch((await app.inject({ url: '/agency?tab=archive', headers: { cookie: `sunlit-staff=${await openSession(db, 'staff', String(handler.id), app.now())}` } })).body, /class="sl-due/, 'what is finished is due no more')
    })

    await t.test('E-8: an agency sees its own letters, days instead of times, and nothing of who complained', async t => {
      const filed = await givenIssued(house)
      const [open, clerk] = [await as(handler.id), await as(investigator.id)]
      for (const url of ['/agency', '/agency?tab=review', '/agency?tab=archive', `/agency/items/${filed.letter}`, `/agency/items/${filed.notice}`, '/en/agency', `/en/agency/items/${filed.letter}`]) {
        const { statusCode, body } = await open(url)
        t.equal(statusCode, 200, url)
        for (const secret of [...SECRETS, filed.ref]) t.notOk(body.includes(secret), `${url} without ${secret}`)
        t.notMatch(body.slice(body.indexOf('<main'), body.indexOf('</main>')), /\d{1,2}:\d{2}/, `${url} has no time of day`)
      }
      t.match(await open('/agency/items/nothing'), { statusCode: 404, body: /sl-desk/ })
      t.match(await open('/desk'), { statusCode: 303, headers: { location: '/agency' } })
      for (const { method, url, permission } of app.routeTable) if (method === 'GET' && /^\/desk\/complaints/.test(url)) t.equal((await open(url.replace(':ref', filed.ref).replace(/:\w+/g, 'x'))).statusCode, 403, `${url} ${permission}`)
      t.equal((await clerk('/agency')).statusCode, 403)
      t.match(await clerk(`/desk/complaints/${filed.ref}/rectification`), { statusCode: 200 })
      t.match(await clerk(`/en/desk/complaints/${filed.ref}/rectification`), { statusCode: 200 })
      const { id } = await db.insertInto('agency').values({ slug: `other-${engine}`, version: 1, name: '别的单位（虚构）', kind: 'organ', level: 'district', region_code: '210102' }).returning('id').executeTakeFirstOrThrow()
      await db.updateTable('account').set({ agency_id: id }).where('id', '=', leader.id).execute()
      t.equal((await (await as(leader.id))(`/agency/items/${filed.letter}`)).statusCode, 404, 'another agency\'s does not exist')
      t.same(await itemsOf(app, leader), [])
      await t.rejects(saveAnswer(app, leader, { id: filed.letter, kind: 'objection', no: 0, text: '不是我的', version: 0 }, TODAY), { code: 'not_found' })
    })
  })
}
