import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { readAttachment } from '../../src/complaints/filing/service.ts'
import { translator } from '../../src/i18n/index.ts'
import { BROWSER, WIDTHS, type View } from '../fixtures/browser.ts'
import { NU } from '../fixtures/nu.ts'
import { checkHtml, givenPortal, walkerIn, type Portal, type Walker } from './portal.ts'

const STORY = '两名执法人员没有出示执法证，也没有说明理由，就拿走了店里的三箱货物，没有给我任何清单。'
const MORE = '事后我去问，他们说不用开清单，让我等通知，到今天也没有任何答复。'
const MESSAGE = '今天我又找到了当天的监控录像。'
const SAVE = 'button[name=do][value=save]'

/** A photograph as a telephone makes it: with its place and its owner. */
async function photograph (): Promise<Buffer> {
  return await sharp({ create: { width: 640, height: 480, channels: 3, background: '#b33' } })
    .withExif({ IFD0: { Make: 'SecretCamera', Artist: 'Wang Xiaoming' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '41/1 48/1 0/1' } }).jpeg().toBuffer()
}

interface Citizen extends Walker { t: Test, portal: Portal, view: View, word: (key: string, values?: Record<string, unknown>) => string, prefix: string }

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
  const { t, page, press } = citizen
  t.equal(await page.locator('input[name=mode]:checked').getAttribute('value'), 'confidential', 'confidential is the default')
  await page.fill('#name', '演示投诉人')
  await page.fill('#phone', '123')
  await press(SAVE)
  await faulty(citizen, 'walk-11-you-faulty', ['phone'])
  t.equal(await page.inputValue('#name'), '演示投诉人', 'the name stays')
  await page.fill('#phone', '13800138000')
  await press(SAVE)
}

async function addEvidence (citizen: Citizen): Promise<void> {
  const { t, page, press, word } = citizen
  await page.setInputFiles('#files', [
    { name: '现场照片.jpg', mimeType: 'image/jpeg', buffer: await photograph() },
    { name: '其实是文字.png', mimeType: 'image/png', buffer: Buffer.from('这不是图片') }
  ])
  await page.click('button[value=upload]')
  await page.waitForSelector('.govuk-error-summary') // with script the answer is written into the same page
  t.match(await page.locator('.govuk-error-summary').innerText(), '其实是文字.png', 'the bad file is named')
  t.equal(await page.locator('main form[enctype] .sl-card').count(), 1, 'the good one is kept')
  t.ok(await page.getByText(word('file_note.picture'), { exact: true }).isVisible(), 'and what the camera wrote into it is gone')
  await citizen.look('walk-10-evidence')
  await press(SAVE)
}

/** Gives reference and query code. */
async function send (citizen: Citizen): Promise<[string, string]> {
  const { t, page, portal, look } = citizen
  for (const text of [STORY, MORE, '和平区太原街一号', '演示投诉人', '现场照片.jpg']) t.ok(await page.getByText(text).first().isVisible(), `the check page shows ${text}`)
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

async function leaveReceipt ({ t, page, press, word }: Citizen, ref: string): Promise<void> {
  await press('form[action$="/complain/receipt"] button')
  t.ok(await page.getByText(word('receipt.error.written')).first().isVisible(), 'nobody leaves without having written it down')
  await page.check('#written')
  await press('form[action$="/complain/receipt"] button')
  t.equal(new URL(page.url()).pathname.endsWith(`/track/${ref}`), true)
  t.ok(await page.getByText(word('status.submitted')).first().isVisible(), 'the complaint is in')
}

/** Later, in another browser. */
async function track (t: Test, { portal, view, word, prefix }: Citizen, [ref, code]: [string, string]): Promise<void> {
  const { page, open, press, look } = await walkerIn(t, portal, view)
  await open(`${prefix}/track`)
  await page.fill('#ref', ref)
  await page.fill('#code', code.replace(/\d$/, digit => String((Number(digit) + 1) % 10)))
  await press('main form button[type=submit]')
  t.ok(await page.getByText(word('track.failed')).first().isVisible(), 'a wrong code opens nothing')
  t.equal(await page.inputValue('#ref'), ref, 'the reference stays')
  await look('walk-14-track-faulty')
  await page.fill('#code', code)
  await press('main form button[type=submit]')
  await page.fill('#text', MESSAGE)
  await press('form[action$="/messages"] button')
  t.ok(await page.getByText(MESSAGE).isVisible(), 'the message is there')
  await look('walk-15-tracking')
  await press('main a[href*="/clocks/"]')
  await look('walk-16-clock')
  await page.goBack()
  await press('main a[href*="/documents/"]')
  await look('walk-17-document')
  await page.goBack()
  await press('form[action$="/exits"] button')
  t.ok(await page.getByText(word('track.left')).isVisible(), 'left')
  t.equal(await open(`${prefix}/track/${ref}`), 200)
  t.ok(await page.locator('#code').isVisible(), 'and what was open is shut')
}

// Every page twice over takes its time where other work is going on.
t.setTimeout(300_000)

t.test('F-4 X: a citizen looks it up, complains, and follows it', BROWSER, async t => {
  const portal = await givenPortal(t)
  const ways: View[] = [...WIDTHS.flatMap(width => [{ width, script: true }, { width, script: false }]), { width: 360, locale: 'en' }]
  for (const view of ways) {
    await t.test(`at ${view.width ?? ''}${view.script === false ? ' without script' : ''} in ${view.locale ?? 'zh-CN'}`, async t => {
      const locale = view.locale ?? 'zh-CN'
      const citizen: Citizen = { ...await walkerIn(t, portal, view), t, portal, view, word: translator(locale), prefix: locale === 'en' ? '/en' : '' }
      await findMatter(citizen)
      await sayWhoAndWhat(citizen)
      await sayWhenAndElse(citizen)
      await addEvidence(citizen)
      await sayWho(citizen)
      const receipt = await send(citizen)
      await leaveReceipt(citizen, receipt[0])
      await track(t, citizen, receipt)
    })
  }
  await t.test('as the HTML checker reads the pages', NU, async t => { await checkHtml(t, portal) })
})
