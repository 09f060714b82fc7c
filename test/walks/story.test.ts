import t, { type Test } from 'tap'
import { translator } from '../../src/i18n/index.ts'
import { BROWSER } from '../fixtures/browser.ts'
import { givenFiled } from '../fixtures/complaints.ts'
import { NU } from '../fixtures/nu.ts'
import { codeFor } from '../fixtures/sign-in.ts'
import { checkHtml, givenPortal, walkerIn, type Portal, type Walker } from './portal.ts'

const STORY = '罚款通知上没有写明裁量的理由，同样的情形别家只是警告，我们却被罚了款。'
const REASONS = '案卷中没有裁量理由，处罚幅度与基准不符。'
const ANSWER = '经调查，原处罚决定没有说明裁量理由，已由市政府作出监督决定予以撤销，罚款已经退还。'
const WAY = '您对处罚决定不服，可以自收到决定书之日起六十日内申请行政复议，也可以在六个月内向人民法院提起行政诉讼。'
const SAVE = 'button[name=do][value=save]'
const DAY = 86_400_000

/** Everybody of the story, each in a browser of their own. */
interface Stage { t: Test, portal: Portal, people: Map<string, Walker>, word: (key: string, values?: Record<string, unknown>) => string }

/** Somebody of the bureau, an agency or the government, signed in with password and code; comes back as they left. */
async function as ({ t, portal, people }: Stage, username: string): Promise<Walker> {
  const known = people.get(username)
  if (known !== undefined) return known
  const walker = await walkerIn(t, portal)
  const { password = '' } = portal.accounts.find(account => account.username === username) ?? {}
  await walker.open('/desk/sign-in')
  await walker.page.fill('#username', username)
  await walker.page.fill('#password', password)
  await walker.press('main form button[type=submit]')
  await walker.page.fill('#code', await codeFor(portal.app, username))
  await walker.press('main form button[type=submit]')
  people.set(username, walker)
  return walker
}

/** Days go by; nobody stays signed in over night. */
function wait ({ portal, people }: Stage, days: number): void {
  portal.clock.now = new Date(Date.parse(portal.clock.now) + days * DAY).toISOString()
  people.clear()
}

/** Takes a step that has a page of its own, with what its form asks. */
async function take ({ open, page, press }: Walker, ref: string, action: string, fields: Record<string, string> = {}): Promise<void> {
  await open(`/desk/complaints/${ref}`)
  await press(`main a[href*="action=${action}"], form[action$="/transitions"]:has([name=action][value=${action}]) button`)
  const form = 'main form[action$="/transitions"]'
  if (await page.locator(form).first().isVisible() && page.url().includes(`action=${action}`)) {
    for (const [name, value] of Object.entries(fields)) {
      const field = page.locator(`${form} [name=${name}]`).first()
      const kind = await field.evaluate(element => `${element.tagName} ${element.getAttribute('type') ?? ''}`)
      if (kind.includes('radio')) await page.check(`${form} [name=${name}][value="${value}"]`)
      else if (kind.startsWith('SELECT')) await field.selectOption(value)
      else await field.fill(value)
    }
    await press(`${form} button[type=submit]`)
  }
}

/** What the head of a case says of where it stands. */
async function stands ({ t, word }: Stage, { page, open }: Walker, ref: string, status: string): Promise<void> {
  await open(`/desk/complaints/${ref}`)
  t.ok(await page.locator('main').getByText(word(`status.${status}`), { exact: true }).first().isVisible(), `the case is ${status}`)
}

/** A shopkeeper finds the decision on the register and complains about it; gives reference and query code. */
async function complain ({ t, portal, word }: Stage, { number, code: record }: { number: string, code: string }): Promise<[string, string]> {
  const { page, open, press, look } = await walkerIn(t, portal)
  await open(`/decisions?q=${encodeURIComponent(number)}`)
  t.equal(new URL(page.url()).pathname, `/decisions/${record}`, 'a number leads to its record')
  await look('story-01-decision')
  await press('main a[href*="/complain?"]')
  t.ok(await page.getByText(word('complain.about')).isVisible(), 'the complaint is about that decision')
  await press('main form button[type=submit]')
  await press(SAVE)
  await page.selectOption('#ground_1', 'G03')
  await page.fill('#text_1', STORY)
  await press(SAVE)
  await page.fill('#place', '店里')
  await page.fill('#date', '2026')
  await page.fill('#date_month', '10')
  await page.fill('#date_day', '20')
  await press(SAVE)
  await press(SAVE) // which rule: as the decision says
  await page.fill('#claim', '撤销处罚决定，退还罚款。')
  await press(SAVE)
  await page.check('input[name=kind][value=none]')
  await press(SAVE)
  if (page.url().endsWith('/evidence')) await press(SAVE)
  await page.fill('#name', '演示店主')
  await page.fill('#phone', '13800138000')
  await press(SAVE)
  if (page.url().endsWith('/evidence')) await press(SAVE)
  portal.clock.now = new Date(Date.parse(portal.clock.now) + 20 * 60_000).toISOString() // nobody writes faster than that
  await press('form[action$="/complain/submissions"] button')
  const [ref = '', code = ''] = await page.locator('.sl-codebox').allInnerTexts()
  t.match(ref, /^TS\d{11}$/)
  await look('story-02-receipt')
  return [ref, code]
}

