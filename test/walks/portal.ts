import type { Page, Response } from 'playwright-core'
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { packFolder, type Environment } from '../../src/config.ts'
import { prepare, type Prepared } from '../../src/prepare.ts'
import { givenHouse, type House } from '../fixtures/app.ts'
import { axe, newPage, noOverflow, picture, watchTrouble, type View } from '../fixtures/browser.ts'
import { htmlErrors } from '../fixtures/nu.ts'
import { BY_LAYOUT_AND_WORDS, FRAME, foreignWords, SHAPE } from './page-rules.ts'

/**
 * The demo city at an address of its own. `html`: every page that was sent to a browser, by status and address. `judged`: the shapes of the pages that axe
 * looked at, and the screens on which it did; `twin`: another file of tests opens the same pages in another language, and asks axe for all its rules there.
 */
export interface Portal extends House, Prepared { origin: string, html: Map<string, string>, judged: Map<string, Set<string>>, twin: boolean }

/** HTML of a page (design.md §8). */
const MOST_HTML = 60 * 1024
/** The narrowest screen that must not scroll sideways (WCAG 2.2, 1.4.10), a telephone, a desk. */
const PICTURED = process.env['SUNLIT_PICTURES'] !== undefined
const SCREENS = [{ width: 320, height: 780 }, { width: 360, height: 780 }, { width: 1280, height: 900 }] as const

/** The real application with the demo city, served; call it once in a test file, the city takes seconds to load. */
export async function givenPortal (t: Test, environment: Environment = {}): Promise<Portal> {
  const house = await givenHouse(t, 'sqlite', environment)
  const { app, db, keys, clock } = house
  const prepared = await prepare({ db, keys, folder: packFolder(app.config), now: clock.now, demo: 'auto', say: () => {}, files: app.files })
  await newPage(t) // keeps the browser open from one test to the next
  return { ...house, ...prepared, origin: await serve(house), html: new Map(), judged: new Map(), twin: false }
}

/** A house without the demo city, served; its pages are checked with those of `portal`. */
export async function servePortal (house: House, { html, judged, twin }: Portal): Promise<Portal> {
  return { ...house, demo: false, accounts: [], tracking: null, origin: await serve(house), html, judged, twin }
}

async function serve ({ app }: House): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

export interface Walker {
  page: Page
  /** Opens an address of the portal; gives the status. */
  open: (path: string) => Promise<number>
  /** Presses what a person would press and waits for the page that answers. */
  press: (selector: string) => Promise<void>
  /** Holds what every page owes its reader; with a name, keeps a picture. */
  look: (name: string) => Promise<void>
}

/** A person with a browser of their own. Scripts, styles, addresses and markup of every page met are held to the rules of the house. */
export async function walkerIn (t: Test, portal: Portal, view: View = {}): Promise<Walker> {
  const { width = 1280, script = true, locale = 'zh-CN' } = view
  const page = await newPage(t, view)
  const trouble = watchTrouble(page)
  const pending: Array<Promise<void>> = []
  page.on('request', request => { if (!request.url().startsWith(portal.origin)) trouble.push(`third party: ${request.url()}`) })
  page.on('response', response => { pending.push(keep(portal, response)) })
  t.teardown(async () => { await Promise.all(pending) })
  const settle = async (): Promise<void> => {
    await page.waitForLoadState('load')
    await Promise.all(pending.splice(0))
    t.same(trouble.splice(0), [], `no trouble on ${page.url()}`)
  }
  return {
    page,
    open: async path => {
      const response = await page.goto(portal.origin + path)
      await settle()
      return response?.status() ?? 0
    },
    press: async selector => {
      await Promise.all([page.waitForEvent('domcontentloaded'), page.click(selector)])
      await settle()
    },
    look: async name => {
      const where = `${name} at ${width}${script ? '' : ' without script'}`
      const [frame, foreign, shape] = await page.evaluate<[object, string[], string]>(`[${FRAME}, ${foreignWords(locale)}, ${script ? SHAPE : "''"}]`)
      t.same(frame, { lang: locale, headings: 1, titled: true, main: 1 }, `${where}: language, title, one heading`)
      t.same(foreign, [], `${where}: words of one language`)
      if (script) t.same(await faultsOf(page, portal, shape), [], `${where}: axe`)
      // Its own width first and at last: each change of size draws the page anew.
      const own = page.viewportSize() ?? SCREENS[0]
      // What fits 320 and 1280 fits what lies between; 360 is drawn for who wants pictures of it.
      for (const screen of [own, ...SCREENS.filter(({ width }) => width !== own.width && (width !== 360 || PICTURED))]) {
        if (screen !== own) await page.setViewportSize(screen)
        t.same(await noOverflow(page), [], `${where}: nothing sticks out at ${screen.width}`)
        if (screen.width > 320) await picture(page, [name, locale === 'en' ? 'en' : 'zh', screen.width, ...(script ? [] : ['noscript'])].join('-'))
      }
      await page.setViewportSize(own)
    }
  }
}

/** What axe finds; a page of a shape that it has seen is asked for what may differ on this screen, and on the same screen for nothing. */
async function faultsOf (page: Page, { judged, twin }: Portal, shape: string): Promise<string[]> {
  const digest = createHash('sha256').update(shape).digest('base64')
  const screens = judged.get(digest) ?? new Set()
  const screen = (page.viewportSize()?.width ?? 0) < 600 ? 'telephone' : 'desk'
  if (screens.has(screen)) return []
  const found = await axe(page, twin || screens.size > 0 ? BY_LAYOUT_AND_WORDS : undefined)
  judged.set(digest, screens.add(screen))
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 200)).join(' | ')}`)
}

/** Asks the Nu checker about every page that was sent, and weighs them. Call it at the end of a test file. */
export async function checkHtml (t: Test, { html }: Portal): Promise<void> {
  t.ok(html.size > 0, `${html.size} pages were sent`)
  t.same([...html].filter(([, body]) => Buffer.byteLength(body) > MOST_HTML).map(([name, body]) => `${name}: ${Buffer.byteLength(body)} bytes`), [], 'no page is heavier than 60 KB')
  t.same([...new Set(await htmlErrors(html))], [], 'the HTML checker finds nothing')
}

async function keep (portal: Portal, response: Response): Promise<void> {
  const status = response.status()
  if (response.headers()['content-type']?.startsWith('text/html') !== true || (status >= 300 && status < 400)) return
  const body = await response.text().catch(() => '')
  if (body !== '') portal.html.set(`${status} ${response.url().slice(portal.origin.length)}`, body)
}
