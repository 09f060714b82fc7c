import t from 'tap'
import { complainantMessage } from '../../src/complaints/case/correspondence/service.ts'
import { attach, createDraft, prepareReceipt, readReceipt, saveDraft, submitDraft } from '../../src/complaints/form/filing/service.ts'
import { findCase, findTracking } from '../../src/complaints/case/reading/service.ts'
import { addAccount, newPassword, resetPassword, setDisabled } from '../../src/desk/account/accounts/service.ts'
import { ownPage } from '../../src/desk/case/parts/entrance.ts'
import { passwordFaults } from '../../src/desk/account/accounts/password-policy.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { answersOf, givenChecklist, givenComplaint, givenFiled, givenFindings, givenStaff, givenSupervisors, step } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { codeFor, signInAs } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const later = (now: string, minutes: number): string => new Date(Date.parse(now) + minutes * 60_000).toISOString()
const at = (ref: string, rest = ''): string => `/desk/complaints/${ref}${rest}`
const hidden = (body: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? ''

/** The cast: a person is hired when a test first needs them, as each password costs its hash. */
const PEOPLE = { 'li.na': 'clerk', 'wang.wei': 'clerk', 'sun.yue': 'investigator', 'zhao.lei': 'approver', 'qian.hui': 'auditor', 'zhou.jie': 'admin', 'he.ping': 'investigator' } as const
type Username = keyof typeof PEOPLE

interface Desk extends House {
  hire: (username: Username) => Promise<void>
  enter: (username: Username) => Promise<ReturnType<typeof visitor>>
  audit: () => Promise<Array<{ action: string, subject: string, result: string }>>
}

/** The house with a way to sit down at the desk; he.ping works in a district, the others in the city's bureau. */
async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  await givenStaff(db) // those who move complaints in the fixtures
  const district = await db.selectFrom('bureau').select('region_code').where('parent_id', 'is not', null).orderBy('id').executeTakeFirstOrThrow()
  const hired = new Set<string>()
  const hire = async (username: Username): Promise<void> => {
    if (hired.has(username)) return
    hired.add(username)
    await addAccount(app, { username, name: `测试${username}`, role: PEOPLE[username], region: username === 'he.ping' ? district.region_code : undefined, password: PASSWORD }, TODAY)
  }
  return {
    ...house,
    hire,
    async enter (username) {
      await hire(username)
      const person = visitor(app)
      const answer = await signInAs(app, person, { username, password: PASSWORD })
      if (answer.status !== 303) throw new Error(`${username} could not sign in: ${answer.status}`)
      await person.get(ROUTES.desk) // the token of the forms
      return person
    },
    audit: async () => await db.selectFrom('audit_entry').select(['action', 'subject', 'result']).orderBy('seq').execute()
  }
}

type Person = ReturnType<typeof visitor>

/** Takes a step as a clerk does: opens its form, fills it, confirms. */
async function take (person: Person, ref: string, action: string, fields: Record<string, string> = {}): ReturnType<Person['submit']> {
  const { body } = await person.get(at(ref))
  const form = await person.get(at(ref, `/transitions?action=${action}`))
  const version = hidden(form.body, 'version') || hidden(body, 'version')
  return await person.submit(at(ref, '/transitions'), { action, version, seen: hidden(form.body, 'seen'), ...fields })
}

t.test('a password is refused when it is short, simple or made of what everybody uses', async t => {
  for (const [password, fault] of [['Aa1-', 'short'], ['tq8vrm2kx4zz', 'classes'], ['Password2026!', 'common'], ['P@ssw0rd1234', 'common'], ['Shenyang@2026', 'common'], ['Qwer1234!@#$', 'common'], ['aaaaAAAA1111', 'common'], ['Woaini521521!', 'common']] as const) {
    t.ok(passwordFaults(password).includes(fault), `${password}: ${fault}`)
  }
  t.ok(passwordFaults('Lina-lina-77-lina', ['lina']).includes('common'), 'the own name counts as nothing')
  t.same(passwordFaults(`Tq8-vRm2-Kx4z ${'长'.repeat(60)}`), [], 'long ones with spaces and Chinese are welcome')
  t.ok(passwordFaults(`Tq8-vRm2${'x'.repeat(300)}`).includes('long'))
  for (let n = 0; n < 300; n++) t.same(passwordFaults(newPassword()), [])
})

t.test('after signing in one goes on with pages of the desk only', async t => {
  for (const next of ['/desk', '/desk/queue?view=mine', '/desk/complaints/TS00000000000']) t.equal(ownPage(next), next)
  for (const next of [undefined, '/', '/desks', '//evil.example/desk', 'https://evil.example/desk', '/desk//evil.example', '/desk/../matters', '/desk\\x', '/desk/sign-out', '/desk/sign-in?next=/desk', 'javascript:alert(1)']) t.equal(ownPage(next), undefined, String(next))
})