/** Triage: the clerk registers and accepts. */
async function takeIn (stage: Stage, ref: string): Promise<void> {
  const clerk = await as(stage, 'clerk')
  await clerk.open(`/desk/complaints/${ref}`)
  await clerk.press('form[action$="/claims"] button')
  await take(clerk, ref, 'register')
  await take(clerk, ref, 'accept')
  await stands(stage, clerk, ref, 'accepted')
}

/** The head names two supervisors; they hear somebody, answer the checklist, and find. */
async function examine (stage: Stage, ref: string): Promise<void> {
  const { t, word } = stage
  const head = await as(stage, 'head')
  for (const name of ['演示·监督人员', '演示·监督人员乙']) {
    await head.open(`/desk/complaints/${ref}/people`)
    const value = await head.page.locator('select[name=account] option').filter({ hasText: new RegExp(`^${name}(?!乙)`) }).first().getAttribute('value')
    await head.page.selectOption('select[name=account]', value)
    await head.press('form:has(select[name=account]) button')
  }
  await head.look('story-03-people')
  const first = await as(stage, 'investigator')
  await take(first, ref, 'start_investigation', { text: '请说明裁量的理由，并提供处罚案卷。' })
  await stands(stage, first, ref, 'investigating')

  const { page, open, press, look } = first
  await open(`/desk/complaints/${ref}/records/new?kind=interview`)
  for (const [name, value] of Object.entries({ on_year: '2026', on_month: '11', on_day: '20', from: '09:30', to: '10:10', place: '市司法局二楼询问室', persons: '演示办案人员（虚构）', content: '问：裁量的理由是什么？答：没有写明。' })) await page.fill(`[name=${name}]`, value)
  await page.selectOption('select[name=second]', { index: 1 })
  await press('main form.sl-form button[type=submit]')
  const record = new URL(page.url()).pathname
  await press('form[action$="/signatures"] button')
  const second = await as(stage, 'investigator2')
  await second.open(record)
  await second.press('form[action$="/signatures"] button')
  await second.look('story-04-record')
  t.ok(await second.page.getByText(word('record_state.signed')).first().isVisible(), 'both have signed')

  await open(`/desk/complaints/${ref}/findings?issue=1`)
  await page.check('input[name=finding][value=substantiated]')
  await page.fill('[name=reasons]', REASONS)
  await page.check('input[name=rule][value=other]') // the demo city has no law library
  await page.fill('[name=cite]', '《中华人民共和国行政处罚法》第五条第二款')
  await page.check('input[name=redress][value=revoked]')
  await page.fill('[name=required]', '撤销处罚决定，退还罚款。')
  await press('main form[action$="/findings"] button[type=submit]')
  await open(`/desk/complaints/${ref}/investigate`)
  for (const box of await page.locator('input[name=check]').all()) await box.check()
  await press('form[action$="/checks"] button')
  await look('story-05-investigation')
  await take(first, ref, 'propose_findings')
  await take(first, ref, 'begin_letter')
  await stands(stage, first, ref, 'drafting')
}

