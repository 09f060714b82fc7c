import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { readAttachment } from '../../src/complaints/form/filing/service.ts'
import { translator } from '../../src/i18n/index.ts'
import { runJobs } from '../../src/jobs.ts'
import { BROWSER, type View } from '../fixtures/browser.ts'
import { givenAnswer, givenStaff, step, type Filed } from '../fixtures/complaints.ts'
import { NU } from '../fixtures/nu.ts'
import { checkHtml, givenPortal, walkerIn, type Portal, type Walker } from './portal.ts'

const STORY = '两名执法人员没有出示执法证，也没有说明理由，就拿走了店里的三箱货物，没有给我任何清单。'
const MORE = '事后我去问，他们说不用开清单，让我等通知，到今天也没有任何答复。'
const MESSAGE = '今天我又找到了当天的监控录像。'
const ANSWER = '经调查，两名执法人员没有出示证件，已责令改正。'
const SAVE = 'button[name=do][value=save]'

/** A photograph as a telephone makes it: with its place and its owner. */
async function photograph (): Promise<Buffer> {
  return await sharp({ create: { width: 640, height: 480, channels: 3, background: '#b33' } })
    .withExif({ IFD0: { Make: 'SecretCamera', Artist: 'Wang Xiaoming' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '41/1 48/1 0/1' } }).jpeg().toBuffer()
}

interface Citizen extends Walker { email: string, t: Test, portal: Portal, view: View, word: (key: string, values?: Record<string, unknown>) => string, prefix: string }

/** What the page says about faults is at its head and beside the field. */
async function faulty ({ t, page, look }: Citizen, name: string, fields: string[]): Promise<void> {
  t.same(await page.locator('.govuk-error-summary a').evaluateAll(links => links.map(link => (link as unknown as { hash: string }).hash.slice(1))), fields, `${name} names its faults`)
  t.equal(await page.locator('.govuk-error-message').count(), fields.length, `${name}: each beside its field`)
  await look(name)
}

async function findMatter ({ t, page, open, press, look, prefix, word }: Citizen): Promise<void> {
  await open(prefix === '' ? '/' : prefix)
  await page.locator('main input[name=q]').first().fill('食品经营')
  await press('main form[role=search] button, main .sl-search button')
  t.ok(await page.locator('main mark').count() > 0, 'the hits show what was searched for')
  await look('walk-01-search')
  await press('main a[href*="/matters/SY-"]')
  await look('walk-02-matter')
  await press('main a[href*="/complain?"]')
  t.ok(await page.getByText(word('complain.about')).isVisible(), 'the complaint is about that matter')
  await look('walk-03-start')
  await press('main form button[type=submit]')
}

async function sayWhoAndWhat (citizen: Citizen): Promise<void> {
  const { t, page, press, look } = citizen
  await page.fill('#officer', '车牌辽A·00000，穿制服，三十岁左右')
  await look('walk-04-target')
  await press(SAVE)
  await page.fill('#text_1', '太短')
  await press(SAVE)
  await faulty(citizen, 'walk-05-what-faulty', ['ground_1', 'text_1'])
  t.equal(await page.inputValue('#text_1'), '太短', 'what was typed stays')
  await page.selectOption('#ground_1', 'G01')
  await page.fill('#text_1', STORY)
  await press('button[value=add]')
  await page.selectOption('#ground_2', 'G08')
  await page.fill('#text_2', MORE)
  await look('walk-06-what')
  await press(SAVE)
}

