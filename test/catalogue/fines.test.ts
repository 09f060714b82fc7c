import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import t from 'tap'
import { raiseRevision } from '../../src/db/records.ts'
import type { ImportOptions, Report } from '../../src/admin/imports/schema.ts'
import { importRecords } from '../../src/admin/imports/service.ts'
import { heldOn, versionHeldOn, type FineRule, type Tier } from '../../src/domain/records/benchmarks.ts'
import { conditionsMet, judge, placeOf, rangeInFen, tierFault, tierRange, tiersFor, TIMES } from '../../src/domain/records/fine-check.ts'
import { parseYuan } from '../../src/domain/records/money.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { givenAgency, givenMatter } from '../fixtures/register.ts'
import { visitor } from '../fixtures/visitor.ts'

const yuan = (amount: number): number => amount * 100
const rule = (changes: Partial<FineRule> = {}): FineRule => ({ unit: 'yuan', base: null, floor: null, ceiling: null, floor_open: 0, ceiling_open: 0, base_from: null, base_below: null, ...changes })
const tier = (changes: Partial<Tier> = {}): Tier => ({ ...rule(), tier: 'ordinary', circumstances: '一般情节', match: 'all', conditions: [], kinds: null, measures: null, ...changes })

t.test('an amount is read however it is written, and never guessed', async t => {
  const read: Array<[string, number | null]> = [
    ['50000', 50_000], ['５０，０００元', 50_000], ['5万', 50_000], ['1.5万元', 15_000], ['三万五千元整', 35_000], ['伍万圆', 50_000], ['十万', 100_000], ['一百二十万元', 1_200_000], ['1亿2千万', 120_000_000], ['¥5,000.00', 5000],
    ['两千元', 2000], ['3千5百', 3500], ['5万零五百', 50_500], ['10万5千', 105_000], ['0', 0], ['0.01', 0.01], ['十五', 15],
    ['三万五', null], ['3万5', null], ['1.005', null], ['-5', null], ['1e5', null], ['', null], ['元', null], ['万', null], ['约五万', null], ['12百', null], ['一二三', null], ['9'.repeat(13), null], ['万'.repeat(5000), null], ['\u0000', null]
  ]
  for (const [text, amount] of read) t.equal(parseYuan(text), amount === null ? null : Math.round(yuan(amount)), text.slice(0, 20))
})

t.test('以上 and 以下 include the number, 超过 and 不满 do not (民法典 1259)', async t => {
  const closed = { floor: 100, ceiling: 200, floorOpen: false, ceilingOpen: false }
  const places: Array<[number, object, string]> = [
    [99, {}, 'below'], [100, {}, 'inside'], [150, {}, 'inside'], [200, {}, 'inside'], [201, {}, 'above'],
    [100, { floorOpen: true }, 'below'], [101, { floorOpen: true }, 'inside'], [200, { ceilingOpen: true }, 'above'], [199, { ceilingOpen: true }, 'inside'],
    [0, { floor: 0 }, 'inside'], [10 ** 12, { ceiling: null }, 'inside'], [0, { floor: 0, ceiling: 0 }, 'inside'], [1, { floor: 0, ceiling: 0 }, 'above']
  ]
  for (const [fine, change, place] of places) t.equal(placeOf(fine, { ...closed, ...change }), place, `${fine} ${JSON.stringify(change)}`)
})