/** A decision of the government: written by a supervisor, looked at by three others, proposed, decided. */
async function decide (stage: Stage, ref: string): Promise<void> {
  const { t } = stage
  const { page, open, press, look } = await as(stage, 'investigator')
  await open(`/desk/complaints/${ref}/letters`)
  await press('main a[href*="type=decision_letter"]')
  const parts = { addressee: '沈阳市市场监督管理局', facts: '处罚决定没有说明裁量的理由。', evidence: '处罚案卷一册，询问笔录一份。', reasons: '处罚幅度明显不当。', basis: '《中华人民共和国行政处罚法》第五条第二款', report: '请自收到本决定之日起三十日内书面报告履行情况。' }
  for (const [name, value] of Object.entries(parts)) if (await page.locator(`main [name=${name}]`).count() > 0) await page.fill(`main [name=${name}]`, value)
  for (const [no, kind, text] of [[1, 'revoke', '撤销该行政处罚决定。'], [2, 'refund', '退还已经缴纳的罚款。']] as const) {
    await page.selectOption(`[name=demand_kind_${no}]`, kind)
    await page.fill(`[name=demand_text_${no}]`, text)
  }
  await press('button[name=act][value=hand_in]')
  await look('story-06-letter')
  const draft = new URL(page.url()).pathname
  for (const username of ['legal', 'head', 'approver']) {
    const reviewer = await as(stage, username)
    await reviewer.open('/desk/approvals')
    await reviewer.press(`main a[href$="/approvals/${draft.split('/').at(-1)}"]`)
    if (username === 'legal') await reviewer.look('story-07-approval')
    await reviewer.page.check('input[name=decision][value=approve]')
    await reviewer.page.fill('[name=text]', '同意。')
    await reviewer.press('main form.sl-form button[type=submit]')
  }
  const approver = await as(stage, 'approver')
  await approver.open(draft)
  await approver.press('form[action$="/issues"] button')
  await stands(stage, approver, ref, 'government_approval')
  const government = await as(stage, 'government')
  await government.open('/desk/proposals')
  await government.press(`main a[href$="/proposals/${draft.split('/').at(-1)}"]`)
  await government.look('story-08-government')
  t.notOk((await government.page.content()).includes('演示店主'), 'nobody here learns who complained')
  await government.page.check('input[name=decision][value=approve]')
  await government.page.fill('[name=text]', '同意。')
  await government.press('main form.sl-form button[type=submit]')
  await stands(stage, approver, ref, 'document_issued')
  await approver.open(draft)
  await approver.press('main a[href*="/desk/documents/"]')
  const number = await approver.page.locator('main').innerText()
  t.match(number, /〔2026〕/, 'the letter has a number')
  await approver.look('story-09-registered')
}

/** The agency's own people: one answers, one signs. */
async function comply (stage: Stage): Promise<void> {
  const { t, word } = stage
  const handler = await as(stage, 'agency')
  await handler.open('/agency')
  await handler.press(`main table a:has-text("${word('document.decision_letter')}") >> nth=0`)
  const item = new URL(handler.page.url()).pathname
  await handler.press('form[action$="/receipts"] button')
  for (const text of ['已于十一月二十八日撤销。', '罚款已经全额退还。']) {
    const form = handler.page.locator('form[action$="/answers"]:has(input[name=kind][value=demand]):not(:has(textarea:not(:empty)))').first()
    await form.locator('textarea').fill(text)
    await Promise.all([handler.page.waitForEvent('domcontentloaded'), form.locator('button[value=save]').last().click()])
  }
  await handler.look('story-10-agency')
  const page = await handler.page.content()
  for (const private_ of ['演示店主', '13800138000', STORY]) t.notOk(page.includes(private_), `the agency does not meet ${private_}`)
  const leader = await as(stage, 'agency-leader')
  await leader.open(item)
  await leader.press('form[action$="/signatures"]:has(input[value=demand]) button')
  await leader.look('story-11-signed')
}

/** Verified by the supervisors; the money written down, the published decision taken out. */
async function verify (stage: Stage, ref: string): Promise<void> {
  const investigator = await as(stage, 'investigator')
  for (const text of ['已看到撤销决定。', '已看到退款凭证。']) {
    await investigator.open(`/desk/complaints/${ref}/rectification`)
    const form = investigator.page.locator('form[action$="/verdicts"]').first()
    await form.locator('textarea').fill(text)
    await Promise.all([investigator.page.waitForEvent('domcontentloaded'), form.locator('button[value=verified]').click()])
  }
  await investigator.look('story-12-rectification')
  await investigator.open(`/desk/complaints/${ref}/consequences`)
  await investigator.page.click('summary >> nth=0')
  await investigator.page.selectOption('form[action$="/recoveries"] [name=kind]', 'refund')
  await investigator.page.fill('[name=amount]', '4000')
  await investigator.press('form[action$="/recoveries"] button[type=submit]')
  const head = await as(stage, 'head')
  await head.open(`/desk/complaints/${ref}/consequences`)
  await head.look('story-13-consequences')
  await head.page.fill('[name=overturned_on]', '2026-11-28')
  await head.press('form[action$="/withdrawals"] button[value=withdraw]')
  await head.look('story-14-withdrawn')
  await take(await as(stage, 'clerk'), ref, 'reply', { text: ANSWER })
}

