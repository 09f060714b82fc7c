import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import t from 'tap'
import { ImportError } from '../../src/admin/imports/faults.ts'
import type { ImportOptions, Report } from '../../src/admin/imports/schema.ts'
import { importRecords } from '../../src/admin/imports/service.ts'
import { itemList } from '../../src/catalogue/items/list.ts'
import { REGISTER } from '../../src/catalogue/register/service.ts'
import { packFolder, readConfig } from '../../src/config.ts'
import { raiseRevision } from '../../src/db/records.ts'
import { codesOf } from '../../src/domain/records/enumerations.ts'
import { factsOf, statuteStatus, textOn } from '../../src/domain/law/statutes.ts'
import { listKind, LIST_NAMES, type ListName } from '../../src/domain/records/list-kinds.ts'
import { hasWord } from '../../src/i18n/index.ts'
import { LOCALES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { givenAgency, givenMatter, givenStatute } from '../fixtures/register.ts'
import { visitor } from '../fixtures/visitor.ts'

const PACK = packFolder(readConfig({ SUNLIT_DATA: os.tmpdir() }))
const packFile = (name: ListName): string => path.join(PACK, 'lists', `${name}.csv`)
const text = (html: string): string => html.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ')

interface Desk extends House { folder: string, load: (kind: ImportOptions['kind'], rows: string | string[], options?: Partial<ImportOptions>) => Promise<Report>, get: ReturnType<typeof visitor>['get'] }

/** A house with an agency, two matters and one statute; `load` imports lines of a file. */
async function givenDesk (t: Teardown, engine: Engine = 'sqlite'): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-lists-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const agency = await givenAgency(house.db, { slug: 'test-market', name: '沈阳市测试监管局', name_en: 'Test Bureau' })
  await givenMatter(house.db, { code: 'T-JC-1', name: '对测试对象的检查', agency, category: 'inspection' })
  await givenStatute(house.db, { slug: 'penalty', name: '中华人民共和国行政处罚法', level: 'law', articles: [{ no: 47, label: '第四十七条', body: '全过程记录。' }, { no: 58, label: '第五十八条', body: '法制审核。' }] })
  return {
    ...house,
    folder,
    get: visitor(house.app).get,
    load: async (kind, rows, options = {}) => {
      const input = typeof rows === 'string' ? rows : path.join(folder, 'list.csv')
      if (typeof rows !== 'string') writeFileSync(input, rows.join('\n'))
      return await importRecords({ db: house.db, now: house.clock.now }, { kind, input, ...options })
    }
  }
}

const PLANS = '编码,计划名称,检查主体,年度,批准机关,批准日期,频次上限,企业范围,起始日期,截止日期,关联事项,依据,依据条文,是否核实'
const PLAN = 'PL-1,餐饮检查计划,沈阳市测试监管局,2026,市人民政府,2026年3月10日,每年不超过一次,餐饮企业,2026-04-01,2026-12-31,T-JC-1,《中华人民共和国行政处罚法》,第四十七条,是'

t.test('every list is described in both languages: its names, its fields and their values', async t => {
  for (const name of LIST_NAMES) {
    const list = itemList(name)
    t.ok(REGISTER.includes(list), `${name} is part of the register`)
    const keys = [`${list.words}.title`, `${list.words}.search`, `${list.words}.search_hint`, `${list.words}.purpose`, `import_kind.${name}`]
    for (const field of list.fields) keys.push(field.label)
    for (const facet of list.facets) keys.push(`facet.${facet.name}`)
    for (const sort of list.sorts) keys.push(`sort.${sort}`)
    for (const field of Object.values(listKind(name).fields)) if (field.words !== undefined) for (const code of codesOf(field.of ?? {})) keys.push(`${field.words}.${code}`)
    for (const locale of LOCALES) for (const key of keys) t.ok(hasWord(locale, key), `${locale} ${key}`)
    const columns = Object.values(listKind(name).fields).flatMap(field => [...field.names])
    t.equal(new Set(columns).size, columns.length, `${name} knows each column by one field`)
  }
})

