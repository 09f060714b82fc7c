import t from 'tap'
import { authenticate, revealIdentity, sendMessage } from '../../src/complaints/case/correspondence/service.ts'
import { createDraft, saveDraft, submitDraft, sweepDrafts, type Answers } from '../../src/complaints/form/filing/service.ts'
import { readMemberCodes } from '../../src/complaints/form/members/service.ts'
import { reissueAtCounter } from '../../src/complaints/following/reissue/service.ts'
import { openSession } from '../../src/db/sessions.ts'
import { runJobs } from '../../src/jobs.ts'
import type { Transport } from '../../src/mail/transport.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { answersOf, givenFiled, givenStaff, STAFF, type Filed } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { visitor } from '../fixtures/visitor.ts'

const later = (minutes: number): string => new Date(Date.parse(TODAY) + minutes * 60_000).toISOString()

interface Post extends House { filed: Filed, sent: Array<{ to: string, text: string }>, run: () => Promise<void> }

async function givenPost (t: Teardown, engine: Engine, changes: Partial<Answers> = {}): Promise<Post> {
  const house = await givenHouse(t, engine)
  await givenStaff(house.db)
  const sent: Post['sent'] = []
  const transport: Transport = { send: async (_id, { to, text }) => { sent.push({ to, text }) }, close: () => undefined }
  const filed = await givenFiled(house, TODAY, changes)
  return { ...house, filed, sent, run: async () => { await runJobs(house.app, transport) } }
}

async function tracking ({ app }: Pick<Post, 'app'>, { ref, code }: Pick<Filed, 'ref' | 'code'>) {
  const browser = visitor(app)
  const { status } = await browser.submit('/track', { ref, code })
  if (status !== 303) throw new Error(`the code does not open: ${status}`)
  await browser.get(`/track/${ref}`)
  return browser
}

const verify = async ({ db, filed }: Post): Promise<void> => { await db.updateTable('contact').set({ verified_at: TODAY }).where('complaint_id', '=', filed.id).execute() }
const codeIn = (text = ''): string => /\d{4} \d{4}(?: \d{4} \d{4})?/.exec(text)?.[0] ?? 'none'

async function asks (post: Post, ref: string, contact: string) {
  const browser = visitor(post.app)
  const asked = await browser.submit('/track/lost', { ref, contact })
  const page = await browser.get('/track/lost/code')
  await post.run()
  return { browser, asked, page }
}

const GROUP = { members: [{ name: '演示同伴甲', phone: '13911110000' }, { name: '演示同伴乙' }] }

