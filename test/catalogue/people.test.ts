import { Writable } from 'node:stream'
import type { Kysely } from 'kysely'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { raiseRevision } from '../../src/db/records.ts'
import type { Database, OfficerTable } from '../../src/db/schema.ts'
import { translate } from '../../src/i18n/index.ts'
import { givenHouse, type House } from '../fixtures/app.ts'
import { BROWSER, newPage } from '../fixtures/browser.ts'
import { ENGINES, type Teardown } from '../fixtures/engines.ts'
import { visitor } from '../fixtures/visitor.ts'

const UNIT = '沈阳市市场监督管理局'
const zh = (key: string, values = {}): string => translate('zh-CN', key, values)
const en = (key: string, values = {}): string => translate('en', key, values)
/** Handlebars writes = and ' of a value as entities. */
const decoded = (body: string): string => body.replaceAll('&#x3D;', '=').replaceAll('&#x27;', "'").replaceAll('&quot;', '"')

type Change = Partial<Omit<OfficerTable, 'id' | 'withheld' | 'fictional'>> & { slug: string, certificate_no: string, withheld?: 0 | 1, fictional?: 0 | 1 }

async function addOfficers (db: Kysely<Database>, officers: Change[]): Promise<void> {
  const { id } = await db.selectFrom('agency').select('id').where('name', '=', UNIT).executeTakeFirstOrThrow()
  const usual = { version: 1, name: '赵一鸣', agency_id: id, certificate_type: 'enforcement', categories: 'penalty inspection', area: '沈阳市', valid_from: '2024-01-01', valid_to: '2028-01-01', status: 'valid', withheld: 0 as 0 | 1, fictional: 1 as 0 | 1, updated_at: '2026-11-20T01:00:00.000Z' }
  await db.insertInto('officer').values(officers.map(officer => ({ ...usual, ...officer }))).execute()
  await raiseRevision(db, 'register')
}

/** One officer for each state on 23 November 2026, one whose data are withheld and one in another unit. */
async function givenPeople (t: Teardown, engine: (typeof ENGINES)[number] = 'sqlite'): Promise<House> {
  const house = await givenHouse(t, engine)
  await addOfficers(house.db, [
    { slug: 'valid', certificate_no: '21010000001' },
    { slug: 'expiring', certificate_no: '21010000002', name: '钱二', valid_to: '2026-12-23' },
    { slug: 'expired', certificate_no: '21010000003', name: '孙三', valid_to: '2026-11-22' },
    { slug: 'suspended', certificate_no: '21010000004', name: '李四', status: 'suspended' },
    { slug: 'revoked', certificate_no: '21010000005', name: '周五', status: 'revoked' },
    { slug: '-withheld', certificate_no: '21010000006', name: '吴六七', area: '某某街道', withheld: 1 },
    { slug: 'real', certificate_no: '辽A(01)-0007B', name: '迪丽·阿迪力', fictional: 0, categories: '综合执法' }
  ])
  return house
}

const STATES = [
  { number: '21010000001', status: 'valid' },
  { number: '21010000002', status: 'expiring' },
  { number: '21010000003', status: 'expired' },
  { number: '21010000004', status: 'suspended' },
  { number: '21010000005', status: 'suspended' },
  { number: '21019999999', status: 'not_found' }
] as const

