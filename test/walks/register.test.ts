import t, { type Test } from 'tap'
import { cardCode } from '../../src/vault/card-codes.ts'
import { translator } from '../../src/i18n/index.ts'
import { BROWSER, type View } from '../fixtures/browser.ts'
import { NU } from '../fixtures/nu.ts'
import { checkHtml, givenPortal, walkerIn, type Portal, type Walker } from './portal.ts'

interface Visitor extends Walker { t: Test, portal: Portal, prefix: string, word: (key: string, values?: Record<string, unknown>) => string, at: (path: string) => Promise<void>, says: (text: string | RegExp, why: string) => Promise<void> }
type Walk = (visitor: Visitor) => Promise<void>

/** What somebody does who looks a thing up; each way is one of the register's ten parts. */
const WALKS: ReadonlyArray<readonly [string, Walk]> = [
  ['a matter, its history, a past day, two versions beside each other, and what changed', async ({ t, page, portal, at, press, says, word }) => {
    const { code } = await portal.db.selectFrom('matter').select('code').where('version', '>', 2).orderBy('code').executeTakeFirstOrThrow()
    await at(`/matters/${code}`)
    await says(code, 'the record names its code')
    await press(`main a[href*="/matters/${code}/history"]`)
    t.ok(await page.locator('main a[href*="/versions/"]').count() >= 2, 'every version has an address')
    await at(`/matters/${code}/compare?from=1&to=2`)
    t.ok(await page.locator('main table').count() > 0, 'two versions field by field')
    await at(`/matters/${code}/on/2026-11-23`)
    await says(code, 'as it was on a day')
    await at('/changes')
    t.ok(await page.locator('main a[href*="/matters/"]').count() > 0, `${word('changes.title')}: each change leads to its record`)
  }],
  ['whether a fine was in range', async ({ t, page, at, press, says, word }) => {
    await at('/check-fine?q=食品')
    await press('main .sl-hits a')
    await press('main form .govuk-button')
    await press('main form .govuk-button')
    await page.fill('[name=fine]', '６万元')
    if (await page.locator('[name=base]').count() > 0) await page.fill('[name=base]', '5000')
    await press('main form .govuk-button')
    t.match(new URL(page.url()).search, /fine=/, 'the whole question stands in the address')
    t.equal(await page.locator('.sl-judgement').count(), 1, 'one judgement')
    t.ok(await page.locator('main a[href*="/complain?"]').count() > 0, 'with a way to complain')
    t.ok(await page.locator('main a[href*="/guide/deadlines"]').count() > 0, 'and to the deadlines')
    await at('/exemptions')
    await press('main .sl-hits a')
    await says(/33|三十三/, word('exemptions.title'))
  }],
  ['an officer at the door, by number and by code, and a note of the visit that becomes a complaint', async ({ t, page, portal, at, press, says, word }) => {
    await at('/verify?number=DEMO0001')
    await says('DEMO0001', 'the number as it is printed')
    const card = await portal.db.selectFrom('certificate_code').select(['officer_id as officerId', 'certificate_no as certificateNo', 'turn']).orderBy('certificate_no').executeTakeFirstOrThrow()
    await at(`/v/${cardCode(portal.keys.cards, card)}`)
    await says(card.certificateNo, 'the code on the certificate leads to its answer')
    await at('/verify/door?power=inspection')
    await says(/42|55|四十二|五十五/, 'what may be asked for at the door, with its article')
    await at('/visits/new')
    for (const [name, value] of [['date_year', '2026'], ['date_month', '11'], ['date_day', '20']] as const) await page.fill(`[name=${name}]`, value)
    await page.fill('[name=text]', '两个人进店检查，没有出示证件。')
    await press('main form .govuk-button')
    const ref = (await page.locator('.sl-codebox').first().textContent() ?? '').trim()
    t.equal(await page.locator('.sl-codebox').count(), 2, 'a reference and a code')
    await at(`/visits/${ref}`)
    await press('#complain button')
    t.match(page.url(), /\/complain\/draft\//, word('visit.complain'))
  }],
  ['an agency, a statute and an article with what rests on it', async ({ t, page, portal, at, press, says }) => {
    const { slug } = await portal.db.selectFrom('agency').innerJoin('matter', 'matter.agency_id', 'agency.id').select('agency.slug').orderBy('agency.slug').executeTakeFirstOrThrow()
    await at(`/agencies/${slug}`)
    await press('main a[href*="/matters?"]')
    t.ok(await page.locator('main .sl-hit').count() > 0, 'its matters')
    await at('/law')
    t.equal(await page.locator('main h1').count(), 1)
    await says(/./, 'the library says what it holds')
  }],
  ['a decision, and one that was withdrawn', async ({ t, page, portal, at, press, says }) => {
    await at('/decisions?category=penalty')
    t.ok(await page.locator('main .sl-hit').count() > 0)
    await press('main .sl-hits a')
    t.ok(await page.locator('main a[href*="/complain?"]').count() > 0, 'one may complain about it')
    const gone = await portal.db.selectFrom('decision').select(['code', 'number', 'party_name']).where('status', '=', 'withdrawn').orderBy('code').executeTakeFirstOrThrow()
    await at(`/decisions/${gone.code}`)
    await says(gone.number, 'a tombstone keeps the number')
    if (gone.party_name !== '') t.notOk((await page.locator('main').innerText()).includes(gone.party_name), 'and not the party')
  }],
  ['every list of the three systems, and a mediation point nearby', async ({ t, page, at, press }) => {
    await at('/lists')
    const lists = await page.locator('main a[href*="/lists/"]').evaluateAll(links => [...new Set(links.map(link => new URL((link as unknown as { href: string }).href).pathname))])
    t.equal(lists.length, 7, 'seven lists')
    await at('/lists/dispute-points')
    await press('main .sl-hits a')
    t.equal(await page.locator('main h1').count(), 1)
  }],
  ['the right door, the last day, and the list for one\'s trade', async ({ t, page, at, press, says }) => {
    await at('/guide/which-channel')
    for (let asked = 0; asked < 6 && await page.locator('main form input[type=radio]').count() > 0; asked++) {
      await page.locator('main form input[type=radio]').last().check()
      await press('main form .govuk-button')
    }
    t.equal(await page.locator('main form input[type=radio]').count(), 0, 'after six questions at most there is an answer')
    await at('/guide/deadlines?act=penalty&on=2026-08-31')
    t.ok(await page.locator('main a[href*=".ics"]').count() > 0, 'with dates for the calendar')
    await at('/industries')
    await press('main a[href*="/industries/restaurant"]')
    await press('main a[href*="/self-check"]')
    await says(/./, 'the self-check')
    await at('/service-standard')
    await press('main a[href*="/due-dates/"]')
  }],
  ['one box for everything, however it is typed', async ({ t, page, at, says }) => {
    for (const words of ['食品经营许可', 'spjyxk', '食品經營許可', '開飯店', '小广告']) {
      await at(`/search?q=${encodeURIComponent(words)}`)
      t.ok(await page.locator('main a[href*="/matters"]').count() > 0, `${words} finds matters`)
    }
    await at('/search?q=SY-CF-0001')
    t.match(page.url(), /\/matters\/SY-CF-0001$/, 'a code leads to its record')
    await at(`/search?q=${encodeURIComponent('量子纠缠')}`)
    await says(/./, 'and nothing found is said with ways on')
  }],
  ['what the register hands out', async ({ t, page, portal, prefix, at, says }) => {
    await at('/matters?category=penalty&q=食品')
    for (const format of ['csv', 'xlsx', 'json']) t.ok(await page.locator(`main a[href*="/exports/matters/${format}"]`).count() > 0, `the same list as ${format}`)
    const csv = await (await fetch(`${portal.origin}${prefix}/exports/matters/csv?category=penalty&q=${encodeURIComponent('食品')}`)).arrayBuffer()
    t.same([...new Uint8Array(csv.slice(0, 3))], [0xEF, 0xBB, 0xBF], 'Excel reads its Chinese')
    for (const path of ['/api/v1/matters?category=penalty', '/api/v1/openapi.json', '/feeds/matters', '/sitemap.xml']) t.equal((await fetch(`${portal.origin}${path}`)).status, 200, path)
    for (const path of ['/data', '/data/matters', '/api', '/corrections', '/subscriptions?set=matters']) {
      await at(path)
      await says(/./, path)
    }
  }],
  ['larger type on any of them', async ({ t, page, at }) => {
    await at('/exemptions')
    if (!await page.isVisible('[data-comfort]')) return // without script there is nothing to switch
    await page.click('button[value=large]')
    await at('/decisions')
    t.match(await page.evaluate('document.documentElement.className'), /sl-large/)
    await page.click('button[value=large]')
  }]
]

t.setTimeout(600_000) // twenty walks

const VIEWS: readonly View[] = [{ locale: 'zh-CN', width: 1280 }, { locale: 'en', width: 360, script: false }]

t.test('whoever looks something up gets to the end of it', BROWSER, async t => {
  const portal = await givenPortal(t)
  for (const view of VIEWS) {
    const locale = view.locale ?? 'zh-CN'
    const prefix = locale === 'en' ? '/en' : ''
    for (const [name, walk] of WALKS) {
      await t.test(`${name} (${locale}${view.script === false ? ', without script' : ''})`, async t => {
        const walker = await walkerIn(t, portal, view)
        const says = async (text: string | RegExp, why: string): Promise<void> => { t.match(await walker.page.locator('main').innerText(), text, why) }
        const at = async (path: string): Promise<void> => { t.equal(await walker.open(prefix + path), 200, path) }
        await walk({ ...walker, t, portal, prefix, word: translator(locale), says, at })
      })
    }
  }
  await t.test('as the HTML checker reads them', NU, async t => { await checkHtml(t, portal) })
})