t.test('a range follows from the base amount where it is a multiple or depends on it', async t => {
  const times = rule({ unit: 'times', base: 'goods_value', floor: 10 * TIMES, ceiling: 20 * TIMES, base_from: yuan(10_000) })
  t.equal(rangeInFen(times, null), 'needs_base')
  t.equal(rangeInFen(times, yuan(9999)), 'elsewhere')
  t.match(rangeInFen(times, yuan(10_000)), { floor: yuan(100_000), ceiling: yuan(200_000) })
  const fixed = rule({ floor: yuan(50_000), ceiling: yuan(100_000), base: 'goods_value', base_below: yuan(10_000) })
  t.equal(rangeInFen(fixed, null), 'needs_base')
  t.equal(rangeInFen(fixed, yuan(10_000)), 'elsewhere', '不足一万元 does not hold at ten thousand')
  t.match(rangeInFen(fixed, yuan(9999)), { floor: yuan(50_000) })
  t.match(rangeInFen(rule({ ceiling: yuan(500) }), null), { floor: 0, ceiling: yuan(500) }, 'no floor')
  t.match(rangeInFen(rule({ floor: yuan(500) }), null), { floor: yuan(500), ceiling: null }, 'no ceiling')
  t.equal(rangeInFen(rule(), yuan(1)), 'no_range')
  t.equal(rangeInFen(rule({ unit: null, floor: 1 }), null), 'no_range')
  t.match(tierRange(tier({ tier: 'no_penalty' }), null), { floor: 0, ceiling: 0 }, 'no penalty is no fine')
  t.match(tierRange(tier({ unit: null, kinds: 'warning' }), null), { ceiling: 0 }, 'a warning alone is no fine')
  t.equal(tierRange(tier({ unit: null, kinds: 'warning fine' }), null), 'no_range')
  t.equal(tierRange(tier({ unit: null, kinds: null }), null), 'no_range')
})

t.test('the judgement answers whatever is asked', async t => {
  const low = { rule: 'low', range: { floor: 100, ceiling: 200, floorOpen: false, ceilingOpen: true } }
  const high = { rule: 'high', range: { floor: 300, ceiling: 400, floorOpen: false, ceilingOpen: false } }
  const cases: Array<[number, Parameters<typeof judge<string>>[1], string]> = [
    [150, [low], 'inside'], [99, [low], 'below'], [200, [low], 'above'], [150, [low, high], 'inside_some'], [250, [low, high], 'between'], [50, [low, high], 'below'], [500, [low, high], 'above'],
    [1, [], 'no_range'], [1, [{ rule: 'x', range: 'needs_base' }], 'needs_base'], [1, [{ rule: 'x', range: 'elsewhere' }], 'no_range'], [150, [{ rule: 'x', range: 'needs_base' }, low], 'inside']
  ]
  for (const [fine, rules, verdict] of cases) t.equal(judge(fine, rules).verdict, verdict, `${fine} of ${rules.map(one => one.rule).join()}`)
})

t.test('circumstances lead to tiers', async t => {
  const tiers = [tier({ tier: 'lighter', conditions: ['初次', '改正'] }), tier({ tier: 'ordinary' }), tier({ tier: 'heavier', match: 'any', conditions: ['再犯', '阻碍'] })]
  const found = (...ticked: string[]): string[] => tiersFor(tiers, new Set(ticked)).map(one => one.tier)
  t.same(found(), ['ordinary'])
  t.same(found('初次'), ['ordinary'], 'one of two is not all')
  t.same(found('初次', '改正'), ['lighter'])
  t.same(found('阻碍'), ['heavier'])
  t.same(found('阻碍', '初次', '改正'), ['lighter', 'heavier'], 'both: the agency has to weigh them')
  t.same(found('没有这一条'), ['ordinary'])
  t.same(tiersFor([tier({ conditions: ['甲'] })], new Set()).map(one => one.tier), ['ordinary'])
  t.same(tiersFor([], new Set()), [])
  t.notOk(conditionsMet([], 'any', new Set(['甲'])), 'nothing to tick is never met')
})

t.test('a tier may not contradict the statute', async t => {
  const law = [rule({ floor: yuan(5000), ceiling: yuan(50_000) })]
  const fault = (changes: Partial<Tier>): string | null => tierFault(tier(changes), law)
  t.equal(fault({ floor: yuan(5000), ceiling: yuan(20_000) }), null)
  t.equal(fault({ floor: yuan(4000), ceiling: yuan(20_000) }), 'outside_statute')
  t.equal(fault({ tier: 'mitigated', floor: yuan(4000), ceiling: yuan(5000) }), null, 'to mitigate is to go below')
  t.equal(fault({ tier: 'mitigated', floor: yuan(4000), ceiling: yuan(60_000) }), 'outside_statute')
  t.equal(fault({ tier: 'heavier', floor: yuan(20_000), ceiling: yuan(60_000) }), 'outside_statute')
  t.equal(fault({ tier: 'heavier', floor: yuan(20_000) }), 'outside_statute', 'no ceiling at all')
  t.equal(fault({ floor: 2, ceiling: 1 }), 'floor_above_ceiling')
  t.equal(fault({ floor: 2, ceiling: 2, ceiling_open: 1 }), 'floor_above_ceiling')
  t.equal(fault({ unit: 'times', base: 'goods_value', floor: 2, ceiling: 3 }), null, 'nothing to compare with')
  t.equal(fault({ floor: yuan(5000), ceiling: yuan(6000), base: 'goods_value', base_from: 2, base_below: 2 }), 'window_empty')
})