for (const engine of ENGINES) {
  t.test(`${engine}: a list is imported once, twice the same, and changed as a new version`, async t => {
    const { db, load } = await givenDesk(t, engine)
    const dry = await load('inspection-plans', [PLANS, PLAN], { dryRun: true })
    t.match(dry.counts, { new: 1, rejected: 0 })
    t.notOk(dry.written)
    t.equal((await db.selectFrom('list_item').select('id').execute()).length, 0, 'a dry run writes nothing')
    t.ok((await load('inspection-plans', [PLANS, PLAN])).written)
    t.match((await load('inspection-plans', [PLANS, PLAN])).counts, { new: 0, changed: 0, unchanged: 1 })
    t.match((await load('inspection-plans', ['编码,计划名称,年度,企业范围,频次上限', 'PL-1,餐饮检查计划,2026,餐饮企业,每年不超过两次'])).counts, { changed: 1 }, 'what a file does not mention stays')
    const row = await db.selectFrom('list_item').selectAll().executeTakeFirstOrThrow()
    t.match(row, { kind: 'inspection-plans', code: 'PL-1', version: 2, effective_to: '2026-12-31', verified: 1, fictional: 0 })
    t.match(JSON.parse(row.data), { plan_year: 2026, approved_on: '2026-03-10', frequency_cap: '每年不超过两次', approved_by: '市人民政府' })
    const versions = await db.selectFrom('record_version').select(['version', 'data']).where('kind', '=', 'list_item').orderBy('version').execute()
    t.same(versions.map(version => version.version), [1, 2])
    t.match(versions[0]?.data, /每年不超过一次/)
    t.same(await db.selectFrom('list_item_matter').select('matter_code').execute(), [{ matter_code: 'T-JC-1' }])
    await load('inspection-plans', ['编码,计划名称,年度,企业范围,批准机关,关联事项', 'PL-1,餐饮检查计划,2026,餐饮企业,[清空],[清空]'])
    t.notOk('approved_by' in JSON.parse((await db.selectFrom('list_item').select('data').executeTakeFirstOrThrow()).data), '[清空] empties a field')
    t.equal((await db.selectFrom('list_item_matter').select('item_id').execute()).length, 0)
  })

  t.test(`${engine}: what does not fit is refused with its reason, and nothing is written`, async t => {
    const { db, load } = await givenDesk(t, engine)
    const report = await load('inspection-plans', [
      PLANS,
      PLAN.replace('2026,', '二〇二六,'),
      PLAN.replace('PL-1', 'PL-2').replace('2026年3月10日', '三月'),
      PLAN.replace('PL-1', 'PL-3').replace('T-JC-1', 'T-JC-9'),
      PLAN.replace('PL-1', 'PL-4').replace('沈阳市测试监管局', '没有的单位'),
      PLAN.replace('PL-1', 'PL-5').replace('2026-04-01', '2027-04-01'),
      PLAN.replace('PL-1', 'PL-6').replace(',餐饮企业,', ',,'),
      PLAN.replace('PL-1', 'P 7'),
      PLAN.replace('PL-1', 'PL-8'),
      PLAN.replace('PL-1', 'PL-8')
    ])
    t.same(report.faults.map(fault => `${fault.row} ${fault.column} ${fault.rule}`), ['2 年度 whole_number', '3 批准日期 date', '4 关联事项 matter_unknown', '5 检查主体 agency_unknown', '8 编码 code_shape', '10 编码 duplicate', '6 截止日期 end_before_start', '7 企业范围 required'])
    for (const fault of report.faults) for (const locale of LOCALES) t.ok(hasWord(locale, `import_rule.${fault.rule}`), fault.rule)
    t.equal((await db.selectFrom('list_item').select('id').execute()).length, 0)
    const points = await load('dispute-points', ['编码,说事点名称,行政区划,街道,类别,地址,电话', 'D-1,甲,999999,某街道,宇宙,某路,12'])
    t.same(points.faults.map(fault => fault.rule).sort(), ['division_unknown', 'phone', 'unknown_value'])
    await t.rejects(load('dispute-points', ['编码,名称', 'D-1,甲']), ImportError, 'a column that must be there is named')
  })

  t.test(`${engine}: a record tells its main points, what it rests on, and leads to its matters and agency and back`, async t => {
    const { get, load, clock } = await givenDesk(t, engine)
    await load('inspection-plans', [PLANS, PLAN, 'PL-2,供水检查计划,,2026,,,,供水企业,,,,,,'])
    const page = await get('/lists/inspection-plans/PL-1')
    t.match(text(page.body), /要点 批准机关 市人民政府 批准日期 2026年3月10日 检查频次上限 每年不超过一次/)
    t.match(page.body, /href="\/law\/penalty\/47">《中华人民共和国行政处罚法》第四十七条/)
    t.match(page.body, /href="\/matters\/T-JC-1"[^]*href="\/agencies\/test-market"|href="\/agencies\/test-market"[^]*href="\/matters\/T-JC-1"/)
    t.notMatch(page.body, /待核实/, 'what was verified bears no mark')
    t.notOk('set-cookie' in page.headers)
    const bare = text((await get('/lists/inspection-plans/PL-2')).body)
    t.match(bare, /批准机关 待核实 批准日期 待核实 检查频次上限 待核实/, 'what nobody published is shown as such')
    t.match(bare, /本条内容尚未与来源原文核对/)
    t.match((await get('/matters/T-JC-1')).body, /涉企行政检查计划<\/h3>[^]*href="\/lists\/inspection-plans\/PL-1"/)
    t.match(text((await get('/agencies/test-market')).body), /涉企行政检查计划：1条/)
    t.match((await get('/law/penalty/47')).body, /href="\/lists\/inspection-plans\/PL-1"/, 'an article names the records that rest on it')
    t.match((await get('/en/lists/inspection-plans/PL-1')).body, /Inspections at most[^]*lang="zh-CN"><span class="sl-text">每年不超过一次/)
    t.equal((await get('/lists/inspection-plans/pl-1')).location, '/lists/inspection-plans/PL-1')
    t.equal((await get('/lists/inspection-plans?q=PL-1')).location, '/lists/inspection-plans/PL-1')
    clock.now = '2027-02-01T02:00:00.000Z'
    t.match(text((await get('/lists/inspection-plans/PL-1?later')).body), /有效期至2026年12月31日，已经届满/)
  })

  t.test(`${engine}: lists are searched and narrowed; points are found by district and street`, async t => {
    const { db, get, load } = await givenDesk(t, engine)
    await db.deleteFrom('agency').where('slug', '=', 'test-market').execute()
    await load('dispute-points', packFile('dispute-points'))
    const index = text((await get('/lists')).body)
    t.match(index, /评理说事点 [^]*共33条[^]*按区县查找 和平区 3/)
    t.match(index, /国办发〔2018〕118号 待核实/)
    const district = await get('/lists/dispute-points?region=210102')
    t.equal(district.body.match(/sl-hit__title/g)?.length, 3)
    t.match(district.body, /移除筛选条件：和平区/)
    const street = await get(`/lists/dispute-points?region=210102&street=${encodeURIComponent('演示一街道')}`)
    t.equal(street.body.match(/sl-hit__title/g)?.length, 2)
    const found = await get(`/lists/dispute-points?q=${encodeURIComponent('农贸市场')}`)
    t.match(found.body, /<mark>农贸市场<\/mark>/, 'a hit in a field shows where it stands')
    t.match(text((await get('/lists/dispute-points/SY-PL-0001')).body), /同一区划的其他说事点 [^]*评理说事点乙/)
    t.match(text((await get('/en/lists/dispute-points?region=210102')).body), /Dispute-mediation points[^]*Choose district and street/)
  })
}

