import t, { type Test } from 'tap'
import { translator } from '../../src/i18n/index.ts'
import { BROWSER, type View } from '../fixtures/browser.ts'
import { givenChecklist, givenFiled, givenFindings, givenSupervisors, step, type Filed } from '../fixtures/complaints.ts'
import { NU } from '../fixtures/nu.ts'
import { codeFor } from '../fixtures/sign-in.ts'
import { checkHtml, givenPortal, walkerIn, type Portal, type Walker } from './portal.ts'

const MESSAGE = '您好，请问当天有没有其他人在场？'
const NOTE = '已电话联系被投诉单位的法制科。'
const REPLY = '经调查，两名执法人员当天没有出示执法证件，已责令改正；扣押没有出具清单，已责令退还。'
const REASONS = '现场录像可以证明。'

interface Clerk extends Walker { t: Test, filed: Filed, word: (key: string, values?: Record<string, unknown>) => string, prefix: string }

async function signIn ({ t, page, open, press, look, word, prefix }: Clerk, { app, accounts }: Portal): Promise<void> {
  const { username = '', password = '' } = accounts.find(({ role }) => role === 'clerk') ?? {}
  await open(`${prefix}/desk/queue`)
  t.match(page.url(), /\/desk\/sign-in\?next=/, 'the desk asks who one is')
  await page.fill('#username', username)
  await page.fill('#password', 'not-the-password')
  await press('main form button[type=submit]')
  t.ok(await page.locator('.govuk-error-summary').isVisible(), 'a wrong password is said')
  t.equal(await page.inputValue('#username'), username, 'the name stays')
  await look('desk-walk-01-sign-in')
  await page.fill('#password', password)
  await press('main form button[type=submit]')
  await look('desk-walk-01-code')
  await page.fill('#code', await codeFor(app, username))
  await press('main form button[type=submit]')
  t.equal(new URL(page.url()).pathname, `${prefix}/desk/queue`, 'and leads to what was asked for')
  t.ok(await page.getByRole('heading', { level: 1, name: word('nav.queue') }).isVisible())
}

/** Finds the complaint in the queue, takes it, registers it. */
async function takeUp ({ t, page, press, look, filed, word }: Clerk): Promise<void> {
  await look('desk-walk-02-queue')
  const size = page.viewportSize() ?? { width: 1280, height: 900 }
  for (const width of [1190, 1240]) {
    await page.setViewportSize({ width, height: 900 })
    const edges = await page.locator('.sl-desk .govuk-width-container, .sl-identity__line').evaluateAll(boxes => boxes.map(box => box.getBoundingClientRect().left))
    t.ok(edges.length > 0 && edges.every(edge => edge >= 15), `nothing touches the edge at ${width} px`)
  }
  await page.setViewportSize(size)
  await page.fill('#queue-search', filed.ref)
  await press('form:has(#queue-search) button')
  t.equal(await page.locator('.sl-queue tbody tr').count(), 1, 'the search finds that one')
  await press(`main a[href*="/desk/complaints/${filed.ref}"]`)
  t.ok(await page.getByText('两个人没有出示执法证件').isVisible(), 'the story is there')
  t.notOk((await page.content()).includes('演示投诉人'), 'the name is not')
  await look('desk-walk-03-case')
  await press('form[action$="/claims"] button')
  t.ok(await page.getByText(word('case.mine'), { exact: true }).isVisible(), 'it is mine')
  await press('form[action$="/transitions"] button')
  t.ok(await page.getByText(word('status.registered')).first().isVisible(), 'it is registered')
}

async function write ({ t, page, press, look, filed }: Clerk): Promise<void> {
  await press('main a[href*="tab=messages"]')
  await press('form[action$="/messages"] button')
  t.ok(await page.locator('.govuk-error-summary').isVisible(), 'an empty message is refused')
  await page.fill('#text', MESSAGE)
  await press('form[action$="/messages"] button')
  t.ok(await page.getByText(MESSAGE).isVisible(), 'the message is there')
  await look('desk-walk-04-messages')
  await press('main a[href*="tab=notes"]')
  await page.fill('#text', NOTE)
  await press('form[action$="/notes"] button')
  t.ok(await page.getByText(NOTE).isVisible(), 'so is the note')
  await look('desk-walk-05-notes')
  await press(`main a[href$="/desk/complaints/${filed.ref}"]`)
}

async function accept ({ t, page, press, look, word }: Clerk): Promise<void> {
  await press('main a[href$="action=refuse"]')
  await press('main form button[type=submit]')
  t.ok(await page.locator('.govuk-error-summary a').count() > 0, 'nothing is refused without its reason')
  await look('desk-walk-06-refuse-faulty')
  await page.goBack()
  await page.goBack()
  await press('main a[href$="action=accept"]')
  await look('desk-walk-07-accept')
  await press('main form[action$="/transitions"] .govuk-button-group > button')
  t.ok(await page.getByText(word('status.accepted')).first().isVisible(), 'it is accepted')
}

/** Two supervisors examine it (their own pages are walked in the story of a penalty); what they found wrong is put right on the spot. */
async function examine (portal: Portal, { filed }: Clerk): Promise<void> {
  const { now } = portal.clock
  await givenSupervisors(portal, filed, now)
  await step(portal, filed.id, 'investigator', { action: 'start_investigation', text: '请说明情况' }, now)
  await givenFindings(portal, filed, now, REASONS)
  await givenChecklist(portal, filed, now)
  await step(portal, filed.id, 'investigator', { action: 'propose_findings' }, now)
}

