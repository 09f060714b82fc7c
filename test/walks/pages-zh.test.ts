import t from 'tap'
import { givenHouse } from '../fixtures/app.ts'
import { BROWSER } from '../fixtures/browser.ts'
import { keepRules } from './pages.ts'
import { servePortal, walkerIn } from './portal.ts'

t.setTimeout(600_000) // more than a hundred pages, each at three widths

t.test('X: every Chinese page keeps the rules of the house', BROWSER, async t => {
  await keepRules(t, 'zh-CN', async (t, portal) => {
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
  })
})
