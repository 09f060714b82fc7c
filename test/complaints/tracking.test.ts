import t from 'tap'
import { claim, complainantMessage, sendMessage } from '../../src/complaints/case/correspondence/service.ts'
import { advance, recordFinding } from '../../src/complaints/case/core/service.ts'
import { findById } from '../../src/complaints/case/core/repository.ts'
import { readDraft, saveDraft, submitDraft } from '../../src/complaints/form/filing/service.ts'
import { listQueue } from '../../src/complaints/case/reading/repository.ts'
import { findCase, findTracking } from '../../src/complaints/case/reading/service.ts'
import { decideRecusal, rate, type Act } from '../../src/complaints/following/requests/service.ts'
import { STATUSES } from '../../src/domain/process/workflow.ts'
import { openSession } from '../../src/db/sessions.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { answersOf, givenAnswer, givenComplaint, givenFiled, givenStaff, STAFF, STAFF_NAMES, step, type Filed } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { drawing, multipartOf, TYPES, type Upload } from '../fixtures/files.ts'
import { visitor, type Answer } from '../fixtures/visitor.ts'

const { clerk, investigator, approver } = STAFF
const DAY = 86_400_000
const later = (days: number): string => new Date(Date.parse(TODAY) + days * DAY).toISOString()
const faultsIn = (body: string): string[] => Array.from((/error-summary__list">([^]*?)<\/ul>/.exec(body)?.[1] ?? '').matchAll(/<li>(?:<a[^>]*>)?([^<]*)/g), found => found[1] ?? '')

/** Somebody on the page of the own complaint. */
async function following (house: House, filed: Filed) {
  const person = visitor(house.app)
  await person.submit('/track', { ref: filed.ref, code: filed.code })
  await person.get(`/track/${filed.ref}`)
  const ask = async (kind: string, form: Record<string, string> = {}): Promise<Answer> => await person.submit(`/track/${filed.ref}/requests/${kind}`, form)
  return { person, ask, page: async (): Promise<string> => (await person.get(`/track/${filed.ref}`)).body, form: async (kind: string): Promise<Answer> => await person.get(`/track/${filed.ref}/requests/${kind}`) }
}

const act = (filed: Filed, now: string): Act => ({ id: filed.id, now, requestId: 'test' })

for (const engine of ENGINES) {
  t.test(`${engine}: after the answer`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, clock } = house
    await givenStaff(db)
    t.beforeEach(() => { clock.now = TODAY })

    t.test('the answer stands issue by issue with its rights, and findings made anew are not seen before the next letter', async t => {
      const filed = await givenComplaint(app, 'replied', TODAY)
      const { page } = await following(house, filed)
      const body = await page()
      for (const text of ['经调查，答复如下', '第1项有视频为证', '属实', '不服怎么办', '对答复不服，申请复查', '截止2026年12月23日', '告诉我们是否已经改正']) t.match(body, text)
      await step(app, filed.id, 'complainant', { action: 'dispute_rectification', text: '冰柜没有退' }, TODAY)
      await recordFinding(app, STAFF.investigator, filed.ref, { issue: 1, finding: 'not', reasons: '重新查的结果', version: (await findById(db, filed.id)).version }, TODAY)
      t.notMatch(await page(), '重新查的结果')
      await step(app, filed.id, 'investigator', { action: 'reply', text: '重新核实，答复如下' }, TODAY)
      t.match(await page(), '重新查的结果')
    })

    t.test('what was not put right opens the case again for ninety days, also when it is closed', async t => {
      const filed = await givenComplaint(app, 'replied', TODAY)
      const { ask, page } = await following(house, filed)
      t.equal((await ask('rectification', { answer: 'unsure' })).status, 303)
      t.match(await findById(db, filed.id), { status: 'replied', unread: 1 })
      await step(app, filed.id, 'clerk', { action: 'close' }, TODAY)
      t.same(faultsIn((await ask('rectification', { answer: 'partly' })).body), ['请写明哪里没有改正'])
      clock.now = later(80)
      const again = await following(house, filed)
      t.equal((await again.ask('rectification', { answer: 'no', words: '冰柜还在他们那里' })).location, `/track/${filed.ref}?done=rectification`)
      t.match(await findById(db, filed.id), { status: 'verifying', closed_at: null, outcome: null, due_clock: 'verification' })
      t.match(await again.page(), '冰柜还在他们那里')
      t.match((await findCase(app, filed.ref, clock.now, clerk)).aftermath.confirmations, [{ answer: 'unsure' }, { answer: 'no', words: '冰柜还在他们那里' }])
      await advance(app, clerk, filed.ref, { action: 'confirm_rectification', version: (await findById(db, filed.id)).version, text: '现场查看，冰柜已经退还' }, clock.now)
      await step(app, filed.id, 'clerk', { action: 'close' }, clock.now)
      t.match(await again.page(), '现场查看，冰柜已经退还')
      clock.now = later(80 + 100)
      const late = await following(house, filed)
      const refused = await late.ask('rectification', { answer: 'no', words: '还是没有' })
      t.equal(refused.status, 409)
      for (const text of ['要求重新核实的期限已经届满', '还是没有']) t.match(refused.body, text, 'why not, and what was typed')
      t.notOk((await page()).includes('requests/rectification'))
    })

    t.test('a review is done once, in its time, by people who had no part', async t => {
      const filed = await givenComplaint(app, 'investigating', TODAY)
      await claim(app, investigator, filed.ref, TODAY)
      for (const issue of [1, 2]) await recordFinding(app, investigator, filed.ref, { issue, finding: 'not', reasons: '没有证据', version: (await findById(db, filed.id)).version }, TODAY)
      await givenAnswer(app, filed, '没有发现问题', TODAY)
      const { ask, form, page } = await following(house, filed)
      t.match((await form('rectification')).body, '没有认定属实或者部分属实的问题')
      t.equal((await ask('review', { issue: '2', words: '没有看现场录像' })).status, 303)
      t.match(await findById(db, filed.id), { status: 'review', handler_id: null, due_clock: 'review', unread: 1 })
      t.match((await findCase(app, filed.ref, TODAY, clerk)).events.at(-1), { action: 'request_review', details: { issue: 2 }, text: '没有看现场录像' })
      const version = (await findById(db, filed.id)).version
      const barred = { code: 'transition_refused', details: { failing: ['no_part_before'] } }
      await t.rejects(claim(app, investigator, filed.ref, TODAY), barred)
      await t.rejects(recordFinding(app, investigator, filed.ref, { issue: 2, finding: 'partly', reasons: '录像可见', version }, TODAY), barred)
      await t.rejects(advance(app, investigator, filed.ref, { action: 'answer_review', version, review_outcome: 'upheld', text: '维持' }, TODAY), barred)
      await claim(app, approver, filed.ref, TODAY)
      await recordFinding(app, approver, filed.ref, { issue: 2, finding: 'partly', reasons: '录像可见', rule: { kind: 'prohibition', no: 6 }, version }, TODAY)
      await t.rejects(advance(app, approver, filed.ref, { action: 'answer_review', version: version + 1, text: '改变' }, TODAY), { code: 'form_invalid' })
      await advance(app, approver, filed.ref, { action: 'answer_review', version: version + 1, review_outcome: 'changed', text: '经复查，部分属实' }, TODAY)
      const { documents, events } = await findTracking(app, filed.id, TODAY)
      t.match(documents.at(-1), { type: 'review_reply', content: { review_outcome: 'changed', remedy: 'reviewed', issues: [{}, { finding: 'partly', reasons: '录像可见' }] } })
      t.match(documents.at(-1)?.number, /查〔2026〕\d+号/)
      t.match(events.at(-1), { action: 'answer_review', text: '经复查，部分属实', details: { review_outcome: 'changed' } })
      for (const text of ['改变原答复', '录像可见', '复查只能申请一次']) t.match(await page(), text)
      t.equal((await ask('review', { issue: '0', words: '再来一次' })).status, 409)
      const other = await givenComplaint(app, 'replied', TODAY)
      clock.now = later(40)
      const late = await following(house, other)
      const refused = await late.ask('review', { issue: '0', words: '现在才看到' })
      t.equal(refused.status, 409)
      t.match(refused.body, '申请复查的期限已经届满')
    })

    t.test('a complaint in any status can be followed, in both languages', async t => {
      for (const status of STATUSES) {
        const filed = await givenComplaint(app, status, TODAY)
        const person = visitor(app)
        await person.submit('/track', { ref: filed.ref, code: filed.code })
        for (const prefix of ['', '/en']) t.equal((await person.get(`${prefix}/track/${filed.ref}`)).status, 200, `${prefix} ${status}`)
      }
    })

    t.test('who was shown the way of the law may insist once, and the complaint is triaged again', async t => {
      const filed = await givenComplaint(app, 'guided', TODAY)
      const { ask, page } = await following(house, filed)
      t.match(await page(), '仍然要求受理')
      t.same(faultsIn((await ask('insisting', {})).body), ['请写明要求受理的理由'])
      t.equal((await ask('insisting', { words: '不打算复议，但执法方式需要监督' })).status, 303)
      t.match(await findById(db, filed.id), { status: 'registered', due_clock: 'accept', unread: 1 })
      await step(app, filed.id, 'clerk', { action: 'guide', path: 'litigation', text: '仍应依法起诉' }, TODAY)
      const again = await ask('insisting', { words: '再说一次' })
      t.match(again, { status: 409, body: /只能提出一次[^]*再说一次/ })
      const refused = await givenComplaint(app, 'refused', TODAY)
      t.equal((await (await following(house, refused)).ask('insisting', { words: '请受理' })).status, 409, 'other refusals have other remedies')
    })

    t.test('what claims danger is triaged also while it is kept apart, with a mark', async t => {
      const [pressing, calm] = [await givenFiled(app, TODAY), await givenFiled(app, TODAY)]
      await db.updateTable('complaint').set({ suspect: 1, suspicions: 'same_text', quarantine: 'waiting' }).where('id', 'in', [pressing.id, calm.id]).execute()
      await db.updateTable('complaint').set({ urgent: 1 }).where('id', '=', pressing.id).execute()
      const { bureau_id: bureau } = await findById(db, pressing.id)
      const { rows, total, views } = await listQueue(db, { bureauIds: [bureau], view: 'triage', me: clerk.id, size: 200 }, TODAY.slice(0, 10))
      t.match(rows.find(({ ref }) => ref === pressing.ref), { urgent: true, suspect: true })
      t.equal(rows.some(({ ref }) => ref === calm.ref), false)
      t.equal(views.triage, total, 'the number on the tab is that of the list')
    })

    t.test('Z-4: who was recused has no such complaint any more, in no list and at no address', async t => {
      const filed = await givenComplaint(app, 'accepted', TODAY)
      await claim(app, investigator, filed.ref, TODAY)
      const { ask, page } = await following(house, filed)
      t.equal((await ask('recusal', { who: '给我打电话的那位', words: '他和队长是亲戚' })).status, 303)
      t.equal((await ask('recusal', { who: '还有一位', words: '也是亲戚' })).status, 409, 'one at a time')
      const [asked] = (await findCase(app, filed.ref, TODAY, approver)).aftermath.recusals
      t.match(asked, { status: 'open', who: '给我打电话的那位', why: '他和队长是亲戚' })
      const decision = { id: asked?.id ?? 0, granted: true, accountId: investigator.id, reasons: '有亲属关系' }
      await t.rejects(decideRecusal(app, clerk, filed.ref, decision, TODAY), { code: 'forbidden' })
      await t.rejects(decideRecusal(app, approver, filed.ref, { ...decision, granted: false, accountId: approver.id }, TODAY), { code: 'form_invalid' }, 'nobody decides about oneself')
      await t.rejects(decideRecusal(app, approver, filed.ref, { ...decision, reasons: ' ' }, TODAY), { code: 'reason_required' })
      await decideRecusal(app, approver, filed.ref, decision, TODAY)
      await t.rejects(decideRecusal(app, approver, filed.ref, decision, TODAY), { code: 'already_decided' })
      t.match(await findById(db, filed.id), { handler_id: null })
      const { bureau_id: bureau } = await findById(db, filed.id)
      await t.rejects(findCase(app, filed.ref, TODAY, investigator), { code: 'not_found' })
      await t.rejects(claim(app, investigator, filed.ref, TODAY), { code: 'not_found' })
      await t.rejects(sendMessage(app, investigator, filed.ref, '你好', TODAY), { code: 'not_found' })
      await t.rejects(advance(app, investigator, filed.ref, { action: 'reply', version: 1 }, TODAY), { code: 'not_found' })
      const mine = await listQueue(db, { bureauIds: [bureau], view: 'open', me: investigator.id, size: 100 }, '2026-11-23')
      const theirs = await listQueue(db, { bureauIds: [bureau], view: 'open', me: clerk.id, size: 100 }, '2026-11-23')
      t.notOk(mine.rows.some(row => row.ref === filed.ref))
      t.equal(mine.total, theirs.total - 1, 'nor is it counted')
      const body = await page()
      t.match(body, '有亲属关系')
      for (const name of STAFF_NAMES) t.notMatch(body, name)
    })

    t.test('Y-2: who takes a complaint back is asked whether there was pressure, and is believed', async t => {
      const filed = await givenComplaint(app, 'accepted', TODAY)
      await db.updateTable('complaint').set({ unread: 0 }).where('id', '=', filed.id).execute()
      const { ask, page } = await following(house, filed)
      const typed = { pressure: 'yes', pressed: '队长说不撤就天天来', reason: '算了' }
      const shown = await ask('withdrawal', typed)
      t.equal(shown.body.match(/name="_csrf"/g)?.length, 1, 'with one token: a second one would be taken for a strange form')
      t.match(await findById(db, filed.id), { status: 'accepted' }, 'the first click only shows it again')
      for (const text of ['队长说不撤就天天来', '确认以后，投诉立即撤回']) t.match(shown.body, text)
      t.equal((await ask('withdrawal', { ...typed, sure: '1' })).status, 303)
      t.match(await findById(db, filed.id), { status: 'withdrawn', unread: 1 })
      const seen = await findCase(app, filed.ref, TODAY, clerk)
      t.same(seen.aftermath.flags, ['pressure'])
      t.match(seen.events.slice(-2), [{ action: 'withdraw', text: '算了' }, { action: 'pressure_reported', audience: 'internal', text: '队长说不撤就天天来' }])
      t.notMatch(await page(), '队长说不撤就天天来', 'whoever looks over the shoulder does not read it')
      const { rows } = await listQueue(db, { bureauIds: [seen.bureau.id], view: 'open', size: 100 }, '2026-11-23')
      t.same(rows.find(row => row.ref === filed.ref)?.flags, ['pressure'])
    })

    t.test('retaliation is reported in two taps, as a complaint of its own that staff see from both sides', async t => {
      const agency = await db.selectFrom('agency').select('id').orderBy('id').executeTakeFirstOrThrow()
      const filed = await givenComplaint(app, 'closed', TODAY, { target: { agencyId: agency.id } })
      clock.now = later(300)
      const { ask, page } = await following(house, filed)
      t.match(await page(), `/track/${filed.ref}/requests/retaliation`)
      t.match((await ask('retaliation')).location, '/complain/draft/')
      const draft = await db.selectFrom('complaint_tie').select('complaint_id as id').where('earlier_id', '=', filed.id).executeTakeFirstOrThrow()
      const { answers } = await readDraft(app, draft.id)
      t.match(answers, { target: { agencyId: agency.id }, issues: [{ ground: 'G16' }] })
      t.same((await findCase(app, filed.ref, clock.now, clerk)).aftermath.ties, [], 'what was not sent is not there')
      await saveDraft(app, draft.id, answersOf({ ...answers, issues: [{ ground: 'G16', text: '一周来了三次检查' }] }), clock.now)
      const { ref } = await submitDraft(app, draft.id, clock.now)
      t.match((await findCase(app, filed.ref, clock.now, clerk)).aftermath.ties, [{ ref, kind: 'retaliation', later: true }])
      t.match((await findCase(app, ref, clock.now, clerk)).aftermath, { flags: ['retaliation'], ties: [{ ref: filed.ref, later: false }] })
      clock.now = later(400)
      const late = await following(house, filed)
      t.equal((await late.ask('retaliation')).status, 409)
    })

    t.test('ratings are given once at their time, and staff see numbers only, once it is closed', async t => {
      const filed = await givenComplaint(app, 'replied', TODAY)
      await t.rejects(rate(app, act(filed, later(6)), { moment: 'answer', scores: { clarity: 4 } }), { code: 'transition_refused' })
      clock.now = later(8)
      const { ask, form } = await following(house, filed)
      t.equal((await ask('rating', {})).status, 422)
      t.equal((await ask('rating', { moment: 'answer', clarity: '6' })).status, 422)
      t.equal((await ask('rating', { moment: 'answer', clarity: '4', fairness: '2', words: '讲得还算清楚' })).status, 303)
      t.equal((await form('rating')).status, 409)
      await t.rejects(rate(app, act(filed, later(9)), { moment: 'answer', scores: { clarity: 1 } }), { code: 'transition_refused' }, 'once')
      t.same((await findCase(app, filed.ref, clock.now, approver)).aftermath.ratings, [], 'nobody handles it with an eye on the rating')
      await step(app, filed.id, 'clerk', { action: 'close' }, later(9))
      t.match((await findCase(app, filed.ref, later(9), investigator)).aftermath.ratings, [{ moment: 'answer', scores: { clarity: 4, fairness: 2, speed: null }, words: null }])
      t.match((await findCase(app, filed.ref, later(9), approver)).aftermath.ratings, [{ words: '讲得还算清楚' }])
    })
  })

  t.test(`${engine}: messages`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, clock } = house
    await givenStaff(db)

    t.test('a question has its day, is answered once however often it is sent, and every message has its digest', async t => {
      const filed = await givenComplaint(app, 'accepted', TODAY)
      await sendMessage(app, clerk, filed.ref, { text: '冰柜是什么型号？', asks: true, nonce: 'a' }, TODAY)
      await sendMessage(app, clerk, filed.ref, { text: '冰柜是什么型号？', asks: true, nonce: 'a' }, TODAY)
      t.equal((await findById(db, filed.id)).due_clock, 'handle', 'the complainant’s period makes nothing due')
      const { person, page } = await following(house, filed)
      const body = await page()
      for (const text of ['请在2026年12月14日前回答', '冰柜是什么型号？', '没有按时回答，不影响投诉继续办理']) t.match(body, text)
      t.match((await person.get(`/track/${filed.ref}/clocks/message_reply`)).body, '15个工作日')
      await person.get(`/track/${filed.ref}`)
      const once = /name="once" value="([^"]+)"/.exec(await page())?.[1] ?? ''
      const sent = await Promise.all([1, 2, 3].map(async () => await person.submit(`/track/${filed.ref}/messages`, { text: '双门，白色', once })))
      t.same(sent.map(({ status }) => status), [303, 303, 303])
      const { messages } = await findTracking(app, filed.id, TODAY)
      t.match(messages, [{ direction: 'out', replyBy: '2026-12-14' }, { direction: 'in', text: '双门，白色' }])
      t.equal(messages.length, 2)
      t.ok(messages.every(({ digest }) => /^[\w-]{43}$/.test(digest ?? '')))
      t.notMatch(await page(), '请您回答一个问题', 'it is answered')
      await complainantMessage(app, filed.id, '双门，白色', TODAY)
      t.not((await findTracking(app, filed.id, TODAY)).messages.at(-1)?.digest, undefined)
    })

    t.test('I19 F-1: files go both ways with a message, wait when it is refused, and are only the complaint’s own', async t => {
      const filed = await givenComplaint(app, 'accepted', TODAY)
      const { person, page } = await following(house, filed)
      const post = async (url: string, token: string, fields: Record<string, string>, cookies: Map<string, string>, files: Upload[]) => await app.inject({
        method: 'POST', url, headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'multipart/form-data; boundary=sunlit-boundary', accept: 'text/html', cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ') }, payload: multipartOf({ _csrf: token, ...fields }, files)
      })
      const token = /name="_csrf" value="([^"]+)"/.exec(await page())?.[1] ?? ''
      const picture: Upload = { name: '现场.png', type: TYPES.png, content: await drawing(40) }
      const at = `/track/${filed.ref}/messages`
      const stale = await post(at, 'forged', { text: '写了很久的话' }, person.cookies, [picture])
      t.match(stale, { statusCode: 403, body: /页面停留时间过长[^]*再发送一次[^]*写了很久的话/ }, 'an old page loses nothing that was typed')
      t.same(await db.selectFrom('attachment').select('id').where('complaint_id', '=', filed.id).execute(), [], 'and its files were not read')
      const wordless = await post(at, token, {}, person.cookies, [picture])
      t.equal(wordless.statusCode, 422)
      for (const text of ['请先写留言', '等待随留言发出', '现场.png']) t.match(wordless.body, text, 'the file waits for its words')
      const bad = await post(at, token, { text: '附一个程序' }, person.cookies, [{ name: 'a.exe', type: 'application/octet-stream', content: Buffer.from('MZ') }])
      t.equal(bad.statusCode, 422)
      t.match(bad.body, '附一个程序', 'what was typed stays when a file is refused')
      t.equal((await post(at, token, { text: '附现场照片' }, person.cookies, [picture])).statusCode, 303)
      const { messages, attachments } = await findTracking(app, filed.id, TODAY)
      t.match(attachments, [{ name: '现场.png', messageId: messages.at(-1)?.id }])
      t.match(await page(), `/track/${filed.ref}/files/`)
      clock.now = new Date(Date.parse(TODAY) + 40 * 60_000).toISOString()
      const ended = await post(at, token, { text: '会话结束时写的话' }, person.cookies, [picture])
      t.equal(ended.statusCode, 401)
      t.match(ended.body, '会话结束时写的话')
      clock.now = TODAY
    })

    t.test('S-3 F-1: what was typed when the session ended comes back after the code was given again, and is sent only then', async t => {
      const filed = await givenComplaint(app, 'accepted', TODAY)
      const { person } = await following(house, filed)
      clock.now = new Date(Date.parse(TODAY) + 40 * 60_000).toISOString()
      const entrance = await person.submit(`/track/${filed.ref}/messages`, { text: '写了很久的一段话 "引号"\n第二行' })
      t.equal(entrance.status, 401)
      t.match(entrance.body, '已经为您留着')
      const kept = (/name="kept" value="([^"]+)"/.exec(entrance.body)?.[1] ?? '').replaceAll('&quot;', '"')
      const wrong = await person.submit('/track', { ref: filed.ref, code: '0000000000000000', kept_to: 'messages', kept })
      t.match(wrong.body, '写了很久的一段话', 'a wrong code loses nothing')
      const back = await person.submit('/track', { ref: filed.ref, code: filed.code, kept_to: 'messages', kept })
      t.equal(back.status, 200)
      for (const text of ['写了很久的一段话', '第二行', '还没有发出']) t.match(back.body, text)
      t.same((await findTracking(app, filed.id, TODAY)).messages, [])
      t.equal((await person.submit(`/track/${filed.ref}/messages`, { text: '写了很久的一段话' })).status, 303, 'the page that came back can be sent')
      clock.now = TODAY
    })

    t.test('R-6: who leaves the tracking leaves no receipt open either', async t => {
      const filed = await givenComplaint(app, 'accepted', TODAY)
      const { person } = await following(house, filed)
      person.cookies.set('sunlit-receipt', await openSession(db, 'receipt', filed.id, TODAY))
      t.equal((await person.get('/complain/receipt')).status, 200)
      await person.get(`/track/${filed.ref}`)
      t.equal((await person.submit(ROUTES.trackExit.replace(':ref', filed.ref))).status, 303)
      t.not((await person.get('/complain/receipt')).status, 200)
      t.notOk(person.cookies.has('sunlit-receipt'))
    })

    t.test('Z-3: another complaint does not exist, two of one’s own are read in two tabs', async t => {
      const [one, two, foreign] = [await givenFiled(app, TODAY), await givenFiled(app, TODAY), await givenFiled(app, TODAY)]
      const person = visitor(app)
      for (const { ref, code } of [one, two]) await person.submit('/track', { ref, code })
      for (const { ref } of [one, two]) t.equal((await person.get(`/track/${ref}`)).status, 200)
      for (const ref of [foreign.ref, 'TS00000000000']) t.equal((await person.get(`/track/${ref}`)).location, '/track?expired=1', 'one answer, whether it is there or not')
      t.equal((await person.submit(`/track/${two.ref}/exits`)).location, '/track?left=1')
      for (const { ref } of [one, two]) t.equal((await person.get(`/track/${ref}`)).location, '/track?expired=1', 'leaving leaves all')
    })
  })
}