/** Saved halfway, left, and opened again by its code in another browser. */
async function putAside (t: Test, citizen: Citizen): Promise<Citizen> {
  const { page, press, look, word, prefix, portal, view } = citizen
  await page.fill('#place', '写到一半的地点')
  await press('button[name=do][value=later]')
  const code = await page.locator('.sl-codebox').innerText()
  t.match(code, /^\d{4} \d{4} \d{4} \d{4}$/)
  await look('walk-07-later')
  await press('form[action$="/complain/exits"] button')
  t.ok(await page.getByText(word('resume.left')).isVisible(), 'this browser opens it no more')
  const later = await walkerIn(t, portal, view)
  await later.open(`${prefix}/complain/resume`)
  await later.page.fill('#code', '1111 2222 3333 4444')
  await later.page.locator('input[name=device]').first().check()
  await later.press('button[value=open]')
  t.ok(await later.page.getByText(word('resume.failed')).first().isVisible(), 'a wrong code opens nothing')
  await later.look('walk-07-resume-faulty')
  await later.page.fill('#code', code.replaceAll(' ', ''))
  await later.page.locator('input[name=device]').first().check()
  await later.press('button[value=open]')
  t.equal(await later.page.inputValue('#place'), '写到一半的地点', 'what was typed last is there')
  return { ...citizen, ...later }
}

async function sayWhenAndElse (citizen: Citizen): Promise<void> {
  const { t, page, press, look } = citizen
  await page.fill('#date', '2026')
  await page.fill('#date_month', '13')
  await page.fill('#date_day', '40')
  await page.fill('#place', '和平区太原街一号')
  await press(SAVE)
  await faulty(citizen, 'walk-07-when-faulty', ['date'])
  t.equal(await page.inputValue('#place'), '和平区太原街一号', 'the place stays')
  await page.fill('#date_month', '11')
  await page.fill('#date_day', '20')
  await press(SAVE)
  t.not(await page.inputValue('#matter'), '', 'the matter is filled in')
  await look('walk-08-rule')
  await press(SAVE)
  await page.fill('#claim', '退还货物，说明理由。')
  await look('walk-08-effect')
  await press(SAVE)
  await look('walk-09-elsewhere')
  await page.check('input[name=kind][value=none]')
  await press(SAVE)
}

async function sayWho (citizen: Citizen): Promise<void> {
  const { t, page, press, email } = citizen
  t.equal(await page.locator('input[name=mode]:checked').getAttribute('value'), 'confidential', 'confidential is the default')
  await page.fill('#name', '演示投诉人')
  await page.fill('#phone', '123')
  await press(SAVE)
  await faulty(citizen, 'walk-11-you-faulty', ['phone'])
  t.equal(await page.inputValue('#name'), '演示投诉人', 'the name stays')
  await page.fill('#phone', '13800138000')
  await page.fill('#email', email)
  await press(SAVE)
}

async function addEvidence (citizen: Citizen): Promise<void> {
  const { t, page, press, word, look } = citizen
  await page.setInputFiles('#files', [
    { name: '现场照片.jpg', mimeType: 'image/jpeg', buffer: await photograph() },
    { name: '其实是文字.png', mimeType: 'image/png', buffer: Buffer.from('这不是图片') }
  ])
  await page.click('button[value=upload]')
  await page.waitForSelector('.govuk-error-summary') // with script the answer is written into the same page
  t.match(await page.locator('.govuk-error-summary').innerText(), '其实是文字.png', 'the bad file is named')
  t.equal(await page.locator('main form[enctype] .sl-card').count(), 1, 'the good one is kept')
  t.ok(await page.getByText(word('file_note.picture'), { exact: true }).isVisible(), 'and what the camera wrote into it is gone')
  await page.locator('input[name^=description_], textarea[name^=description_]').fill('当天下午，三箱货物被搬走')
  await look('walk-10-evidence')
  await press(SAVE)
}

/** Gives reference and query code. */
async function send (citizen: Citizen): Promise<[string, string]> {
  const { t, page, portal, look } = citizen
  for (const text of [STORY, MORE, '和平区太原街一号', '演示投诉人', '现场照片.jpg', '当天下午，三箱货物被搬走']) t.ok(await page.getByText(text).first().isVisible(), `the check page shows ${text}`)
  await look('walk-12-check')
  const before = await filed(portal)
  await page.dblclick('form[action$="/complain/submissions"] button', { noWaitAfter: true })
  await page.waitForSelector('.sl-codebox')
  await page.waitForLoadState()
  t.equal(await filed(portal), before + 1, 'pressing twice makes one complaint')
  await look('walk-13-receipt')
  const [ref = '', code = ''] = await page.locator('.sl-codebox').allInnerTexts()
  t.match(ref, /^TS\d{11}$/)
  t.match(code, /^\d{4} \d{4} \d{4} \d{4}$/)
  t.notMatch(await storedPicture(portal, ref), /SecretCamera|Wang Xiaoming/, 'the stored picture tells nothing about camera and owner')
  return [ref, code]
}

