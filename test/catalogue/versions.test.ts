import type { Kysely } from 'kysely'
import t from 'tap'
import { importRecords } from '../../src/admin/imports/service.ts'
import type { ImportOptions, Report } from '../../src/admin/imports/schema.ts'
import type { Database } from '../../src/db/schema.ts'
import { readFines, spanOfFines } from '../../src/domain/records/fines.ts'
import { MATTER_FIELDS, matterFields, readDetails } from '../../src/domain/records/matter-fields.ts'
import { hasWord } from '../../src/i18n/index.ts'
import { LOCALES } from '../../src/paths.ts'
import { raiseRevision } from '../../src/db/records.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { givenHouse } from '../fixtures/app.ts'
import { givenMatter, givenStatute } from '../fixtures/register.ts'
import { visitor } from '../fixtures/visitor.ts'

t.setTimeout(300_000) // both engines, beside other test files

type Row = Readonly<Record<string, string>>
const ROW = { 事项编码: 'V-CF-0001', 事项名称: '对占用道路堆放物料的行政处罚', 执法类别: '行政处罚', 实施主体: '沈阳市城市管理综合行政执法局', 行使层级: '市级', 设定依据: '《城市道路管理条例》', 依据条文: '第四十二条', 依据原文: '责令限期改正，可以处以2万元以下的罚款；造成损失的，应当依法承担赔偿责任。' }

/** An import at a moment, the way the command does it. */
async function load (db: Kysely<Database>, now: string, rows: Row[], options: Partial<ImportOptions> = {}): Promise<Report> {
  return await importRecords({ db, now, actor: { id: null, role: 'system', name: 'npm run import' } }, { kind: 'matters', input: { name: '事项清单.csv', rows }, ...options })
}

const versionsOf = async (db: Kysely<Database>, code: string) => await db.selectFrom('record_version').innerJoin('matter', 'matter.id', 'record_version.record_id')
  .select(['record_version.version', 'change', 'reason']).where('kind', '=', 'matter').where('code', '=', code).orderBy('record_version.version').execute()