for (const engine of ENGINES) {
  t.test(`${engine}: a number is answered with one of five states, in words, with a sign and with what to do`, async t => {
    const { app } = await givenPeople(t, engine)
    const { get } = visitor(app)
    const signs = new Set<string>()
    for (const { number, status } of STATES) {
      for (const [prefix, say] of [['', zh], ['/en', en]] as const) {
        const { status: code, body, headers } = await get(`${prefix}/verify?number=${number}`)
        t.equal(code, 200)
        t.match(body, new RegExp(`<h1[^>]*>${say(`officer_status.${status}`)}</h1>`), `${number} ${prefix}`)
        t.ok(decoded(body).includes(say(`officer_status_help.${status}`)), 'says what to do')
        t.ok(body.includes(say('verify.do_certificate')), 'names article 55')
        t.ok(body.includes(number), 'repeats the number')
        t.ok(body.includes('href="tel:12345"'))
        t.equal(headers['cache-control'], 'no-store')
        t.equal(headers['x-robots-tag'], 'noindex')
        t.ok(body.includes('<meta name="robots" content="noindex">'))
        t.notOk('set-cookie' in headers)
        signs.add(/<svg class="sl-verdict__icon"[^>]*>\s*([^]*?)<\/svg>/.exec(body)?.[1] ?? '')
      }
    }
    t.equal(signs.size, 5, 'five different signs')
  })

  t.test(`${engine}: the state is that of the moment, on the last day and the day after`, async t => {
    const { app, clock } = await givenPeople(t, engine)
    const { get } = visitor(app)
    const at = async (now: string): Promise<string> => {
      clock.now = now
      return /<h1[^>]*>(.*?)<\/h1>/.exec((await get('/verify?number=21010000002')).body)?.[1] ?? ''
    }
    t.equal(await at('2026-11-22T15:59:59.000Z'), zh('officer_status.valid'), '31 days before')
    t.equal(await at('2026-11-22T16:00:00.000Z'), zh('officer_status.expiring'), '30 days before, in China')
    t.equal(await at('2026-12-23T15:59:59.000Z'), zh('officer_status.expiring'), 'the last minute of the last day')
    t.equal(await at('2026-12-23T16:00:00.000Z'), zh('officer_status.expired'), 'a second later')
    t.equal(await at('2023-12-31T15:00:00.000Z'), zh('officer_status.expired'), 'before its first day')
    clock.now = '2026-11-23T02:00:00.000Z'
    const { body } = await get('/verify?number=21010000002')
    t.match(body, /核验时间：2026年11月23日 10:00/)
    t.match(body, /数据日期：2026年11月20日/)
  })

  t.test(`${engine}: name and unit together find a person, and nothing else does`, async t => {
    const { app } = await givenPeople(t, engine)
    const { get } = visitor(app)
    const find = async (query: Record<string, string>): Promise<{ status: number, body: string }> => await get(`/officers?${new URLSearchParams(query).toString()}`)
    for (const name of ['赵一鸣', ' 赵 一 鸣 ', '赵　一鸣']) {
      for (const agency of [UNIT, ` ${UNIT} `, '市场监管局', 'market-regulation', 'Shenyang Administration for Market Regulation']) {
        t.match((await find({ name, agency })).body, /21010000001/, `${name} ${agency}`)
      }
    }
    t.match((await find({ name: '迪丽•阿迪力', agency: UNIT })).body, /辽A\(01\)-0007B/, 'any middle dot')
    for (const query of [{ name: '赵一', agency: UNIT }, { name: '%', agency: UNIT }, { name: '__鸣', agency: UNIT }, { name: '赵一鸣', agency: '市公安局' }, { name: '赵一鸣' }, { agency: UNIT }, { name: '', agency: UNIT }, { number: '', name: '', agency: '' }]) {
      const { body } = await find(query)
      t.notMatch(body, /2101000000/, JSON.stringify(query))
    }
    t.equal((await find({ name: '赵一鸣' })).status, 422)
    t.match((await find({ name: '赵一鸣' })).body, new RegExp(zh('verify.fault_agency')))
    t.match((await find({ name: '', agency: UNIT })).body, new RegExp(zh('verify.fault_name')))
    const which = await find({ name: '赵一鸣', agency: '市场' })
    t.equal(which.status, 422)
    t.match(decoded(which.body), /agency=market-regulation/, 'offers the units that may be meant')
    t.match(which.body, /value="赵一鸣"/, 'keeps what was typed')
    const prefilled = await get('/officers?agency=market-regulation')
    t.equal(prefilled.status, 200)
    t.ok(prefilled.body.includes(`value="${UNIT}"`), 'an agency page can lead here')
    const missing = await find({ name: '赵一', agency: UNIT })
    t.equal(missing.status, 200)
    t.match(missing.body, new RegExp(zh('verify.missing_by_name')))
  })

  t.test(`${engine}: there is no way to a list of officers`, async t => {
    const { app, db } = await givenPeople(t, engine)
    const { get } = visitor(app)
    await addOfficers(db, Array.from({ length: 25 }, (_, at) => ({ slug: `same-${at}`, certificate_no: `2102${String(at).padStart(7, '0')}`, name: '王伟' })))
    const { body } = await get(`/officers?name=王伟&agency=${UNIT}`)
    t.equal(body.match(/class="sl-hit"/g)?.length, 20)
    t.match(body, new RegExp(zh('verify.found_many', { count: 20 })))
    for (const page of ['2', '99']) t.equal((await get(`/officers?name=王伟&agency=${UNIT}&page=${page}`)).body.match(/same-\d+/g)?.filter((slug, at, all) => all.indexOf(slug) === at).length, 20)
    for (const url of ['/officers', '/officers?page=1', '/officers?q=王', '/verify', '/verify?number=2102', '/verify?number=21020000', '/verify?number=2102*', '/verify?number=2102%25', '/officers/', '/sitemap.xml']) {
      t.notMatch((await get(url)).body, /王伟|赵一鸣/, url)
    }
  })

  t.test(`${engine}: an officer's page shows the public fields only`, async t => {
    const { app } = await givenPeople(t, engine)
    const { get } = visitor(app)
    const { status, body, headers } = await get('/officers/valid')
    t.equal(status, 200)
    for (const text of ['赵一鸣', UNIT, '21010000001', zh('certificate_type.enforcement'), zh('category.penalty'), zh('officer_status.valid'), zh('verify.fictional_note')]) t.ok(body.includes(text), text)
    t.match(decoded(body), /href="\/complain\?officer=valid"/)
    t.equal(headers['cache-control'], 'no-store')
    t.equal(headers['x-robots-tag'], 'noindex')
    const real = (await get('/officers/real')).body
    t.notOk(real.includes(zh('verify.fictional')), 'a real person is not called fictional')
    t.match(real, /综合执法/, 'a category that we do not know is shown as it was given')
    t.match((await get('/en/officers/valid')).body, /lang="zh-CN">赵一鸣/)
    t.match((await get('/officers/suspended')).body, new RegExp(zh('certificate_status.suspended')))
    for (const slug of ['nobody', '21010000001', '1', '%00', "'--", 'a'.repeat(150)]) t.ok([400, 404].includes((await get(`/officers/${slug}`)).status), slug)
  })

  t.test(`${engine}: of a withheld officer only the state of the certificate is told`, async t => {
    const { app } = await givenPeople(t, engine)
    const { get } = visitor(app)
    for (const url of ['/verify?number=21010000006', '/en/verify?number=21010000006', '/officers/-withheld']) {
      const { status, body } = await get(url)
      t.equal(status, 200, url)
      t.notMatch(body, /吴六七|某某街道/, url)
      t.notOk(body.includes(`>${UNIT}<`), url)
      t.ok(body.includes(url.startsWith('/en') ? en('officer_status.valid') : zh('officer_status.valid')), url)
    }
    t.match((await get('/verify?number=21010000006')).body, new RegExp(zh('verify.withheld')))
    t.notMatch((await get('/officers/-withheld')).body, /21010000006/, 'the page does not give the number away')
    t.match((await get(`/officers?name=吴六七&agency=${UNIT}`)).body, new RegExp(zh('verify.missing_by_name')), 'nor can the name be guessed')
  })

  t.test(`${engine}: prohibitions say what is known of them`, async t => {
    const { app, db } = await givenHouse(t, engine)
    const { get } = visitor(app)
    const list = await get('/prohibitions')
    t.equal(list.body.match(/class="sl-tile"/g)?.length, 10)
    t.equal(list.body.match(new RegExp(`<h2 class="sl-tile__title"><a [^>]*>${zh('prohibitions.no_title')}</a>`, 'g'))?.length, 4)
    t.match(list.body, new RegExp(zh('prohibitions.pending', { count: 5 })))
    t.equal(list.headers['cache-control'], 'public, max-age=60')
    const rows = await db.selectFrom('prohibition').selectAll().orderBy('no').execute()
    for (const row of rows) {
      const { status, body } = await get(`/prohibitions/${row.no}`)
      t.equal(status, 200)
      t.ok(decoded(body).includes(`/complain?prohibition=${row.no}`), 'leads to a complaint')
      if (row.title !== null) t.ok(body.includes(row.title))
      if (row.summary !== null) t.ok(body.includes(row.summary))
      t.ok(decoded(body).includes(zh(`prohibitions.note.${row.text_status}`)), `${row.no} tells how far it is verified`)
      t.equal(body.includes(zh('ui.unverified')), true)
      t.equal((await get(`/en/prohibitions/${row.no}`)).status, 200)
    }
    t.match((await get('/prohibitions/8')).body, new RegExp(zh('prohibitions.no_source')))
    t.match((await get('/prohibitions/6')).body, new RegExp(zh('ground_help.G08')), 'the ground that belongs to it')
    for (const no of ['0', '11', '99', '07', '-1', '1e1', '1.5', 'x', '9999999999']) t.equal((await get(`/prohibitions/${no}`)).status, 404, no)
    await db.updateTable('prohibition').set({ text_status: 'verified', title: '严禁编造', summary: '官方正文', verified_at: '2026-11-01' }).where('no', '=', 8).execute()
    await raiseRevision(db, 'register')
    const { app: later } = await givenHouseAgain(app, db)
    const verified = await visitor(later).get('/prohibitions/8')
    t.match(verified.body, /严禁编造[^]*官方正文/)
    t.notOk(verified.body.includes(zh('prohibitions.note.unverified')), 'a verified text carries no reservation')
    t.match((await visitor(later).get('/en/prohibitions/8')).body, /lang="zh-CN">官方正文/, 'without a translation the Chinese text is shown')
    await later.close()
  })

  t.test(`${engine}: a prohibition counts and pages the matters filed under it`, async t => {
    const { app, db } = await givenHouse(t, engine)
    const { get } = visitor(app)
    const { id } = await db.selectFrom('agency').select('id').where('name', '=', UNIT).executeTakeFirstOrThrow()
    const usual = { version: 1, category: 'inspection', agency_id: id, levels: 'city', region_code: '210100', source: 'test', updated_at: '2026-11-20T01:00:00.000Z', status: 'in_force' }
    const numbered = Array.from({ length: 23 }, (_, at) => ({ ...usual, code: `JC-${String(at + 1).padStart(3, '0')}`, name: `检查事项${at + 1}`, prohibition_nos: at === 0 ? '1 4' : '4' }))
    await db.insertInto('matter').values([...numbered, { ...usual, code: 'JC-901', name: '别条的', prohibition_nos: '10' }, { ...usual, code: 'JC-902', name: '废止的', prohibition_nos: '1', status: 'repealed' }]).execute()
    await raiseRevision(db, 'register')
    const first = (await get('/prohibitions/4')).body
    t.match(first, new RegExp(zh('ui.results_range', { total: 23, from: 1, to: 20 })))
    t.match(first, /href="\/matters\/JC-001"/)
    t.match((await get('/prohibitions/4?page=2')).body, /检查事项23/)
    const one = (await get('/prohibitions/1')).body
    t.match(one, /检查事项1/)
    t.notMatch(one, /别条的|废止的/, '10 is not 1, and what is repealed does not count')
    t.equal((await get('/prohibitions/4?page=3')).status, 404)
    t.equal((await get('/prohibitions/4?page=-1')).status, 200)
  })

  t.test(`${engine}: the page about the site counts what there is`, async t => {
    const { app } = await givenPeople(t, engine)
    const { get } = visitor(app)
    for (const [url, say] of [['/about', zh], ['/en/about', en]] as const) {
      const { status, body, headers } = await get(url)
      t.equal(status, 200)
      for (const word of ['about.unverified_licence', 'about.access_limits', 'about.never_imported']) t.ok(decoded(body).includes(say(word)), word)
      t.match(body, new RegExp(`${say('about.register_officer')}[^]{0,200}?data-label="${say('about.col_count')}">7<`))
      t.match(body, new RegExp(`${say('about.register_prohibition')}[^]{0,200}?data-label="${say('about.col_count')}">10<[^]{0,200}?>10<`))
      t.equal(headers['cache-control'], 'public, max-age=60')
    }
  })
}