async function storedPicture ({ app, db }: Portal, ref: string): Promise<string> {
  const row = await db.selectFrom('attachment').innerJoin('complaint', 'complaint.id', 'attachment.complaint_id').select(['attachment.id', 'complaint_id']).where('ref', '=', ref).executeTakeFirstOrThrow()
  return (await buffer(await (await readAttachment(app, app.files, row.complaint_id, row.id)).open())).toString('latin1')
}

async function filed ({ db }: Portal): Promise<number> {
  return Number((await db.selectFrom('complaint').select(eb => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count)
}

/** The slip says for itself whether it is genuine; nobody leaves the receipt without having written it down. */
async function leaveReceipt ({ t, page, open, press, look, word, prefix }: Citizen, ref: string): Promise<void> {
  await press('form[action$="/receipt/print"] button')
  const slip = await page.locator('.sl-slip').innerText()
  await look('walk-14-receipt-print')
  await open(`${prefix}/receipts/check`)
  await page.fill('#slip', slip.replace(/.$/, last => last === 'A' ? 'B' : 'A'))
  await press('main form[action$="/receipts/check"] button')
  t.notOk(await page.getByText(word('slip.verdict.genuine')).isVisible(), 'a slip that was touched is not genuine')
  await page.fill('#slip', slip)
  await press('main form[action$="/receipts/check"] button')
  t.ok(await page.getByText(word('slip.verdict.genuine')).isVisible(), 'the slip is genuine')
  await look('walk-15-slip')
  await open(`${prefix}/complain/receipt`)
  await press('form[action$="/complain/receipt"] button')
  t.ok(await page.getByText(word('receipt.error.written')).first().isVisible(), 'not without having written it down')
  await page.check('#written')
  await press('form[action$="/complain/receipt"] button')
  t.equal(new URL(page.url()).pathname.endsWith(`/track/${ref}`), true)
  t.ok(await page.getByText(word('status.submitted')).first().isVisible(), 'the complaint is in')
}

async function enter ({ page, open, press, prefix }: Citizen, { ref, code }: Pick<Filed, 'ref' | 'code'>): Promise<void> {
  await open(`${prefix}/track`)
  await page.fill('#ref', ref)
  await page.fill('#code', code)
  await press('main form button[type=submit]')
}

/** Later, in another browser: the way in, a message with a file, the arithmetic of a date, a paper. */
async function track (t: Test, citizen: Citizen, [ref, code]: [string, string]): Promise<Citizen> {
  const { portal, view, word, prefix } = citizen
  const later: Citizen = { ...citizen, ...await walkerIn(t, portal, view), t }
  const { page, open, press, look } = later
  await open(`${prefix}/track`)
  await page.fill('#ref', ref)
  await page.fill('#code', code.replace(/\d$/, digit => String((Number(digit) + 1) % 10)))
  await press('main form button[type=submit]')
  t.ok(await page.getByText(word('track.failed')).first().isVisible(), 'a wrong code opens nothing')
  t.equal(await page.inputValue('#ref'), ref, 'the reference stays')
  await look('walk-16-track-faulty')
  await page.fill('#code', code)
  await press('main form button[type=submit]')
  await page.fill('#text', MESSAGE)
  await page.setInputFiles('#files', [{ name: '录像说明.txt', mimeType: 'text/plain', buffer: Buffer.from('录像在店里的硬盘上。') }])
  await press('form[action$="/messages"] button')
  t.ok(await page.getByText(MESSAGE).isVisible(), 'the message is there')
  t.ok(await page.getByText('录像说明.txt').first().isVisible(), 'with its file')
  await look('walk-17-tracking')
  await press('main a[href*="/clocks/"]')
  await look('walk-18-clock')
  await page.goBack()
  await press('main a[href*="/documents/"]')
  await look('walk-19-document')
  await open(`${prefix}/track/${ref}`)
  return later
}

/** The bureau asks for more, and gets it. */
async function supplement ({ t, page, open, press, look, word, prefix, portal }: Citizen, { id, ref }: Filed): Promise<void> {
  await step(portal, id, 'clerk', { action: 'register' }, portal.clock.now)
  await step(portal, id, 'clerk', { action: 'request_supplement', text: '请补充当天在场的人' }, portal.clock.now)
  await open(`${prefix}/track/${ref}`)
  t.ok(await page.locator('#supplement-title').isVisible(), 'what is missing is said first')
  await look('walk-20-supplement')
  await page.fill('#text', '')
  await press('form[action$="/messages"] button')
  t.ok(await page.locator('.govuk-error-summary').isVisible(), 'nothing is no answer')
  await page.fill('#text', '当天店里还有两名顾客。')
  await press('form[action$="/messages"] button')
  t.ok(await page.getByText(word('status.registered')).first().isVisible(), 'the case goes on')
  t.equal(await page.locator('#supplement-title').count(), 0)
}

/** Taken back, on purpose and after a question. */
async function withdraw ({ t, page, press, look, word }: Citizen): Promise<void> {
  await press('main a[href$="/requests/withdrawal"]')
  await look('walk-21-withdrawal')
  await press('main form .govuk-button')
  t.ok(await page.locator('.govuk-error-summary').isVisible(), 'whether there was pressure must be said')
  await page.locator('input[name=pressure]').first().check()
  await press('main form .govuk-button')
  await look('walk-22-withdrawal-sure')
  await press('button[name=sure]')
  t.ok(await page.getByText(word('status.withdrawn')).first().isVisible(), 'it is withdrawn')
}

/** Answered; a review is asked for, and a week later the answer is rated. */
async function judgeAnswer (citizen: Citizen, filed: Filed): Promise<void> {
  const { t, page, open, press, look, prefix, portal } = citizen
  await step(portal, filed.id, 'clerk', { action: 'accept' }, portal.clock.now)
  await givenAnswer(portal, filed, ANSWER, portal.clock.now)
  await open(`${prefix}/track/${filed.ref}`)
  t.ok(await page.getByText(ANSWER).first().isVisible(), 'the answer is there')
  await look('walk-23-answered')
  await press('main a[href$="/requests/review"]')
  await press('main form .govuk-button')
  t.equal(await page.locator('.govuk-error-summary a').count(), 2, 'which point, and why')
  await page.check('input[name=issue][value="1"]')
  await page.fill('#words', '答复没有说明录像里的内容。')
  await look('walk-24-review')
  await press('main form .govuk-button')
  t.equal(new URL(page.url()).pathname, `${prefix}/track/${filed.ref}`, 'asked for')
  t.equal(await page.locator('main a[href$="/requests/review"]').count(), 0, 'once is enough')
  portal.clock.now = new Date(Date.parse(portal.clock.now) + 8 * 86_400_000).toISOString()
  await enter(citizen, filed)
  await press('main a[href*="/requests/rating"]')
  for (const what of ['clarity', 'fairness', 'speed']) await page.check(`input[name=${what}][value="4"]`)
  await look('walk-25-rating')
  await press('main form .govuk-button')
  t.equal(new URL(page.url()).pathname, `${prefix}/track/${filed.ref}`, 'rated')
  t.equal(await page.locator('main a[href*="/requests/rating"]').count(), 0)
}

/** An address is verified; then a lost code is replaced by it. Gives the new code. */
async function loseCode ({ t, page, open, press, look, prefix, portal, email }: Citizen, { ref }: Filed): Promise<string> {
  const letters: string[] = []
  const post = async (): Promise<string> => {
    await runJobs(portal.app, { send: async (_id, { to, text }) => { if (to === email) letters.push(text) }, close: () => undefined })
    return letters.at(-1) ?? ''
  }
  await open(`${prefix}/track/${ref}/contacts`)
  const card = 'main section.sl-card:has-text("@")'
  await press(`${card} form[action$="/codes"] button`)
  await page.fill(`${card} input[name=code]`, /\d{6}/.exec(await post())?.[0] ?? '')
  await look('walk-26-contacts')
  await press(`${card} form[action$="/checks"] button`)
  t.ok(await page.locator(`${card} .govuk-tag--green`).isVisible(), 'the address is verified')
  await open(`${prefix}/track/lost`)
  await page.fill('#ref', ref)
  await page.fill('#contact', email)
  await look('walk-27-lost')
  await press('main form button')
  await page.fill('#code', /\d{4} ?\d{4}/.exec(await post())?.[0] ?? '')
  await press('main form button')
  const [, code = ''] = await page.locator('.sl-codebox').allInnerTexts()
  t.match(code, /^\d{4} \d{4} \d{4} \d{4}$/)
  await look('walk-28-new-code')
  await page.check('#written')
  await press('main form button[type=submit]')
  t.equal(new URL(page.url()).pathname, `${prefix}/track/${ref}`)
  return code
}

async function leave ({ t, page, open, press, word, prefix }: Citizen, { ref }: Filed): Promise<void> {
  await press('form[action$="/exits"] button')
  t.ok(await page.getByText(word('track.left')).isVisible(), 'left')
  t.equal(await open(`${prefix}/track/${ref}`), 200)
  t.ok(await page.locator('#code').isVisible(), 'and what was open is shut')
}

/** Each language, with script and without, on a telephone, to the end; on a desk as far as the receipt. `look` sees every page at all widths. */
const WAYS: ReadonlyArray<View & { end: 'receipt' | 'review' | 'withdrawal' }> = [
  { width: 360, end: 'review' }, { width: 360, script: false, end: 'withdrawal' }, { width: 360, locale: 'en', end: 'withdrawal' }, { width: 360, script: false, locale: 'en', end: 'review' }, { width: 1280, end: 'receipt' }
]

t.setTimeout(600_000) // the whole way five times

t.test('F-3 F-4 R-7 Y-2 X: a citizen looks it up, complains, and follows it to its end', BROWSER, async t => {
  const portal = await givenPortal(t)
  await givenStaff(portal.db, 'walk-')
  for (const [no, { end, ...view }] of WAYS.entries()) {
    await t.test(`at ${view.width ?? ''}${view.script === false ? ' without script' : ''} in ${view.locale ?? 'zh-CN'}`, async t => {
      const locale = view.locale ?? 'zh-CN'
      let citizen: Citizen = { ...await walkerIn(t, portal, view), email: `citizen${no}@mail.example`, t, portal, view, word: translator(locale), prefix: locale === 'en' ? '/en' : '' }
      await findMatter(citizen)
      await sayWhoAndWhat(citizen)
      if (end !== 'receipt') citizen = await putAside(t, citizen)
      await sayWhenAndElse(citizen)
      await addEvidence(citizen)
      await sayWho(citizen)
      const [ref, code] = await send(citizen)
      await leaveReceipt(citizen, ref)
      if (end === 'receipt') return
      const began = portal.clock.now
      const { id } = await portal.db.selectFrom('complaint').select('id').where('ref', '=', ref).executeTakeFirstOrThrow()
      const filed: Filed = { id, ref, code }
      citizen = await track(t, citizen, [ref, code])
      await supplement(citizen, filed)
      await (end === 'review' ? judgeAnswer(citizen, filed) : withdraw(citizen))
      t.not(await loseCode(citizen, filed), code, 'a new code')
      await leave(citizen, filed)
      portal.clock.now = began
    })
  }
  await t.test('as the HTML checker reads the pages', NU, async t => { await checkHtml(t, portal) })
})
