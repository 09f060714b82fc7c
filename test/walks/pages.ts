import type { Test } from 'tap'
import { openSession } from '../../src/db/sessions.ts'
import { translate } from '../../src/i18n/index.ts'
import type { Locale } from '../../src/paths.ts'
import { NU } from '../fixtures/nu.ts'
import { codeFor } from '../fixtures/sign-in.ts'
import { checkHtml, givenPortal, walkerIn, type Portal, type Walker } from './portal.ts'
import { AUDITOR_SAMPLES, deskSamples, givenExtremes, ownSamples, publicSamples, supervisorSamples, type Sample } from './samples.ts'
import { demandedSamples, roleSamples } from './role-samples.ts'

/** Chinese on a desk, where axe judges by all its rules, English on a phone, the narrowest: `look` sees every page at the other widths too. */
const WIDTH_OF: Record<Locale, number> = { 'zh-CN': 1280, en: 320 }

/** SUNLIT_PAGES=desk-case,track looks at the pages alone whose names begin so. */
const ONLY = process.env['SUNLIT_PAGES']?.split(',')

async function lookAtAll (t: Test, { open, look }: Walker, samples: Sample[], locale: Locale): Promise<void> {
  for (const [name, path, status = 200] of samples) {
    if (ONLY?.some(start => name.startsWith(start)) === false) continue
    t.equal(await open(locale === 'en' ? `/en${path === '/' ? '' : path}` : path), status, `${name} answers ${status}`)
    await look(name)
  }
}

async function signIn ({ page, open, press }: Walker, { app, accounts }: Portal, role: string, locale: Locale): Promise<void> {
  const { username = '', password = '' } = accounts.find(account => account.role === role) ?? {}
  await open(locale === 'en' ? '/en/desk/sign-in' : '/desk/sign-in')
  await page.fill('#username', username)
  await page.fill('#password', password)
  await press('main form button')
  await page.fill('#code', await codeFor(app, username))
  await press('main form button')
}

/** Every page of the portal in one language keeps the rules of the house; a file of tests for each, so that both processors work. */
export async function keepRules (t: Test, locale: Locale, more: (t: Test, portal: Portal) => Promise<void> = async () => {}): Promise<void> {
  const portal = { ...await givenPortal(t), twin: locale === 'en' }
  await givenExtremes(portal)

  await t.test(`the public pages in ${locale}`, async t => {
    await lookAtAll(t, await walkerIn(t, portal, { width: WIDTH_OF[locale], locale }), await publicSamples(portal), locale)
  })

  await t.test(`a complainant’s own pages in ${locale}`, async t => {
    const walker = await walkerIn(t, portal, { width: WIDTH_OF[locale], locale })
    await walker.open(locale === 'en' ? '/en/track' : '/track')
    await walker.page.fill('#ref', portal.tracking?.ref ?? '')
    await walker.page.fill('#code', portal.tracking?.code ?? '')
    await walker.press('main form button')
    await lookAtAll(t, walker, ownSamples(portal), locale)
    for (const { id, sample } of await demandedSamples(portal)) {
      await walker.page.context().addCookies([{ name: 'sunlit-track', value: await openSession(portal.db, 'track', id, portal.clock.now), url: portal.origin }])
      await lookAtAll(t, walker, [sample], locale)
    }
  })

  await t.test(`the desk in ${locale}`, async t => {
    const walker = await walkerIn(t, portal, { width: WIDTH_OF[locale], locale })
    await signIn(walker, portal, 'clerk', locale)
    await lookAtAll(t, walker, await deskSamples(portal), locale)
  })

  await t.test(`the desk of a supervisor in ${locale}`, async t => {
    const walker = await walkerIn(t, portal, { width: WIDTH_OF[locale], locale })
    await signIn(walker, portal, 'investigator', locale)
    await lookAtAll(t, walker, await supervisorSamples(portal), locale)
  })

  await t.test(`what other roles see in ${locale}`, async t => {
    for (const [role, samples] of await roleSamples(portal)) {
      const walker = await walkerIn(t, portal, { width: WIDTH_OF[locale], locale })
      await signIn(walker, portal, role, locale)
      await lookAtAll(t, walker, samples, locale)
    }
  })

  await t.test(`who may not is told so in ${locale}`, async t => {
    const walker = await walkerIn(t, portal, { width: WIDTH_OF[locale], locale })
    await signIn(walker, portal, 'auditor', locale)
    await walker.look('desk-day-auditor')
    await lookAtAll(t, walker, [['error-403', '/desk/queue', 403], ...AUDITOR_SAMPLES], locale)
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

  await more(t, portal)
  await t.test('as the HTML checker reads them', NU, async t => { await checkHtml(t, portal) })
}
