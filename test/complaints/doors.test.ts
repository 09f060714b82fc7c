import t from 'tap'
import { importRecords } from '../../src/admin/imports/service.ts'
import { reportLines } from '../../src/admin/imports/report/print.ts'
import type { ImportOptions } from '../../src/admin/imports/schema.ts'
import { hashSecret } from '../../src/vault/passwords.ts'
import { givenHouse, type House } from '../fixtures/app.ts'
import { givenStaff } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { PAPER_STEPS, paperVersion } from '../../src/complaints/form/paper/service.ts'
import { STEPS } from '../../src/complaints/form/steps/schema.ts'
import { CONSENTS } from '../../src/domain/process/consents.ts'
import { signInAs } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

/** Every choice of the form and every consent has a box on paper. */
const BOXES = Object.values(PAPER_STEPS).flat().flatMap(([, room]) => typeof room === 'number' ? [] : room[1]).length + Object.keys(CONSENTS).length

const PASSWORD = 'Sunlit-Pass-2026'

/** A signed-in member of staff in a browser of their own. */
async function signedIn ({ app, db, keys }: House, role: string) {
  await db.updateTable('account').set({ password_hash: await hashSecret(PASSWORD, keys.pepper) }).where('username', '=', role).execute()
  const browser = visitor(app)
  await signInAs(app, browser, { username: role, password: PASSWORD })
  return browser
}

const RECEIVED = { received_on_year: '2026', received_on_month: '11', received_on_day: '19' }

/** Fills in the pages after the source, as short as they may be. */
async function fillIn (browser: ReturnType<typeof visitor>, { person = true } = {}): Promise<void> {
  const pages: Array<[string, Record<string, string>]> = [
    ['target', { unsure: '1' }],
    ['what', { count: '1', ground_1: 'G01', text_1: '两名执法人员进店检查时都没有出示执法证件，问了也不回答' }],
    ['when-where', { date_year: '2026', date_month: '11', date_day: '18', place: '甲路一号' }],
    ['rule', {}], ['effect', { claim: '请查清是谁来检查' }], ['elsewhere', { kind: 'none' }], ['evidence', {}],
    ...person ? [['you', { mode: 'confidential', name: '演示来电人', phone: '13800000001' }] as [string, Record<string, string>]] : []
  ]
  for (const [step, form] of pages) {
    await browser.get(`/complain/draft/${step}`)
    const { status, body } = await browser.submit(`/complain/draft/${step}`, form)
    if (status !== 303) throw new Error(`${step}: ${status} ${body.slice(0, 2000)}`)
  }
}