t.test('the lists of the pack are whole: what is fictional says so, what is verified has its basis', async t => {
  const { db, load, get } = await givenDesk(t)
  await importRecords({ db, now: TODAY }, { kind: 'matters', input: path.join(PACK, 'matters.csv') })
  for (const name of LIST_NAMES) {
    const report = await load(name, packFile(name))
    t.same(report.faults, [], name)
    t.ok(report.counts.new >= 15, `${name} has ${report.counts.new} records`)
    t.equal((await get(`/lists/${name}`)).status, 200)
    t.equal((await get(`/en/lists/${name}`)).status, 200)
  }
  const rows = await db.selectFrom('list_item').select(['id', 'code', 'verified', 'fictional']).execute()
  const based = new Set((await db.selectFrom('list_item_basis').select('item_id').execute()).map(row => row.item_id))
  for (const row of rows) t.ok(row.fictional === 1 ? row.verified === 0 : row.verified === 1 && based.has(row.id), row.code)
  t.ok(rows.some(row => row.verified === 1))
  const review = text((await get('/lists/legal-review-items?review_trigger=hearing&category=penalty')).body)
  t.match(review, /直接关系当事人或者第三人重大权益，经过听证程序的行政处罚决定/)
})

t.test('odd addresses get a calm answer', async t => {
  const { get, load } = await givenDesk(t)
  await load('inspection-plans', [PLANS, PLAN])
  for (const [url, status] of [
    ['/lists/nothing', 404], ['/lists/nothing/PL-1', 404], ['/lists/inspection-plans/PL-99', 404], [`/lists/inspection-plans/${'x'.repeat(150)}`, 404], ['/lists/inspection-plans/%00', 404],
    ['/lists/inspection-plans?page=1000000000&per=x&sort=%27', 200], ['/lists/inspection-plans?plan_year=9999&agency=nobody', 200], [`/lists/inspection-plans?q=${'食'.repeat(1000)}`, 200], ['/lists/inspection-plans?q=%00', 400],
    ['/lists/inspection-plans?q=!!!', 200], ['/lists/inspection-plans?recording=video', 200]
  ] as const) {
    const answer = await get(url)
    t.equal(answer.status, status, url.slice(0, 70))
    t.notMatch(answer.body, /SQLITE|syntax error/)
  }
})