for (const engine of ENGINES) {
  t.test(engine, async t => {
    t.test('signing in opens a new session, says when it was last done, and leads on', async t => {
      const { app, db, clock, audit, hire } = await givenDesk(t, engine)
      await hire('li.na')
      const person = visitor(app)
      const refused = await person.get('/desk/queue?view=mine')
      t.match(refused, { status: 303, location: '/desk/sign-in?next=%2Fdesk%2Fqueue%3Fview%3Dmine' })
      const entrance = await person.get(refused.location ?? '')
      t.match(entrance.body, /请登录后继续/)
      t.match(await person.submit(ROUTES.signIn, { username: 'li.na' }), { status: 422, body: /请输入密码/ })
      const wrong = await person.submit(ROUTES.signIn, { username: 'li.na', password: 'nonsense', next: '/desk/queue?view=mine' })
      t.match(wrong, { status: 401, body: /没有登录成功[^]*用户名或密码不正确/ })
      t.match(wrong.body, /value="li\.na"/, 'the name is kept')
      t.notMatch(wrong.body, /nonsense/, 'the password is not')
      const code = await codeFor(app, 'li.na')
      t.match(await person.submit(ROUTES.signIn, { username: ' LI.NA ', password: PASSWORD, next: '/desk/queue?view=mine' }), { status: 303, location: '/desk/sign-in/code?next=%2Fdesk%2Fqueue%3Fview%3Dmine' })
      await person.get(ROUTES.signInCode)
      const first = await person.submit(ROUTES.signInCode, { code, next: '/desk/queue?view=mine' })
      t.match(first, { status: 303, location: '/desk/queue?view=mine' })
      const cookie = person.cookies.get('sunlit-staff')
      t.match((await person.get(ROUTES.desk)).body, /这是本账号第一次登录。[^]*本次登录之前有 1 次登录失败/)
      clock.now = later(TODAY, 5)
      await signInAs(app, person, { username: 'li.na', password: PASSWORD })
      t.not(person.cookies.get('sunlit-staff'), cookie, 'a new session')
      t.equal((await db.selectFrom('login_session').select('id').where('kind', '=', 'staff').execute()).length, 1, 'the old one is gone')
      t.match((await person.get(ROUTES.desk)).body, /上次登录：2026年11月23日 10:00/)
      t.match((await person.get('/en/desk')).body, /Last sign-in before this one: 23 November 2026/)
      t.same((await audit()).filter(entry => entry.action.startsWith('sign_in')), [
        { action: 'sign_in.failed', subject: 'li.na', result: 'refused' }, { action: 'sign_in.done', subject: 'li.na', result: 'done' }, { action: 'sign_in.done', subject: 'li.na', result: 'done' }
      ])
    })

    t.test('unknown, wrong and closed look alike, and slow down alike', async t => {
      const { app, clock, audit, hire } = await givenDesk(t, engine)
      await hire('li.na')
      await hire('sun.yue')
      await setDisabled(app, 'sun.yue', true, TODAY)
      const person = visitor(app)
      const strip = (body: string, name: string): string => body.replaceAll(name, '')
      const bodies = []
      for (const [username, password] of [[`nobody-${engine}`, PASSWORD], ['li.na', 'wrong'], ['sun.yue', PASSWORD]] as const) {
        const answer = await person.submit(ROUTES.signIn, { username, password })
        t.equal(answer.status, 401, username)
        bodies.push(strip(answer.body, username))
        for (let n = 0; n < 4; n++) await person.submit(ROUTES.signIn, { username, password })
        const waiting = await person.submit(ROUTES.signIn, { username, password })
        t.match(waiting, { status: 429, body: /请等待10秒后再试/ }, `${username} waits`)
        t.equal(waiting.headers['retry-after'], '10')
      }
      t.equal(new Set(bodies).size, 1)
      t.equal((await person.submit(ROUTES.signIn, { username: 'li.na', password: PASSWORD })).status, 429, 'the right password is not even looked at')
      clock.now = later(TODAY, 1)
      t.equal((await person.submit(ROUTES.signIn, { username: 'li.na', password: 'wrong' })).status, 401)
      t.match((await person.submit(ROUTES.signIn, { username: 'li.na', password: PASSWORD })).body, /请等待20秒后再试/, 'the wait grows')
      clock.now = later(TODAY, 2)
      t.equal((await person.submit(ROUTES.signIn, { username: 'li.na', password: PASSWORD })).status, 303)
      t.notMatch(JSON.stringify(await audit()), /nobody|wrong|Tq8/, 'no unknown name and no password in the log')
    })

    t.test('a session ends by signing out, by idleness, by its owner, and with its account', async t => {
      const { app, db, clock, enter } = await givenDesk(t, engine)
      const person = await enter('li.na')
      const other = await enter('li.na')
      const stranger = await enter('wang.wei')
      const page = await person.get(ROUTES.sessions)
      t.match(page.body, /本次登录/)
      const [id = ''] = /(?<=name="session" value=")[^"]+/.exec(page.body) ?? []
      t.equal((await stranger.submit(ROUTES.sessionEndings, { session: id })).status, 303)
      t.equal((await other.get(ROUTES.desk)).status, 200, 'nobody else can end it')
      await person.get(ROUTES.sessions)
      t.match(await person.submit(ROUTES.sessionEndings, { session: id }), { status: 303, location: '/desk/sessions?done=ended' })
      t.equal((await other.get(ROUTES.desk)).status, 303)
      const out = await person.submit(ROUTES.signOut)
      t.match(out, { status: 303, location: '/desk/sign-in?out=1' })
      t.match(out.headers['clear-site-data'], /"cache"/)
      t.equal((await person.get(ROUTES.desk)).status, 303)
      t.equal((await db.selectFrom('login_session').select('id').execute()).length, 1)
      clock.now = later(TODAY, 29)
      t.equal((await stranger.get(ROUTES.desk)).status, 200)
      clock.now = later(TODAY, 60)
      t.match(await stranger.get('/desk/queue'), { status: 303, location: /next=%2Fdesk%2Fqueue/ }, 'idle for more than thirty minutes')
      const closed = await enter('zhao.lei')
      await setDisabled(app, 'zhao.lei', true, clock.now)
      t.match(await closed.get(ROUTES.desk), { status: 303, location: /sign-in/ }, 'at the next request')
      t.equal((await closed.get(ROUTES.signIn)).status, 200, 'and the entrance does not turn in a circle')
    })

    t.test('a one-time password opens nothing but its own change', async t => {
      const { app, enter, hire } = await givenDesk(t, engine)
      await hire('li.na')
      const once = newPassword()
      await resetPassword(app, 'li.na', once, TODAY)
      const person = visitor(app)
      t.equal((await signInAs(app, person, { username: 'li.na', password: once })).status, 303)
      t.match(await person.get('/desk/queue'), { status: 303, location: '/desk/password' })
      t.match((await person.get(ROUTES.password)).body, /一次性密码/)
      const change = async (current: string, password: string, again = password) => await person.submit(ROUTES.password, { current, password, again })
      t.match(await change('wrong', 'Zb7-hNd3-Wy9q'), { status: 422, body: /现在的密码不正确/ })
      t.match(await change(once, 'Password2026!'), { status: 422, body: /太容易猜到/ })
      t.match(await change(once, 'Zb7-hNd3-Wy9q', 'Zb7-hNd3-Wy9Q'), { status: 422, body: /两次输入的新密码不一致/ })
      t.match(await change(once, 'Zb7-hNd3-Wy9q'), { status: 303, location: '/desk/sessions?done=password' })
      t.equal((await person.get('/desk/queue')).status, 200)
      await t.rejects(enter('li.na'), /could not sign in/, 'the old password is gone')
      await t.rejects(addAccount(app, { username: 'li.na', name: '李', role: 'clerk', password: 'Password2026!', region: '999999' }, TODAY),
        { code: 'form_invalid', details: { fields: { username: { key: 'account_fault.taken' }, password: { key: 'password_fault.common' }, bureau: { key: 'account_fault.bureau' } } } })
    })

    t.test('a clerk takes a complaint from the queue to its end, and the complainant sees it', async t => {
      const { app, clock, enter } = await givenDesk(t, engine)
      const filed = await givenFiled(app, TODAY)
      const { ref, id } = filed
      const clerk = await enter('li.na')
      const queue = await clerk.get('/desk/queue?view=triage')
      t.match(queue.body, new RegExp(ref))
      t.match(queue.body, /有新情况/)
      t.notMatch(queue.body, /演示投诉人/, 'never who complained')
      const opened = await clerk.get(at(ref))
      t.match(opened.body, /扣走了我的冰柜/)
      t.match(opened.body, /请退还冰柜并说明理由/)
      t.notMatch(opened.body, /演示投诉人|13800000000/)
      t.notMatch((await clerk.get('/desk/queue?view=triage')).body, /class="sl-unread"/, 'opened means seen')
      t.match(await clerk.submit(at(ref, '/claims')), { status: 303, location: at(ref, '?done=claim') })
      t.match(await take(clerk, ref, 'register'), { status: 303, location: at(ref, '?done=register') })
      t.match((await clerk.get(at(ref, '?done=register'))).body, /已登记。/)

      const form = await clerk.get(at(ref, '/transitions?action=request_supplement'))
      t.match(form.body, /需要补充的情况或者材料/)
      t.match(form.body, /暂停计算：受理审查期限/)
      t.match(form.body, /开始计算：补正期限[^]*补正期限：2026年\d+月\d+日（今天确认的，系统自动计算）/, 'the day that the notice will name')
      t.notMatch(form.body, /以及补充期限/, 'and the clerk names no other')
      const promised = /补正期限：(2026年\d+月\d+日)/.exec(form.body)?.[1] ?? ''
      t.notMatch(form.body, /name="refusal"/, 'no field of another step')
      t.match(await take(clerk, ref, 'request_supplement'), { status: 422, body: /请写明需要补充的情况或者材料/ })
      t.equal((await take(clerk, ref, 'request_supplement', { text: '请补充扣押清单的照片' })).status, 303)
      t.match((await clerk.get(at(ref, '/clocks/supplement'))).body, new RegExp(`到期日为${promised}`), 'the day that was promised')
      t.match(await findTracking(app, id, TODAY), { status: 'needs_info', stage: 'waiting', may: { supply: true } })
      clock.now = '2026-11-25T02:00:00.000Z'
      await complainantMessage(app, id, '照片在这里说明', clock.now)
      const clerkAgain = await enter('li.na')
      t.match((await clerkAgain.get('/desk')).body, /等我处理/)
      t.match((await clerkAgain.get(at(ref, '?tab=messages'))).body, /照片在这里说明/)
      t.equal((await clerkAgain.get(at(ref, '?tab=timeline'))).body.split('照片在这里说明').length, 2, 'once in the timeline')

      t.equal((await take(clerkAgain, ref, 'accept')).status, 303)
      const accepted = await clerkAgain.get(at(ref))
      t.match(accepted.body, /沈司执监诉〔2026〕1号/)
      t.match(accepted.body, /2027年1月25日/, 'sixty days end on a Sunday and move to Monday')
      const supervisor = await enter('sun.yue')
      const ready = await supervisor.get(at(ref))
      t.match(ready.body, /disabled aria-describedby="step-start_investigation-reason"/)
      t.match(ready.body, /还没有确定被监督单位[^]*两名以上/)
      t.match(await take(supervisor, ref, 'start_investigation', { text: '请说明', version: '5' }), { status: 409, body: /两名以上/ })
      await givenSupervisors(app, { id }, clock.now)
      t.equal((await take(supervisor, ref, 'start_investigation', { text: '请说明扣押的依据' })).status, 303)
      t.match(await take(supervisor, ref, 'propose_findings', { version: '6' }), { status: 409, body: /还有问题没有作出认定/ })

      t.equal((await clerkAgain.submit(at(ref, '/messages'), { text: '我们正在调查' })).status, 303)
      t.equal((await clerkAgain.submit(at(ref, '/notes'), { text: '内部怀疑该单位一贯如此' })).status, 303)
      t.match((await clerkAgain.get(at(ref, '?tab=notes'))).body, /内部备注，投诉人看不到[^]*内部怀疑该单位一贯如此/)
      for (const no of ['1', '2']) {
        const page = await supervisor.get(at(ref, `/findings?issue=${no}`))
        const saved = await supervisor.submit(at(ref, '/findings'), { issue: no, version: hidden(page.body, 'version'), finding: 'substantiated', reasons: `第${no}项有视频为证`, rule: 'prohibition', prohibition: '6', required: '三日内退还' })
        t.match(saved, { status: 303, location: at(ref, '?done=finding') })
      }
      await givenChecklist(app, { id }, clock.now)
      await step(app, id, 'investigator', { action: 'propose_findings' }, clock.now)
      t.match(await take(clerkAgain, ref, 'reply', { text: '答复', version: '9' }), { status: 409, body: /应当先制发监督文书或者当场纠正/ })
      t.equal((await take(supervisor, ref, 'correct_on_spot', { text: '当场退还冰柜' })).status, 303)
      t.match(await take(clerkAgain, ref, 'reply'), { status: 422, body: /请填写答复内容/ })
      t.equal((await take(clerkAgain, ref, 'reply', { text: '您反映的问题属实' })).status, 303)
      const closing = await clerkAgain.get(at(ref, '/transitions?action=close'))
      t.match(closing.body, /案件状态变为“已办结”/)
      t.notMatch(closing.body, /移送期限/, 'a clock that never ran is not stopped')
      t.equal((await take(clerkAgain, ref, 'close')).status, 303)
      t.match((await clerkAgain.get(at(ref))).body, /已答复办结/)
      t.match((await clerkAgain.get('/desk/queue?view=closed')).body, new RegExp(ref))
      const papers = (await clerkAgain.get(at(ref, '?tab=documents'))).body
      const answer = await clerkAgain.get(/href="([^"]+)">办理结果答复书/.exec(papers)?.[1] ?? '')
      t.match(answer.body, /您反映的问题属实[^]*申请一次复查[^]*申请行政复议或者提起行政诉讼[^]*不影响上述期限的计算/, 'the answer says what is left to do')
      const seen = await findTracking(app, id, TODAY)
      t.match(seen.documents.find(document => document.type === 'reply_letter')?.content, { remedy: 'answered' })
      t.match(seen, { status: 'closed', outcome: 'answered' })
      t.match(JSON.stringify(seen), /我们正在调查[^]*您反映的问题属实/)
      t.notMatch(JSON.stringify(seen), /内部怀疑|测试li/, 'no note and no name of staff')
      const message = await clerkAgain.submit(at(ref, '/messages'), { text: '还想说的话' })
      t.match(message, { status: 409, body: /还想说的话|已经办结/ })
    })

    t.test('each way out of triage asks its own fields and makes its letter', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const clerk = await enter('li.na')
      const refused = await givenComplaint(app, 'registered', TODAY)
      const form = await clerk.get(at(refused.ref, '/transitions?action=refuse'))
      for (const code of ['N01', 'N12']) t.match(form.body, new RegExp(`value="${code}"`))
      t.match(form.body, /选择 N04 时必填/)
      for (const code of ['N08', 'N12']) t.match(form.body, new RegExp(`value="${code}" disabled`), `${code} cannot be true of this one`)
      t.notMatch(form.body, /value="N01" disabled/)
      t.match(await take(clerk, refused.ref, 'refuse'), { status: 422, body: /href="#refusal"[^]*href="#text">请写明不予受理的具体理由/ }, 'all that is missing at once')
      t.match(await take(clerk, refused.ref, 'refuse', { text: '不是我们管的' }), { status: 422, body: /id="refusal-error"[^]*不是我们管的/ })
      t.match(await take(clerk, refused.ref, 'refuse', { text: '不是我们管的', refusal: 'N04' }), { status: 422, body: /请写明有管辖权的单位[^]*不是我们管的/ })
      t.match(await take(clerk, refused.ref, 'refuse', { text: '恶意投诉', refusal: 'N10' }), { status: 409, body: /应当由局领导决定/ })
      t.equal((await take(clerk, refused.ref, 'refuse', { text: '不是我们管的', refusal: 'N04', receiving_body: '某某区信访局' })).status, 303)
      const letter = async (ref: string, word: string) => {
        const { body } = await clerk.get(at(ref, '?tab=documents'))
        const href = new RegExp(`href="([^"]+)">${word}`).exec(body)?.[1] ?? ''
        return (await clerk.get(href)).body
      }
      const notice = await letter(refused.ref, '不予受理告知书')
      for (const part of [/沈阳市司法局/, /不予受理告知书/, /〔2026〕1号/, /不是我们管的/, /有权处理的单位：某某区信访局/, /您可以向有权处理的单位反映/, /sl-sheet/]) t.match(notice, part)
      const moved = await givenComplaint(app, 'registered', TODAY)
      t.match(await take(clerk, moved.ref, 'transfer', { text: '涉及廉洁问题' }), { status: 422, body: /receiving_body-error/ })
      t.equal((await take(clerk, moved.ref, 'transfer', { text: '涉及廉洁问题', receiving_body: '某某区纪检监察机关' })).status, 303)
      t.match(await letter(moved.ref, '移送函'), /某某区纪检监察机关：[^]*涉及廉洁问题[^]*投诉人的身份信息不随本函移送/)
      const guided = await givenComplaint(app, 'registered', TODAY)
      t.equal((await take(clerk, guided.ref, 'guide', { text: '请在六十日内申请行政复议', path: 'reconsideration' })).status, 303)
      t.match(await letter(guided.ref, '依法途径告知书'), /法定途径：行政复议/)
      const { body } = await clerk.get(`/en${at(guided.ref, '?tab=documents')}`)
      const reading = await clerk.get(/href="([^"]+)">Guidance/.exec(body)?.[1] ?? '')
      t.match(reading.body, /lang="zh-CN"[^]*依法途径告知书[^]*A reading in English/, 'the original stays Chinese')
      const late = await givenComplaint(app, 'needs_info', TODAY)
      t.match((await clerk.get(at(late.ref))).body, /投诉人的补正期限尚未届满/)
    })

    t.test('what the table does not list is refused, whatever the request says', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const { ref } = await givenFiled(app, TODAY)
      const clerk = await enter('li.na')
      await clerk.get(at(ref))
      for (const action of ['accept', 'reply', 'close', 'withdraw', 'supply_supplement', 'submit', 'explode', 'constructor']) {
        t.equal((await clerk.submit(at(ref, '/transitions'), { action, version: '1', text: '硬来' })).status, 409, action)
        t.equal((await clerk.get(at(ref, `/transitions?action=${action}`))).status, 409, `the page of ${action}`)
      }
      t.match(await findCase(app, ref, TODAY), { status: 'submitted', version: 1 })
      t.equal((await clerk.submit(at(ref, '/transitions'), { action: 'register', version: 'x' })).status, 422)
      const investigator = await enter('sun.yue')
      await investigator.get(at(ref))
      t.equal((await investigator.submit(at(ref, '/transitions'), { action: 'register', version: '1' })).status, 409, 'an investigator does not register')
      t.notMatch((await investigator.get(at(ref))).body, /value="register"/)
    })

    t.test('somebody was faster: the text stays, the change is shown, the second try goes through', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const filed = await givenComplaint(app, 'registered', TODAY)
      const { ref } = filed
      const slow = await enter('li.na')
      const form = await slow.get(at(ref, '/transitions?action=request_supplement'))
      const quick = await enter('wang.wei')
      await take(quick, ref, 'request_supplement', { text: '同事写的要求' })
      await step(app, filed.id, 'complainant', { action: 'supply_supplement', text: '补来了' }, TODAY)
      const fields = { action: 'request_supplement', version: hidden(form.body, 'version'), seen: hidden(form.body, 'seen'), text: '我写了半天的要求' }
      const stale = await slow.submit(at(ref, '/transitions'), fields)
      t.match(stale, { status: 409, body: /这一步没有办成[^]*刚刚被他人更新过/ })
      t.notMatch(stale.body, /有内容需要修改/)
      t.match(stale.body, /我写了半天的要求/, 'what was typed is still there')
      t.match(stale.body, /同事写的要求[^]*value="request_supplement"/, 'what changed stands above the form')
      t.notMatch(stale.body, /投诉已登记/, 'and only that')
      t.equal((await slow.submit(at(ref, '/transitions'), { ...fields, version: hidden(stale.body, 'version') })).status, 303)
      const lost = await slow.submit(at(ref, '/transitions'), { ...fields, action: 'accept', text: '来不及了' })
      t.match(lost, { status: 409, body: /来不及了/ }, 'also where the step is no longer possible at all')
      const done = await givenComplaint(app, 'investigating', TODAY)
      const examiner = await enter('sun.yue')
      const finding = await examiner.get(at(done.ref, '/findings?issue=1'))
      await givenFindings(app, done, TODAY)
      const refused = await examiner.submit(at(done.ref, '/findings'), { issue: '1', version: hidden(finding.body, 'version'), finding: 'not', reasons: '我的另一种看法', rule: 'none' })
      t.match(refused, { status: 409, body: /我的另一种看法/ })
      t.match(await examiner.submit(at(done.ref, '/findings'), { issue: '1', version: '1', reasons: '没有选结果' }), { status: 422, body: /请选择认定结果[^]*没有选结果/ })
      t.match(await examiner.submit(at(done.ref, '/findings'), { issue: '1', version: '1' }), { status: 422, body: /href="#finding"[^]*href="#reasons"/ })
    })

    t.test('a claimed case is taken over only on purpose', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const { ref } = await givenFiled(app, TODAY)
      const first = await enter('li.na')
      const second = await enter('wang.wei')
      t.match((await second.get(at(ref))).body, /待认领[^]*认领\s*<\/button>/)
      await first.submit(at(ref, '/claims'))
      t.match(await second.submit(at(ref, '/claims')), { status: 409, body: /现由测试[^]*?承办[^]*转为由我承办/ })
      t.match((await second.get(at(ref))).body, /接手\s*<\/button>/)
      t.equal((await second.submit(at(ref, '/claims'), { take_over: '1' })).status, 303)
      t.match((await second.get('/desk/queue?view=mine')).body, new RegExp(ref))
      t.notMatch((await first.get('/desk/queue?view=mine')).body, new RegExp(ref))
    })

    t.test('G-3: who complained is shown for a reason, once, and the complainant reads it', async t => {
      const { app, enter, audit } = await givenDesk(t, engine)
      const filed = await givenFiled(app, TODAY)
      const clerk = await enter('li.na')
      const page = at(filed.ref, '/identity-views')
      t.notMatch((await clerk.get(page)).body, /演示投诉人/)
      t.match(await clerk.submit(page, { looks: '0' }), { status: 422, body: /请选择查看的理由/ })
      t.same((await audit()).filter(entry => entry.action === 'identity.viewed'), [], 'nothing was shown yet')
      const form = { looks: hidden((await clerk.get(page)).body, 'looks'), category: 'contact', text: '核对地址' }
      const shown = await clerk.submit(page, form)
      t.match(shown, { status: 200, body: /演示投诉人[^]*13800000000[^]*乙路二号/ })
      t.equal(shown.headers['cache-control'], 'no-store')
      t.same((await audit()).filter(entry => entry.action === 'identity.viewed'), [{ action: 'identity.viewed', subject: filed.ref, result: 'done' }])
      const again = await clerk.submit(page, form)
      t.match(again, { status: 409, body: /已经被查看过/ }, 'reloading the page asks for a reason again')
      t.notMatch(again.body, /演示投诉人|13800000000/)
      const tracking = await findTracking(app, filed.id, TODAY)
      t.equal(tracking.views.length, 1, 'and counts as no second look')
      t.match(tracking.views, [{ role: 'clerk', reason: 'contact' }])
      t.notMatch(JSON.stringify(tracking), /核对地址|测试li/)
      t.notMatch((await clerk.get(page)).body, /演示投诉人/, 'not a second time without a reason')
      for (const tab of ['', '?tab=timeline', '?tab=messages', '?tab=notes', '?tab=documents']) t.notMatch((await clerk.get(at(filed.ref, tab))).body, /演示投诉人|13800000000/, tab)
      const acting = await givenFiled(app, TODAY, { identity: { name: '李某', phone: '13900000001', agent: { name: '赵律师', phone: '02412345678' } } })
      t.match(await clerk.submit(at(acting.ref, '/identity-views'), { looks: '0', category: 'contact' }), { status: 200, body: /李某[^]*代理人姓名[^]*赵律师[^]*02412345678/ }, 'whoever acts for somebody can be reached too')
      const hiddenOne = await givenFiled(app, TODAY, { mode: 'anonymous' })
      t.match(await clerk.submit(at(hiddenOne.ref, '/identity-views'), { looks: '0', category: 'contact' }), { status: 200, body: /没有保存任何身份信息/ })
    })

    t.test('U-5 G-3 H-7: an attachment is only ever saved, and each time is logged', async t => {
      const { app, enter, audit } = await givenDesk(t, engine)
      const id = await createDraft(app, TODAY)
      await saveDraft(app, id, answersOf(), TODAY)
      const file = await attach(app, app.files, id, { name: "现场'1'.png", mediaType: 'image/png', content: Buffer.from('picture'), cleaned: true }, TODAY)
      await prepareReceipt(app, id)
      const { ref } = await submitDraft(app, id, TODAY)
      t.ok((await readReceipt(app, id, TODAY)).code)
      const clerk = await enter('li.na')
      t.match((await clerk.get(at(ref, '?tab=documents'))).body, new RegExp(`files/${file.id}`))
      const got = await clerk.get(at(ref, `/files/${file.id}`))
      t.match(got, { status: 200, body: 'picture' })
      t.match(got.headers, {
        'content-type': 'image/png', 'content-disposition': `attachment; filename="__'1'.png"; filename*=UTF-8''${encodeURIComponent('现场')}%271%27.png`, 'content-security-policy': /^sandbox/, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store'
      })
      t.same((await audit()).at(-1), { action: 'attachment.read', subject: `${ref} ${file.id}`, result: 'done' })
      const other = await givenFiled(app, TODAY)
      t.equal((await clerk.get(at(other.ref, `/files/${file.id}`))).status, 404, 'not through another complaint')
      t.equal((await clerk.get(at(ref, '/files/..%2F..%2Fetc'))).status, 404)
      t.equal((await (await enter('he.ping')).get(at(ref, `/files/${file.id}`))).status, 404)
      t.equal((await (await enter('qian.hui')).get(at(ref, `/files/${file.id}`))).status, 403)
    })

    t.test('Z-2 Z-3: roles without casework get none, and another bureau finds nothing', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const { ref } = await givenComplaint(app, 'accepted', TODAY)
      const pages = [at(ref), at(ref, '/transitions?action=reply'), at(ref, '/findings?issue=1'), at(ref, '/identity-views'), at(ref, '/clocks/handle')]
      const posts: Array<[string, Record<string, string>]> = [
        [at(ref, '/transitions'), { action: 'reply', version: '3', text: 'x' }], [at(ref, '/messages'), { text: 'x' }], [at(ref, '/notes'), { text: 'x' }], [at(ref, '/claims'), {}],
        [at(ref, '/findings'), { issue: '1', version: '3', finding: 'not', reasons: 'x', rule: 'none' }], [at(ref, '/identity-views'), { looks: '0', category: 'contact' }]
      ]
      for (const [username, status] of [['qian.hui', 403], ['zhou.jie', 403], ['he.ping', 404]] as const) {
        const person = await enter(username)
        for (const page of pages) t.equal((await person.get(page)).status, status, `${username} ${page}`)
        for (const [page, form] of posts) t.equal((await person.submit(page, form)).status, status, `${username} POST ${page}`)
        t.notMatch((await person.get('/desk')).body, new RegExp(ref))
        if (status === 404) t.notMatch((await person.get('/desk/queue?view=all')).body, new RegExp(ref))
        else t.equal((await person.get('/desk/queue')).status, 403)
      }
      t.match(await findCase(app, ref, TODAY), { status: 'accepted', handler: null, notes: [], messages: [] })
    })

    t.test('who has no casework finds the own work, and a refusal keeps one at the desk', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const filed = await givenFiled(app, TODAY)
      const clerk = await enter('li.na')
      await clerk.submit(at(filed.ref, '/identity-views'), { looks: '0', category: 'contact', text: '核对地址' })
      for (let n = 0; n < 50; n++) await clerk.submit(at(filed.ref, '/notes'), { text: `内部备注第${n}条` })
      t.match((await clerk.get('/desk')).body, /href="\/desk\/queue"[^]*案件队列/)
      t.notMatch((await clerk.get('/desk')).body, /href="\/desk\/audit"/)
      t.equal((await clerk.get(ROUTES.audit)).status, 403)
      const auditor = await enter('qian.hui')
      const day = await auditor.get('/desk')
      t.match(day.body, /href="\/desk\/audit"/)
      t.notMatch(day.body, /href="\/desk\/queue"/, 'no way to a closed door')
      const newest = await auditor.get(ROUTES.audit)
      t.match(newest, { status: 200, body: new RegExp(`登录[^]*qian\\.hui[^]*添加内部备注[^]*${filed.ref}`) })
      t.notMatch(newest.body, /查看投诉人身份<\/td>/, 'fifty on a page')
      const older = await auditor.get(`/desk/audit?before=${/before&#x3D;(\d+)" rel="next"/.exec(newest.body)?.[1] ?? ''}`)
      t.match(older.body, new RegExp(`测试li\\.na[^]*查看投诉人身份[^]*${filed.ref}`))
      t.notMatch(newest.body + older.body, /内部备注第|核对地址|演示投诉人|扣走了我的冰柜/, 'never the content')
      t.equal((await auditor.submit(ROUTES.audit, {})).status, 405, 'to read only')
      const admin = await enter('zhou.jie')
      t.match((await admin.get('/desk')).body, /npm run account/)
      t.notMatch((await admin.get('/desk')).body, /href="\/desk\/(?:queue|audit)"/)
      const refused = await admin.get('/desk/queue')
      t.match(refused, { status: 403, body: /class="[^"]*sl-desk"[^]*回到工作台/ })
      t.notMatch(refused.body, /联系本单位的系统管理员|回到首页/)
      t.match(await clerk.get('/desk/nothing'), { status: 404, body: /sl-desk"/ })
      t.match(await clerk.get('/desks'), { status: 404, body: /sl-public"/ })
    })

    t.test('F-1: a form without its token, or with another person’s, changes nothing', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const { ref } = await givenFiled(app, TODAY)
      const clerk = await enter('li.na')
      const other = await enter('wang.wei')
      const foreign = hidden((await other.get(at(ref))).body, '_csrf')
      for (const token of ['', 'x', foreign]) {
        for (const [page, form] of [[at(ref, '/notes'), { text: '偷放的备注' }], [at(ref, '/transitions'), { action: 'register', version: '1' }], [ROUTES.signOut, {}]] as const) {
          t.equal((await clerk.submit(page, { ...form, _csrf: token })).status, 403, `${page} ${token}`)
        }
      }
      t.match(await findCase(app, ref, TODAY), { status: 'submitted', notes: [] })
      t.equal((await clerk.get(ROUTES.desk)).status, 200, 'and nobody was signed out')
    })

    t.test('messages and notes keep what was typed when they are refused', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const { ref } = await givenFiled(app, TODAY)
      const clerk = await enter('li.na')
      await clerk.get(at(ref))
      t.match(await clerk.submit(at(ref, '/messages'), { text: '  ' }), { status: 422, body: /id="text-error"/ })
      const long = `开头${'长'.repeat(2000)}`
      for (const page of ['/messages', '/notes']) t.match(await clerk.submit(at(ref, page), { text: long }), { status: 422, body: /不能超过2000个字[^]*开头长/ }, page)
      t.match(await clerk.submit(at(ref, '/notes'), { text: '<script>alert(1)</script>' }), { status: 303 })
      t.match((await clerk.get(at(ref, '?tab=notes'))).body, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
    })

    t.test('the queue is found by view, filter, reference, case number and agency, and says when nothing is', async t => {
      const { app, db, enter, clock } = await givenDesk(t, engine)
      const agency = await db.selectFrom('agency').select(['id', 'name']).where('level', '=', 'city').orderBy('id').executeTakeFirstOrThrow()
      const one = await givenComplaint(app, 'accepted', TODAY, { target: { agencyId: agency.id } })
      const two = await givenComplaint(app, 'needs_info', TODAY, { mode: 'anonymous' })
      for (let n = 0; n < 25; n++) await givenFiled(app, TODAY)
      const clerk = await enter('li.na')
      const shows = async (query: string): Promise<string> => (await clerk.get(`/desk/queue?${query}`)).body
      t.match(await shows('view=all&size=100'), /共 27 条/)
      t.match(await shows(''), /当前显示第 1—20 条[^]*aria-current="page">1<[^]*下一页/)
      t.match(await shows('page=2'), /当前显示第 21—27 条/)
      t.match(await shows('page=99'), /当前显示第 21—27 条/, 'a page too far is the last')
      t.match(await shows('view=waiting'), new RegExp(two.ref))
      t.match(await shows('view=waiting'), /匿名/)
      t.match(await shows('status=accepted&status=closed'), new RegExp(one.ref))
      const [agencyTurn, toVerify] = [await givenComplaint(app, 'document_issued', TODAY), await givenComplaint(app, 'verifying', TODAY)]
      for (const [view, there, elsewhere] of [['waiting_agency', agencyTurn.ref, toVerify.ref], ['verify', toVerify.ref, agencyTurn.ref]] as const) {
        t.match(await shows(`view=${view}`), new RegExp(there), view)
        t.notMatch(await shows(`view=${view}`), new RegExp(elsewhere), view)
      }
      await db.insertInto('case_flag').values({ complaint_id: one.id, kind: 'pressure', raised_at: TODAY, settled_at: null, settled_by: null }).execute()
      await db.updateTable('complaint').set({ handler_id: 101, unread: 0 }).where('id', '=', one.id).execute()
      t.match(await shows('flag=pressure'), new RegExp(one.ref))
      t.match(await shows('flag=retaliation'), /没有符合条件的案件/)
      t.notMatch(await shows('handler=none&size=100'), new RegExp(one.ref), 'somebody has it in hand')
      t.match(await shows('handler=101&agency=&flag=&sort=newest'), new RegExp(one.ref), 'an empty choice is none')
      t.match(await shows('handler=101&unread=1'), /没有符合条件的案件/)
      t.match(await shows('handler=none&size=100&sort=oldest'), new RegExp(two.ref))
      await db.deleteFrom('complaint').where('id', 'in', [agencyTurn.id, toVerify.id]).execute()
      for (const q of [one.ref, one.ref.toLowerCase(), '沈司执监诉〔2026〕1号', agency.name.slice(0, 6)]) {
        const body = await shows(`view=all&q=${encodeURIComponent(q)}`)
        t.match(body, new RegExp(one.ref), q)
        t.notMatch(body, new RegExp(two.ref), q)
      }
      t.match(await shows(`agency=${agency.id}&ground=G01`), new RegExp(one.ref))
      t.match(await shows('view=all&q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA'), /没有符合条件的案件[^]*请核对编号/)
      for (const query of ['view=nothing', 'status=x', 'page=0', 'size=7', 'agency=-1', 'due=never', 'handler=nobody', 'flag=x', 'unread=2', 'sort=x']) t.equal((await clerk.get(`/desk/queue?${query}`)).status, 422, query)
      clock.now = '2026-12-08T02:00:00.000Z'
      const later = await enter('li.na')
      t.match((await later.get('/desk/queue?view=overdue')).body, /已逾期：2026年11月30日/)
      t.match((await later.get('/desk')).body, /查看全部 26 件/)
      t.match((await later.get('/en/desk/queue?view=overdue')).body, /Overdue: 30 November 2026/)
    })

    t.test('the English desk calls bureau and agency by their English names, and a mark is explained', async t => {
      const { app, db, enter } = await givenDesk(t, engine)
      const agency = await db.selectFrom('agency').select(['id', 'name', 'name_en']).where('name_en', 'is not', null).orderBy('id').executeTakeFirstOrThrow()
      const bureau = await db.selectFrom('bureau').select(['name', 'name_en']).where('parent_id', 'is', null).executeTakeFirstOrThrow()
      const { ref, id } = await givenComplaint(app, 'accepted', TODAY, { target: { agencyId: agency.id } })
      const clerk = await enter('li.na')
      for (const page of [at(ref), '/desk/queue', `/desk/queue?agency=${agency.id}`]) {
        const english = (await clerk.get(`/en${page}`)).body
        for (const name of [agency.name_en ?? '', bureau.name_en]) t.ok(english.includes(name), `${page} says ${name}`)
        t.notOk(english.includes(agency.name) || english.includes(bureau.name), `${page} in English only`)
        t.ok((await clerk.get(page)).body.includes(agency.name), page)
      }
      t.notMatch((await clerk.get(at(ref))).body, /疑似异常提交/)
      await db.updateTable('complaint').set({ suspect: 1 }).where('id', '=', id).execute()
      t.match((await clerk.get(at(ref))).body, /疑似异常提交[^]*不影响受理/)
    })

    t.test('a due date shows its arithmetic', async t => {
      const { app, enter } = await givenDesk(t, engine)
      const { ref } = await givenFiled(app, TODAY)
      const clerk = await enter('li.na')
      t.match((await clerk.get(at(ref, '/clocks/accept'))).body, /5 工作日[^]*自2026年11月23日的次日起计算5个工作日[^]*到期日为2026年11月30日/)
      t.match((await clerk.get(`/en${at(ref, '/clocks/accept')}`)).body, /30 November 2026/)
      t.equal((await clerk.get(at(ref, '/clocks/handle'))).status, 404, 'a clock that never ran')
      t.equal((await clerk.get(at(ref, '/clocks/nonsense'))).status, 404)
    })
  })
}
