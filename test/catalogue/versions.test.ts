import type { Kysely } from 'kysely'
import t from 'tap'
import { importRecords } from '../../src/admin/imports/service.ts'
import type { ImportOptions, Report } from '../../src/admin/imports/schema.ts'
import type { Database } from '../../src/db/schema.ts'
import { readFines, spanOfFines } from '../../src/domain/records/fines.ts'
import { MATTER_FIELDS, matterFields, readDetails } from '../../src/domain/records/matter-fields.ts'
import { hasWord } from '../../src/i18n/index.ts'
import { LOCALES } from '../../src/paths.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { givenHouse } from '../fixtures/app.ts'

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