const LAWS = {
  '试验法(2009-08-27).md': `# 中华人民共和国试验法

1996年3月17日 第八届全国人民代表大会第四次会议通过

2009年8月27日 第十一届全国人民代表大会常务委员会第十次会议《关于修改部分法律的决定》第一次修正

<!-- INFO END -->

## 第一章 总则

第一条 旧的第一条。

第二条 没有变化的第二条，罚款一百元。

第三条 后来没有了的第三条。

第四条 本法自1996年10月1日起施行。
`,
  '试验法(2021-01-22).md': `# 中华人民共和国试验法

1996年3月17日 第八届全国人民代表大会第四次会议通过

2021年1月22日 第十三届全国人民代表大会常务委员会第二十五次会议修订

<!-- INFO END -->

## 第一章 总则

第一条 新的第一条。

第二条 没有变化的第二条，罚款一百元。

第四条 本法自2021年7月15日起施行。《试验管理暂行条例》、《验收条例》第三条同时废止。
`,
  '试验管理暂行条例(1990-05-01).md': `# 试验管理暂行条例

1990年5月1日 中华人民共和国国务院令第55号发布

<!-- INFO END -->

第一条 暂行。

第二条 本条例自发布之日起施行。
`,
  '未来条例(2026-10-01).md': `# 未来条例

<!-- INFO END -->

第一条 将来。

第二条 本条例自2027年5月1日起施行。
`
}