/** The shopkeeper reads the answer, says that it was put right, and rates it; the register shows that the decision was withdrawn. */
async function confirm (stage: Stage, ref: string, code: string, decision: string): Promise<void> {
  const { t, portal, word } = stage
  const shop = await walkerIn(t, portal)
  const { page, open, press, look } = shop
  const enter = async (): Promise<void> => {
    await open('/track')
    await page.fill('#ref', ref)
    await page.fill('#code', code)
    await press('main form button[type=submit]')
  }
  await enter()
  t.ok(await page.getByText(ANSWER).first().isVisible(), 'the answer is there')
  await look('story-15-answer')
  await press('main a[href$="/requests/rectification"]')
  await page.check('input[name=answer][value=yes]')
  await press('main form .govuk-button')
  wait(stage, 8)
  await enter()
  await press('main a[href*="/requests/rating"]')
  for (const what of ['clarity', 'fairness', 'speed']) await page.check(`input[name=${what}][value="5"]`)
  await press('main form .govuk-button')
  await take(await as(stage, 'clerk'), ref, 'close')
  await enter()
  t.ok(await page.getByText(word('status.closed')).first().isVisible(), 'closed')
  await look('story-16-closed')
  await open(`/decisions/${decision}`)
  const left = await page.locator('main').innerText()
  t.match(left, /撤销/, 'the register says why nothing is left of it')
  t.notMatch(left, /罚款人民币/, 'and what it said is gone')
  await look('story-17-tombstone')
}

/** Somebody's own fine: shown the way of the law, insisted on, refused with the same way. */
async function refuse (stage: Stage): Promise<void> {
  const { t, portal, word } = stage
  const { ref, code } = await givenFiled(portal, portal.clock.now, { issues: [{ ground: 'G03', text: '罚款太重，我不服。' }] })
  const clerk = await as(stage, 'clerk')
  await take(clerk, ref, 'register')
  await take(clerk, ref, 'guide', { path: 'reconsideration', text: WAY })
  const person = await walkerIn(t, portal)
  const enter = async (): Promise<void> => {
    await person.open('/track')
    await person.page.fill('#ref', ref)
    await person.page.fill('#code', code)
    await person.press('main form button[type=submit]')
  }
  await enter()
  t.ok(await person.page.getByText(WAY).first().isVisible(), 'the way of the law is shown')
  await person.look('story-18-guided')
  await person.press('main a[href$="/requests/insisting"]')
  await person.page.fill('[name=words]', '我不打算申请复议，只要求监督。')
  await person.press('main form .govuk-button')
  await clerk.open(`/desk/complaints/${ref}`)
  t.ok(await clerk.page.getByText('我不打算申请复议，只要求监督。').first().isVisible() || await clerk.page.getByText(word('status.registered')).first().isVisible(), 'it is back')
  await clerk.press('main a[href*="action=refuse"]')
  await clerk.page.check('input[name=refusal][value=N07]')
  await clerk.page.fill('#text', '应当先依法申请行政复议或者提起行政诉讼。')
  await clerk.press('main form[action$="/transitions"] button[type=submit]')
  t.ok(await clerk.page.locator('.govuk-error-summary').isVisible(), 'not without the way that is open')
  await clerk.look('story-19-refusal-faulty')
  t.equal(await clerk.page.inputValue('#text'), '应当先依法申请行政复议或者提起行政诉讼。', 'what was typed stays')
  await clerk.page.check('input[name=path][value=reconsideration]')
  await clerk.press('main form[action$="/transitions"] button[type=submit]')
  await stands(stage, clerk, ref, 'refused')
  await enter()
  t.equal(await person.page.locator('main a[href$="/requests/insisting"]').count(), 0, 'insisting is done once')
  await person.look('story-20-refused')
  await person.press(`main a:has-text("${word('document.refusal_notice')}")`)
  await person.look('story-21-notice')
  await take(clerk, ref, 'close')
  await stands(stage, clerk, ref, 'closed')
}

t.setTimeout(300_000)
t.test('X: from a wrong penalty to the revoked decision, and from a dispute to the way of the law', BROWSER, async t => {
  const portal = await givenPortal(t)
  const stage: Stage = { t, portal, people: new Map(), word: translator('zh-CN') }
  const decision = await portal.db.selectFrom('decision').innerJoin('agency', 'agency.id', 'decision.agency_id').select(['decision.number', 'decision.code'])
    .where('agency.slug', '=', 'market-regulation').where('decision.status', '=', 'in_force').where('decision.category', '=', 'penalty').orderBy('decision.id').executeTakeFirstOrThrow()
  const [ref, code] = await complain(stage, decision)
  await takeIn(stage, ref)
  await examine(stage, ref)
  await decide(stage, ref)
  wait(stage, 5)
  await comply(stage)
  await verify(stage, ref)
  await confirm(stage, ref, code, decision.code)
  await refuse(stage)
  await t.test('as the HTML checker reads the pages', NU, async t => { await checkHtml(t, portal) })
})