for (const engine of ENGINES) {
  t.test(`${engine}: every field of the national lists is imported, kept and cleared`, async t => {
    const { db } = await givenHouse(t, engine)
    const sample = (field: (typeof matterFields)[number]): string => {
      const entry = field.values === undefined ? undefined : Object.values(field.values.table)[0]
      return entry?.zh ?? { flag: '是', date: '2026年3月1日', url: 'https://example.cn/a.png', code: '11210100000000', codes: 'OLD-1、OLD-2', words: '甲局、乙局', text: '说明文字' }[field.type]
    }
    const full = { ...ROW, 基本编码: '000131007001', 适用行业: 'restaurant，Food-Shop', ...Object.fromEntries(matterFields.map(field => [field.names[0] ?? '', sample(field)])) }
    t.match(await load(db, '2026-03-01T02:00:00.000Z', [full]), { written: true, faults: [], ignored: [] })
    const row = await db.selectFrom('matter').selectAll().where('code', '=', ROW.事项编码).executeTakeFirstOrThrow()
    t.equal(row.tags, 'restaurant food-shop')
    const details = readDetails(row.details)
    t.same(Object.keys(details).sort(), Object.keys(MATTER_FIELDS).sort(), 'all are filled')
    t.match(details, { power_source: 'statutory', is_fee: '1', effective_from: '2026-03-01', previous_codes: 'OLD-1 OLD-2' })
    t.match((await load(db, '2026-03-02T02:00:00.000Z', [full])).counts, { unchanged: 1 }, 'a second run changes nothing')
    t.match((await load(db, '2026-03-03T02:00:00.000Z', [{ ...ROW, 承办机构: '[清空]', 咨询方式: '' }])).counts, { changed: 1 })
    const after = readDetails((await db.selectFrom('matter').select('details').where('code', '=', ROW.事项编码).executeTakeFirstOrThrow()).details)
    t.equal(after.handling_unit, undefined, '[清空] clears')
    t.equal(after.contact, '说明文字', 'a blank cell changes nothing')
    const faults = (await load(db, '2026-03-04T02:00:00.000Z', [{ ...ROW, 监管事项目录编码: '12', 权力来源: '天授', 是否收费: '也许', 适用行业: '餐饮', 原编码: ROW.事项编码, 计划取消日期: '2026-02-30' }])).faults
    t.same(faults.map(fault => fault.rule).sort(), ['date', 'flag', 'shape', 'succession_self', 'tag_shape', 'unknown_value'])
  })

  t.test(`${engine}: a list with 实施编码 and 实施依据 alone means the matter's code and basis by them`, async t => {
    const { db } = await givenHouse(t, engine)
    const { 事项编码: code, 设定依据: law, ...rest } = ROW
    t.match((await load(db, '2026-03-01T02:00:00.000Z', [{ ...rest, 实施编码: code, 实施依据: law }])).faults, [])
    t.equal((await db.selectFrom('legal_basis').select('law_name').executeTakeFirstOrThrow()).law_name, '城市道路管理条例')
    await load(db, '2026-03-02T02:00:00.000Z', [{ ...ROW, 实施编码: 'T-9', 实施依据: '执行条款' }])
    const row = await db.selectFrom('matter').selectAll().executeTakeFirstOrThrow()
    t.match([row.code, readDetails(row.details).task_code, readDetails(row.details).exec_basis], [code, 'T-9', '执行条款'], 'beside 事项编码 it is a field of its own')
  })

  t.test(`${engine}: an import says what kind of change it was, or the records tell`, async t => {
    const { db } = await givenHouse(t, engine)
    await load(db, '2026-03-01T02:00:00.000Z', [ROW])
    await load(db, '2026-04-01T02:00:00.000Z', [{ ...ROW, 备注: '一' }])
    await load(db, '2026-05-01T02:00:00.000Z', [{ ...ROW, 备注: '二' }], { change: 'delegated', reason: '下放区县' })
    await load(db, '2026-06-01T02:00:00.000Z', [{ ...ROW, 备注: '三', 变更类型: '调整', 变更原因: '职责划转' }])
    await load(db, '2026-07-01T02:00:00.000Z', [{ ...ROW, 事项状态: '取消' }], { reason: '法规废止' })
    t.match((await versionsOf(db, ROW.事项编码)).map(row => [row.change, row.reason]), [['new', /./], ['changed', /./], ['delegated', '下放区县'], ['adjusted', '职责划转'], ['cancelled', '法规废止']])
  })

  t.test(`${engine}: a code that is taken over ends, and it is kept where it went`, async t => {
    const { db } = await givenHouse(t, engine)
    await load(db, '2026-03-01T02:00:00.000Z', [ROW])
    const next = { ...ROW, 事项编码: 'V-CF-9001', 原编码: ROW.事项编码, 编码承接日期: '2026-04-01', 变更原因: '按国家基本目录重新编码' }
    t.match(await load(db, '2026-04-01T02:00:00.000Z', [next]), { written: true, counts: { new: 1 } })
    t.match(await db.selectFrom('matter_succession').selectAll().execute(), [{ old_code: ROW.事项编码, new_code: 'V-CF-9001', kind: 'renumbered', since: '2026-04-01', reason: '按国家基本目录重新编码' }])
    const old = await db.selectFrom('matter').selectAll().where('code', '=', ROW.事项编码).executeTakeFirstOrThrow()
    t.match([old.status, old.version, readDetails(old.details).cancel_on], ['repealed', 2, '2026-04-01'])
    t.match((await versionsOf(db, ROW.事项编码)).at(-1), { change: 'adjusted', reason: '按国家基本目录重新编码' })
    t.match((await load(db, '2026-04-02T02:00:00.000Z', [next, ROW])).counts, { unchanged: 2 }, 'again, with the old row beside it: nothing')
    await t.rejects(load(db, '2026-04-03T02:00:00.000Z', [{ ...next, 事项编码: ROW.事项编码, 事项状态: '在用', 原编码: '' }, { ...next, 事项状态: '', 原编码: `${ROW.事项编码}、X-2` }]), { code: 'succession_in_force' })
  })
}

