import t from 'tap'
import type { Kysely } from 'kysely'
import type { App } from '../../src/app.ts'
import { columnsOf } from '../../src/catalogue/lists/engine/columns.ts'
import { narrow, type Selection } from '../../src/catalogue/lists/engine/facets.ts'
import { MATTERS } from '../../src/catalogue/matters/list.ts'
import { readQuestion } from '../../src/catalogue/search/engine/query.ts'
import { parseNumeral, writeNumeral } from '../../src/domain/records/citations.ts'
import { highlight, snippet } from '../../src/catalogue/search/engine/snippet.ts'
import { pagerOf } from '../../src/pager.ts'
import type { Database } from '../../src/db/schema.ts'
import { raiseRevision } from '../../src/db/records.ts'
import { givenHouse, TODAY } from '../fixtures/app.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { givenAgency, givenDecision, givenMatter, givenStatute } from '../fixtures/register.ts'
import { visitor as browserOf, type Answer } from '../fixtures/visitor.ts'

const FOOD = '中华人民共和国食品安全法'
const TEXT_122 = '违反本法规定，未取得食品生产经营许可从事食品生产经营活动的，由县级以上人民政府食品安全监督管理部门没收违法所得。'

/** A small register: a market agency, a district's, and the matters that the searches below look for. */
async function givenRegister (t: Teardown, engine: Engine) {
  const house = await givenHouse(t, engine)
  const { db } = house
  const market = await givenAgency(db, { slug: 'test-market', name: '测试市市场监督管理局', name_en: 'Test Market Bureau', sector: '市场监管', aliases: ['测试市监'] })
  const district = await givenAgency(db, { slug: 'test-district', name: '和平区测试城管局', level: 'county', region_code: '210102' })
  await givenStatute(db, {
    slug: 'food-safety',
    name: FOOD,
    articles: [
      { no: 35, label: '第三十五条', body: '国家对食品生产经营实行许可制度。', chapter: '第四章　食品生产经营' },
      { no: 122, label: '第一百二十二条', body: TEXT_122, chapter: '第九章　法律责任' },
      { no: 122, sub: 1, label: '第一百二十二条之一', body: '本条之一的正文。', chapter: '第九章　法律责任' }
    ]
  })
  const penalty = await givenMatter(db, {
    code: 'T-CF-0001',
    base_code: 'B-1',
    agency: market,
    name: '对未取得食品生产经营许可从事食品生产经营活动的行政处罚',
    aliases: '无证开饭店、黑作坊',
    field: '市场监管',
    levels: 'city county',
    penalty_kinds: 'fine confiscation',
    prohibition_nos: '5 9',
    bases: [{ law: FOOD, article: '第一百二十二条第一款', no: 122 }, { law: '某地方办法', article: '第三条', no: 3, text: '来源单位所附的条文。' }, { law: '没有收录的规定', article: '第九条', no: 9 }]
  })
  await givenMatter(db, { code: 'T-CF-0002', base_code: 'B-1', agency: district, name: '对未取得食品生产经营许可从事食品生产经营活动的行政处罚（区）', region_code: '210102', levels: 'county', field: '市场监管' })
  await givenMatter(db, { code: 'T-JC-0001', agency: district, name: '对占用道路摆摊的检查', category: 'inspection', field: '城市管理', levels: 'county', region_code: '210102', bases: [{ law: '城市道路管理条例', article: '第二十七条', no: 27, text: '检查时可以一并查看食品经营许可证。' }] })
  await givenMatter(db, { code: 'T-XK-0001', agency: market, name: '食品经营许可', category: 'permit', field: '市场监管', statutory_days: 20, day_unit: 'working_days', updated_at: '2026-11-24T00:00:00.000Z', bases: [{ law: FOOD, article: '第三十五条第一款', no: 35 }] })
  await givenMatter(db, { code: 'T-XK-0000', agency: market, name: '食品经营许可（旧）', category: 'permit', status: 'repealed' })
  return { ...house, market, district, penalty }
}