t.test('of several versions the one that held on the day is taken', async t => {
  const state = (from: string, to: string | null, status = 'in_force') => ({ effective_from: from, effective_to: to, status })
  t.ok(heldOn(state('2026-01-01', '2026-06-30'), '2026-06-30'), 'the last day counts')
  t.notOk(heldOn(state('2026-01-01', '2026-06-30'), '2026-07-01'))
  t.notOk(heldOn(state('2026-01-01', null), '2025-12-31'))
  t.notOk(heldOn(state('2026-01-01', null, 'suspended'), '2026-05-01'))
  const version = (no: number, recordedOn: string, ...of: Parameters<typeof state>) => ({ version: no, recordedOn, state: state(...of) })
  const versions = [version(2, '2026-02-20', '2026-03-01', null), version(1, '2024-01-01', '2024-01-01', null)]
  t.equal(versionHeldOn(versions, '2026-03-01')?.version, 2)
  t.equal(versionHeldOn(versions, '2026-02-28')?.version, 1)
  t.equal(versionHeldOn(versions, '2023-12-31'), undefined)
  const ended = [version(3, '2026-07-01', '2026-03-01', '2026-06-30', 'repealed'), ...versions]
  t.equal(versionHeldOn(ended, '2026-06-30')?.version, 3)
  t.equal(versionHeldOn(ended, '2026-07-01'), undefined, 'an older version does not come back')
  const dropped = [version(3, '2026-07-01', '2026-03-01', null, 'repealed'), ...versions]
  t.equal(versionHeldOn(dropped, '2026-07-01'), undefined, 'repealed without a day: from the day it was recorded')
  t.equal(versionHeldOn(dropped, '2026-06-30')?.version, 2)
})

const HEAD = '编码,违法行为,实施主体,执法领域,事项编码,处罚依据,依据条文,法定罚则,制定机关,清单名称,清单版本,施行日期,裁量阶次,适用情节,情节关系,情节要件,处罚种类,罚款下限,罚款上限,罚款基数,基数起点,基数不满,其他措施'
const FIRST = 'T-CL-1,占道经营,测试市城市管理局,城市管理,T-CF-1,《测试条例》,第九条,处五千元以上五万元以下罚款。,测试市城市管理局,测试裁量基准,2026年版,2026-03-01'
const NEXT = 'T-CL-1,,,,,,,,,,,'
const LIGHT = '从轻处罚,初次违法并改正,同时具备,初次违法；当场改正,罚款,5000元,不满2万元,,,,'
const USUAL = '一般处罚,没有从轻、从重情节,,,罚款,２万元,不满3.5万元,,,,'
const HEAVY = '从重处罚,再次违法的,具备之一,（一）再次违法；（二）阻碍执法,罚款,3.5万元,五万元,,,,责令停业'
const LIST = [`${FIRST},${LIGHT}`, `${NEXT},${USUAL}`, `${NEXT},${HEAVY}`]
const MATTER = { code: 'T-CF-1', base_code: 'B-1', name: '对占道经营的行政处罚', field: '城市管理', penalty_kinds: 'fine', bases: [{ law: '测试条例', article: '第九条', no: 9, text: '占道经营的，处五千元以上五万元以下罚款。' }] }

interface Desk extends House { load: (lines: string[], options?: Partial<ImportOptions>) => Promise<Report> }

async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const agency = await givenAgency(house.db, { slug: 'test-street', name: '测试市城市管理局', name_en: 'Test Street Bureau' })
  await givenMatter(house.db, { ...MATTER, agency })
  await givenMatter(house.db, { ...MATTER, agency, code: 'T-CF-2', name: '对占道经营的行政处罚（区）' })
  await givenMatter(house.db, { ...MATTER, agency, code: 'T-CF-3', base_code: 'B-3', name: '对乱贴小广告的行政处罚' })
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-fines-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const load = async (lines: string[], options: Partial<ImportOptions> = {}): Promise<Report> => {
    writeFileSync(path.join(folder, 'list.csv'), lines.join('\r\n'))
    return await importRecords({ db: house.db, now: TODAY }, { kind: 'benchmarks', input: path.join(folder, 'list.csv'), fictional: true, ...options })
  }
  return { ...house, load }
}

