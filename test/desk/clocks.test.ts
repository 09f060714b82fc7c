import t from 'tap'
import { requestExtension } from '../../src/complaints/work/extensions/service.ts'
import { listReminders, remindOfClocks } from '../../src/complaints/work/reminders/service.ts'
import { complainantMessage } from '../../src/complaints/case/correspondence/service.ts'
import { findByRef } from '../../src/complaints/case/core/repository.ts'
import { RECORDED_CHANNELS } from '../../src/domain/process/sources.ts'
import { MEASURES } from '../../src/domain/supervision/measures.ts'
import { addDays, localDate } from '../../src/domain/time/calendar.ts'
import { applyRuleChanges } from '../../src/admin/deadlines/service.ts'
import { writeMorningLetters } from '../../src/desk/account/digest/service.ts'
import { openText } from '../../src/vault/seal.ts'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenStaff, STAFF, step } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { multipartOf } from '../fixtures/files.ts'
import { signInAs } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const at = (ref: string, rest = ''): string => `/desk/complaints/${ref}/clocks${rest}`

const PEOPLE = { 'sun.yue': 'investigator', 'ma.li': 'head', 'wu.jun': 'approver', 'xu.an': 'admin' } as const
const tokenOf = ({ body }: { body: string }): string => /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? ''
type Person = ReturnType<typeof visitor>
interface Desk extends House { again: (username: keyof typeof PEOPLE) => Promise<Person>, enter: (username: keyof typeof PEOPLE) => Promise<Person>, idOf: (username: string) => Promise<number> }