t.test('R-4: unknown reference, wrong code and malformed reference differ in nothing that can be seen', async t => {
  const { app } = await givenHouse(t)
  const { ref, code } = await givenFiled(app, TODAY)
  const wrong = code.replace(/\d/, digit => String((Number(digit) + 1) % 10))
  const look = async (reference: string, query: string) => {
    const began = process.cpuUsage()
    const { statusCode, headers, body } = await app.inject({ method: 'POST', url: '/track', headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }, payload: new URLSearchParams({ ref: reference, code: query }).toString() })
    const { date: _date, 'x-request-id': _id, ...same } = headers as Record<string, string>
    const remaining = Object.fromEntries(Object.entries(same).filter(([name]) => !name.startsWith('x-ratelimit') && name !== 'content-length'))
    const { user, system } = process.cpuUsage(began) // the hash is computed beside the main thread; the clock on the wall also counts what others do
    return { took: user + system, seen: JSON.stringify([statusCode, Object.keys(remaining).sort(), body.replaceAll(reference, 'REF')]) }
  }
  const cases = { known: [ref, wrong], unknown: ['TS00000000000', wrong], malformed: ['TS123', wrong] } as const
  const times: Record<string, number[]> = { known: [], unknown: [], malformed: [] }
  const seen = new Set<string>()
  for (let round = 0; round < 15; round++) {
    for (const [name, [reference, query]] of Object.entries(cases)) {
      const answer = await look(reference, query)
      times[name]?.push(answer.took)
      seen.add(answer.seen)
    }
  }
  t.equal(seen.size, 1, 'status, headers and text are one answer')
  const median = (name: string): number => [...times[name] ?? []].sort((a, b) => a - b)[7] ?? 0
  for (const name of ['unknown', 'malformed']) {
    const ratio = median(name) / median('known')
    t.ok(ratio > 0.75 && ratio < 1.25, `${name} takes ${ratio.toFixed(2)} of the time of a known one`)
  }
})