/** A second process on the same database: nothing that the first one kept is in its memory. */
async function givenHouseAgain (app: House['app'], db: Kysely<Database>): Promise<{ app: House['app'] }> {
  return { app: await buildApp({ config: app.config, db, keys: app.keys, files: app.files, site: app.site, now: () => app.now() }) }
}

t.test('a number may be typed in many ways', async t => {
  const { app } = await givenPeople(t)
  const { get } = visitor(app)
  for (const typed of ['21010000001', ' 2101 0000 001 ', '２１０１００００００１', '2101\u30000000001']) {
    t.match((await get(`/verify?number=${encodeURIComponent(typed)}`)).body, /<h1[^>]*>证件有效</, typed)
  }
  for (const typed of ['辽A(01)-0007B', '辽a（01）-0007b', '辽Ａ（０１）–０００７Ｂ', '辽 A(01) - 0007 B']) t.match((await get(`/verify?number=${encodeURIComponent(typed)}`)).body, /迪丽·阿迪力/, typed)
  const moved = await get('/officers?number=2101+0000+001&name=&agency=')
  t.equal(moved.status, 302)
  t.equal(moved.location, '/verify?number=2101+0000+001')
})

t.test('what no card can bear is explained, and kept for mending', async t => {
  const { app } = await givenPeople(t)
  const { get } = visitor(app)
  const empty = await get('/verify?number=')
  t.equal(empty.status, 422)
  t.match(empty.body, new RegExp(zh('verify.fault_empty')))
  for (const typed of ['123', '1'.repeat(31), '1'.repeat(5000), "1' or '1'='1", '<script>alert(1)</script>', '%', '____', '🚓🚓🚓🚓', '*']) {
    const { status, body } = await get(`/verify?number=${encodeURIComponent(typed)}`)
    t.ok([414, 422].includes(status), `${typed.slice(0, 40)} ${status}`)
    t.notMatch(body, /<script>alert/)
    t.notMatch(body, /赵一鸣/)
  }
  t.match((await get('/verify?number=12%263')).body, /value="12&amp;3"/)
  t.equal((await get('/verify?number=21010000001&number=21010000002')).status, 422, 'two numbers are no question')
  t.equal((await get('/verify?number=%00%01')).status, 400)
  t.equal((await get('/officers?name=a&name=b&agency=c')).status, 422)
  t.equal((await get(`/officers?name=${'长'.repeat(60)}&agency=${UNIT}`)).status, 422)
  t.equal((await get('/verify?number=%E0%A4%A')).status < 500, true)
  t.equal((await app.inject({ method: 'POST', url: '/verify', headers: { 'sec-fetch-site': 'same-origin' } })).statusCode, 405)
})

