import type { InjectOptions } from 'fastify'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { App } from '../../src/app.ts'
import { AppError } from '../../src/errors.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse } from '../fixtures/app.ts'

// Both kinds answer HEAD through their GET.
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' }

/** On a machine that is busy with other tests the portal may ask to come again, as it should (security.md P-8); that is not what is asked here. */
async function ask (app: App, options: InjectOptions): Promise<number> {
  for (let left = 3; ; left--) {
    const { statusCode } = await app.inject(options)
    if (statusCode !== 503 || left === 0) return statusCode
    await setTimeout(1200)
  }
}

const filled = (url: string): string => url.replace(/:\w+|\*/g, 'x')

t.test('Z-1: every route names who may, and a visitor gets no further than that', async t => {
  const { app } = await givenHouse(t)
  await app.ready() // throws when a route names no permission
  t.ok(app.routeTable.length > 10)
  for (const { method, url, permission } of app.routeTable) {
    const statusCode = await ask(app, { method: method as 'GET', url: filled(url), headers: SAME_ORIGIN })
    if (permission === 'public') t.ok(statusCode < 500, `${method} ${url} answers a stranger (${statusCode})`)
    else t.ok([302, 303, 401, 403].includes(statusCode), `${method} ${url} refuses a stranger (${statusCode})`)
  }
})

t.test('Z-1: a route without a permission stops the application', async t => {
  const { app } = await givenHouse(t)
  app.get('/open-by-mistake', async () => 'ok')
  await t.rejects(async () => { await app.ready() }, /open-by-mistake names no permission/)
})

t.test('every address of the table is served', async t => {
  const { app } = await givenHouse(t)
  await app.ready()
  const served = new Set(app.routeTable.map(row => row.url))
  for (const [name, url] of Object.entries(ROUTES)) t.ok(served.has(url), `${name} ${url}`)
})

t.test('F-1: a form from another site is refused wherever something changes', async t => {
  const { app } = await givenHouse(t)
  await app.ready()
  for (const { method, url } of app.routeTable.filter(row => !['GET', 'HEAD', 'OPTIONS'].includes(row.method))) {
    const statusCode = await ask(app, { method: method as 'POST', url: filled(url), headers: { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' } })
    t.equal(statusCode, new AppError('cross_origin').status, `${method} ${url}`)
  }
})
