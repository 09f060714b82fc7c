import t, { type Test } from 'tap'
import { translate } from '../../src/i18n/index.ts'
import { LOCALES, type Locale } from '../../src/paths.ts'
import { givenHouse } from '../fixtures/app.ts'
import { BROWSER } from '../fixtures/browser.ts'
import { NU } from '../fixtures/nu.ts'
import { checkHtml, givenPortal, servePortal, walkerIn, type Portal, type Walker } from './portal.ts'
import { deskSamples, givenExtremes, publicSamples, type Sample } from './samples.ts'

/** Chinese on a desk, English on a phone: `look` sees every page at the other widths too. */
const WIDTH_OF: Record<Locale, number> = { 'zh-CN': 1280, en: 360 }

async function lookAtAll (t: Test, { open, look }: Walker, samples: Sample[], locale: Locale): Promise<void> {
  for (const [name, path, status = 200] of samples) {
    t.equal(await open(locale === 'en' ? `/en${path === '/' ? '' : path}` : path), status, `${name} answers ${status}`)
    await look(name)
  }
}

async function signIn ({ page, open, press }: Walker, { accounts }: Portal, role: string, locale: Locale): Promise<void> {
  const { username = '', password = '' } = accounts.find(account => account.role === role) ?? {}
  await open(locale === 'en' ? '/en/desk/sign-in' : '/desk/sign-in')
  await page.fill('#username', username)
  await page.fill('#password', password)
  await press('main form button')
}

// Every page twice over takes its time where other work is going on.
t.setTimeout(300_000)

t.test('every page keeps the rules of the house', BROWSER, async t => {
  const portal = await givenPortal(t)
  await givenExtremes(portal)

  for (const locale of LOCALES) {
    await t.test(`the public pages in ${locale}`, async t => {
      await lookAtAll(t, await walkerIn(t, portal, { width: WIDTH_OF[locale], locale }), await publicSamples(portal), locale)
    })

    await t.test(`the desk in ${locale}`, async t => {
      const walker = await walkerIn(t, portal, { width: WIDTH_OF[locale], locale })
      await signIn(walker, portal, 'clerk', locale)
      await lookAtAll(t, walker, await deskSamples(portal), locale)
    })

    await t.test(`who may not is told so in ${locale}`, async t => {
      const walker = await walkerIn(t, portal, { width: WIDTH_OF[locale], locale })
      await signIn(walker, portal, 'auditor', locale)
      await walker.look('desk-day-auditor')
      await lookAtAll(t, walker, [['error-403', '/desk/queue', 403]], locale)
      const prefix = locale === 'en' ? '/en' : ''
      await walker.page.route('**/matters', async route => { await route.continue({ method: 'PUT' }) })
      t.equal(await walker.open(`${prefix}/matters`), 405, 'a wrong method')
      await walker.look('error-405')
      const stranger = await walkerIn(t, portal, { width: WIDTH_OF[locale], locale })
      await stranger.page.setContent(`<form method="post" action="${portal.origin}${prefix}/complain"><button>Win!</button></form>`)
      await stranger.press('button')
      t.ok(await stranger.page.getByRole('heading', { name: translate(locale, 'error.cross_origin') }).isVisible(), 'a form from elsewhere')
      await stranger.look('error-403-cross')
    })
  }

  await t.test('larger type and higher contrast hold from page to page, and leave nothing behind', async t => {
    const walker = await walkerIn(t, portal, { width: 320 })
    const { page, open, look } = walker
    await open('/')
    const kept = async (): Promise<string | null> => await page.evaluate("localStorage.getItem('sl-comfort')")
    t.equal(await kept(), null)
    await page.click('button[value=large]')
    await page.click('button[value=contrast]')
    await open('/matters?q=食品')
    t.equal(await page.evaluate('document.documentElement.className'), 'govuk-template sl-large sl-contrast', 'set before the page is painted')
    t.equal(await page.getAttribute('button[value=large]', 'aria-pressed'), 'true')
    await look('matters-comfort')
    for (const path of ['/', '/complain', '/verify?number=DEMO0001']) {
      await open(path)
      await look(`comfort-${path.slice(1, 5)}`)
    }
    await page.focus('button[value=large]')
    await page.keyboard.press('Enter')
    await page.click('button[value=contrast]')
    t.equal(await kept(), null, 'both off: nothing is remembered')
    t.same(await page.context().cookies(), [], 'and no server was told')
    const plain = await walkerIn(t, portal, { script: false })
    await plain.open('/')
    t.notOk(await plain.page.isVisible('[data-comfort]'), 'without script the switches, which could do nothing, do not show')
  })

  await t.test('who asks too often is told so', async t => {
    const eager = servePortal(await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' }), portal)
    const { open, look } = await walkerIn(t, await eager)
    for (let count = 0; count < 60; count++) await (await eager).app.inject('/verify?number=DEMO0001')
    t.equal(await open('/verify?number=DEMO0001'), 429)
    await look('error-429')
  })

  await t.test('as the HTML checker reads them', NU, async t => { await checkHtml(t, portal) })
})