t.test('HEAD tells nothing', async t => {
  const { app } = await givenPeople(t)
  const head = async (url: string): Promise<unknown[]> => {
    const { statusCode, headers } = await app.inject({ method: 'HEAD', url, headers: { accept: 'text/html' } })
    return [statusCode, headers['content-length'], headers['cache-control']]
  }
  t.same(await head('/verify?number=21010000001'), await head('/verify?number=21019999999'))
  t.same(await head(`/officers?name=${encodeURIComponent('赵一鸣')}&agency=market-regulation`), await head(`/officers?name=${encodeURIComponent('赵一二')}&agency=market-regulation`))
  t.same((await head('/officers/valid'))[0], (await head('/officers/nobody'))[0])
})

t.test('looking up is limited, and nobody writes down who was looked up', async t => {
  const { app, db, keys, clock } = await givenPeople(t)
  let log = ''
  const stream = new Writable({ write (chunk, _encoding, done) { log += String(chunk); done() } })
  const strict = await buildApp({ config: { ...app.config, SUNLIT_RATE: 1 }, db, keys, files: app.files, site: app.site, now: () => clock.now, logger: { level: 'trace', stream } })
  t.teardown(async () => { await strict.close() })
  const { get } = visitor(strict)
  const codes: number[] = []
  for (let at = 0; at < 62; at++) codes.push((await get('/verify?number=21010000001')).status)
  t.same([...new Set(codes.slice(0, 60))], [200])
  t.same(codes.slice(60), [429, 429])
  await get('/officers/valid')
  await get(`/officers?name=${encodeURIComponent('赵一鸣')}&agency=market-regulation`)
  t.match(log, /"route":"\/officers\/:slug"/)
  t.notMatch(log, /21010000001|赵|%E8%B5%B5|officers\/valid/)
  t.same(await db.selectFrom('audit_entry').selectAll().where('action', 'like', '%officer%').execute(), [])
})

t.test('at the door: answered on one small screen, without script, and light', BROWSER, async t => {
  const { app } = await givenPeople(t)
  const url = await app.listen({ port: 0 })
  const page = await newPage(t, { width: 360, script: false })
  await page.setViewportSize({ width: 360, height: 640 })
  let bytes = 0
  page.on('requestfinished', async request => {
    const sizes = await request.sizes()
    bytes += sizes.responseBodySize + sizes.responseHeadersSize
  })
  await page.goto(`${url}/verify`)
  const bottom = async (selector: string): Promise<number> => {
    const box = await page.locator(selector).first().boundingBox()
    return (box?.y ?? 0) + (box?.height ?? 9999)
  }
  t.ok(await bottom('.sl-door button') <= 640, 'field and button need no scrolling')
  await page.fill('#number', '2101 0000 003')
  await page.click('.sl-door button')
  t.ok(await bottom('.sl-verdict') <= 640, 'nor does the answer')
  await page.waitForLoadState('networkidle')
  t.ok(bytes > 5000 && bytes < 100_000, `two pages with everything on them weigh ${bytes} bytes`)
})