const rules = (report: Report): string[] => report.faults.map(fault => `${fault.row} ${fault.column} ${fault.rule}`)

for (const engine of ENGINES) {
  t.test(`${engine}: a benchmark is imported with its tiers, and again without any change`, async t => {
    const { db, load } = await givenDesk(t, engine)
    const dry = await load([HEAD, ...LIST], { dryRun: true })
    t.match(dry.counts, { read: 3, new: 1, rejected: 0 })
    t.equal(await db.selectFrom('benchmark').select('id').executeTakeFirst(), undefined, 'a dry run writes nothing')
    t.match((await load([HEAD, ...LIST])).counts, { new: 1 })
    t.match((await load([HEAD, ...LIST])).counts, { new: 0, changed: 0, unchanged: 1 })
    const benchmark = await db.selectFrom('benchmark').selectAll().executeTakeFirstOrThrow()
    t.match(benchmark, { code: 'T-CL-1', version: 1, tiers: 'lighter ordinary heavier', fictional: 1, list_version: '2026年版' })
    t.match(await db.selectFrom('benchmark_tier').selectAll().orderBy('seq').execute(), [
      { tier: 'lighter', floor: yuan(5000), ceiling: yuan(20_000), ceiling_open: 1, conditions: '["初次违法","当场改正"]' },
      { tier: 'ordinary', floor: yuan(20_000), ceiling: yuan(35_000), floor_open: 0 },
      { tier: 'heavier', ceiling: yuan(50_000), ceiling_open: 0, match: 'any', conditions: '["再次违法","阻碍执法"]', measures: '责令停业' }
    ])
    t.match((await load([HEAD, LIST[0] ?? '', `${NEXT},${USUAL.replace('3.5万元', '3万元')}`, LIST[2] ?? ''])).counts, { changed: 1 })
    const versions = await db.selectFrom('record_version').select(['version', 'data']).where('kind', '=', 'benchmark').orderBy('version').execute()
    t.same(versions.map(row => row.version), [1, 2])
    t.match(versions[1]?.data, /"ceiling":3000000/)
  })

  t.test(`${engine}: a faulty row spoils its benchmark, is explained, and no other`, async t => {
    const { db, load } = await givenDesk(t, engine)
    const other = FIRST.replace('T-CL-1', 'T-CL-2').replace('T-CF-1', 'B-1')
    const report = await load([HEAD, LIST[0] ?? '', `${NEXT},${USUAL.replace('２万元', '两万五')}`, LIST[2] ?? '', `${other},${USUAL}`], { partial: true })
    t.same(rules(report), ['2  other_row', '3 罚款下限 amount', '4  other_row'])
    t.match(report.counts, { read: 4, new: 1, rejected: 3 })
    t.same((await db.selectFrom('benchmark').select('code').execute()).map(row => row.code), ['T-CL-2'])
    const bad = async (first: string, ...more: string[]): Promise<string[]> => rules(await load([HEAD, first, ...more]))
    t.same(await bad(`${FIRST.replace('T-CF-1', 'T-CF-9')},${USUAL}`), ['2 事项编码 matter_unknown'])
    t.same(await bad(`${FIRST},${USUAL.replace('一般处罚', '酌情处罚')}`), ['2 裁量阶次 unknown_value'])
    t.same(await bad(`${FIRST},${USUAL.replace('２万元', '9万元')}`), ['2 罚款上限 floor_above_ceiling'])
    t.same(await bad(`${FIRST},${USUAL.replace('２万元', '2倍')}`), ['2 罚款上限 bounds_differ', '2 罚款基数 base_missing'])
    t.same(await bad(`${FIRST.replace('2026-03-01', '')},${USUAL}`), ['2 施行日期 required'])
    t.same(await bad(LIST[0] ?? '', `${NEXT.replace(',,,', ',别的行为,,')},${USUAL}`), ['2  other_row', '3 违法行为 contradicts'])
    t.same(await bad(LIST[0] ?? '', `${other},${USUAL}`, LIST[1] ?? ''), ['4 编码 rows_apart'])
  })

  t.test(`${engine}: exemptions are imported with their conditions and matters`, async t => {
    const { db, load } = await givenDesk(t, engine)
    const head = '编码,类型,违法行为,实施主体,事项编码,适用条件,条件关系,教育措施,清单名称,清单版本,施行日期'
    const row = 'T-MF-1,首违不罚,占道经营,测试市城市管理局,B-1、T-CF-3,初次违法；危害后果轻微；及时改正,,当场教育,测试清单,第一版,2026-01-01'
    const exempt = { kind: 'exemptions' as const }
    t.match((await load([head, row], exempt)).counts, { new: 1 })
    t.match((await load([head, row], exempt)).counts, { unchanged: 1 })
    t.match(await db.selectFrom('exemption').selectAll().executeTakeFirstOrThrow(), { type: 'first_time', match: 'all', measures: '当场教育', conditions: '["初次违法","危害后果轻微","及时改正"]' })
    t.same((await db.selectFrom('exemption_matter').select('matter_key').orderBy('seq').execute()).map(link => link.matter_key), ['B-1', 'T-CF-3'])
    t.same(rules(await load([head, row.replace('首违不罚', '从来不罚')], exempt)), ['2 类型 unknown_value'])
    t.same(rules(await load([head, row.replace('初次违法；危害后果轻微；及时改正', '')], exempt)), ['2 适用条件 required'])
    t.same(rules(await load([head, row, row], exempt)), ['3 编码 duplicate'])
    t.match((await load([head, row.replace('B-1、T-CF-3', '[清空]').replace('第一版', '第二版')], exempt)).counts, { changed: 1 })
    t.equal(await db.selectFrom('exemption_matter').selectAll().executeTakeFirst(), undefined)
  })
}