for (const engine of ENGINES) {
  t.test(engine, { timeout: 120_000 }, async t => {
    t.test('R-4: whoever asks for a new code is told the same whatever is true, and only a verified contact gets a letter', async t => {
      const post = await givenPost(t, engine)
      const { db, filed, sent } = post
      const anonymous = await givenFiled(post, TODAY, { mode: 'anonymous' })
      const told = new Set<string>()
      const ask = async (ref: string, contact: string): Promise<void> => {
        const { browser, asked, page } = await asks(post, ref, contact)
        const wrong = await browser.submit('/track/lost/code', { code: '0000 0000' })
        told.add(JSON.stringify([asked.status, asked.location, page.status, wrong.status, [page.body, wrong.body].map(body => body.replace(/name="_csrf" value="[^"]+"/g, ''))]))
      }
      await ask(filed.ref, '13800000000')
      t.same(sent, [], 'not verified')
      await verify(post)
      await ask(filed.ref, '138 0000 0000')
      t.equal(sent.length, 1)
      for (const [ref, contact] of [[filed.ref, '13900000000'], ['TS00000000000', '13800000000'], [anonymous.ref, 'demo@example.cn']] as const) await ask(ref, contact)
      t.equal(sent.length, 1)
      t.equal(told.size, 1, 'one answer')
      t.notMatch(JSON.stringify(await db.selectFrom('code_request').selectAll().execute()), new RegExp(`${filed.ref}|13800000000|${codeIn(sent[0]?.text).replace(' ', '')}`), 'E-1: what was typed is sealed, and forgotten once it was looked at')
      t.same((await db.selectFrom('code_request').select('asked_sealed').execute()).map(row => row.asked_sealed), ['', '', '', '', ''])
      t.match((await visitor(post.app).submit('/track/lost', { ref: 'x', contact: '' })).body, /编号不正确.*请输入手机号码或者电子邮箱/s)
    })

    t.test('R-2 R-3 G-2: a lost code is replaced once, the old one is void, its sessions end, and everybody concerned hears of it', async t => {
      const post = await givenPost(t, engine)
      const { app, db, filed, sent } = post
      await verify(post)
      const old = await tracking(post, filed)
      const { browser } = await asks(post, filed.ref, 'DEMO@example.cn')
      t.equal(sent[0]?.to, 'demo@example.cn')
      t.notMatch(sent[0]?.text, new RegExp(filed.ref))
      t.match(await browser.submit('/track/lost/code', { code: codeIn(sent[0]?.text) }), { status: 303, location: '/track/lost/new-code' })
      const shown = await browser.get('/track/lost/new-code')
      const code = codeIn(/sl-codebox">(\d{4} \d{4} \d{4} \d{4})</.exec(shown.body)?.[1])
      t.match(await browser.get('/track/lost/new-code'), { status: 200, body: shown.body }, 'R-7: a reload shows it again')
      t.match((await old.get(`/track/${filed.ref}`)).location, /expired/, 'who was in is out')
      await t.rejects(authenticate(app, filed.ref, filed.code), { code: 'track_failed' })
      t.equal((await browser.submit('/track/lost/code', { code: codeIn(sent[0]?.text) })).status, 422, 'used once')
      t.match((await browser.submit('/track/lost/new-code')).body, /请先记下或者打印/)
      t.equal((await browser.submit('/track/lost/new-code', { written: '1' })).location, `/track/${filed.ref}`)
      t.ok(browser.cookies.has(`sunlit-track-${filed.ref}`), 'in the place of one that is still in this browser and opens nothing more')
      t.match((await browser.get(`/track/${filed.ref}`)).body, /查询码已补发，旧的查询码作废.*通过核实过的联系方式补发/s)
      t.equal((await authenticate(app, filed.ref, code)).id, filed.id)
      t.notMatch(JSON.stringify(await db.selectFrom('code_request').selectAll().execute()), new RegExp(code.replaceAll(' ', '')))
      t.match((await db.selectFrom('complaint').select('code_hash').where('id', '=', filed.id).executeTakeFirst())?.code_hash, /^\$argon2id\$/)
      t.match((await db.selectFrom('audit_entry').select('action').orderBy('seq').execute()).map(row => row.action), ['complaint.submit', 'code.requested', 'code.reissued'])
      await db.updateTable('contact').set({ news_at: TODAY }).execute() // as it was before the page above was opened
      await post.run()
      t.same(sent.slice(1).map(letter => letter.to).sort(), ['13800000000', 'demo@example.cn'], 'every contact is told')
    })

    t.test('R-5: codes for lost ones end after five tries and a quarter of an hour, and are sent three times an hour at most', async t => {
      const post = await givenPost(t, engine)
      const { clock, filed, sent } = post
      await verify(post)
      const first = await asks(post, filed.ref, '13800000000')
      for (let tries = 0; tries < 5; tries++) await first.browser.submit('/track/lost/code', { code: '00000000' })
      t.equal((await first.browser.submit('/track/lost/code', { code: codeIn(sent[0]?.text) })).status, 422)
      const second = await asks(post, filed.ref, '13800000000')
      clock.now = later(16)
      t.equal((await second.browser.submit('/track/lost/code', { code: codeIn(sent[1]?.text) })).status, 422)
      for (let times = 0; times < 3; times++) await asks(post, filed.ref, 'demo@example.cn')
      t.equal(sent.length, 3)
      clock.now = later(90)
      await Promise.all([post.run(), asks(post, filed.ref, 'demo@example.cn')])
      t.equal(sent.length, 4, 'an hour later it works again')
    })

    t.test('Z-6 G-2: at the counter a new code needs a look at the identity first, is logged, and the complainant reads it', async t => {
      const { app, db, clock, filed } = await givenPost(t, engine)
      await t.rejects(reissueAtCounter(app, STAFF.investigator, filed.ref, 'counter_id', TODAY), { code: 'forbidden' })
      await t.rejects(reissueAtCounter(app, STAFF.clerk, filed.ref, 'counter_id', TODAY), { code: 'reason_required' })
      await revealIdentity(app, STAFF.approver, filed.ref, { category: 'verify' }, TODAY)
      await t.rejects(reissueAtCounter(app, STAFF.clerk, filed.ref, 'counter_id', TODAY), { code: 'reason_required' }, 'a colleague’s look does not count')
      await revealIdentity(app, STAFF.clerk, filed.ref, { category: 'verify' }, TODAY)
      const code = await reissueAtCounter(app, STAFF.clerk, filed.ref, 'counter_id', TODAY)
      await t.rejects(authenticate(app, filed.ref, filed.code), { code: 'track_failed' })
      const page = (await (await tracking({ app }, { ref: filed.ref, code })).get(`/track/${filed.ref}`)).body
      t.match(page, /本人到窗口，出示身份证件/)
      t.match(page, /谁看过我的身份.*局领导.*受理员/s, 'each look is there, with role and reason')
      t.notMatch(page, /演示收件员|演示审批人/)
      t.match(await db.selectFrom('audit_entry').selectAll().where('action', 'in', ['code.reissued', 'identity.viewed']).orderBy('seq').execute(), [{ actor_id: 103 }, { actor_id: 101 }, { actor_id: 101, subject: filed.ref }])
      await t.rejects(reissueAtCounter(app, STAFF.clerk, filed.ref, 'counter_id', later(31)), { code: 'reason_required' })
      clock.now = TODAY
      const anonymous = await givenFiled(app, TODAY, { mode: 'anonymous' })
      await t.rejects(reissueAtCounter(app, STAFF.clerk, anonymous.ref, 'counter_id', TODAY), { code: 'transition_refused' })
    })

    t.test('R-3 R-4 Z-5: co-complainants have codes of their own, read and write, decide nothing, and never see each other’s names', async t => {
      const { app, db, files } = await givenPost(t, engine).then(post => ({ ...post, files: post.app.files }))
      const filed = await givenFiled(app, TODAY, { group: GROUP })
      t.match(await db.selectFrom('complaint').select('persons').where('id', '=', filed.id).executeTakeFirst(), { persons: 3 })
      const slips = await readMemberCodes(app, filed.id)
      t.match(slips, [{ no: 1, name: '演示同伴甲' }, { no: 2, name: '演示同伴乙' }])
      t.equal(new Set([filed.code, ...slips.map(slip => slip.code)]).size, 3)
      const stored = JSON.stringify([await db.selectFrom('complaint_member').selectAll().execute(), await db.selectFrom('identity').selectAll().execute(), await db.selectFrom('complaint').selectAll().execute()])
      t.notMatch(stored, /演示同伴|13911110000/, 'names are sealed in the identity')
      for (const { code } of slips) t.notMatch(stored, new RegExp(code))
      t.same(await authenticate(app, filed.ref, slips[0]?.code ?? ''), { id: filed.id, ref: filed.ref, member: 1 })
      t.same(await authenticate(app, filed.ref, filed.code), { id: filed.id, ref: filed.ref, member: null })
      await t.rejects(authenticate(app, filed.ref, '0000000000000000'), { code: 'track_failed' })

      const member = await tracking({ app }, { ref: filed.ref, code: slips[1]?.code ?? '' })
      const pages = [await member.get(`/track/${filed.ref}`), await member.get(`/track/${filed.ref}/record`)]
      for (const page of pages) {
        t.equal(page.status, 200)
        t.notMatch(page.body, /演示同伴|演示投诉人|演\*\*|13800000000|撤回以后不能恢复/)
      }
      t.match(pages[0]?.body, /第2位共同投诉人/)
      t.equal((await member.submit(`/track/${filed.ref}/messages`, { text: '我也在场' })).status, 303)
      t.match(await db.selectFrom('message').select('member_no').execute(), [{ member_no: 2 }])
      t.match((await (await tracking({ app }, filed)).get(`/track/${filed.ref}`)).body, /第2位共同投诉人.*我也在场|我也在场.*第2位共同投诉人/s, 'the representative reads who wrote')
      for (const path of ['contacts', 'identity', 'members']) t.equal((await member.get(`/track/${filed.ref}/${path}`)).status, 403, path)
      for (const request of ['withdrawal', 'rectification', 'review', 'recusal', 'retaliation', 'rating']) {
        t.equal((await member.submit(`/track/${filed.ref}/requests/${request}`, { pressure: 'no', sure: '1' })).status, 409, request)
      }

      const own = await tracking({ app }, filed)
      const renewed = await own.submit(`/track/${filed.ref}/members`, { no: '2' })
      const fresh = codeIn(renewed.body.slice(renewed.body.indexOf('sl-slip')))
      t.equal((await authenticate(app, filed.ref, fresh)).member, 2)
      await t.rejects(authenticate(app, filed.ref, slips[1]?.code ?? ''), { code: 'track_failed' })
      t.match((await member.get(`/track/${filed.ref}`)).location, /expired/)
      t.equal((await own.submit(`/track/${filed.ref}/members`, { no: '3' })).status, 404)
      t.match(await revealIdentity(app, STAFF.clerk, filed.ref, { category: 'contact' }, TODAY), { members: GROUP.members })
      t.match((await own.get(`/track/${filed.ref}`)).body, /需要与投诉人联系/, 'B6: a look at the names of the group stands there like any other')
      await sweepDrafts(app, files, later(31))
      t.same(await readMemberCodes(app, filed.id), [], 'the codes can be read for half an hour')
    })

    t.test('I8: a complainant may say more of themselves, never less', async t => {
      const post = await givenPost(t, engine)
      const { app, db } = post
      const filed = await givenFiled(app, TODAY, { mode: 'anonymous' })
      const own = await tracking(post, filed)
      const at = `/track/${filed.ref}/identity`
      t.match((await own.submit(at, { mode: 'anonymous' })).body, /只能改得更公开/)
      const faulty = await own.submit(at, { mode: 'confidential', name: '演示投诉人' })
      t.equal(faulty.status, 422)
      t.match(faulty.body, /value="演示投诉人"/, 'what was typed stays')
      t.equal((await own.submit(at, { mode: 'confidential', name: '演示投诉人', phone: '13800000000' })).status, 303)
      t.match(await revealIdentity(app, STAFF.clerk, filed.ref, { category: 'contact' }, TODAY), { name: '演示投诉人', phone: '13800000000' })
      t.equal((await db.selectFrom('contact').select('id').where('complaint_id', '=', filed.id).execute()).length, 1)
      t.match((await own.get(`/track/${filed.ref}`)).body, /更改了投诉方式/)
      await own.get(at)
      t.equal((await own.submit(at, { mode: 'anonymous' })).status, 422)
      t.equal((await own.submit(at, { mode: 'named' })).status, 303)
      t.match((await own.get(at)).body, /没有更公开的方式/)
      t.match(await db.selectFrom('complaint').select('identity_mode').where('id', '=', filed.id).executeTakeFirst(), { identity_mode: 'named' })
      t.match((await db.selectFrom('audit_entry').select('action').where('action', '=', 'identity_mode.changed').execute()).length, 2)
    })

    t.test('Y-2: the copy holds everything the complainant wrote and was told, and their identity only in part', async t => {
      const post = await givenPost(t, engine)
      await sendMessage(post.app, STAFF.clerk, post.filed.ref, '请问当天有没有录像', TODAY)
      const { body } = await (await tracking(post, post.filed)).get(`/track/${post.filed.ref}/record`)
      for (const part of [/两个人没有出示执法证件/, /扣走了我的冰柜/, /甲路一号门前/, /请退还冰柜并说明理由/, /请问当天有没有录像/, /投诉已提交/, /演\*\*/, /138\*\*\*\*0000/]) t.match(body, part)
      t.notMatch(body, /演示投诉人|13800000000|demo@example|乙路二号/)
    })
  })
}

t.test('fifty people file in one go, and all their codes open', async t => {
  const { app, db } = await givenPost(t, 'sqlite')
  const id = await createDraft(app, TODAY)
  await saveDraft(app, id, answersOf({ group: { members: Array.from({ length: 50 }, (_one, at) => ({ name: `演示${at}` })) } }), TODAY)
  const [first, second] = await Promise.all([submitDraft(app, id, TODAY), submitDraft(app, id, TODAY)])
  t.same([first.made, second.made].sort(), [false, true])
  const slips = await readMemberCodes(app, id)
  t.equal(slips.length, 50)
  t.equal((await authenticate(app, first.ref, slips[49]?.code ?? '')).member, 50)
  t.equal((await db.selectFrom('complaint_member').select('no').where('complaint_id', '=', id).where('no', '>', 0).execute()).length, 50)
})

t.test('Z-5 Z-6: the desk reaches the complainant without an address, and hands out a code on one page alone', async t => {
  const post = await givenPost(t, 'sqlite')
  const { app, db, filed } = post
  const browser = visitor(app)
  browser.cookies.set('sunlit-staff', await openSession(db, 'staff', String(STAFF.clerk.id), TODAY))
  const at = `/desk/complaints/${filed.ref}`
  const page = await browser.get(`${at}/contacts`)
  t.match(page.body, /手机短信.*未核实/s)
  t.notMatch(page.body, /13800000000|demo@example|138\*|演示投诉人/)
  t.match((await browser.submit(`${at}/query-codes`)).body, /请选择来人出示了什么.*请先核对证件/s)
  t.match(await browser.submit(`${at}/query-codes`, { proof: 'counter_id', checked: '1' }), { status: 422, body: /请先查看身份信息/ })
  await revealIdentity(app, STAFF.clerk, filed.ref, { category: 'verify' }, TODAY)
  await browser.get(`${at}/contacts`)
  const issued = await browser.submit(`${at}/query-codes`, { proof: 'counter_proxy', checked: '1' })
  const code = codeIn(issued.body.slice(issued.body.lastIndexOf('sl-codebox')))
  t.equal((await authenticate(app, filed.ref, code)).id, filed.id)
  t.notMatch((await browser.get(at)).body, new RegExp(code))
  const { id } = await db.selectFrom('contact').select('id').limit(1).executeTakeFirstOrThrow()
  t.match(await browser.submit(`${at}/contacts/${id}/notices`), { status: 409, body: /不需要或者不能再发/ })
  await db.insertInto('outbox').values({ id: 'gone', kind: 'news', channel: 'sms', contact_id: id, subscription_id: null, address_hash: 'x', sealed: '', state: 'unsure', tries: 1, next_at: TODAY, created_at: TODAY, claimed_at: TODAY, done_at: TODAY, fault: 'process_ended' }).execute()
  await db.updateTable('contact').set({ news_at: null }).execute()
  t.match((await browser.get(`${at}/contacts`)).body, /不确定是否送达.*再发一次/s)
  t.equal((await browser.submit(`${at}/contacts/${id}/notices`)).location, `${at}/contacts?done=1`)
  const letters = await browser.get('/desk/letters')
  t.match(letters.body, /进展通知.*不确定是否送达.*process_ended/s)
  t.notMatch(letters.body, new RegExp(`13800000000|demo@example|${filed.ref}`))
})
