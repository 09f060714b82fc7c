import t, { type Test } from 'tap'
import { LOCALES, type Locale } from '../../src/paths.ts'
import { givenHouse } from '../fixtures/app.ts'
import { BROWSER } from '../fixtures/browser.ts'
import { NU } from '../fixtures/nu.ts'
import { checkHtml, givenPortal, servePortal, walkerIn, type Walker } from './portal.ts'
import { deskSamples, givenExtremes, publicSamples, type Sample } from './samples.ts'

/** Chinese on a desk, English on a phone: `look` sees every page at the other widths too. */
const WIDTH_OF: Record<Locale, number> = { 'zh-CN': 1280, en: 360 }

async function lookAtAll (t: Test, { open, look }: Walker, samples: Sample[], locale: Locale): Promise<void> {
  for (const [name, path, status = 200] of samples) {
    t.equal(await open(locale === 'en' ? `/en${path === '/' ? '' : path}` : path), status, `${name} answers ${status}`)
    await look(name)
  }
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
      const { username = '', password = '' } = portal.accounts.find(({ role }) => role === 'clerk') ?? {}
      await walker.open(locale === 'en' ? '/en/desk/sign-in' : '/desk/sign-in')
      await walker.page.fill('#username', username)
      await walker.page.fill('#password', password)
      await walker.press('main form button')
      await lookAtAll(t, walker, await deskSamples(portal), locale)
    })
  }

  await t.test('who asks too often is told so', async t => {
    const eager = servePortal(await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' }), portal)
    const { open, look } = await walkerIn(t, await eager)
    for (let count = 0; count < 60; count++) await (await eager).app.inject('/verify?number=DEMO0001')
    t.equal(await open('/verify?number=DEMO0001'), 429)
    await look('error-429')
  })

  await t.test('as the HTML checker reads them', NU, async t => { await checkHtml(t, portal) })
})