t.test('what a statute says of itself is read from its text, and nothing else', async t => {
  const facts = factsOf(['2004年6月29日 公安部令第75号发布'], [{ label: '第一条', body: '略。' }, { label: '第四十四条', body: '本规定自二○○四年十月一日起施行。' }])
  t.match(facts, { issuer: '公安部', docNo: '公安部令第75号', effectiveOn: '2004-10-01', effectiveArticle: '第四十四条', amendedBy: null, repeals: [] })
  t.match(factsOf(['1995年8月1日 中华人民共和国国务院令第180号发布', '2011年1月8日 国务院令第588号修订'], [{ label: '第九条', body: '本条例自发布之日起施行。' }]), { effectiveOn: null, effectiveArticle: '第九条' }, 'a revised whole leaves open which publication is meant')
  t.match(factsOf([], [{ label: '第五条', body: '本办法自２０１３年１月１日起施行。《甲办法》和《乙规定》同时废止；《丙法》中关于检查的规定同时废止。' }]), { effectiveOn: '2013-01-01', repeals: ['甲办法', '乙规定'], issuer: null })
  t.equal(statuteStatus({ effective_on: null, repealed_on: null }, '2026-11-23'), 'unknown')
  t.equal(statuteStatus({ effective_on: '2026-11-24', repealed_on: null }, '2026-11-23'), 'not_yet')
  t.equal(statuteStatus({ effective_on: '2026-11-23', repealed_on: '2026-11-24' }, '2026-11-23'), 'in_force')
  t.equal(statuteStatus({ effective_on: '2020-01-01', repealed_on: '2026-11-23' }, '2026-11-23'), 'repealed')
  const texts = [{ text_date: '2021-01-22', effective_on: '2021-07-15' }, { text_date: '2009-08-27', effective_on: '1996-10-01' }]
  t.equal(textOn(texts, '2021-07-14')?.text_date, '2009-08-27', 'a revised text counts from its own day')
  t.equal(textOn(texts, '2021-07-15')?.text_date, '2021-01-22')
  t.equal(textOn(texts, '2009-08-26'), undefined)
})