const EXEMPT = ['编码,类型,违法行为,实施主体,事项编码,适用条件,教育措施,清单名称,清单版本,施行日期', 'T-MF-1,首违不罚,占道经营,测试市城市管理局,B-1,初次违法；危害后果轻微；及时改正,当场教育,测试清单,第一版,2026-01-01']
const read = (body: string): string => body.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')

/** The register of these tests: a benchmark in two versions, an exemption, and a matter that has neither. */
async function givenLists (t: Teardown, engine: Engine) {
  const desk = await givenDesk(t, engine)
  const older = LIST.map(line => line.replace('2026年版', '2024年版').replace('2026-03-01', '2024-01-01').replace('不满3.5万元', '不满3万元').replace('3.5万元,五万元', '3万元,五万元'))
  await desk.load([HEAD, ...older])
  await desk.load([HEAD, ...LIST])
  await desk.load(EXEMPT, { kind: 'exemptions' })
  const get = async (url: string): Promise<{ status: number, body: string, location: string | undefined, headers: Record<string, unknown> }> => {
    const answer = await visitor(desk.app).get(encodeURI(url))
    return { ...answer, body: read(answer.body) }
  }
  return { ...desk, get }
}

for (const engine of ENGINES) {
  t.test(`${engine}: benchmarks and exemptions are found, narrowed and read`, async t => {
    const { get } = await givenLists(t, engine)
    t.match((await get('/benchmarks?q=占道')).body, /T-CL-1/)
    t.match((await get('/benchmarks?tier=heavier')).body, /T-CL-1/)
    t.notMatch((await get('/benchmarks?tier=mitigated')).body, /\/benchmarks\/T-CL-1/)
    t.notMatch((await get('/benchmarks?tier=nonsense')).body, /\/benchmarks\/T-CL-1/)
    t.equal((await get('/benchmarks?q=t-cl-1')).location, '/benchmarks/T-CL-1')
    t.equal((await get('/benchmarks/t-cl-1')).location, '/benchmarks/T-CL-1')
    const { status, body } = await get('/benchmarks/T-CL-1')
    t.equal(status, 200)
    for (const words of ['5,000元以上、不满2万元', '3.5万元以上、5万元以下', '¥50,000', '责令停业', '处五千元以上五万元以下罚款', '对占道经营的行政处罚', '演示数据', '第 2 版']) t.ok(body.includes(words), words)
    t.match((await get('/en/benchmarks/T-CL-1')).body, /from CN¥5,000 to less than CN¥20,000/)
    const exemption = await get('/exemptions/T-MF-1')
    for (const words of ['初次违法', '及时改正', '可以不予行政处罚', '第三十三条第一款', '当场教育', '测试清单 第一版']) t.ok(exemption.body.includes(words), words)
    t.match((await get('/exemptions?exemption_type=first_time')).body, /T-MF-1/)
    for (const set of ['benchmarks/T-CL-1', 'exemptions/T-MF-1']) {
      t.match((await get(`/feeds/${set}`)).body, /占道经营/, 'a feed of its own')
      t.match((await get(`/api/v1/${set}`)).body, /占道经营/)
      t.match((await get(`/${set}`)).body, new RegExp(`/feeds/${set}`))
    }
    for (const kind of ['benchmarks', 'exemptions']) {
      for (const odd of ['nothing', '%00', '9'.repeat(90), '%E2%80%AE']) t.match((await get(`/${kind}/${odd}`)).status, 404, `${kind} ${odd}`)
      for (const odd of ['page=1000000000', 'q=%E2%80%A6%E2%80%A6', `q=${'长'.repeat(300)}`, 'sort=odd&per=7&field=nobody']) t.equal((await get(`/${kind}?${odd}`)).status, 200, `${kind}?${odd.slice(0, 20)}`)
    }
  })

  t.test(`${engine}: every version is kept, and a day finds its own`, async t => {
    const { get } = await givenLists(t, engine)
    const first = await get('/benchmarks/T-CL-1?version=1')
    t.match(first.body, /您看到的是第1版[^]*2万元以上、不满3万元/)
    t.match(first.body, /noindex/)
    t.match((await get('/benchmarks/T-CL-1?on=2026-02-28')).body, /不满3万元/)
    t.match((await get('/benchmarks/T-CL-1?on=2026-03-01')).body, /不满3.5万元/)
    for (const [query, words] of [['on=2023-12-31', /最早的一版自2024年1月1日起施行/], ['on=2026-02-30', /2026-03-01/], ['on=x', /没有施行的版本/], ['version=1000000000', /现为第2版/], ['version=1&version=2', /现为第2版/], ['on=%00', /./]] as const) {
      const answer = await get(`/benchmarks/T-CL-1?${query}`)
      t.ok([400, 404].includes(answer.status), query)
      t.match(answer.body, words, query)
    }
  })

  t.test(`${engine}: a matter shows its benchmarks and exemptions, also by its base code`, async t => {
    const { db, get } = await givenLists(t, engine)
    const { body } = await get('/matters/T-CF-1')
    for (const words of ['行政处罚裁量权基准', '不满3.5万元', '可以不予行政处罚', '/check-fine?matter=T-CF-1']) t.ok(body.includes(words), words)
    await db.updateTable('legal_basis').set({ quoted_text: null }).execute()
    await raiseRevision(db, 'register')
    await new Promise(resolve => { setTimeout(resolve, 1100) }) // the page cache looks at the counter once a second
    const quoted = (await get('/matters/T-CF-1')).body
    t.match(quoted, /处五千元以上五万元以下罚款[^]*条文引自下面的裁量权基准/)
    t.ok(quoted.indexOf('class="sl-aside"') < quoted.indexOf('条文引自'), 'the box at a glance follows the title')
    t.match((await get('/matters/T-CF-2')).body, /可以不予行政处罚/, 'another holder of the same power')
    t.notMatch((await get('/matters/T-CF-2')).body, /不满3.5万元/, 'the benchmark names one code alone')
    t.notMatch((await get('/matters/T-CF-3')).body, /sl-relief|sl-tiers/)
    const relief = async (value: string): Promise<string[]> => [...(await get(`/matters?relief=${value}`)).body.matchAll(/sl-hit__title"><a href="[^"]*\/matters\/([^"]+)"/g)].map(match => match[1] ?? '')
    t.same(await relief('benchmark'), ['T-CF-1'])
    t.same(await relief('exemption'), ['T-CF-1', 'T-CF-2'])
  })

  t.test(`${engine}: a fine is compared with the tier of its circumstances, by the version of the day`, async t => {
    const { get } = await givenLists(t, engine)
    const result = async (query: string): Promise<string> => (await get(`/check-fine?matter=T-CF-1&step=result&${query}`)).body
    const verdict = async (query: string): Promise<string> => /id="verdict">([^<]+)/.exec(await result(query))?.[1] ?? ''
    const [inside, below, above] = ['罚款在公布的幅度之内', '罚款低于公布的幅度', '罚款高于公布的幅度']
    const lighter = 'c=0&c=1'
    t.equal(await verdict('fine=2万'), inside, 'the floor is included')
    t.equal(await verdict('fine=19999.99'), below)
    t.equal(await verdict('fine=35000'), above, '不满3.5万元 does not include it')
    t.equal(await verdict('fine=３４，９９９'), inside, 'full-width digits')
    t.equal(await verdict('fine=三万元&on=2026-02-28'), above, 'the older version was stricter')
    t.equal(await verdict('fine=三万元&on=2026-03-01'), inside)
    t.equal(await verdict(`fine=5000&${lighter}`), inside)
    t.equal(await verdict('fine=5000&c=0'), below, 'one of two conditions is not enough')
    t.equal(await verdict('fine=4万&c=3'), inside, 'heavier')
    t.equal(await verdict(`fine=4万&c=3&${lighter}`), '罚款只符合其中一部分阶次')
    t.equal(await verdict(`fine=3万&c=3&${lighter}`), '罚款不在任何一个阶次的幅度之内')
    t.equal(await verdict('fine=4万&tier=heavier'), inside, 'the tier that the decision names')
    t.equal(await verdict('fine=4万&tier=mitigated&c=9999&c=-1&x=a~b'), above, 'odd answers are none')
    const older = await result('fine=三万元&on=2026-02-28')
    t.match(older, /自2026年3月1日起另有新的版本[^]*第三十七条/)
    t.match(older, /\/benchmarks\/T-CL-1\?version=1/)
    t.match(older, /\/complain\?matter=T-CF-1&on=2026-02-28/)
    t.match(older, /\/guide\/deadlines\?act=penalty/)
    t.match(older, /不是法律意见[^]*第七十三条第一款/)
    const exempt = await result('fine=2万&x=T-MF-1~0&x=T-MF-1~1&x=T-MF-1~2')
    t.match(exempt, /可能不应当处罚[^]*可以不予行政处罚/)
    t.match(await result('fine=2万&x=T-MF-1~0'), /没有勾选的条件[^]*危害后果轻微/)
  })

  t.test(`${engine}: the questions come one after the other, keep what was typed and store nothing`, async t => {
    const { db, get } = await givenLists(t, engine)
    t.match((await get('/check-fine?q=占道')).body, /\/check-fine\?matter=T-CF-1/)
    t.match((await get('/check-fine?matter=NO-SUCH')).body, /没有编码为“NO-SUCH”的处罚事项/)
    t.match((await get('/check-fine?matter=T-CF-1')).body, /违法行为是哪一天发生的/)
    const bad = await get('/check-fine?matter=T-CF-1&on_year=2026&on_month=2&on_day=30&step=circumstances')
    t.equal(bad.status, 422)
    t.match(bad.body, /没有这一天[^]*value="30"/)
    t.equal((await get('/check-fine?matter=T-CF-1&on=2099-01-01&step=result&fine=1')).status, 422, 'a day that lies ahead')
    const asked = await get('/check-fine?matter=T-CF-1&on_year=2026&on_month=3&on_day=1&step=circumstances&c=0')
    t.match(asked.body, /value="0" checked[^]*初次违法/)
    t.match(asked.body, /name="on_year" value="2026"/)
    const amount = await get('/check-fine?matter=T-CF-1&step=result&fine=三万五&c=0')
    t.equal(amount.status, 422)
    t.match(amount.body, /看不懂这个金额[^]*value="三万五"/)
    t.match(amount.body, /type="hidden" name="c" value="0"/)
    t.equal((await get('/check-fine?matter=T-CF-1&step=result')).status, 422, 'no amount')
    const statute = await get('/check-fine?matter=T-CF-3&step=result&fine=6万')
    t.match(statute.body, /没有公布裁量权基准[^]*高于幅度/)
    t.match(statute.body, /占道经营的，处五千元以上五万元以下罚款/)
    t.match((await get('/check-fine?matter=T-CF-1&on=2020-01-01&step=circumstances')).body, /罚了多少/, 'nothing was in force: straight to the amount')
    for (const odd of ['matter=%00', `q=${'长'.repeat(900)}`, 'q=%E2%80%A6', 'matter=T-CF-1&step=odd', 'matter=a&matter=b', 'page=1000000000&q=占道', `matter=T-CF-1&step=result&fine=${'9'.repeat(500)}`, `matter=T-CF-1&step=result&fine=1&${'c=0&'.repeat(300)}`]) {
      const { status, headers } = await get(`/check-fine?${odd}`)
      t.ok([200, 400, 422].includes(status), odd.slice(0, 40))
      if (status !== 400) t.notMatch(headers['cache-control'], /public/, 'answers are nobody else’s')
    }
    t.equal((await db.selectFrom('draft').selectAll().execute()).length, 0)
  })

  t.test(`${engine}: a condition that the benchmark and an exemption share is asked once; what cannot be is refused`, async t => {
    const { db, get } = await givenLists(t, engine)
    const step = async (query: string): Promise<{ status: number, body: string }> => await get(`/check-fine?matter=T-CF-1&${query}`)
    const asked = (await step('step=circumstances')).body
    t.equal([...asked.matchAll(/<label[^>]*>初次违法/g)].length, 1)
    t.match(asked, /前面已经列出[^]*初次违法/)
    t.match((await step('step=result&fine=2万&c=0&x=T-MF-1~1&x=T-MF-1~2')).body, /可能不应当处罚[^]*可以不予行政处罚/, 'a tick of the benchmark counts for the exemption')
    t.match((await step('step=result&fine=5000&c=1&x=T-MF-1~0')).body, /id="verdict">罚款在公布的幅度之内/, 'and the other way round')
    const torn = await step('step=result&fine=2万&c=0&c=2')
    t.equal(torn.status, 422)
    t.match(torn.body, /“初次违法”和“再次违法”互相矛盾[^]*value="2" checked/)
    t.equal((await step('step=result&fine=2万&c=0&c=2&tier=heavier')).status, 200, 'the tier of the decision counts, not the ticks')
    await db.updateTable('matter').set({ category: 'permit' }).where('code', '=', 'T-CF-3').execute()
    t.match((await get('/check-fine?matter=T-CF-3&step=result&fine=1')).body, /不是行政处罚事项/)
  })

  t.test(`${engine}: no fine, a fine below the statute and amounts that cannot be are named as such`, async t => {
    const { get } = await givenLists(t, engine)
    const result = async (query: string): Promise<{ status: number, body: string }> => await get(`/check-fine?matter=T-CF-1&step=result&${query}`)
    t.match((await result('fine=0')).body, /id="verdict">没有罚款/)
    t.notMatch((await result('fine=0')).body, /低于幅度|减轻处罚，才可以/)
    t.match((await result('fine=4999')).body, /只有依法减轻处罚，才可以[^]*第三十二条/)
    t.notMatch((await result('fine=5000')).body, /只有依法减轻处罚/)
    t.match((await get('/en/check-fine?matter=T-CF-1&step=result&fine=5000&base=800')).body, /<dd>CN¥800<\/dd>/, 'no empty brackets')
    for (const [typed, words] of [['99999999999999', /金额过大/], ['2000亿', /金额过大/], ['12.345', /最多写两位小数/], ['-5', /看不懂/], ['五百块五', /看不懂/]] as const) {
      const answer = await result(`fine=${typed}`)
      t.equal(answer.status, 422, typed)
      t.match(answer.body, words, typed)
    }
  })

  t.test(`${engine}: a complaint begins with the day that was given`, async t => {
    const { app } = await givenLists(t, engine)
    const browser = visitor(app)
    t.match((await browser.get('/complain?matter=T-CF-1&on=2026-02-28')).body, /name="on" value="2026-02-28"/)
    t.notMatch((await browser.get('/complain?matter=T-CF-1&on=2026-02-30')).body, /name="on"/)
    t.notMatch((await browser.get('/complain?matter=T-CF-1&on=2999-01-01')).body, /name="on"/)
    t.equal((await browser.submit('/complain', { matter: 'T-CF-1', on: '2026-02-28' })).status, 303)
  })
}
