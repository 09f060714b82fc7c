import t from 'tap'
import { openSession } from '../../src/db/sessions.ts'
import { findPhrase } from '../../src/complaints/outcome/phrases/repository.ts'
import { savePhrase, switchPhrase } from '../../src/complaints/outcome/phrases/service.ts'
import { fillPhrase, leftOpen, unknownVariables } from '../../src/domain/supervision/phrases.ts'
import { givenHouse, TODAY } from '../fixtures/app.ts'
import { givenComplaint, givenStaff, STAFF, step as take } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { visitor } from '../fixtures/visitor.ts'

const { legal_reviewer: legal, clerk, head } = STAFF
const WISH = { place: 'step_guide', title: '告知复议', text: '投诉{投诉编号}：可以向{填写：复议机关}申请行政复议。', reviewOn: '2027-11-23', ownerId: legal.id }

t.test('what stands between brackets is filled in, left to the writer, or unknown', async t => {
  t.same(unknownVariables('{案号} ｛被监督单位｝ {填写：时间} {天气} {填写：} {}'), ['{天气}', '{填写：}', '{}'])
  t.equal(fillPhrase('{案号}{ 今天 }｛被监督单位｝{填写：时间}', { case_no: '1号', today: '今日' }), '1号今日｛被监督单位｝{填写：时间}')
  t.equal(leftOpen('见附件{1}'), undefined, 'a writer’s own brackets are nobody’s business')
  t.equal(leftOpen('由｛被监督单位｝负责'), '｛被监督单位｝')
})

for (const engine of ENGINES) {
  t.test(`${engine}: standard wording is kept, put in, counted, and never sent unfinished`, async t => {
    const { app, db } = await givenHouse(t, engine)
    await givenStaff(db)

    for (const [change, field] of [[{ place: 'nowhere' }, 'place'], [{ title: '' }, 'title'], [{ text: '{天气}' }, 'text'], [{ text: '长'.repeat(2001) }, 'text'], [{ reviewOn: '2026-11-23' }, 'review_on'], [{ reviewOn: '2027-02-30' }, 'review_on'], [{ ownerId: clerk.id }, 'owner']] as const) {
      await t.rejects(savePhrase(app, legal, { ...WISH, ...change }, TODAY), { code: 'form_invalid', details: { fields: { [field]: {} } } }, field)
    }
    await t.rejects(savePhrase(app, clerk, WISH, TODAY), { code: 'forbidden' })
    const id = await savePhrase(app, legal, WISH, TODAY)
    await savePhrase(app, head, { ...WISH, id, version: 1, title: '告知申请复议' }, TODAY)
    await t.rejects(savePhrase(app, legal, { ...WISH, id, version: 1 }, TODAY), { code: 'stale_version' }, 'somebody was faster')
    t.equal((await db.selectFrom('phrase_version').selectAll().execute()).length, 2, 'what it said before is kept')

    const { ref } = await givenComplaint(app, 'registered', TODAY)
    const enter = async (id: number): Promise<ReturnType<typeof visitor>> => {
      const person = visitor(app)
      person.cookies.set('sunlit-staff', await openSession(db, 'staff', String(id), TODAY))
      return person
    }
    const person = await enter(clerk.id)
    const step = `/desk/complaints/${ref}/transitions`
    t.match((await person.get(`${step}?action=guide`)).body, /告知申请复议/)
    t.notMatch((await person.get(`${step}?action=refuse`)).body, /告知申请复议/, 'only where it fits')
    const typed = { action: 'guide', version: '2', path: 'reconsideration', text: '您好。' }
    const put = await person.submit(step, { ...typed, act: 'phrase', phrase: id })
    t.equal(put.status, 200)
    t.match(put.body, new RegExp(`您好。\\n投诉${ref}：可以向{填写：复议机关}申请行政复议。</textarea>`), 'after what was written')
    t.match(put.body, /value="reconsideration"[^>]*checked/, 'with everything else as it was')
    t.match(await findPhrase(db, id), { uses: 1, used_at: TODAY })
    const open = await person.submit(step, { ...typed, text: `投诉${ref}：可以向{填写：复议机关}申请行政复议。` })
    t.equal(open.status, 422)
    t.match(open.body, /“\{填写：复议机关\}”还没有填写/)
    t.equal((await person.submit(step, { ...typed, act: 'phrase', phrase: 'gone' })).status, 404)
    const own = await givenComplaint(app, 'registered', TODAY)
    await t.resolves(take(app, own.id, 'complainant', { action: 'withdraw', text: '{今天}不再投诉' }, TODAY), 'what others write has nothing to do with standard wording')
    t.equal((await person.get('/desk/phrases')).status, 403, 'a clerk uses them, others keep them')

    const keeper = await enter(legal.id)
    t.match((await keeper.get('/desk/phrases')).body, /告知申请复议[^]*data-label="取用次数">1</)
    const faulty = await keeper.submit(`/desk/phrases/${id}`, { version: '2', place: 'step_guide', title: '', text: '{天气}', owner: String(legal.id), review_on_year: '2020', review_on_month: '1', review_on_day: '1' })
    t.equal(faulty.status, 422)
    for (const text of ['请填写名称。', '“{天气}”不是可以自动填入的内容', '下次复核日期应当在今天之后。']) t.ok(faulty.body.includes(text), text)
    t.match(faulty.body, /\{天气\}<\/textarea>/, 'what was typed stays')
    await switchPhrase(app, legal, { id, version: 2, off: true }, TODAY)
    t.notMatch((await person.get(`${step}?action=guide`)).body, /告知申请复议/, 'switched off, it is offered no more')
    t.equal((await person.submit(step, { ...typed, act: 'phrase', phrase: id })).status, 404)
  })
}