async function answer (clerk: Clerk, portal: Portal): Promise<void> {
  const { t, page, open, press, look, word, prefix, filed } = clerk
  t.equal(await page.locator('main a[href$="action=reply"]').count(), 0, 'no answer before the findings')
  await examine(portal, clerk)
  await open(`${prefix}/desk/complaints/${filed.ref}`)
  t.ok(await page.locator('.sl-rail button[disabled]').count() > 0, 'nor before what was found wrong is put right')
  await look('desk-walk-08-findings')
  await step(portal, filed.id, 'investigator', { action: 'correct_on_spot', text: '当场退还' }, portal.clock.now)
  await open(`${prefix}/desk/complaints/${filed.ref}`)
  await press('main a[href$="action=reply"]')
  await page.fill('#text', REPLY)
  await look('desk-walk-09-reply')
  await press('main form[action$="/transitions"] .govuk-button-group > button')
  t.ok(await page.getByText(word('status.replied')).first().isVisible(), 'it is answered')
  await look('desk-walk-10-replied')
}

async function reveal ({ t, page, press, look }: Clerk): Promise<void> {
  await press('main a[href$="/identity-views"]')
  await page.check('input[name=category][value=contact]')
  await press('main form[action$="/identity-views"] button')
  t.ok(await page.getByText('演示投诉人').isVisible(), 'with a reason the name is shown')
  await look('desk-walk-11-identity')
}

/** Two minutes before the session ends a dialog says so, keeps it at a press, counts what other tabs do, and at last says how nothing is lost. */
async function linger ({ t, page, open, look, word, prefix, filed }: Clerk): Promise<void> {
  const dialog = page.locator('dialog.sl-idle')
  await page.clock.install()
  await open(`${prefix}/desk/complaints/${filed.ref}?tab=notes`)
  await page.fill('#text', NOTE)
  await page.clock.runFor('27:30')
  t.notOk(await dialog.isVisible(), 'nothing is said before its time')
  await page.clock.runFor('00:45')
  t.ok(await dialog.isVisible(), 'two minutes before the end it is')
  t.match(await dialog.locator('[role=status]').textContent(), /2/, 'and to who listens')
  await look('desk-walk-14-idle')
  const [kept] = await Promise.all([page.waitForResponse(/sessions\/extensions/), page.getByRole('button', { name: word('idle.stay') }).click()])
  t.equal(kept.status(), 204)
  await dialog.waitFor({ state: 'hidden' })
  await page.clock.runFor('27:00')
  await page.evaluate("localStorage.setItem('sl-seen', String(Date.now()))") // what another tab does when it is used
  await page.clock.runFor('10:00')
  t.notOk(await dialog.isVisible(), 'another tab was used')
  await page.clock.runFor('18:30')
  t.ok(await dialog.isVisible())
  await page.clock.runFor('02:00')
  t.ok(await page.getByText(word('idle.over')).isVisible(), 'it is over')
  await look('desk-walk-15-idle-over')
  await page.getByRole('button', { name: word('idle.back') }).click()
  t.equal(await page.inputValue('#text'), NOTE, 'and what was typed is there')
}

/** What the complainant finds afterwards. */
async function readAnswer (t: Test, portal: Portal, view: View, { filed, word, prefix }: Clerk): Promise<void> {
  const { page, open, press, look } = await walkerIn(t, portal, view)
  await open(`${prefix}/track`)
  await page.fill('#ref', filed.ref)
  await page.fill('#code', filed.code)
  await press('main form button[type=submit]')
  for (const text of [MESSAGE, REASONS, word('status.replied'), word('reveal_reason.contact')]) t.ok(await page.getByText(text).first().isVisible(), `the complainant reads ${text}`)
  t.notOk((await page.content()).includes(NOTE), 'but not the note')
  await look('desk-walk-12-tracking')
  await press('main a[href*="/documents/"] >> nth=-1')
  await look('desk-walk-13-document')
}

/** Each language, each width, with script and without; `look` sees every page at all widths. */
const VIEWS: readonly View[] = [{ width: 1280 }, { width: 360, script: false }, { width: 360, locale: 'en' }]

// Every page three times over takes its time where other work is going on.
t.setTimeout(300_000)

t.test('a clerk takes up a complaint, accepts it and answers it', BROWSER, async t => {
  const portal = await givenPortal(t)
  for (const view of VIEWS) {
    await t.test(`at ${view.width ?? ''}${view.script === false ? ' without script' : ''} in ${view.locale ?? 'zh-CN'}`, async t => {
      const locale = view.locale ?? 'zh-CN'
      const filed = await givenFiled(portal, portal.clock.now)
      const clerk: Clerk = { ...await walkerIn(t, portal, view), t, filed, word: translator(locale), prefix: locale === 'en' ? '/en' : '' }
      await signIn(clerk, portal)
      await takeUp(clerk)
      await write(clerk)
      await accept(clerk)
      await answer(clerk, portal)
      await reveal(clerk)
      if (view.script !== false) await linger(clerk)
      await readAnswer(t, portal, view, clerk)
    })
  }
  await t.test('as the HTML checker reads the pages', NU, async t => { await checkHtml(t, portal) })
})