for (const engine of ENGINES) {
  t.test(`${engine}: a statute keeps every text, says which one counts, and by what it was repealed`, async t => {
    const { db, folder, load, get } = await givenDesk(t, engine)
    mkdirSync(path.join(folder, 'laws'))
    for (const [name, content] of Object.entries(LAWS)) writeFileSync(path.join(folder, 'laws', name), content)
    t.match((await load('statutes', path.join(folder, 'laws'))).counts, { read: 4, new: 4, rejected: 0 })
    t.match((await load('statutes', path.join(folder, 'laws'))).counts, { new: 0, changed: 0, unchanged: 4 })
    t.same((await db.selectFrom('record_version').select(['kind', 'version']).where('kind', 'in', ['statute', 'statute_text']).orderBy('kind').orderBy('version').execute()).map(row => `${row.kind} ${row.version}`), ['statute 1', 'statute 1', 'statute 1', 'statute 2', 'statute_text 1'])
    const law = '/law/%E8%AF%95%E9%AA%8C%E6%B3%95'
    const now = text((await get(law)).body)
    t.match(now, /有效 .*制定机关 全国人民代表大会 施行日期（文本所载） 2021年7月15日 最近修改 2021年1月22日第十三届全国人民代表大会常务委员会第二十五次会议修订/)
    t.match(now, /本站收录的2个文本/)
    const old = (await get(`${law}/on/2015-03-01`)).body
    t.match(text(old), /已被修改 这里显示的不是今天适用的文本。 查看今天适用的文本（2021年1月22日）/)
    t.match(text(old), /第一条 现行文本有修改 旧的第一条。 第二条 没有变化的第二条[^]*第三条 现行文本没有这一条 后来没有了的第三条。/)
    t.match(old, /<meta name="robots" content="noindex/)
    t.match(text((await get(`${law}/on/2021-07-15`)).body), /有效 [^]*新的第一条/)
    const before = await get(`${law}/on/2000-01-01`)
    t.equal(before.status, 404)
    t.match(text(before.body), /最早文本自2009年8月27日起适用，2000年1月1日在它之前/)
    for (const day of ['2020-02-31', 'nonsense', '99999999-01-01']) t.equal((await get(`${law}/on/${day}`)).status, 404, day)
    const repealed = (await get(`/law/${encodeURIComponent('试验管理暂行条例')}`)).body
    t.match(text(repealed), /已废止 本法规自2021年7月15日起废止，依据是 《中华人民共和国试验法》第四条/)
    t.match(repealed, new RegExp(`href="${law}"`))
    t.match(text((await get(`/law/${encodeURIComponent('试验管理暂行条例')}/1`)).body), /已废止 本法规自2021年7月15日起废止/, 'its articles say so too')
    t.match(text((await get(`/law/${encodeURIComponent('未来条例')}`)).body), /尚未施行 [^]*制定机关 待核实/)
  })

  t.test(`${engine}: the library is narrowed by rank and status, and a statute is searched inside`, async t => {
    const { folder, load, get } = await givenDesk(t, engine)
    mkdirSync(path.join(folder, 'laws'))
    for (const [name, content] of Object.entries(LAWS)) writeFileSync(path.join(folder, 'laws', name), content)
    await load('statutes', path.join(folder, 'laws'))
    const named = async (url: string): Promise<string[]> => [...(await get(url)).body.matchAll(/sl-hit__title"><a href="\/law\/([^"]+)"/g)].map(found => decodeURIComponent(found[1] ?? ''))
    t.same(await named('/law?statute_status=repealed'), ['试验管理暂行条例'])
    t.same(await named('/law?statute_status=not_yet&statute_status=repealed'), ['未来条例', '试验管理暂行条例'])
    t.same(await named('/law?basis_level=law&statute_status=in_force'), ['试验法'])
    t.same(await named(`/law?q=${encodeURIComponent('试验法第4条')}`), ['试验法'])
    t.same(await named(`/law?q=${encodeURIComponent('试验法第99条')}`), [], 'an article that no statute of the name has')
    const law = '/law/%E8%AF%95%E9%AA%8C%E6%B3%95'
    const inside = await get(`${law}?q=${encodeURIComponent('罚款')}`)
    t.match(inside.body, /id="a2"[^]*<mark>罚款<\/mark>/)
    t.notMatch(inside.body, /id="a1"/)
    t.match(text(inside.body), /有1条含有“罚款”/)
    t.match(text((await get(`${law}?q=!!!`)).body), /有0条含有/)
    t.equal((await get(`${law}?article=${encodeURIComponent('第四条')}`)).location, `${law}/4`)
    for (const url of [`${law}?q=${'食'.repeat(900)}`, `${law}?page=1000000000`, `${law}/on/2022-01-01?page=-3&q=%27`]) t.equal((await get(url)).status, 200, url.slice(0, 60))
  })
}

t.test('an article names the trades that the matters resting on it belong to', async t => {
  const { db, get } = await givenDesk(t)
  const trade = await db.selectFrom('industry').select(['slug', 'name', 'tags']).orderBy('seq').executeTakeFirstOrThrow()
  const agency = await givenAgency(db, { slug: 'test-trade', name: '测试行业监管局' })
  const id = await givenMatter(db, { code: 'T-CF-7', name: '对测试行业的处罚', agency, bases: [{ law: '中华人民共和国行政处罚法', article: '第五十八条', no: 58 }] })
  await db.updateTable('matter').set({ tags: trade.tags.split(' ')[0] ?? '' }).where('id', '=', id).execute()
  await givenMatter(db, { code: 'T-CF-8', name: '别的处罚', agency })
  const page = await get('/law/penalty/58')
  t.match(text(page.body), new RegExp(`相关的行业 ${trade.name} 1`))
  t.match(page.body, new RegExp(`industry(?:=|&#x3D;)${trade.slug}`))
  t.notMatch(text((await get('/law/penalty/47')).body), /相关的行业/)
})

t.test('an article counts the benchmarks and exemptions that rest on it', async t => {
  const { db, get } = await givenDesk(t)
  const agency = await givenAgency(db, { slug: 'test-discretion', name: '测试裁量监管局' })
  const common = { version: 1, violation: '测试违法行为', field: null, agency_id: agency, bases: JSON.stringify([{ law_name: '中华人民共和国行政处罚法', law_key: '行政处罚法', article: '第五十八条第一款', article_no: 58 }]), list_name: null, list_version: null, effective_from: '2026-01-01', effective_to: null, note: null, status: 'in_force', source: '测试数据', verified: 1 as const, fictional: 0 as const, updated_at: TODAY }
  await db.insertInto('benchmark').values([{ ...common, code: 'B-1', issuer: '测试机关', legal_text: null, tiers: '' }, { ...common, code: 'B-2', issuer: '测试机关', legal_text: null, tiers: '', status: 'repealed' }]).execute()
  await raiseRevision(db, 'register')
  t.match(text((await get('/law/penalty/58')).body), /以本条为依据的裁量权基准和免罚轻罚事项 裁量权基准 1/)
  t.notMatch(text((await get('/law/penalty/47')).body), /裁量权基准和免罚轻罚事项/)
})