/** A browser that shows addresses as a person sees them, not as templates escape them. */
function visitor (app: App): { get: (url: string) => Promise<Answer>, cookies: Map<string, string> } {
  const browser = browserOf(app)
  return { cookies: browser.cookies, get: async url => { const answer = await browser.get(url); return { ...answer, body: answer.body.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&') } } }
}

const codesIn = (body: string): string[] => [...body.matchAll(/sl-hit__title"><a href="[^"]*\/matters\/([^"]+)"/g)].map(match => match[1] ?? '')
const q = (words: string): string => `/matters?q=${encodeURIComponent(words)}`
const text = (html: string): string => html.replace(/<[^>]+>/g, '')

for (const engine of ENGINES) {
  t.test(`${engine}: a person finds matters by whatever they type`, async t => {
    const { app } = await givenRegister(t, engine)
    const browser = visitor(app)
    const found = async (words: string): Promise<string[]> => codesIn((await browser.get(q(words))).body)
    t.same(await found('摊'), ['T-JC-0001'], 'one character')
    t.same(await found('摆摊'), ['T-JC-0001'], 'two characters')
    t.same(await found('占用道路'), ['T-JC-0001'], 'four characters')
    t.same(await found('从事食品生产经营活动'), ['T-CF-0001', 'T-CF-0002'], 'ten characters')
    t.same(await found('食品 处罚'), ['T-CF-0001', 'T-CF-0002'], 'several words')
    t.same(await found('黑作坊'), ['T-CF-0001'], 'an everyday word')
    t.same(await found('食品安全法'), ['T-CF-0001', 'T-XK-0001'], 'a statute')
    t.same(await found('第一百二十二条'), ['T-CF-0001'], 'an article')
    t.same(await found('122条'), ['T-CF-0001'], 'an article in digits')
    t.same(await found('食品安全法第122条'), ['T-CF-0001'], 'statute and article in one word')
    t.same(await found('食品安全法１２２条第１款'), ['T-CF-0001'], 'full width, with its paragraph')
    t.same(await found('Ｔ－ＪＣ'), ['T-JC-0001'], 'the beginning of a code, full width')
    t.same(await found('违法停车'), [], 'what is not there')
  })

  t.test(`${engine}: names come before texts, early and short before late and long, repealed ones after those in force`, async t => {
    const { app } = await givenRegister(t, engine)
    const { body } = await visitor(app).get(q('食品经营许可'))
    t.same(codesIn(body), ['T-XK-0001', 'T-XK-0000', 'T-JC-0001'])
    t.match(body, /<mark>食品经营许可<\/mark>/)
    t.match(body, /检查时可以一并查看<mark>食品经营许可<\/mark>证/, 'a hit in a text shows where it stands')
    t.match(body, /已停止实施/)
  })

  t.test(`${engine}: a whole code leads to its record, an unknown one to help`, async t => {
    const { app } = await givenRegister(t, engine)
    const browser = visitor(app)
    for (const url of [q('T-CF-0001'), q('ｔ－cf－0001'), '/search?q=t-cf-0001', '/matters/t-cf-0001']) {
      const answer = await browser.get(url)
      t.equal(answer.status, 302, url)
      t.equal(answer.location, '/matters/T-CF-0001', url)
    }
    const missing = await browser.get('/matters/T-CF-9999')
    t.equal(missing.status, 404)
    t.match(missing.body, /T-CF-9999[^]*role="search"/)
    t.equal((await browser.get('/matters/T-CF-0001?version=1')).status, 200)
    for (const version of ['99', 'abc']) {
      const cited = await browser.get(`/matters/T-CF-0001?version=${version}`)
      t.equal(cited.status, 404, 'a version that is not there is not confirmed')
      t.match(cited.body, /现为第1版/)
    }
    t.notOk('set-cookie' in missing.headers)
  })

  t.test(`${engine}: facets count as a slow count does`, async t => {
    const { app, db, market, district } = await givenRegister(t, engine)
    await givenMany(db, [market, district], 120)
    const columns = await columnsOf(db, MATTERS)
    const rows = await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id').select(['category', 'slug as agency', 'levels as level', 'field', 'matter.region_code as region']).execute()
    const selections: Selection[] = [{}, { category: ['penalty'] }, { category: ['penalty', 'permit'], level: ['city'] }, { agency: ['test-market'], field: ['市场监管'], level: ['county', 'city'] }, { category: ['nonsense'], region: ['210102'] }]
    for (const selection of selections) {
      const narrowed = narrow(columns, null, selection)
      const passes = (row: typeof rows[number], but?: string): boolean => Object.entries(selection).every(([name, values]) => name === but || (row[name as 'level'] ?? '').split(' ').some(value => values.includes(value)))
      t.equal(narrowed.rows.length, rows.filter(row => passes(row)).length, JSON.stringify(selection))
      for (const name of ['category', 'agency', 'level', 'field', 'region'] as const) {
        const slow = new Map<string, number>()
        for (const row of rows.filter(row => passes(row, name))) for (const value of (row[name] ?? '').split(' ')) if (value !== '') slow.set(value, (slow.get(value) ?? 0) + 1)
        const fast = new Map([...narrowed.counts[name] ?? []].filter(([, count]) => count > 0))
        t.same([...fast].sort(), [...slow].sort(), `${name} of ${JSON.stringify(selection)}`)
        t.equal(narrowed.without[name], rows.filter(row => passes(row, name)).length)
      }
    }
    const { body } = await visitor(app).get('/matters?category=permit&category=inspection&level=city&per=50')
    t.equal(codesIn(body).length, rows.filter(row => ['permit', 'inspection'].includes(row.category) && row.level.split(' ').includes('city')).length)
  })

  t.test(`${engine}: chosen filters are chips that can be taken off, and pages keep them`, async t => {
    const { app, db, market, district } = await givenRegister(t, engine)
    await givenMany(db, [market, district], 120)
    const browser = visitor(app)
    const { body } = await browser.get(`${q('批量')}&category=penalty&category=permit&sort=code&page=2`)
    t.match(body, /移除筛选条件：行政处罚/)
    t.match(body, new RegExp(`class="moj-filter__tag" href="/matters\\?q=${encodeURIComponent('批量')}&category=permit&sort=code"`))
    t.match(body, /当前显示第 21—40 条/)
    t.match(body, /rel="prev"/)
    t.match(body, /name="category" type="checkbox" value="penalty" checked/)
    t.equal(codesIn((await browser.get(`${q('批量')}&per=100`)).body).length, 100)
    t.equal(codesIn((await browser.get('/matters?sort=updated')).body)[0], 'T-XK-0001')
    t.equal(codesIn((await browser.get('/matters')).body)[0], 'M-0000', 'without a question the codes give the order')
    const none = await browser.get(`${q('从事食品生产经营活动')}&category=permit`)
    t.match(text(none.body), /取消“执法类别”条件（2条）/)
    t.match(text((await browser.get(q('食品安全处罚款'))).body), /没有找到写明“食品安全处罚款”的记录/, 'what comes near is shown, and said to be that')
  })

  t.test(`${engine}: hostile questions get a calm answer`, async t => {
    const { app } = await givenRegister(t, engine)
    const browser = visitor(app)
    const asked: Array<[string, number]> = [
      ['/matters?q=%00', 400], ['/matters?q=!!!%22*', 200], [q('"食品" OR name:* NEAR('), 200], [q("' or 1=1 --"), 200], [q('食'.repeat(10_000 / 9)), 200], [`/search?q=${'a'.repeat(9_000)}`, 200],
      ['/matters?page=1000000000', 200], ['/matters?page=-1&per=abc&sort=%27', 200], ['/matters?category=nope&agency=%3Cscript%3E', 200], ['/matters?q=a&q=b', 200],
      [`/matters?field=${'x'.repeat(500)}`, 422], ['/law?level=nope&page=99', 200], ['/law/food-safety/0', 404], ['/law/food-safety/99999', 404], ['/law/food-safety/7', 404], ['/law/nope', 404], ['/agencies/nope', 404],
      ['/agencies?level=nope&page=9999', 200], [`/matters/${'x'.repeat(150)}`, 404], ['/law/food-safety?article=%3Cb%3E', 200], ['/matters?q=%ff', 400]
    ]
    for (const [url, status] of asked) {
      const answer = await browser.get(url)
      t.ok(answer.status === status || (status === 400 && answer.status < 500), `${url.slice(0, 60)} ${answer.status}`)
      t.notMatch(answer.body, /<script>|<b>|SQLITE|syntax error/, url.slice(0, 60))
    }
    t.match((await browser.get(q('食'.repeat(300)))).body, /只按前100个字查找/)
    t.equal(browser.cookies.size, 0)
  })

  t.test(`${engine}: a matter's page says who, on what basis with its text, and what follows`, async t => {
    const { app, db, market, penalty } = await givenRegister(t, engine)
    await givenDecision(db, { number: '测市监罚〔2026〕1号', agency: market, matter: penalty, party_name: '张小明', party_type: 'person', facts: '略', content: '没收违法所得', fine_fen: 500000, fictional: 1 })
    const { body, status } = await visitor(app).get('/matters/T-CF-0001')
    t.equal(status, 200)
    t.match(body, TEXT_122, 'the text of the article')
    t.match(body, /href="\/law\/food-safety\/122"/)
    t.match(body, /来源单位所附的条文。[^]*未与原文核对/)
    t.match(body, /没有收录的规定[^]*尚未收录这部法规/)
    t.match(text(body), /针对的行为\s+未取得食品生产经营许可从事食品生产经营活动/)
    t.match(body, /罚款、没收违法所得、没收非法财物/)
    t.match(body, /href="\/complain\?matter=T-CF-0001"/)
    t.match(body, /href="\/matters\/T-CF-0002"/, 'the same power elsewhere')
    t.match(body, /href="\/prohibitions\/9"[^]*待核实/)
    t.match(body, /张\*\*/)
    t.notMatch(body, /张小明/)
    t.match(body, /演示数据[^]*¥5,000/)
    t.match(body, /href="\/agencies\/test-market"/)
    const english = await visitor(app).get('/en/matters/T-CF-0001')
    t.match(english.body, /Test Market Bureau[^]*Legal bases/)
    t.match(english.body, /lang="zh-CN">对未取得食品生产经营许可/)
    t.match((await visitor(app).get('/matters/T-XK-0000')).body, /本事项已停止实施/)
    t.match((await visitor(app).get('/matters/T-XK-0001')).body, /20个工作日/)
  })

  t.test(`${engine}: the law has its list, its articles and what rests on them`, async t => {
    const { app } = await givenRegister(t, engine)
    const browser = visitor(app)
    t.match((await browser.get('/law')).body, /食品安全法[^]*2项执法事项以此为依据/)
    t.match((await browser.get(`/law?q=${encodeURIComponent('食品安全法122条')}`)).body, /href="\/law\/food-safety\?article=122"/)
    const statute = await browser.get('/law/food-safety')
    t.match(statute.body, /id="a122"[^]*1项执法事项/)
    t.match(statute.body, /待核实/, 'its rank is not known')
    for (const typed of ['122', '第122条', '一百二十二', '第一百二十二条']) t.equal((await browser.get(`/law/food-safety?article=${encodeURIComponent(typed)}`)).location, '/law/food-safety/122', typed)
    t.equal((await browser.get(`/law/food-safety?article=${encodeURIComponent('第一百二十二条之一')}`)).location, '/law/food-safety/122-1')
    t.match((await browser.get('/law/food-safety?article=999')).body, /没有找到“999”这一条/)
    t.same(codesIn((await browser.get('/law/food-safety/122')).body), ['T-CF-0001'])
    t.same(codesIn((await browser.get('/law/food-safety/122-1')).body), [], 'an inserted article is not the one before it')
    t.match((await browser.get('/en/law/food-safety/122')).body, /Matters resting on this article/)
  })

  t.test(`${engine}: one search leads to every kind of record, and home to everything`, async t => {
    const { app } = await givenRegister(t, engine)
    const browser = visitor(app)
    const grouped = text((await browser.get(`/search?q=${encodeURIComponent('食品')}`)).body)
    for (const group of ['执法事项（5）', '法律法规（1）', '条文（3）']) t.match(grouped, group)
    t.match((await browser.get(`/search?q=${encodeURIComponent('测试市监')}`)).body, /href="\/agencies\/test-market"/, 'an agency by its alias')
    t.match((await browser.get(`/search?q=${encodeURIComponent('公平竞争')}`)).body, /href="\/prohibitions\/1"/)
    t.match((await browser.get(`/search?q=${encodeURIComponent('食品安全法 122条')}`)).body, /href="\/law\/food-safety\/122"/)
    t.match((await browser.get('/search?q=zzzz')).body, /没有找到相关内容/)
    const home = await browser.get('/')
    t.match(home.body, /<strong>4<\/strong> 项现行执法事项/)
    t.match(home.body, /href="\/prohibitions\/10"/)
    t.match((await browser.get('/en')).body, /Know the rule/)
    t.match(String(home.headers['cache-control']), /public/)
  })

  t.test(`${engine}: an everyday word is looked up in the words of the law too, and the page says so`, async t => {
    const { app } = await givenRegister(t, engine)
    const browser = visitor(app)
    const page = (await browser.get(`/search?q=${encodeURIComponent('占道经营')}`)).body
    t.match(page, /法规里往往用别的说法[^]*占用 道路（1条）[^]*没有找到写明“占道经营”的记录[^]*\/matters\/T-JC-0001/)
    t.match((await browser.get('/en/search?q=Street%20vending')).body, /often use other words[^]*占用 道路 \(1\)/)
    t.notMatch((await browser.get('/search?q=workshop')).body, /往往用别的说法/, 'an English word only by itself')
    const asked = (await browser.get(`/search?q=${encodeURIComponent('开饭店会被罚吗')}`)).body
    t.match(asked, /食品经营许可（\d条）[^]*href="\/matters\/T-CF-0001/, 'inside a question')
    t.notMatch((await browser.get(`/search?q=${encodeURIComponent('食品')}`)).body, /往往用别的说法/, 'not where enough was found')
    t.match((await browser.get(`/matters?q=${encodeURIComponent('摆摊')}`)).body, /法规里往往用别的说法[^]*占用 道路（1条）/)
  })

  t.test(`${engine}: the front page suggests only searches that find something`, async t => {
    const { app } = await givenRegister(t, engine)
    const home = (await visitor(app).get('/')).body
    t.match(home, />食品经营许可<[^]*>食品安全法122条</)
    t.notMatch(home, /占道经营|户外广告/)
  })

  t.test(`${engine}: agencies can be filtered and say what nobody has verified`, async t => {
    const { app } = await givenRegister(t, engine)
    const browser = visitor(app)
    const list = await browser.get('/agencies?region=210102&level=county')
    t.match(list.body, /和平区测试城管局/)
    t.notMatch(list.body, /测试市市场监督管理局/)
    const page = (await browser.get('/agencies/test-market')).body
    t.match(page, /联系电话[^]*待核实/)
    t.match(page, /href="\/matters\?category=permit&agency=test-market"><strong>2<\/strong> 行政许可/)
    t.match(page, /href="\/complain\?agency=test-market"/)
    t.match((await browser.get('/en/agencies/test-market')).body, /Test Market Bureau/)
  })

  t.test(`${engine}: what another process publishes is found at once`, async t => {
    const { app, db, market } = await givenRegister(t, engine)
    const browser = visitor(app)
    t.same(codesIn((await browser.get(q('新发布'))).body), [])
    await givenMatter(db, { code: 'T-CF-0100', agency: market, name: '新发布的事项' })
    t.same(codesIn((await browser.get(`${q('新发布')}&sort=code`)).body), ['T-CF-0100'])
    await db.updateTable('matter').set({ status: 'repealed' }).where('code', '=', 'T-CF-0100').execute()
    await raiseRevision(db, 'register')
    t.match((await browser.get(`${q('新发布')}&sort=updated`)).body, /已停止实施/)
  })
}

t.test('an empty register says so', async t => {
  const { app } = await givenHouse(t)
  t.match((await visitor(app).get('/law')).body, /法规库还没有内容/)
  t.match((await visitor(app).get('/matters')).body, /没有找到符合条件的记录/)
})

t.test('article numbers are read and written as statutes do', async t => {
  for (const [number, han] of [[1, '一'], [10, '十'], [12, '十二'], [20, '二十'], [101, '一百零一'], [110, '一百一十'], [122, '一百二十二'], [1005, '一千零五'], [1260, '一千二百六十']] as const) {
    t.equal(writeNumeral(number), han)
    t.equal(parseNumeral(han), number)
  }
  t.same(readQuestion('食品安全法122条').runs, ['食品安全法', '第一百二十二条'])
  t.same(readQuestion('第十二条之一').article, { no: 12, sub: 1 })
  t.same(readQuestion('十条禁令').article, null)
  t.same(readQuestion('。！？').runs, [])
})

t.test('hits are marked in the text as it stands', async t => {
  t.same(highlight('ＡＢＣ食品', ['abc']), [{ text: 'ＡＢＣ', hit: true }, { text: '食品', hit: false }])
  t.same(highlight('面积1㎡以上', ['m2以']), [{ text: '面积1', hit: false }, { text: '㎡以', hit: true }, { text: '上', hit: false }])
  t.same(highlight('食品食品', ['食品', '品食']), [{ text: '食品食品', hit: true }])
  const long = snippet(`${'甲'.repeat(200)}食品${'乙'.repeat(200)}`, ['食品']) ?? []
  t.same(long.map(piece => piece.hit), [false, true, false])
  t.match(long[0]?.text, /^…甲{24}$/)
  t.equal(snippet('甲乙丙', ['丁']), null)
})

t.test('a pager shows first, last and neighbours', async t => {
  const pager = pagerOf(5, 10, page => `?page=${page}`)
  t.same(pager.items.map(item => item.ellipsis === true ? '…' : item.number), [1, '…', 4, 5, 6, '…', 10])
  t.equal(pager.next, '?page=6')
  t.same(pagerOf(1, 1, String).items, [])
})

/** Many matters of all kinds in a regular mixture. */
async function givenMany (db: Kysely<Database>, agencies: number[], count: number): Promise<void> {
  const categories = ['penalty', 'permit', 'inspection', 'coercion']
  const levels = ['city', 'county', 'city county', 'provincial city county']
  for (let at = 0; at < count; at++) {
    await givenMatter(db, { code: `M-${String(at).padStart(4, '0')}`, agency: agencies[at % agencies.length] as number, name: `批量事项${at}`, category: categories[at % 4] as string, levels: levels[at % 3] as string, ...at % 5 === 0 ? {} : { field: at % 2 === 0 ? '市场监管' : '城市管理' }, region_code: at % 7 === 0 ? '210102' : '210100', updated_at: TODAY })
  }
}
