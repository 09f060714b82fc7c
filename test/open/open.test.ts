import { createConfig, lintFromString } from '@redocly/openapi-core'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import sax from 'sax'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { Archive } from '../../src/admin/imports/xlsx/archive.ts'
import { xlsxRows } from '../../src/admin/imports/xlsx/rows.ts'
import { CONTACT_KEPT, openCorrection, settle, showCorrection, sweepContacts } from '../../src/catalogue/corrections/service.ts'
import type { PublicRecord } from '../../src/catalogue/lists/definition.ts'
import { setNamed, SETS } from '../../src/catalogue/register/service.ts'
import { translator } from '../../src/i18n/index.ts'
import { canonical, keepVersions, raiseRevision } from '../../src/db/records.ts'
import type { Db } from '../../src/db/schema.ts'
import { pageSchema, recordSchema } from '../../src/open/api/schema.ts'
import { FORMATS } from '../../src/open/exports/formats.ts'
import { digest } from '../../src/open/datasets/service.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { givenAgency, givenMatter, givenStatute } from '../fixtures/register.ts'
import { visitor } from '../fixtures/visitor.ts'

const LATER = '2026-11-24T02:00:00.000Z'

interface Register extends House { agency: number, food: number }

/** A small register whose first matter has two versions. */
async function givenRegister (t: Teardown, engine: Engine, environment = {}): Promise<Register> {
  const house = await givenHouse(t, engine, environment)
  const { db } = house
  const agency = await givenAgency(db, { slug: 'test-market', name: '测试市市场监督管理局' })
  await givenStatute(db, { slug: 'food-safety', name: '中华人民共和国食品安全法', articles: [{ no: 35, label: '第三十五条', body: '国家对食品生产经营实行许可制度。' }] })
  const food = await givenMatter(db, { code: 'T-CF-0001', agency, name: '=食品<经营>许可', category: 'permit', levels: 'city county', bases: [{ law: '食品安全法', article: '第三十五条', no: 35 }] })
  await givenMatter(db, { code: 'T-CF-0002', agency, name: '对无证经营食品的行政处罚', aliases: '@黑作坊' })
  await givenMatter(db, { code: 'T-JC-0003', agency, name: '对占道经营的检查', category: 'inspection' })
  await publish(db, food, 1, { name: '食品经营许可', levels: 'city', status: 'in_force' }, TODAY)
  await publish(db, food, 2, { name: '=食品<经营>许可', levels: 'city county', status: 'in_force' }, LATER)
  return { ...house, agency, food }
}

async function publish (db: Db, id: number, version: number, data: object, at: string): Promise<void> {
  await keepVersions(db, [{ kind: 'matter', id, version, data }], { at, actor: 'test', reason: '测试', batchId: null })
  await raiseRevision(db, 'register')
}

/** The texts of an XML document by element, or a throw where it is not well-formed. */
function elements (xml: string): Array<[string, string]> {
  const parser = sax.parser(true)
  const found: Array<[string, string]> = []
  let text = ''
  parser.onopentag = () => { text = '' }
  parser.ontext = parser.oncdata = part => { text += part }
  parser.onclosetag = name => { found.push([name, text]); text = '' }
  parser.onerror = error => { throw error }
  parser.write(xml).close()
  return found
}