for (const engine of ENGINES) {
  t.test(`other doors, ${engine}`, async t => {
    const house = await givenHouse(t, engine)
    const { db } = house
    await givenStaff(db)
    const clerk = await signedIn(house, 'clerk')

    await t.test('F-1 F-3 G-2: a telephone call is entered in the same form, counts from the day it was received, and names who entered it', async t => {
      t.match((await clerk.get('/desk/new')).body, '代为录入投诉')
      const begun = await clerk.submit('/desk/new', { source: 'phone', ...RECEIVED })
      t.equal(begun.location, '/complain/draft/target')
      t.match((await clerk.get('/complain/draft/target')).body, '代为录入：来电')
      await fillIn(clerk)
      await clerk.get('/complain/draft/check')
      const sent = await clerk.submit('/complain/submissions')
      t.equal(sent.location, '/complain/receipt')
      const receipt = await clerk.get('/complain/receipt')
      t.match(receipt.body, '请在电话中把受理编号和查询码读给投诉人')
      const row = await db.selectFrom('complaint').selectAll().executeTakeFirstOrThrow()
      t.match(row, { source: 'phone', received_on: '2026-11-19', entered_by: 101, suspect: 0, identity_mode: 'confidential' })
      const clock = await db.selectFrom('clock').select(['started_at', 'due_on']).where('clock', '=', 'accept').executeTakeFirstOrThrow()
      t.same(clock, { started_at: '2026-11-18T16:00:00.000Z', due_on: '2026-11-26' }, 'five working days after Thursday the 19th')
      t.match(await db.selectFrom('event').select(['action', 'actor_id', 'actor_role']).executeTakeFirstOrThrow(), { action: 'submit', actor_id: 101, actor_role: 'clerk' })
      t.match(await db.selectFrom('audit_entry').selectAll().where('action', '=', 'complaint.submit').executeTakeFirstOrThrow(), { actor_id: 101, role: 'clerk', subject: row.ref })
      const left = await clerk.submit('/complain/receipt')
      t.equal(left.location, `/desk/complaints/${row.ref}`)
      t.match((await clerk.get(`/desk/complaints/${row.ref}`)).body, /来电[\s\S]*2026年11月19日/)
      t.equal((await clerk.get('/complain/receipt')).status, 303, 'the code is not shown to staff again')
      t.equal((await clerk.submit('/complain/submissions')).location, '/complain?expired=1', 'nor by sending the form once more')
      t.match((await clerk.get('/desk/queue?source=phone')).body, row.ref)
      t.notMatch((await clerk.get('/desk/queue?source=letter')).body, row.ref)
    })

    await t.test('an item of the hotline is entered once, whatever spaces its number has', async t => {
      await clerk.get('/desk/new')
      await clerk.submit('/desk/new', { source: 'hotline_12345', number: 'SY2026112300017', ...RECEIVED })
      await fillIn(clerk)
      await clerk.get('/complain/draft/check')
      t.equal((await clerk.submit('/complain/submissions')).location, '/complain/receipt')
      const { ref } = await db.selectFrom('complaint').select('ref').where('source', '=', 'hotline_12345').executeTakeFirstOrThrow()
      await clerk.get('/desk/new')
      const again = await clerk.submit('/desk/new', { source: 'hotline_12345', number: ' SY 20261123 00017 ', ...RECEIVED })
      t.equal(again.status, 422)
      t.match(again.body, `这个编号已经录入过，受理编号为${ref}`)
      t.match(again.body, 'SY 20261123 00017', 'what was typed stays')
    })

    await t.test('F-3: the same item entered at two desks at once is filed once, and the other is told where it is', async t => {
      const second = await signedIn(house, 'triager')
      for (const desk of [clerk, second]) {
        await desk.get('/desk/new')
        t.equal((await desk.submit('/desk/new', { source: 'hotline_12345', number: 'SY2026112300099', ...RECEIVED })).location, '/complain/draft/target', 'nobody has it yet')
        await fillIn(desk)
        await desk.get('/complain/draft/check')
      }
      const sent = await Promise.all([clerk.submit('/complain/submissions'), second.submit('/complain/submissions')])
      t.same(sent.map(({ status }) => status).sort(), [303, 409])
      const rows = await db.selectFrom('complaint').select('ref').where('source', '=', 'hotline_12345').orderBy('submitted_at', 'desc').execute()
      t.equal(rows.length, 2, 'this and the one before')
      const loser = sent.find(({ status }) => status === 409)?.body ?? ''
      t.ok(rows.some(({ ref }) => loser.includes(ref)), 'the reference stands on the page')
    })

    await t.test('what the bureau found itself has no complainant, no code and no page that asks who complains', async t => {
      await clerk.get('/desk/new')
      await clerk.submit('/desk/new', { source: 'own_motion', ...RECEIVED })
      await fillIn(clerk, { person: false })
      t.equal((await clerk.get('/complain/draft/you')).location, '/complain/draft/check')
      await clerk.get('/complain/draft/check')
      const sent = await clerk.submit('/complain/submissions')
      const { ref, identity_mode: mode } = await db.selectFrom('complaint').select(['ref', 'identity_mode']).where('source', '=', 'own_motion').executeTakeFirstOrThrow()
      t.equal(mode, 'anonymous')
      t.equal(sent.location, `/desk/complaints/${ref}`)
      t.match((await clerk.get('/desk/queue?source=own_motion')).body, /sl-mode--nobody">依职权/)
      const messages = (await clerk.get(`/desk/complaints/${ref}?tab=messages`)).body
      t.match(messages, /没有投诉人：本件不是因投诉举报而来/)
      t.notMatch(messages, /name="text"/, 'there is nobody to write to')
      t.match((await clerk.get(`/desk/complaints/${ref}/contacts`)).body, /没有投诉人：本件不是因投诉举报而来/)
    })

    await t.test('R-6 S-3 Z-2: an entry belongs to the person who began it, and closes with the desk', async t => {
      await clerk.get('/desk/new')
      await clerk.submit('/desk/new', { source: 'letter', ...RECEIVED })
      await clerk.get('/complain/draft/target')
      await clerk.submit('/complain/draft/target', { unsure: '1' })
      const { id } = await db.selectFrom('draft').select('id').where('source', '=', 'letter').executeTakeFirstOrThrow()
      const other = await signedIn(house, 'approver')
      await other.get('/desk/new')
      t.equal((await other.submit('/desk/new/resumptions', { id })).status, 410)
      t.equal((await other.submit('/desk/new/removals', { id })).status, 410)
      clerk.cookies.delete('sunlit-staff')
      t.equal((await clerk.get('/complain/draft/what')).location, '/desk/sign-in', 'without the desk the form stays closed')
      t.equal((await clerk.get('/complain')).status, 200, 'who sits down at the counter next complains for himself')
      const back = await signedIn(house, 'clerk')
      t.match((await back.get('/desk/new')).body, '我未提交的录入')
      t.equal((await back.submit('/desk/new/resumptions', { id })).location, '/complain/draft/what')
      await back.get('/desk/new')
      t.equal((await back.submit('/desk/new/removals', { id })).location, '/desk/new?removed=1')
      t.equal((await (await signedIn(house, 'investigator')).get('/desk/new')).status, 403)
    })

    await t.test('I-2 I-3: a list of the hotline is checked row by row with the rules of the form, goes in whole or not at all, and once', async t => {
      const row = (number: string, more: Record<string, string> = {}): Record<string, string> => ({
        工单编号: number, 转办时间: '2026-11-19 10:22:33', 诉求内容: '来电人反映城管执法人员扣押三轮车，没有出具任何清单', 被投诉单位: '', 投诉事由: '', 发生时间: '十一月中旬', 来电人: '演示·李', 来电号码: '13900000002', 是否保密: '', ...more
      })
      const load = async (rows: Array<Record<string, string>>, options: Partial<ImportOptions> = {}) => {
        const wish: ImportOptions = { kind: 'hotline', input: { name: '转办清单.csv', rows }, ...options }
        const report = await importRecords({ db, keys: house.keys, auditKey: house.keys.audit, now: house.clock.now }, wish)
        return { report, text: reportLines('zh-CN', report, wish, 0).join('\n') }
      }
      const count = async (): Promise<number> => (await db.selectFrom('complaint').select('id').where('source', '=', 'hotline_12345').execute()).length
      const before = await count()
      const good = [row('GD-1'), row('GD-2', { 来电人: '匿名', 投诉事由: 'G08', 发生时间: '2026/11/18' }), row('GD-3', { 是否保密: '否' })]
      const bad = [row('GD-4', { 诉求内容: '太短' }), row('GD-5', { 转办时间: '2026-12-01' }), row('GD-6', { 来电号码: '12345' }), row(' gd-1 '), row('GD-7', { 投诉事由: '没有这个事由' }), row('')]
      const refused = await load([...good, ...bad])
      t.match(refused.report, { written: false, counts: { read: 9, new: 3, rejected: 6 } })
      t.same(refused.report.faults.map(fault => [fault.row, fault.column]).sort(), [[5, '诉求内容'], [6, '转办时间'], [7, '来电号码'], [8, '工单编号'], [9, '投诉事由'], [10, '工单编号']].sort())
      t.match(refused.text, /收到日期不能晚于今天/)
      for (const secret of ['演示·李', '13900000002', '太短', '三轮车']) t.notOk(refused.text.includes(secret), secret)
      t.match(await load(good, { dryRun: true }), { report: { written: false, counts: { new: 3 } } })
      t.equal(await count(), before, 'nothing went in')
      t.match(await load(good), { report: { written: true, counts: { new: 3, rejected: 0 } } })
      t.match(await load(good), { report: { written: false, counts: { new: 0, unchanged: 3 } } })
      const rows = await db.selectFrom('complaint').select(['id', 'identity_mode', 'received_on', 'suspect', 'occurred_on']).where('source', '=', 'hotline_12345').where('entered_by', 'is', null).execute()
      t.equal(await count(), before + 3)
      t.same(rows.map(one => one.identity_mode).sort(), ['anonymous', 'confidential', 'named'])
      const nobody = rows.find(one => one.occurred_on === '2026-11-18' && one.identity_mode === 'anonymous')
      t.match(nobody, { received_on: '2026-11-19', suspect: 0 })
      t.equal(await db.selectFrom('identity').select('complaint_id').where('complaint_id', '=', nobody?.id ?? '').executeTakeFirst(), undefined, 'nothing of a person is kept')
    })

    await t.test('V-1: faults of the first page name their field and keep what was typed', async t => {
      const again = await signedIn(house, 'clerk')
      await again.get('/desk/new')
      const wrong = await again.submit('/desk/new', { source: 'superior', number: '交办〔2026〕1号', received_on_year: '2026', received_on_month: '13', received_on_day: '40' })
      t.equal(wrong.status, 422)
      for (const words of ['请填写转来单位', '请填写收到日期', '交办〔2026〕1号']) t.match(wrong.body, words)
      t.match((await again.submit('/desk/new', { source: 'phone', ...RECEIVED, received_on_day: '30' })).body, '收到日期不能晚于今天')
      t.equal((await again.submit('/desk/new', { source: 'web', ...RECEIVED })).status, 422)
      t.equal((await again.submit('/desk/new', { source: 'constructor', ...RECEIVED })).status, 422)
    })
  })
}

t.test('B18: the code on the paper form opens its entry, and says when the sheet asks other questions', async t => {
  const house = await givenHouse(t)
  await givenStaff(house.db)
  const clerk = await signedIn(house, 'clerk')
  t.match((await clerk.get(`/desk/new?source=letter&form=${paperVersion()}`)).body, new RegExp(`表号 ${paperVersion()}）[^]*value="letter"[^>]* checked`))
  t.match((await clerk.get('/desk/new?source=letter&form=00000000')).body, '与现用的题目不同')
  for (const form of ['%3Cb%3E', 'x', '']) t.notMatch((await clerk.get(`/desk/new?source=nothing&form=${form}`)).body, /表号/)
})

t.test('B18: the form on paper asks what the form asks, in its order, in both languages, and leaves no trace of its reader', async t => {
  const { app } = await givenHouse(t)
  t.same(Object.keys(PAPER_STEPS), STEPS.filter(step => step !== 'check'), 'a page more or less shows here')
  const { get, cookies } = visitor(app)
  for (const prefix of ['', '/en']) {
    const page = await get(`${prefix}/complain/form`)
    t.equal(page.status, 200)
    for (const [at] of Object.keys(PAPER_STEPS).entries()) t.match(page.body, `<strong>${at + 1}.1</strong>`)
    t.equal(page.body.split('□').length - 1, BOXES, 'one box for each choice')
    t.match(page.body, paperVersion())
    t.match(page.body, /sl-paper__code[^]*<svg/)
  }
  t.equal(cookies.size, 0)
  t.match((await get('/complain')).body, '/complain/form')
})