/** A matter in three versions (March, May, July 2026), a statute whose text came later, a renumbered code, an ended one. */
async function givenVersions (t: Teardown, engine: Engine) {
  const house = await givenHouse(t, engine)
  const { db } = house
  await load(db, '2026-03-01T02:00:00.000Z', [{ ...ROW, 备注: '原备注', 承办机构: '执法一科', 基本编码: 'B-42' }], { reason: '首次公布' })
  await load(db, '2026-05-01T18:30:00.000Z', [{ ...ROW, 备注: '新备注', 依据原文: '责令限期改正，可以处以5万元以下的罚款；造成损失的，应当依法承担赔偿责任。' }], { reason: '法规修改' }) // 2 May in China
  await load(db, '2026-07-01T02:00:00.000Z', [{ ...ROW, 承办机构: '执法二科', 依据原文: '' }], { reason: '机构调整', change: 'adjusted' })
  await load(db, '2026-03-01T03:00:00.000Z', [{ ...ROW, 事项编码: 'V-CF-0002', 事项名称: '对擅自挖掘道路的行政处罚' }])
  await load(db, '2026-06-01T02:00:00.000Z', [{ ...ROW, 事项编码: 'V-CF-0003', 事项名称: '对擅自挖掘城市道路的行政处罚', 原编码: 'V-CF-0002、GONE-1', 编码承接日期: '2026-06-01', 变更原因: '两项合并' }])
  await load(db, '2026-03-01T04:00:00.000Z', [{ ...ROW, 事项编码: 'V-CF-0004', 事项名称: '对乱贴广告的行政处罚' }])
  await load(db, '2026-08-01T02:00:00.000Z', [{ ...ROW, 事项编码: 'V-CF-0004', 事项名称: '对乱贴广告的行政处罚', 事项状态: '取消', 停止实施日期: '2026-08-01' }], { reason: '依据已经废止' })
  await load(db, '2026-07-01T05:00:00.000Z', [{ ...ROW, 事项编码: 'V-CF-0005', 行政区划: '210102', 实施主体: '和平区城市管理综合行政执法局', 行使层级: '区县级', 基本编码: 'B-42', 备注: '新备注', 承办机构: '区执法队' }], { createAgencies: true })
  const browser = visitor(house.app)
  return { ...house, get: async (url: string) => { const answer = await browser.get(url); return { ...answer, text: answer.body.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&') } } }
}

const plainText = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

for (const engine of ENGINES) {
  t.test(`${engine}: every version of a matter can be read, by number and by day, and says that it is not the present one`, async t => {
    const { get } = await givenVersions(t, engine)
    const first = await get('/matters/V-CF-0001/versions/1')
    t.equal(first.status, 200)
    t.match(plainText(first.text), /您看到的不是现行内容。[^]*2026年3月1日公布，到2026年5月2日被新版本取代[^]*原备注/)
    t.match(plainText(first.text), /2万元以下的罚款/)
    t.match(first.text, /<meta name="robots" content="noindex/)
    t.match(first.text, /编码V-CF-0001，第1版/, 'how it is cited')
    t.match(first.text, /\/matters\/V-CF-0001\/versions\/1/, 'its own address')
    t.match(plainText((await get('/matters/V-CF-0001/on/2026-05-01')).text), /第1版/, 'a day ends at midnight in China')
    t.match(plainText((await get('/matters/V-CF-0001/on/2026-05-02')).text), /第2版[^]*新备注[^]*5万元以下/)
    t.match(plainText((await get('/matters/V-CF-0001/on/2026-11-23')).text), /第3版[^]*这一版是现行版本/)
    t.equal((await get('/matters/V-CF-0001/on/2027-01-01')).location, '/matters/V-CF-0001', 'a day to come has the present version')
    t.equal((await get('/matters/V-CF-0001?version=2')).location, '/matters/V-CF-0001/versions/2', 'a citation leads to its version')
    t.equal((await get('/matters/V-CF-0001?version=3')).status, 200)
    t.match((await get('/en/matters/V-CF-0001/versions/2')).text, /This is not the present content/)
    const history = await get('/matters/V-CF-0001/history')
    t.match(plainText(history.text), /第3版 · 调整[^]*机构调整[^]*承办机构 执法一科 → 执法二科[^]*第2版 · 修改[^]*法规修改[^]*备注 原备注 → 新备注[^]*第1版 · 新增[^]*首次公布/)
    t.match(plainText(history.text), /导入文件：事项清单\.csv/)
    t.equal((await get('/matters/V-CF-0001/history?date=2026-04-01')).location, '/matters/V-CF-0001/on/2026-04-01')
    t.match(plainText((await get('/matters/V-CF-0001')).text), /第3版，2026年7月1日/, 'at a glance')
  })

  t.test(`${engine}: an older version shows the text of the statute that it cites, not a later one`, async t => {
    const { db, get } = await givenVersions(t, engine)
    await givenStatute(db, { slug: 'road', name: '城市道路管理条例', articles: [{ no: 42, label: '第四十二条', body: '后来的条文，处以9万元以下的罚款。' }] })
    await db.updateTable('statute').set({ text_date: '2026-06-15' }).where('slug', '=', 'road').execute()
    t.match((await get('/matters/V-CF-0001')).text, /9万元以下/)
    const old = await get('/matters/V-CF-0001/versions/1')
    t.match(old.text, /2万元以下/)
    t.notMatch(old.text, /9万元以下/)
    const { id } = await db.selectFrom('statute').select('id').where('slug', '=', 'road').executeTakeFirstOrThrow()
    const earlier = { name: '城市道路管理条例', articles: [{ article_no: 42, sub_no: 0, label: '第四十二条', body: '从前的条文，处以3万元以下的罚款。' }] }
    await db.insertInto('statute_text').values({ statute_id: id, text_date: '2020-06-01', version: 1, name: earlier.name, effective_on: null, amended_by: null, article_count: 1, data: JSON.stringify({ ...earlier, text_date: '2020-06-01' }), updated_at: '2026-07-01T00:00:00.000Z' }).execute()
    t.match((await get('/matters/V-CF-0001/on/2026-05-03')).text, /3万元以下/, 'the text of that time is kept by its date')
    await db.deleteFrom('statute_text').execute()
    await db.updateTable('statute').set({ text_date: '2020-01-01' }).where('slug', '=', 'road').execute()
    await raiseRevision(db, 'register')
    await new Promise(resolve => { setTimeout(resolve, 1100) }) // the page cache looks at the counter once a second
    t.match((await get('/matters/V-CF-0001/versions/1')).text, /9万元以下/, 'a text that already applied is shown')
  })

  t.test(`${engine}: two versions stand beside each other, fines as numbers, and so do two agencies`, async t => {
    const { get } = await givenVersions(t, engine)
    const compared = plainText((await get('/matters/V-CF-0001/compare?from=1&to=2')).text)
    t.match(compared, /备注 原备注 新备注/)
    t.match(compared, /¥20,000以下 ¥50,000以下 上限提高¥30,000（150%）/)
    t.match(plainText((await get('/matters/V-CF-0001/compare?from=2026-03-15&to=2026-07-02')).text), /承办机构 执法一科 执法二科/, 'by day')
    t.match(plainText((await get('/matters/V-CF-0001/compare?from=3&to=1')).text), /已按时间先后排列[^]*执法一科 执法二科/)
    t.match(plainText((await get('/matters/V-CF-0001/compare?from=2&to=2')).text), /两边的内容没有不同/)
    t.match(plainText((await get('/matters/V-CF-0001/compare?with=V-CF-0005')).text), /和平区城市管理综合行政执法局[^]*行使层级 市级 区县级/)
    t.match((await get('/matters/V-CF-0001')).text, /href="\/matters\/V-CF-0001\/compare\?with=V-CF-0005"/)
    t.match(plainText((await get('/matters/V-CF-0003/compare')).text), /只有一版/)
    t.match((await get('/en/matters/V-CF-0001/compare?from=1&to=2')).text, /Upper end up by/)
  })

  t.test(`${engine}: an old code leads to the matter that took its place, an ended matter stays`, async t => {
    const { get } = await givenVersions(t, engine)
    for (const old of ['V-CF-0002', 'GONE-1']) t.equal((await get(`/matters/${old}`)).location, '/matters/V-CF-0003', old)
    t.match(plainText((await get('/matters/V-CF-0003')).text), /原编码为V-CF-0002的事项自2026年6月1日起并入本事项。 两项合并/)
    t.match((await get('/matters/V-CF-0002/history')).text, /第2版/, 'its own history is still there')
    t.equal((await get('/matters/V-CF-0002?version=1')).location, '/matters/V-CF-0002/versions/1')
    const ended = await get('/matters/V-CF-0004')
    t.equal(ended.status, 200)
    t.match(plainText(ended.text), /本事项已于2026年8月1日停止实施/)
    t.match((await get('/complain?matter=GONE-1')).text, /对擅自挖掘城市道路的行政处罚/, 'an old code carries over')
    t.match((await get('/complain?matter=V-CF-0004')).text, /对乱贴广告的行政处罚/, 'one can still complain')
  })

  t.test(`${engine}: what changed is told by day and kind, officers are never named`, async t => {
    const { db, get } = await givenVersions(t, engine)
    await db.insertInto('record_version').values({ kind: 'officer', record_id: 1, version: 1, recorded_at: '2026-08-01T01:00:00.000Z', actor: 'import', reason: '名册', batch_id: null, digest: 'x', data: '{"name":"王小明"}', change: 'new' }).execute()
    await raiseRevision(db, 'register')
    const july = plainText((await get('/changes?day=2026-07-01')).text)
    t.match(july, /2026年7月1日[^]*对占用道路堆放物料的行政处罚 调整[^]*机构调整/)
    const august = plainText((await get('/changes?set=matter&set=officer&day=2026-08-15')).text)
    t.match(august, /执法人员：新增1条[^]*对乱贴广告的行政处罚 取消[^]*依据已经废止/, 'a day without changes shows the one before')
    t.notMatch(august, /王小明/)
    t.match(plainText((await get('/changes?change=adjusted&set=matter')).text), /2026年7月1日[^]*较早的一天： 2026年6月1日/)
    t.match(plainText((await get('/changes')).text), /各年变动数量[^]*2026/)
    t.match(plainText((await get('/changes?set=nonsense')).text), /没有符合条件的变动/)
    t.match((await get('/en/changes?day=2026-07-01')).text, /What changed/)
  })

  t.test(`${engine}: odd addresses get a clear answer`, async t => {
    const { db, get } = await givenVersions(t, engine)
    const agency = await db.selectFrom('agency').select('id').executeTakeFirstOrThrow()
    await givenMatter(db, { code: 'V-BARE', name: '没有版本的事项', agency: agency.id })
    const asked: Array<[string, number, RegExp?]> = [
      ['/matters/NOPE/history', 404], ['/matters/NOPE/on/2026-01-01', 404], ['/matters/NOPE/versions/1', 404], ['/matters/NOPE/compare', 404],
      ['/matters/V-CF-0001/on/2026-02-28', 404, /2026年2月28日时本站还没有公布这一事项。最早一版公布于2026年3月1日/],
      ['/matters/V-CF-0001/on/2026-02-30', 400, /没有“2026-02-30”这一天/], ['/matters/V-CF-0001/on/yesterday', 400], ['/matters/V-CF-0001/on/0000-00-00', 400],
      ['/matters/V-CF-0001/versions/4', 404, /共有3版/], ['/matters/V-CF-0001/versions/0', 404], ['/matters/V-CF-0001/versions/1000000000', 404], ['/matters/V-CF-0001/versions/-1', 404], ['/matters/V-CF-0001/versions/x', 404],
      ['/matters/V-CF-0001?version=1000000000', 404], ['/matters/V-CF-0001?version=abc', 404],
      ['/matters/V-CF-0001/compare?from=9&to=1', 400, /共有3版/], ['/matters/V-CF-0001/compare?from=2026-13-01', 400, /2026-13-01/], ['/matters/V-CF-0001/compare?from=2020-01-01', 400, /还没有公布/], ['/matters/V-CF-0001/compare?with=NOPE', 404, /NOPE/], ['/matters/V-CF-0001/compare?from=%3Cb%3E', 400],
      ['/matters/V-CF-0001/history?date=nonsense', 400, /nonsense/], ['/matters/V-CF-0001/history?page=1000000000', 200],
      ['/matters/V-BARE', 200], ['/matters/V-BARE/history', 200, /没有保存/], ['/matters/V-BARE/on/2026-11-01', 404], ['/matters/V-BARE/compare', 400],
      ['/changes?day=2026-99-99', 400], ['/changes?day=1999-01-01', 200], ['/changes?day=9999-12-31', 200], ['/changes?page=1000000000', 200], ['/changes?change=%27', 200]
    ]
    for (const [url, status, words] of asked) {
      const answer = await get(url)
      t.equal(answer.status, status, url)
      t.notMatch(answer.body, /<b>|SQLITE|syntax error/, url)
      if (words !== undefined) t.match(plainText(answer.text), words, url)
    }
    for (const url of ['/matters/%00/history', '/matters/V-CF-0001/on/%00', '/changes?day=%00', '/matters/V-CF-0001/compare?from=%00', `/matters/V-CF-0001/compare?with=${'9'.repeat(10_000)}`, `/changes?set=${'x'.repeat(9_000)}`]) {
      const { status } = await get(url)
      t.ok(status >= 400 && status < 500, `${url.slice(0, 50)} ${status}`)
    }
  })
}

t.test('every field and every value of a matter has its words', async t => {
  for (const locale of LOCALES) {
    for (const { key, values, section } of matterFields) {
      t.ok(hasWord(locale, `matter_field.${key}`), `${locale} ${key}`)
      t.ok(hasWord(locale, `matter_section.${section}`), `${locale} ${section}`)
      for (const code of Object.keys(values?.table ?? {})) t.ok(hasWord(locale, `${values?.words}.${code}`), `${locale} ${values?.words}.${code}`)
    }
  }
})

/** Wordings of statutes, and what is to be read in them: unit, lower end, upper end, and what stands beside. */
const WORDINGS: ReadonlyArray<[string, Array<[string, number | null, number | null, Record<string, unknown>?]>]> = [
  ['责令改正，没收违法所得，并处一万元以上三万元以下罚款；情节严重的，责令停止执业活动。', [['fen', 1_000_000, 3_000_000]]],
  ['货值金额不足一万元的，并处五万元以上十万元以下罚款；货值金额一万元以上的，并处货值金额十倍以上二十倍以下罚款', [['fen', 5_000_000, 10_000_000, { when: '货值金额不足一万元的' }], ['times', 100_000, 200_000, { base: '货值金额', when: '货值金额一万元以上的' }]]],
  ['处警告或者五百元以下罚款', [['fen', null, 50_000]]],
  ['处五日以下拘留或者1000元以下的罚款', [['fen', null, 100_000]]],
  ['可以处以2万元以下的罚款', [['fen', null, 2_000_000, { optional: true }]]],
  ['处上一年度销售额百分之一以上百分之十以下的罚款', [['times', 100, 1_000, { base: '上一年度销售额' }]]],
  ['处中标项目金额千分之五以上千分之十以下的罚款', [['times', 50, 100]]],
  ['对单位处二十万元以上一百万元以下的罚款，对直接负责的主管人员和其他直接责任人员处二万元以上十万元以下的罚款', [['fen', 20_000_000, 100_000_000, { on: '单位' }], ['fen', 2_000_000, 10_000_000, { on: '直接负责的主管人员和其他直接责任人员' }]]],
  ['可以对个人并处五百元以下的罚款、对单位并处一千元至五千元的罚款', [['fen', null, 50_000], ['fen', 100_000, 500_000]]],
  ['处每平方米一百元以上五百元以下的罚款', [['fen', 10_000, 50_000, { per: '每平方米' }]]],
  ['处非法套汇金额30%以上等值以下的罚款', [['times', 3_000, 10_000]]],
  ['处二百五十万元以上一千万元以下罚款', [['fen', 250_000_000, 1_000_000_000]]],
  ['处５０００元罚款', [['fen', 500_000, 500_000]]],
  ['处一亿元以下罚款', [['fen', null, 10_000_000_000]]],
  // not laid down, not sure, or not a range: nothing is read
  ['对公民处以二百元以下、对法人或者其他组织处以三千元以下罚款或者警告的行政处罚的，可以当场作出行政处罚决定', []],
  ['处以五千元以上罚款的，当事人有权要求听证', []],
  ['被处一万元以上罚款的，五年内不得从业', []],
  ['当场收缴罚款不出具专用票据的', []],
  ['处违法所得三倍以下，但最高不得超过三万元的罚款', []],
  ['处五倍以上十倍以下罚款', []],
  ['处盗伐林木价值三分之一以上一倍以下的罚款', []],
  ['处以罚款', []],
  ['处三万元以上一万元以下罚款', []],
  ['', []]
]

t.test('ranges of fines are read from the wording of statutes, and nothing else is', async t => {
  for (const [text, expected] of WORDINGS) {
    const read = readFines(text)
    t.same(read.map(range => [range.unit, range.from, range.to]), expected.map(([unit, from, to]) => [unit, from, to]), text)
    for (const [at, [, , , beside]] of expected.entries()) t.match(read[at], beside ?? {}, text)
    for (const range of read) t.ok(text.normalize('NFKC').includes(range.quote), range.quote)
  }
  t.same(spanOfFines(readFines('处一万元以上三万元以下罚款；情节严重的，处三万元以上十万元以下罚款')), { from: 1_000_000, to: 10_000_000 })
  t.same(spanOfFines(readFines('处违法所得一倍以上三倍以下的罚款')), null)
  const started = performance.now()
  readFines('处一万元以上'.repeat(20_000))
  readFines(`处${'一'.repeat(20_000)}元以下罚款`)
  readFines('罚款，处'.repeat(5_000))
  readFines(`${'对'.repeat(20_000)}罚款`)
  t.ok(performance.now() - started < 1_000, 'hostile texts cost little')
})