for (const engine of ENGINES) {
  await t.test(`on ${engine}`, async t => {
    const house = await givenRegister(t, engine)
    const { app, db, folder } = house
    const browser = visitor(app)

    await t.test('a list as a file holds exactly what its page shows', async t => {
      const csv = await app.inject('/exports/matters/csv?q=食品&category=penalty')
      t.equal(csv.statusCode, 200)
      t.match(csv.headers, { 'content-type': /^text\/csv; charset=utf-8/, 'cache-control': 'no-store' })
      t.match(decodeURIComponent(String(csv.headers['content-disposition'])), /filename="matters-2026-11-24\.csv"; filename\*=UTF-8''执法事项_食品_行政处罚_2026-11-24\.csv/)
      t.ok(csv.body.startsWith('\uFEFF编码,名称,'), 'a mark for Excel, and words for a head')
      t.same(csv.body.trim().split('\r\n').slice(1).map(line => line.split(',')[0]), ['T-CF-0002'])
      t.match((await browser.get('/matters?q=食品&category=penalty')).body, /exports\/matters\/csv\?q&#x3D;|exports\/matters\/csv\?q=/, 'the page leads there')
      const all = await app.inject('/exports/matters/csv')
      t.match(all.body, /T-CF-0001,"?'=食品<经营>许可/, 'no cell is ever run as a formula')
      t.match(all.body, /'@黑作坊/)
      t.match(all.body, /行政许可/, 'codes are said in words')
      t.match((await app.inject('/en/exports/matters/csv')).body, /^\uFEFFCode,Name,/)
      const none = await app.inject('/exports/matters/csv?category=no-such')
      t.equal(none.body.trim().split('\r\n').length, 1, 'an unknown value finds nothing')
    })

    await t.test('the same as JSON and as a workbook', async t => {
      const json = (await app.inject('/exports/matters/json?category=permit')).json<{ about: Record<string, unknown>, records: Array<Record<string, unknown>> }>()
      t.match(json.about, { rows: 1, data_on: '2026-11-24', filters: '行政许可', address: /\/matters\?category=permit$/, licence: /待核实/ })
      t.same(json.records.map(record => [record['code'], record['category'], record['levels'], record['bases']]), [['T-CF-0001', 'permit', ['city', 'county'], ['《食品安全法》第三十五条']]])
      t.notOk('agency_slug' in (json.records[0] ?? {}), 'only the public fields')
      const file = path.join(folder, 'matters.xlsx')
      writeFileSync(file, (await app.inject('/exports/matters/xlsx')).rawPayload)
      const about: string[] = []
      for await (const { cells } of xlsxRows(file)) about.push(cells.join(' '))
      t.match(about.join('|'), /^关于本文件.*\|条数 3\|数据日期 2026-11-24\|使用许可 待核实.*http/)
      const archive = await Archive.open(file)
      let sheet = ''
      for await (const part of archive.text('xl/worksheets/sheet2.xml')) sheet += part
      archive.close()
      t.match(sheet, /tabSelected="1"/, 'the data is what a reader sees first')
      const texts = elements(sheet).filter(([name]) => name === 't').map(([, text]) => text)
      t.same(texts.slice(0, 2), ['编码', '名称'])
      t.ok(texts.includes('=食品<经营>许可'), 'a text stays the text that it is')
      t.notMatch(sheet, /<f>/)
    })

    await t.test('what cannot be had as a file is told so', async t => {
      for (const [url, status, word] of [
        ['/exports/matters/pdf', 404, '可以下载的格式有：csv · xlsx · json'], ['/exports/officers/csv', 404, ''], ['/exports/matters/__proto__', 404, ''], ['/exports/%00/csv', 404, ''],
        [`/exports/matters/csv?${'category=a&'.repeat(60)}`, 400, ''], [`/exports/matters/csv?q=${'a'.repeat(10_000)}`, 400, '']
      ] as const) {
        const answer = await browser.get(url)
        t.equal(answer.status, status, url.slice(0, 60))
        t.ok(answer.body.includes(word), url.slice(0, 60))
      }
    })

    await t.test('the API reads sets page by page and records one by one', async t => {
      const set = setNamed('matters')
      const check = Compile(pageSchema(set))
      let next: string | null = '/api/v1/matters?limit=2'
      const codes: unknown[] = []
      for (let pages = 0; next !== null && pages < 5; pages++) {
        const answer = await app.inject(next.replace(/^http:\/\/[^/]+/, ''))
        t.equal(answer.statusCode, 200)
        const page: { total: number, next: string | null, items: Array<Record<string, unknown>> } = answer.json()
        t.ok(check.Check(page), 'as the schema says')
        t.equal(page.total, 3)
        codes.push(...page.items.map(item => item['code']))
        next = page.next
      }
      t.same(codes, ['T-CF-0001', 'T-CF-0002', 'T-JC-0003'])
      const one = await app.inject('/api/v1/matters/T-CF-0001')
      t.ok(Compile(recordSchema(set)).Check(one.json()))
      t.match(one.json(), { code: 'T-CF-0001', levels: ['city', 'county'], url: /\/matters\/T-CF-0001$/ })
      t.equal((await app.inject('/api/v1/matters?q=食品&category=permit')).json<{ total: number }>().total, 1, 'with the filters of the page')
      t.equal((await app.inject('/api/v1/prohibitions')).json<{ total: number }>().total, 10)
      t.equal((await app.inject('/api/v1/agencies/test-market')).json<{ name: string }>().name, '测试市市场监督管理局')
      const names = (await app.inject('/api/v1')).json<{ sets: Array<{ name: string }> }>().sets.map(one => one.name)
      for (const name of names) {
        const page = (await app.inject(`/api/v1/${name}`)).json<unknown>()
        t.ok(Compile(pageSchema(setNamed(name))).Check(page), `${name} as the schema says`)
      }
    })

    await t.test('an answer that has not changed is not sent again, nor read from elsewhere', async t => {
      const first = await app.inject('/api/v1/matters')
      const again = await app.inject({ url: '/api/v1/matters', headers: { 'if-none-match': String(first.headers.etag) } })
      t.same([again.statusCode, again.body], [304, ''])
      const strange = await app.inject({ url: '/api/v1/matters', headers: { origin: 'https://elsewhere.example' } })
      t.equal(strange.headers['access-control-allow-origin'], undefined)
    })

    await t.test('hostile parameters get a plain refusal in JSON', async t => {
      for (const [url, status, error] of [
        ['/api/v1/matters?limit=101', 400, 'bad_parameter'], ['/api/v1/matters?limit=0', 400, 'bad_parameter'], ['/api/v1/matters?limit=abc', 400, 'bad_parameter'],
        ['/api/v1/matters?unknown=1', 400, 'bad_parameter'], [`/api/v1/matters?q=${'a'.repeat(10_000)}`, 400, 'bad_parameter'], ['/api/v1/matters?q=%00', 400, 'bad_request'], ['/api/v1/matters?after=%F0%9F%92%A9', 200, undefined],
        ['/api/v1/matters?category=no-such', 200, undefined], ['/api/v1/matters/%00', 404, 'not_found'], ['/api/v1/matters/unknown', 404, 'not_found'], ['/api/v1/officers', 404, 'not_found'], ['/api/v1/nothing', 404, 'not_found'], [`/api/v1/${'x'.repeat(199)}`, 404, 'not_found']
      ] as const) {
        const answer = await app.inject({ url, headers: { accept: 'text/html' } })
        t.equal(answer.statusCode, status, url.slice(0, 60))
        t.match(answer.headers['content-type'], /^application\/json/)
        t.equal(answer.json<{ error?: string }>().error, error, url.slice(0, 60))
      }
      t.match((await app.inject('/api/v1/matters/unknown')).json(), { message: '没有这条记录' })
      t.match((await app.inject('/api/v1/matters?limit=101')).json(), { help: /“limit”/ })
      t.equal((await app.inject({ method: 'POST', url: '/api/v1/matters', headers: { 'sec-fetch-site': 'same-origin' } })).statusCode, 405)
    })

    await t.test('an officer is verified by number, never listed', async t => {
      await db.insertInto('officer').values({ slug: 'officer-1', version: 1, name: '演示·甲', agency_id: house.agency, certificate_no: 'DEMO7777', certificate_type: '行政执法证', categories: 'penalty', area: null, valid_from: '2025-01-01', valid_to: '2027-12-31', status: 'valid', fictional: 1, updated_at: TODAY }).execute()
      t.match((await app.inject('/api/v1/officers/demo7777')).json(), { status: 'valid', fictional: true, officer: { name: '演示·甲', certificate_no: 'DEMO7777' } })
      t.match((await app.inject('/api/v1/officers/DEMO0000')).json(), { status: 'not_found', officer: null })
    })

    await t.test('feeds tell what was published', async t => {
      const feed = await app.inject('/feeds/matters')
      t.match(feed.headers, { 'content-type': /^application\/atom\+xml/, etag: /^"/ })
      const found = elements(feed.body)
      t.equal(found.filter(([name]) => name === 'entry').length, 2)
      t.match(found.filter(([name]) => name === 'title').map(([, text]) => text), [/执法事项/, '=食品&lt;经营&gt;许可（第2版）', '食品经营许可（第1版）'])
      t.match(feed.body, /内容有修改：名称、行使层级。/)
      t.match(feed.body, /<updated>2026-11-24T02:00:00.000Z<\/updated>/)
      t.match(found.filter(([name]) => name === 'id').map(([, text]) => text), [/\/feeds\/matters$/, /^tag:[^,]+,2026:matters\/T-CF-0001\/2$/, /\/1$/])
      t.equal(elements((await app.inject('/feeds/matters?category=inspection')).body).filter(([name]) => name === 'entry').length, 0, 'a filtered list has its own feed')
      t.equal(elements((await app.inject('/feeds/matters/T-CF-0001')).body).filter(([name]) => name === 'entry').length, 2)
      t.equal(elements((await app.inject('/feeds/search?q=食品')).body).filter(([name, text]) => name === 'id' && text.includes('2026:matters/')).length, 2)
      t.ok(elements((await app.inject('/feeds/all')).body).filter(([name]) => name === 'entry').length > 10)
      t.match((await browser.get('/matters/T-CF-0001')).body, /<link rel="alternate" type="application\/atom\+xml"[^>]+\/feeds\/matters\/T-CF-0001"/)
      for (const name of SETS.map(set => set.name)) t.equal((await app.inject(`/feeds/${name}`)).statusCode, 200, name)
      t.match((await app.inject('/feeds/all')).body, /<title>全部公示内容 · /)
      for (const url of ['/feeds/officers', '/feeds/matters/nothing', '/feeds/matters/%00']) t.equal((await app.inject(url)).statusCode, 404, url)
    })

    await t.test('sitemaps name the records of the register and no person', async t => {
      const index = (await app.inject('/sitemap.xml')).body
      const parts = elements(index).filter(([name]) => name === 'loc').map(([, text]) => text)
      t.ok(parts.some(part => part.endsWith('/sitemaps/matters-1.xml')))
      const all = await Promise.all(parts.map(async part => (await app.inject(new URL(part).pathname)).body))
      const addresses = all.flatMap(xml => elements(xml).filter(([name]) => name === 'loc').map(([, text]) => text))
      for (const end of ['/matters/T-JC-0003', '/prohibitions/7', '/law/food-safety', '/agencies/test-market', '/data']) t.ok(addresses.some(address => address.endsWith(end)), end)
      t.notOk(addresses.some(address => /officers|track|desk|decisions/.test(address)))
      t.match((await app.inject('/robots.txt')).body, /^Sitemap: http.*\/sitemap\.xml$/m)
      for (const url of ['/sitemaps/matters-2.xml', '/sitemaps/officers-1.xml', '/sitemaps/pages-2.xml', '/sitemaps/x.xml']) t.equal((await app.inject(url)).statusCode, 404, url)
    })

    await t.test('the address of a record as a picture', async t => {
      const qr = await app.inject('/qr/matters/T-CF-0001')
      t.match(qr.headers['content-type'], /^image\/svg\+xml/)
      t.match(qr.body, /^<svg[^>]+>/)
      t.equal((await app.inject('/qr/matters/nothing')).statusCode, 404)
    })

    await t.test('a page for machines holds no way out of its data block', async t => {
      const { body } = await browser.get('/matters/T-CF-0001')
      const [, block = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body) ?? []
      t.notMatch(block, /[<>&]/)
      t.match(JSON.parse(block), { '@context': 'https://schema.org', '@type': 'GovernmentService', name: '=食品<经营>许可', identifier: 'T-CF-0001' })
      t.match((await browser.get('/law/food-safety')).body, /"@type":"Legislation"/)
    })

    await t.test('every set says how old it is and what it sums to', async t => {
      const page = await browser.get('/data')
      t.match(page.body, /按期更新/)
      t.match(page.body, /待核实/, 'no licence was published')
      await browser.get('/data/matters')
      const sum = await digest(db, setNamed('matters'))
      for (let tries = 0; tries < 50 && !(await browser.get('/data/matters')).body.includes(sum); tries++) await new Promise(resolve => setTimeout(resolve, 20))
      t.match((await browser.get('/data/matters')).body, sum)
      const { records } = (await app.inject('/exports/matters/json')).json<{ records: unknown[] }>()
      t.equal(createHash('sha256').update(records.map(record => `${canonical(record)}\n`).join('')).digest('hex'), sum, 'anybody can reckon it from the file')
      house.clock.now = '2027-03-30T02:00:00.000Z'
      t.match((await browser.get('/data/matters?later')).body, /应当核对/)
      house.clock.now = '2028-03-30T02:00:00.000Z'
      t.match((await browser.get('/data/matters?much-later')).body, /逾期未核对/)
      house.clock.now = TODAY
      t.equal((await browser.get('/data/nothing')).status, 404)
    })
  })
}

t.test('whoever goes away stops the work', async t => {
  for (const [name, { write }] of Object.entries(FORMATS)) {
    let [read, stopped] = [0, false]
    async function * endless (): AsyncGenerator<PublicRecord[]> {
      try {
        for (;; read++) yield Array.from({ length: 200 }, () => ({ code: 'T-CF-0001', name: '食品经营许可'.repeat(50) }))
      } finally { stopped = true }
    }
    const stream = write({ set: setNamed('matters'), locale: 'zh-CN', t: translator('zh-CN'), about: [], slices: endless() })
    let bytes = 0
    for await (const part of stream) if ((bytes += (part as Buffer).length) > 100_000) break
    await new Promise(resolve => setTimeout(resolve, 50))
    const before = read
    await new Promise(resolve => setTimeout(resolve, 50))
    t.ok(stopped, `${name}: nothing is read any more`)
    t.equal(read, before, name)
  }
})

t.test('the description of the API passes the linter', async t => {
  const { app } = await givenRegister(t, 'sqlite')
  const { body } = await app.inject('/api/v1/openapi.json')
  const config = await createConfig({ extends: ['recommended'] })
  const problems = await lintFromString({ source: body, absoluteRef: '/openapi.json', config })
  t.same(problems.filter(problem => problem.severity === 'error').map(problem => `${problem.ruleId} ${problem.message} ${problem.location[0]?.pointer ?? ''}`), [])
  t.match(JSON.parse(body), { openapi: '3.1.0' })
  const { paths } = JSON.parse(body) as { paths: object }
  t.ok('/api/v1/matters/{code}' in paths)
  t.notOk(Object.keys(paths).some(address => !address.startsWith('/api/v1')), 'nothing but the API')
})

t.test('who asks for more than sixty answers a minute has to wait', async t => {
  const { app } = await givenRegister(t, 'sqlite', { SUNLIT_RATE: '1' })
  for (let count = 0; count < 60; count++) t.equal((await app.inject(`/api/v1/matters?after=${count}`)).statusCode, 200)
  const refused = await app.inject('/api/v1/matters?after=60')
  t.equal(refused.statusCode, 429)
  t.match(refused.headers, { 'retry-after': /^\d+$/ })
  t.match(refused.json(), { error: 'too_many_requests' })
})

for (const engine of ENGINES) {
  await t.test(`reported errors on ${engine}`, async t => {
    const { app, db, clock } = await givenRegister(t, engine)
    await givenStaff(db)
    clock.now = TODAY
    const browser = visitor(app)
    const form = await browser.get('/matters/T-CF-0001')
    t.match(form.body, /\/corrections\/new\?record(=|&#x3D;)matters(:|%3A)T-CF-0001/)
    t.match((await browser.get('/corrections/new?record=matters:T-CF-0001')).body, /设定依据/)
    const typed = { record: 'matters:T-CF-0001', field: 'bases', wrong: '条号写错了，电话13800000000', right: '第三十六条', source: '法规原文', contact: 'reader@example.cn' }
    const sent = await browser.submit('/corrections/new', typed)
    t.match(sent.location, /^\/corrections\?received=\d+$/)
    t.equal((await browser.submit('/corrections/new', typed)).location, sent.location, 'sent twice it is one')
    const list = await browser.get(sent.location ?? '')
    t.match(list.body, /已收到您的报告.*2026年12月7日/s, 'ten working days later')
    t.notMatch(list.body, /13800000000|reader@example|第三十六条/, 'what people write is not published')
    t.notMatch(JSON.stringify(await db.selectFrom('correction').selectAll().execute()), /13800000000|reader@example/, 'nor kept in the clear')

    for (const [change, field] of [[{ wrong: '' }, 'wrong'], [{ field: 'no-such' }, 'field'], [{ wrong: '错'.repeat(1001) }, 'wrong'], [{ contact: 'x'.repeat(10_000) }, 'contact']] as const) {
      const answer = await browser.submit('/corrections/new', { ...typed, ...change })
      t.equal(answer.status, 422)
      t.match(answer.body, new RegExp(`href="#${field}"`))
      t.match(answer.body, /第三十六条/, 'what was typed stays')
      t.match(answer.body, /class="sl-header__language" href="\/en\/corrections\/new\?record(=|&#x3D;)matters(:|%3A)T-CF-0001"/, 'the other language opens the form of the same record')
    }
    for (const record of ['', 'matters', 'matters:nothing', 'officers:DEMO0001', ':', 'nothing:x', 'x'.repeat(10_000)]) t.equal((await browser.get(`/corrections/new?record=${record}`)).status, 404, record.slice(0, 20))
    t.equal((await browser.submit('/corrections/new', { ...typed, wrong: '别的', website: 'x' })).location, '/corrections', 'what fills the hidden field is no person')
    t.equal((await db.selectFrom('correction').select('id').execute()).length, 1)

    const id = Number(/received=(\d+)/.exec(sent.location ?? '')?.[1])
    const opened = await openCorrection(app, id)
    t.match(opened, { status: 'open', record_version: 1, report: { right: '第三十六条' }, contact: 'reader@example.cn' })
    await showCorrection(app, id, { actor: STAFF.clerk, requestId: 'test' }, LATER)
    t.match(await db.selectFrom('audit_entry').select(['action', 'subject', 'actor_id']).orderBy('seq', 'desc').executeTakeFirst(), { action: 'correction.opened', subject: String(id), actor_id: STAFF.clerk.id }, 'who saw how to reach the reporter')
    await settle(app, id, { status: 'fixed', note: '条号已经更正。', actor: STAFF.clerk, requestId: 'test' }, LATER)
    await t.rejects(async () => { await settle(app, id, { status: 'refused', note: '不对', actor: STAFF.clerk, requestId: 'test' }, LATER) }, { code: 'already_decided' })
    const after = await browser.get('/corrections?status=fixed')
    t.match(after.body, /已更正.*条号已经更正。/s)
    t.match(await db.selectFrom('audit_entry').select(['action', 'subject']).orderBy('seq', 'desc').executeTakeFirst(), { action: 'correction.fixed', subject: String(id) })
    t.equal((await browser.get('/corrections?status=nothing&page=999999999')).status, 200)
    const day = (count: number): string => new Date(Date.parse(LATER) + count * 86_400_000).toISOString()
    t.equal(await sweepContacts(app, day(CONTACT_KEPT.days)), 0)
    t.equal(await sweepContacts(app, day(CONTACT_KEPT.days + 1)), 1)
    t.match(await openCorrection(app, id), { report: { right: '第三十六条' }, contact: null }, 'the report stays, the way to its reporter goes')
  })
}