async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  await givenStaff(db)
  const again = async (username: keyof typeof PEOPLE): Promise<Person> => {
    const person = visitor(app)
    await signInAs(app, person, { username, password: PASSWORD })
    await person.get(ROUTES.sessions)
    return person
  }
  return {
    ...house,
    again,
    idOf: async username => (await db.selectFrom('account').select('id').where('username', '=', username).executeTakeFirstOrThrow()).id,
    async enter (username) {
      await addAccount(app, { username, name: `测试${username}`, role: PEOPLE[username], region: undefined, password: PASSWORD }, TODAY)
      return await again(username)
    }
  }
}

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const desk = await givenDesk(t, engine)
    const { app, db, clock } = desk
    const [head, supervisor, approver] = [await desk.enter('ma.li'), await desk.enter('sun.yue'), await desk.enter('wu.jun')]
    const dueOf = async (id: string, name = 'handle') => await db.selectFrom('clock').select(['due_on', 'paused_on', 'extensions']).where('complaint_id', '=', id).where('clock', '=', name).executeTakeFirstOrThrow()

    t.test('more time is asked for by one person, granted by another, told to the complainant and never reads as overdue', async t => {
      const { ref, id } = await givenComplaint(app, 'investigating', TODAY)
      const before = (await dueOf(id)).due_on
      t.match((await supervisor.get(at(ref))).body, /办理期限[^]*60[^]*日[^]*申请办理期限延期/)
      t.match(await supervisor.submit(at(ref, '/extensions'), { clock: 'handle', days: '31', reason: '' }), { status: 422, body: /请填写1至30之间的整数[^]*请写明申请理由[^]*value="31"/ })
      t.match(await supervisor.submit(at(ref, '/extensions'), { clock: 'rectify', days: '5', reason: '还要时间' }), { status: 403 }, 'the agency asks for its own')
      t.match(await supervisor.submit(at(ref, '/extensions'), { clock: 'handle', days: '３０', reason: '需要等待鉴定结论' }), { status: 303, location: at(ref, '?done=asked') })
      t.match(await supervisor.submit(at(ref, '/extensions'), { clock: 'handle', days: '30', reason: '再来一次' }), { status: 422, body: /已有一项申请等待审批/ })
      const { id: asked } = await db.selectFrom('clock_extension').select('id').where('complaint_id', '=', id).executeTakeFirstOrThrow()
      t.equal((await supervisor.submit(at(ref, `/extensions/${asked}`), { decision: 'grant', text: '同意' })).status, 403)
      t.match(await head.submit(at(ref, `/extensions/${asked}`), { text: '同意' }), { status: 422, body: /请选择批准或者不批准[^]*同意/ })
      t.match(await head.submit(at(ref, `/extensions/${asked}`), { decision: 'grant', text: '' }), { status: 422, body: /请写明审批意见/ })
      clock.now = `${addDays(before, 1)}T02:00:00.000Z` // asked in time, decided a day late
      t.teardown(() => { clock.now = TODAY })
      const late = await desk.again('ma.li')
      t.match(await late.submit(at(ref, `/extensions/${asked}`), { decision: 'grant', text: '案情复杂，等待鉴定' }), { status: 303, location: at(ref, '?done=granted') })
      t.match(await late.submit(at(ref, `/extensions/${asked}`), { decision: 'refuse', text: '不同意' }), { status: 409 }, 'decided once')
      const after = await dueOf(id)
      t.ok(after.due_on >= addDays(TODAY.slice(0, 10), 90) && after.due_on > before, `${before} → ${after.due_on}`)
      t.match(await db.selectFrom('complaint').select(['due_on', 'due_clock']).where('id', '=', id).executeTakeFirstOrThrow(), { due_clock: 'agency_explanation' })
      const letter = await db.selectFrom('document').select(['id', 'number']).where('complaint_id', '=', id).where('type', '=', 'extension_notice').executeTakeFirstOrThrow()
      t.match(letter.number, /延/)
      const sheet = (await late.get(`/desk/complaints/${ref}/documents/${letter.id}`)).body
      t.match(sheet, /延期告知书[^]*经本机关负责人批准[^]*案情复杂，等待鉴定[^]*延长后的办理期限至/)
      t.match((await late.get(at(ref, '/handle'))).body, /经批准延长30日[^]*90日/)
      const page = (await late.get(at(ref))).body
      t.match(page, /已批准[^]*延长后到期日为/)
      t.notMatch(/scope="row"[^>]*>办理期限[^]*?<\/tr>/.exec(page)?.[0] ?? '', /已逾期/)
      clock.now = TODAY
      t.match(await supervisor.submit(at(ref, '/extensions'), { clock: 'handle', days: '5', reason: '再延' }), { status: 422, body: /已经延长过一次/ })
    })

    t.test('nobody decides their own request, a refusal says why, lateness is not healed', async t => {
      const { ref, id } = await givenComplaint(app, 'accepted', TODAY)
      t.equal((await head.submit(at(ref, '/extensions'), { clock: 'handle', days: '10', reason: '案情复杂' })).status, 303)
      const { id: asked } = await db.selectFrom('clock_extension').select('id').where('complaint_id', '=', id).executeTakeFirstOrThrow()
      t.match(await head.submit(at(ref, `/extensions/${asked}`), { decision: 'grant', text: '同意' }), { status: 422, body: /应当由其他负责人审批/ })
      t.match((await approver.get(at(ref))).body, /不批准/)
      t.equal((await approver.submit(at(ref, `/extensions/${asked}`), { decision: 'refuse', text: '现有期限够用' })).status, 303)
      t.match((await head.get(at(ref))).body, /未批准[^]*现有期限够用/)
      t.equal(await db.selectFrom('document').select('id').where('complaint_id', '=', id).where('type', '=', 'extension_notice').executeTakeFirst(), undefined)
      clock.now = '2027-03-01T02:00:00.000Z'
      t.teardown(() => { clock.now = TODAY })
      await t.rejects(requestExtension(app, STAFF.investigator, ref, { clock: 'handle', days: 3, reason: '晚了' }, clock.now), { code: 'form_invalid', details: { fields: { '': { key: 'extension_block.overdue' } } } })
    })

    t.test('an agency asks for its own rectification, of no other case', async t => {
      const { ref, id } = await givenComplaint(app, 'document_issued', TODAY)
      await db.updateTable('complaint').set(eb => ({ agency_id: eb.selectFrom('account').select('agency_id').where('id', '=', STAFF.agency_handler.id) })).where('id', '=', id).execute()
      const { due_on: before } = await dueOf(id, 'rectify')
      await requestExtension(app, STAFF.agency_handler, ref, { clock: 'rectify', days: 15, reason: '设备采购需要时间' }, TODAY)
      await t.rejects(requestExtension(app, STAFF.agency_handler, ref, { clock: 'handle', days: 15, reason: '不归他们' }, TODAY), { code: 'forbidden' })
      const other = await givenComplaint(app, 'document_issued', TODAY)
      await db.updateTable('complaint').set({ agency_id: null }).where('id', '=', other.id).execute()
      await t.rejects(requestExtension(app, STAFF.agency_handler, other.ref, { clock: 'rectify', days: 15, reason: '别家的' }, TODAY), { code: 'not_found' })
      const { id: asked } = await db.selectFrom('clock_extension').select('id').where('complaint_id', '=', id).executeTakeFirstOrThrow()
      t.equal((await head.submit(at(ref, `/extensions/${asked}`), { decision: 'grant', text: '同意' })).status, 303)
      t.ok((await dueOf(id, 'rectify')).due_on >= addDays(before, 15))
    })

    t.test('T12: a supplement resumes the clock of acceptance on the same day and as the same event, by whatever channel it comes', async t => {
      for (const channel of ['web', ...RECORDED_CHANNELS] as const) {
        const { ref, id } = await givenComplaint(app, 'needs_info', TODAY)
        t.equal((await dueOf(id, 'accept')).paused_on, '2026-11-23', channel)
        clock.now = '2026-11-26T02:00:00.000Z'
        if (channel === 'web') await complainantMessage(app, id, '照片补来了', clock.now)
        else {
          const clerk = await desk.again('ma.li')
          t.match((await clerk.get(`/desk/complaints/${ref}`)).body, /记录收到的补正/)
          const { version } = await findByRef(db, ref)
          const url = `/desk/complaints/${ref}/transitions`
          t.match(await clerk.submit(url, { action: 'record_supplement', version: String(version), text: '' }), { status: 422, body: /收到的方式[^]*请写明投诉人补充了什么|请写明投诉人补充了什么/ })
          t.equal((await clerk.submit(url, { action: 'record_supplement', version: String(version), channel: 'pigeon', text: '照片补来了' })).status, 422)
          t.match(await clerk.submit(url, { action: 'record_supplement', version: String(version), channel, text: '照片补来了' }), { status: 303 }, channel)
        }
        t.match(await dueOf(id, 'accept'), { paused_on: null, due_on: '2026-12-03' }, channel)
        t.match(await db.selectFrom('event').select(['action', 'to_status', 'details']).where('complaint_id', '=', id).orderBy('seq', 'desc').executeTakeFirstOrThrow(), { action: 'supply_supplement', to_status: 'registered', details: channel === 'web' ? null : new RegExp(channel) })
        clock.now = TODAY
      }
    })

    t.test('T10: an examination has its plan within ten working days, and signing it stops the clock', async t => {
      const { ref, id } = await givenComplaint(app, 'investigating', TODAY)
      const plan = async () => await db.selectFrom('clock').select(['due_on', 'stopped_on']).where('complaint_id', '=', id).where('clock', '=', 'investigation_plan').executeTakeFirstOrThrow()
      t.match(await plan(), { due_on: '2026-12-07', stopped_on: null })
      t.match((await supervisor.get(`/desk/complaints/${ref}/investigate`)).body, /调查计划应于2026年12月7日前定稿/)
      const signing = `/desk/complaints/${ref}/investigate/plan-signatures`
      t.match(await supervisor.submit(signing), { status: 422, body: /还没有任何措施/ })
      await supervisor.submit(`/desk/complaints/${ref}/investigate/plan`, { measure: MEASURES[0], text: '调取当天的执法记录仪视频' })
      t.match((await supervisor.get(`/desk/complaints/${ref}/investigate`)).body, /计划定稿/)
      t.equal((await supervisor.submit(signing)).status, 303)
      t.equal((await supervisor.submit(signing)).status, 303, 'twice')
      t.match(await plan(), { stopped_on: '2026-11-23' })
      t.match((await supervisor.get(`/desk/complaints/${ref}/investigate`)).body, /测试sun\.yue于2026年11月23日定稿/)
      t.equal((await db.selectFrom('event').select('seq').where('complaint_id', '=', id).where('action', '=', 'plan_signed').execute()).length, 1)
    })

    t.test('a suspension pauses for its reason, and the page says so', async t => {
      const { ref, id } = await givenComplaint(app, 'suspended', TODAY)
      t.match((await head.get(at(ref))).body, /等待鉴定、检测或者评估结论，期限暂停计算/)
      t.match(await supervisor.submit(at(ref, '/extensions'), { clock: 'handle', days: '5', reason: '等结论' }), { status: 422, body: /期限正在中止/ })
      await step(app, id, 'approver', { action: 'resume' }, '2026-12-03T02:00:00.000Z')
      t.equal((await dueOf(id)).due_on, '2027-02-01', 'ten days later')
    })

    t.test('each level reminds each person once, also with two processes at once', async t => {
      const { id, ref } = await givenComplaint(app, 'accepted', TODAY)
      const [me, leader, boss] = [await desk.idOf('sun.yue'), await desk.idOf('ma.li'), await desk.idOf('wu.jun')]
      await db.updateTable('complaint').set({ handler_id: me }).where('id', '=', id).execute()
      const levels = async (account: number): Promise<unknown[]> => (await listReminders(app, account)).filter(row => row.ref === ref).map(({ level }) => level)
      const on = (days: number): string => `${addDays(localDate(TODAY), days)}T02:00:00.000Z`
      await remindOfClocks(app, on(20))
      t.same(await levels(me), [])
      const made = await Promise.all([remindOfClocks(app, on(30)), remindOfClocks(app, on(30))])
      t.same([await levels(me), await levels(leader)], [[50], []], `${made.join(' and ')} made`)
      await remindOfClocks(app, on(48))
      t.same([await levels(me), await levels(leader), await levels(boss)], [[80], [80], []], 'the higher one takes the place of the lower')
      clock.now = on(48)
      t.teardown(() => { clock.now = TODAY })
      const entered = await desk.again('sun.yue')
      const page = await entered.get('/desk/reminders')
      t.match(page.body, new RegExp(`${ref}[^]*办理期限已用去八成`))
      const ending = new RegExp(`action="(/desk/reminders/${id}[^"]*)"`).exec(page.body)?.[1] ?? ''
      t.equal((await entered.submit(ending)).status, 303)
      await remindOfClocks(app, on(49))
      t.same(await levels(me), [], 'ticked off is ticked off')
      t.same(await levels(leader), [80], 'each for themselves')
      await remindOfClocks(app, on(90))
      t.same([await levels(me), await levels(boss)], [[100], [100]])
      await step(app, id, 'complainant', { action: 'withdraw' }, on(90))
      t.same([await levels(me), await levels(boss)], [[], []], 'nothing is left of a clock that has stopped')
    })

    t.test('T13: on the morning of a working day who has reminders gets one letter of references and reasons, from whichever process', async t => {
      const { id, ref } = await givenComplaint(app, 'accepted', TODAY)
      const me = await desk.idOf('sun.yue')
      await db.updateTable('complaint').set({ handler_id: me }).where('id', '=', id).execute()
      t.match((await supervisor.get(ROUTES.sessions)).body, /每日提醒邮件/)
      t.match(await supervisor.submit(ROUTES.deskMail, { email: 'not an address', digest: 'yes' }), { status: 422, body: /邮箱地址的格式不对[^]*not an address/ })
      t.match(await supervisor.submit(ROUTES.deskMail, { digest: 'yes' }), { status: 422, body: /请填写邮箱/ })
      t.equal((await supervisor.submit(ROUTES.deskMail, { email: 'sun.yue@example.gov.cn', digest: 'yes' })).status, 303)
      t.match((await supervisor.get('/en/desk/mail')).body, /value="sun\.yue@example\.gov\.cn"/)
      t.notMatch(JSON.stringify(await db.selectFrom('account').selectAll().execute()), /example\.gov\.cn/, 'sealed')
      const letters = async (): Promise<string[]> => (await db.selectFrom('outbox').select(['id', 'sealed']).where('kind', '=', 'morning').execute()).map(row => openText(app.keys.identity, row.sealed, `outbox|${row.id}`))
      const at = (day: string, time: string): string => new Date(`${day}T${time}:00+08:00`).toISOString()
      const write = async (now: string): Promise<number> => { clock.now = now; return await writeMorningLetters(app, now) }
      t.teardown(() => { clock.now = TODAY })
      t.equal(await write(at('2026-11-24', '08:30')), 0, 'nothing waits')
      await remindOfClocks(app, at('2026-12-25', '00:10'))
      t.equal(await write(at('2026-12-25', '08:29')), 0, 'too early')
      t.equal(await write(at('2026-12-26', '09:00')), 0, 'a Saturday')
      t.equal((await Promise.all([write(at('2026-12-25', '08:30')), write(at('2026-12-25', '08:30'))])).reduce((a, b) => a + b), 1, 'two processes')
      t.equal(await write(at('2026-12-25', '12:00')), 0, 'once a day')
      const [letter = ''] = await letters()
      t.match(letter, new RegExp(`${ref}[^]*办理期限已用去一半[^]*http[^ ]+/desk/complaints/${ref}[^]*/en/desk/complaints/${ref}`))
      t.notMatch(letter, /冰柜|演示投诉人|执法证件/, 'nothing of the case')
      t.equal(await write(at('2026-12-28', '10:00')), 1, 'it still waits on Monday')
      const { role, bureau_id: bureau } = await db.selectFrom('account').select(['role', 'bureau_id']).where('id', '=', me).executeTakeFirstOrThrow()
      const district = await db.selectFrom('bureau').select('id').where('parent_id', 'is not', null).orderBy('id').executeTakeFirstOrThrow()
      const move = async (change: { role: string } | { bureau_id: number }): Promise<void> => { await db.updateTable('account').set({ digest_on: null, ...change }).where('id', '=', me).execute() }
      await move({ role: 'admin' })
      t.equal(await write(at('2026-12-28', '11:00')), 0, 'who may not open cases any more is not told of them')
      await move({ role })
      await move({ bureau_id: district.id })
      t.equal(await write(at('2026-12-28', '12:00')), 0, 'nor who has gone to another bureau')
      await move({ bureau_id: bureau })
      const mine = await desk.again('sun.yue')
      await mine.get(ROUTES.deskMail)
      t.equal((await mine.submit(ROUTES.deskMail, { email: 'sun.yue@example.gov.cn' })).status, 303)
      t.equal(await write(at('2026-12-29', '10:00')), 0, 'not wanted any more')
    })

    t.test('the administrator takes next year in, and every running clock is reckoned anew', async t => {
      const admin = await desk.enter('xu.an')
      t.match((await app.inject('/readyz')).json(), { status: 'ready', warnings: ['calendar_2027_missing'] })
      t.match((await admin.get('/desk')).body, /2027年的放假安排还没有收录/)
      t.match((await head.get('/desk')).body, /2027年的放假安排还没有收录/)
      t.notMatch((await supervisor.get('/desk')).body, /放假安排还没有收录/)
      t.equal((await head.get('/admin/calendar')).status, 403)
      const bad = ['2027-01-01 休 元旦', '2027-02-30 休 春节', '乱写', '2027-01-04 班 元旦'].join('\n')
      t.match(await admin.submit('/admin/calendar/previews', { text: bad, document_no: '国办发明电〔2026〕9号' }), { status: 422, body: /第3行：看不懂这一行：乱写/ })
      t.match(await admin.submit('/admin/calendar/previews', { text: bad.replace('\n乱写', ''), document_no: '国办' }), { status: 422, body: /没有这一天：2027-02-30[^]*2027-01-04本来就是工作日/ })
      t.match(await admin.submit('/admin/calendar/previews', { text: '{"year":2027,"papers":[],"days":[]}' }), { status: 422, body: /没有任何放假安排/ }, 'the empty file that exists before the notice')
      t.match(await admin.submit('/admin/calendar/previews', { text: '{"year":2027,' }), { status: 422, body: /不是完整的 JSON/ })
      t.match(await admin.submit('/admin/calendar/previews', { text: '2027-01-01 休 元旦' }), { status: 422, body: /请填写通知文号/ })

      const right = tokenOf(await admin.get('/admin/calendar'))
      const upload = async (content: Buffer | string, documentNo = '', token = right): Promise<{ status: number, body: string }> => {
        const cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const { statusCode, body } = await app.inject({ method: 'POST', url: '/admin/calendar/uploads', headers: { cookie, 'content-type': 'multipart/form-data; boundary=sunlit-boundary', 'sec-fetch-site': 'same-origin' }, payload: multipartOf({ _csrf: token, document_no: documentNo }, [{ name: 'x.csv', type: 'text/csv', content: Buffer.from(content) }]) })
        return { status: statusCode, body }
      }
      const table = '\uFEFFname,date,isOffDay\r\n元旦,2027-01-01,true\r\n"元旦",2027/1/3,FALSE\r\n'
      t.match(await upload(table, '国办发明电〔2026〕9号'), { status: 200, body: /新收录365天[^]*2027年1月3日[^]*元旦/ })
      t.match(await upload(table), { status: 422, body: /请填写通知文号[^]*元旦/ })
      t.match(await upload(Buffer.concat([Buffer.from('date,name,isOffDay\n2027-01-01,'), Buffer.from([0xD4, 0xAA, 0xB5, 0xA9]), Buffer.from(',1\n')]), '国办'), { status: 200, body: /元旦/ }, 'GB18030')
      t.match(await upload('date,name,isOffDay\n2027-01-01,元旦,maybe\n2027-02-30,春节,1', '国办'), { status: 422, body: /第2行：看不懂这一行/ })
      t.match(await upload('{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}'), { status: 200 })
      t.match(await upload(''), { status: 422, body: /请选择文件/ })
      t.match(await upload('x'.repeat(70_000)), { status: 422, body: /超过60 KB/ })
      t.match(await upload(Buffer.from([0xFF, 0xFE, 0x00, 0x81, 0xFF])), { status: 422, body: /编码无法识别/ })
      t.equal((await upload(table, '国办', 'not-the-token')).status, 403)

      const { id, ref } = await givenComplaint(app, 'accepted', TODAY)
      t.match(await dueOf(id), { due_on: '2027-01-22' })
      const issued = await givenComplaint(app, 'document_issued', '2026-12-23T02:00:00.000Z')
      await db.insertInto('demand').values(['2027-01-22', '2027-01-15'].map((due, at) => ({ document_id: 'x', kind: 'correct', sealed: '', state: 'open', changed_at: TODAY, complaint_id: issued.id, no: at + 1, due_on: due }))).execute()
      const text = JSON.stringify({ year: 2027, papers: ['https://www.gov.cn/x.htm'], days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }, { name: '测试假', date: '2027-01-22', isOffDay: true }, { name: '测试假', date: '2027-01-24', isOffDay: false }] })
      t.match(await admin.submit('/admin/calendar/previews', { text }), { status: 200, body: /新收录365天，更改已收录的0天[^]*2027年1月22日[^]*没有收录/ })
      t.equal((await db.selectFrom('calendar_day').select('date').where('date', '>=', '2027-01-01').execute()).length, 0, 'a preview writes nothing')
      const taken = await admin.submit('/admin/calendar/changes', { text })
      t.equal(taken.status, 303)
      t.match(await dueOf(id), { due_on: '2027-01-24' }, 'a worked Sunday after the holiday')
      t.match(await db.selectFrom('complaint').select('due_on').where('id', '=', id).executeTakeFirstOrThrow(), { due_on: '2027-01-24' })
      t.same((await db.selectFrom('demand').select('due_on').where('complaint_id', '=', issued.id).orderBy('no').execute()).map(row => row.due_on), ['2027-01-24', '2027-01-15'], 'a demand moves with its period, one with a day of its own stays')
      t.match((await admin.get(taken.location ?? '')).body, new RegExp(`${ref}[^]*办理期限[^]*2027年1月22日[^]*2027年1月24日`))
      t.match(await db.selectFrom('event').select(['action', 'audience']).where('complaint_id', '=', id).where('action', '=', 'due_moved').execute(), [{ audience: 'internal' }])
      const count = async () => (await db.selectFrom('due_change').select('ref').execute()).length
      const before = await count()
      await admin.submit('/admin/calendar/changes', { text })
      t.equal(await count(), before, 'the same notice again moves nothing')
      t.notMatch((await head.get('/desk')).body, /放假安排还没有收录/)
      t.match((await admin.get('/en/admin/calendar')).body, /365[^]*Change of the holidays of 2027/)
    })

    t.test('a period is changed with reasons from a day on; clocks that run keep their rule, a statute is left alone', async t => {
      const admin = await desk.again('xu.an')
      t.match((await admin.get('/admin/deadlines')).body, /cn-default[^]*受理审查期限/)
      t.match(await admin.submit('/admin/deadlines/withdrawal/changes', { days: '30' }), { status: 422, body: /由法律规定/ })
      t.match(await admin.submit('/admin/deadlines/handle/changes', { days: '0', day_type: 'moons', from_year: '2020', from_month: '1', from_day: '1' }), { status: 422, body: /请填写1至730之间的整数[^]*请写明依据[^]*请写明更改的理由/ })
      const running = await givenComplaint(app, 'accepted', TODAY)
      const before = await dueOf(running.id)
      const change = { days: '45', day_type: 'calendar', kind: 'our_default', basis: '本局自定', reason: '缩短办理期限', from_year: '2026', from_month: '12', from_day: '1' }
      t.equal((await admin.submit('/admin/deadlines/handle/changes', change)).status, 303)
      t.match((await admin.get('/admin/deadlines')).body, /尚未施行[^]*缩短办理期限/)
      t.equal(await applyRuleChanges(app, TODAY), 0)
      await Promise.all([applyRuleChanges(app, '2026-12-01T00:00:00.000Z'), applyRuleChanges(app, '2026-12-01T00:00:00.000Z')])
      t.same(await dueOf(running.id), before)
      const later = await givenComplaint(app, 'accepted', '2026-12-01T02:00:00.000Z')
      t.match(await db.selectFrom('clock').select(['days', 'basis']).where('complaint_id', '=', later.id).where('clock', '=', 'handle').executeTakeFirstOrThrow(), { days: 45, basis: '本局自定' })
      t.equal((await head.get('/admin/deadlines')).status, 403)
    })

    t.test('a task for oneself is asked for by name, shown to nobody else', async t => {
      const { ref } = await givenComplaint(app, 'accepted', TODAY)
      t.match(await supervisor.submit(at(ref, '/tasks'), { text: '', due_year: '2026', due_month: '2', due_day: '30' }), { status: 422, body: /请写明要做什么[^]*没有这一天/ })
      t.match(await supervisor.submit(at(ref, '/tasks'), { text: '打电话问鉴定所', due_year: '2026', due_month: '11', due_day: '1' }), { status: 422, body: /不能早于今天/ })
      t.equal((await supervisor.submit(at(ref, '/tasks'), { text: '打电话问鉴定所', due_year: '2026', due_month: '12', due_day: '1' })).status, 303)
      t.match((await supervisor.get('/desk/reminders')).body, /打电话问鉴定所/)
      t.notMatch((await head.get('/desk/reminders')).body, /打电话问鉴定所/)
    })
  })
}
