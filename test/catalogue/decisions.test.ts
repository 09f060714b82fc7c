import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { importRecords } from '../../src/admin/imports/service.ts'
import type { Report } from '../../src/admin/imports/schema.ts'
import { AGENCIES } from '../../src/catalogue/agencies/list.ts'
import { DECISIONS } from '../../src/catalogue/decisions/list.ts'
import { findAllIds, findInList } from '../../src/catalogue/lists/engine/find.ts'
import { decisionCode, expireDecisions, withdrawalClock, withdrawDecision, type Withdrawal } from '../../src/catalogue/publication/service.ts'
import { readQuestion } from '../../src/catalogue/search/engine/query.ts'
import { takeAim } from '../../src/complaints/form/filing/target.ts'
import { namesAmount, namesAmounts } from '../../src/domain/decisions/amounts.ts'
import { coverIn, peopleIn, publicParty } from '../../src/domain/decisions/parties.ts'
import { keepRuleOf, lastPublicDay, publishDue, stateOn, type PublicationRules } from '../../src/domain/decisions/publication.ts'
import { createCalendar } from '../../src/domain/time/calendar.ts'
import { loadPublicationRules } from '../../src/catalogue/publication/repository.ts'
import { loadReckoner } from '../../src/db/reckoner.ts'
import { givenHouse, type House } from '../fixtures/app.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { givenAgency, givenDecision, givenMatter } from '../fixtures/register.ts'
import { visitor } from '../fixtures/visitor.ts'

const HEAD = '行政处罚决定书文号,处罚机关,事项编码,行政相对人名称,行政相对人类别,行政相对人代码_1(统一社会信用代码),违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,罚款金额（万元）,裁量阶次,处罚决定日期,公示日期,公示截止期,是否公开,证件号码,法定代表人'
const ID = '11010519491231002X'
const FIRM = '测市监罚〔2026〕1号,测试市场局,T-CF-1,沈阳某食品有限公司,法人及非法人组织,91210100MA0ABCDE1E,无证经营,在甲路经营,《食品安全法》第一百二十二条,罚款,罚款五千元,0.5,一般,2026-11-02,2026-11-10,,是,,王某'
const PERSON = `测市监罚(2026)2号,测试市场局,T-CF-1,张小明,自然人,,占道经营,张小明于当日占道经营,《城市市容和环境卫生管理条例》第十四条,"警告,罚款",警告，对张小明罚款二百元,0.02,从轻,2026/11/3,2026-11-20,,,${ID},`
const TRADER = '测市监罚〔2026〕3号,测试市场局,,王记面馆（经营者：欧阳小红）,个体工商户,,油烟,欧阳小红的店排放油烟,《大气污染防治法》第一百一十八条,罚款,罚款六千元,0.6,,2026-11-04,2026-11-05,2027-05-01,,,'

interface Desk extends House { market: number, load: (rows: string[], changes?: { now?: string, partial?: boolean, dryRun?: boolean, rejects?: string }) => Promise<Report> }

async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-decisions-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const market = await givenAgency(house.db, { slug: 'test-market', name: '测试市场局' })
  await givenMatter(house.db, { code: 'T-CF-1', name: '对无证经营的处罚', agency: market })
  return {
    ...house,
    market,
    load: async (rows, { now = house.clock.now, ...options } = {}) => {
      const file = path.join(folder, 'decisions.csv')
      writeFileSync(file, [HEAD, ...rows].join('\n'))
      return await importRecords({ db: house.db, now }, { kind: 'decisions', input: file, ...options })
    }
  }
}

const rules = (report: Report): string[] => report.faults.map(fault => `${fault.column} ${fault.rule}`)
const wish = (text: string, selection: Record<string, string[]> = {}) => ({ question: readQuestion(text), selection, sort: 'relevance', page: 1, per: 50 })

async function withdraw ({ db, keys, clock }: House, changes: Partial<Withdrawal> = {}): Promise<void> {
  const by = { now: clock.now, actor: { id: null, role: 'system', name: '测试' }, auditKey: keys.audit, requestId: 'test' }
  await db.transaction().execute(async trx => { await withdrawDecision(trx, { number: '测市监罚〔2026〕1号', ground: 'revoked', reason: '复议机关撤销', overturnedOn: '2026-11-20', ...changes }, by) })
}

t.test('a party is called as the rules allow, in one place', async t => {
  const cases: Array<[string, string, string]> = [
    ['张小明', 'person', '张**'], ['欧阳修', 'person', '欧阳**'], ['买买提·艾力', 'person', '买**'], ['John Smith', 'person', 'J**'], ['张**', 'person', '张**'], ['张小明', 'stranger', '张**'],
    ['张小明', 'sole_trader', '张**'], ['张小明（个体工商户）', 'sole_trader', '张**'], ['经营者：张小明', 'sole_trader', '张**'], ['王记面馆', 'sole_trader', '王记面馆'], ['王记面馆（张小明）', 'sole_trader', '王记面馆（张**）'],
    ['王记面馆(经营者:欧阳小红)', 'sole_trader', '王记面馆(经营者:欧阳**)'], ['便民超市（铁西）', 'sole_trader', '便民超市（铁西）'], ['某某商贸有限公司', 'legal_person', '某某商贸有限公司'], ['王记', 'legal_person', '王记'], ['张**', 'sole_trader', '张**'],
    ['沈阳市和平区李小明', 'sole_trader', '沈阳市和平区李**'], ['沈阳市和平区欧阳小红', 'sole_trader', '沈阳市和平区欧阳**'], ['李小明个体工商户', 'sole_trader', '李**'], ['沈阳市和平区王记', 'sole_trader', '沈阳市和平区王记'], ['沈阳市和平区红星超市', 'sole_trader', '沈阳市和平区红星超市']
  ]
  for (const [name, type, public_] of cases) {
    t.equal(publicParty(name, type), public_, `${name} ${type}`)
    t.equal(publicParty(publicParty(name, type), type), public_, `${name} twice`)
  }
  t.equal(coverIn('当事人张小明承认，张小明签字', '张小明', 'person'), '当事人张**承认，张**签字')
  t.equal(coverIn('欧阳小红的店', '王记面馆（经营者：欧阳小红）', 'sole_trader'), '欧阳**的店')
  t.equal(coverIn('某公司的事实', '某公司', 'legal_person', ['王某']), '某公司的事实')
  t.equal(coverIn('红星超市的经营者李小明承认', '红星超市', 'sole_trader', ['李小明']), '红星超市的经营者李**承认')
  t.equal(coverIn('李小明服装店由李小明经营', '李小明服装店', 'sole_trader', ['李小明']), '李小明服装店由李**经营', 'a registered name stays whole')
  t.equal(coverIn('李小明在店外占道', '沈阳市和平区李小明', 'sole_trader'), '李**在店外占道')
  t.same(peopleIn('李 小明、王五/无'), ['李 小明', '李小明', '王五'])
  for (const nobody of ['', '/', '无', '暂无', '---', '**']) t.same(peopleIn(nobody), [], nobody)
})

t.test('an amount is shown once', async t => {
  for (const text of ['并处罚款人民币9500元', '罚款9,500元', '罚款 9 500 元', '罚款0.95万元', '罚款９５００元', '罚款9500.00元']) t.ok(namesAmount(text, 950_000), text)
  for (const text of ['罚款19500元', '罚款九千五百元', '第9500号', '罚款95000元', '']) t.notOk(namesAmount(text, 950_000), text)
  t.ok(namesAmounts('没收100元，罚款200元', { fine_fen: 20_000, confiscated_fen: 10_000 }))
  t.notOk(namesAmounts('罚款200元', { fine_fen: 20_000, confiscated_fen: 10_000 }))
})

t.test('publication is due, ends and is late by rules that are data', async t => {
  const rule = (rule: string, amount: number, unit: string, person: number | null = null, firm: number | null = null): [string, object] => [rule, { rule, amount, unit, finePersonFen: person, fineOrganisationFen: firm, basis: '', basisEn: '', kind: 'our_default' }]
  const all = new Map([rule('publish_fast', 7, 'working_days'), rule('publish_other', 20, 'working_days'), rule('keep_organisation', 36, 'months'), rule('keep_person', 12, 'months'), rule('keep_minor', 3, 'months', 20000, 300000)]) as unknown as PublicationRules
  const calendar = createCalendar([])
  t.equal(publishDue({ category: 'penalty', decided_on: '2026-11-02' }, all, calendar).date, '2026-11-11')
  t.equal(publishDue({ category: 'permit', decided_on: '2026-11-02' }, all, calendar).date, '2026-11-11')
  t.equal(publishDue({ category: 'inspection', decided_on: '2026-11-02' }, all, calendar).date, '2026-11-30')
  const sanction = { category: 'penalty', party_type: 'legal_person', penalty_kinds: 'fine', fine_fen: 300000, confiscated_fen: null }
  t.equal(keepRuleOf(sanction, all), 'keep_minor', 'three thousand yuan are still minor')
  t.equal(keepRuleOf({ ...sanction, fine_fen: 300001 }, all), 'keep_organisation')
  t.equal(keepRuleOf({ ...sanction, party_type: 'person', fine_fen: 20001 }, all), 'keep_person')
  t.equal(keepRuleOf({ ...sanction, party_type: 'person', fine_fen: 20000 }, all), 'keep_minor')
  t.equal(keepRuleOf({ ...sanction, penalty_kinds: 'warning', fine_fen: null }, all), 'keep_minor')
  t.equal(keepRuleOf({ ...sanction, penalty_kinds: 'fine', fine_fen: null }, all), 'keep_organisation', 'an unknown fine is not small')
  t.equal(keepRuleOf({ ...sanction, confiscated_fen: 1 }, all), 'keep_organisation')
  t.equal(keepRuleOf({ ...sanction, penalty_kinds: 'fine licence_revoked' }, all), 'keep_organisation')
  t.equal(keepRuleOf({ ...sanction, category: 'permit', penalty_kinds: null, fine_fen: null }, all), 'keep_organisation')
  const months = (amount: number) => ({ ...all.get('keep_minor'), amount }) as Parameters<typeof lastPublicDay>[1]
  t.equal(lastPublicDay('2026-11-30', months(3)), '2027-02-28', 'where there is no such day, the last of the month')
  t.equal(lastPublicDay('2027-11-30', months(3)), '2028-02-29')
  t.equal(lastPublicDay('2026-11-23', months(36)), '2029-11-23')
  t.equal(stateOn({ status: 'in_force', public_until: '2026-11-23' }, '2026-11-23'), 'in_force', 'the last day counts')
  t.equal(stateOn({ status: 'in_force', public_until: '2026-11-23' }, '2026-11-24'), 'expired')
  t.equal(stateOn({ status: 'withdrawn', public_until: '2029-11-23' }, '2026-11-24'), 'withdrawn')
})

for (const engine of ENGINES) {
  t.test(`decisions are imported, explained and covered on ${engine}`, async t => {
    const { db, load, clock } = await givenDesk(t, engine)
    const report = await load([FIRM, PERSON, TRADER])
    t.same(rules(report), [])
    t.match(report, { counts: { read: 3, new: 3, rejected: 0 }, written: true })
    t.same(report.ignored, ['证件号码', '法定代表人'], 'columns with personal data are not read')
    const rows = await db.selectFrom('decision').selectAll().orderBy('number').execute()
    t.match(rows[0], { category: 'penalty', fine_fen: 500000, penalty_kinds: 'fine', tier: 'ordinary', matter_version: null, published_on: '2026-11-10', public_until: '2029-11-10', until_rule: 'keep_organisation' })
    t.match(rows[1], { number: '测市监罚〔2026〕2号', party_name: '张**', facts: '张**于当日占道经营', content: '警告，对张**罚款二百元', until_rule: 'keep_minor', public_until: '2027-02-20', code: decisionCode('测市监罚〔2026〕2号') })
    t.match(rows[2], { party_name: '王记面馆（经营者：欧阳**）', facts: '欧阳**的店排放油烟', until_rule: 'given', public_until: '2027-05-01', matter_id: null })
    const kept = JSON.stringify([rows, await db.selectFrom('record_version').selectAll().where('kind', '=', 'decision').execute(), report])
    for (const secret of ['张小明', '欧阳小红', ID, '王某']) t.notMatch(kept, secret, `${secret} is stored nowhere`)
    t.match(await load([FIRM, PERSON, TRADER]), { counts: { unchanged: 3, new: 0, changed: 0 }, written: false })

    t.match(await load([FIRM.replace('在甲路经营', '在乙路经营')]), { counts: { changed: 1 } })
    t.equal((await db.selectFrom('decision').select('version').where('number', '=', '测市监罚〔2026〕1号').executeTakeFirstOrThrow()).version, 2)

    const bad: Array<[string, string, string]> = [
      [FIRM.replace('〔2026〕1号', '2026-1'), '行政处罚决定书文号 document_number', ''],
      [FIRM.replace('91210100MA0ABCDE1E', '91210100MA0ABCDE1F'), '行政相对人代码_1(统一社会信用代码) uscc', ''],
      [FIRM.replace('91210100MA0ABCDE1E', ID), '行政相对人代码_1(统一社会信用代码) personal_data', ''],
      [FIRM.replace('91210100MA0ABCDE1E', '').replace('〔2026〕1号', '〔2026〕5号'), '行政相对人代码_1(统一社会信用代码) required', ''],
      [FIRM.replace('在甲路经营', `身份证${ID}`), '违法事实 personal_data', ''],
      [FIRM.replace(',0.5,', ',半万,'), '罚款金额（万元） money', ''],
      [FIRM.replace(',0.5,', ',0.1234567,'), '罚款金额（万元） money', ''],
      [FIRM.replace('罚款,罚款五千元', '警告,罚款五千元'), '处罚类别 fine_without_kind', ''],
      [FIRM.replace('2026-11-02', '2026-02-30'), '处罚决定日期 date', ''],
      [FIRM.replace('2026-11-02', '2026-11-24').replace('2026-11-10', ''), '处罚决定日期 day_in_future', ''],
      [FIRM.replace('2026-11-10', '2026-11-01'), '公示日期 end_before_start', ''],
      [FIRM.replace('T-CF-1', 'T-CF-9'), '事项编码 matter_unknown', ''],
      [FIRM.replace('测试市场局', '没有这个局'), '处罚机关 agency_unknown', ''],
      [FIRM.replace('法人及非法人组织', '神仙'), '行政相对人类别 unknown_value', ''],
      [FIRM.replace(',是,', ',否,'), '是否公开 withdraw_first', '']
    ]
    for (const [row, rule] of bad) {
      const { faults, counts, written } = await load([row])
      t.ok(faults.some(fault => `${fault.column} ${fault.rule}` === rule), `${rule}, got ${faults.map(fault => `${fault.column} ${fault.rule}`).join()}`)
      t.match({ counts, written }, { counts: { rejected: 1 }, written: false })
      t.notMatch(JSON.stringify(faults), ID, 'the report does not repeat an ID number')
    }
    const rejects = path.join(os.tmpdir(), `sunlit-rejects-${process.pid}.csv`)
    t.teardown(() => { rmSync(rejects, { force: true }) })
    await load([FIRM.replace('91210100MA0ABCDE1E', ID)], { rejects })
    t.notMatch(readFileSync(rejects, 'utf8'), ID, 'nor does the file that is handed back')

    const aside = await load([FIRM.replace('〔2026〕1号', '〔2026〕8号').replace(',是,', ',否,'), FIRM.replace('〔2026〕1号', '〔2022〕9号').replace('2026-11-02', '2022-11-02').replace('2026-11-10', '2022-11-10')])
    t.same(aside.leftOut.map(fault => fault.rule), ['not_public', 'publication_over'])
    clock.now = '2027-02-21T02:00:00.000Z'
    await expireDecisions(db, clock.now)
    t.same((await load([PERSON])).leftOut.map(fault => fault.rule), ['publication_over'], 'what is over does not come again')
    t.match(await load([PERSON.replace(',,,110', ',2027-12-31,,110')]), { counts: { changed: 1 } }, 'unless the list names a later end')
    t.equal((await db.selectFrom('decision').select('status').where('number', '=', '测市监罚〔2026〕2号').executeTakeFirstOrThrow()).status, 'in_force')
  })

  t.test(`who stands behind a party is covered, whatever was stored before, on ${engine}`, async t => {
    const { app, db, load } = await givenDesk(t, engine)
    const shop = TRADER.replace('王记面馆（经营者：欧阳小红）', '红星小吃店').replace('欧阳小红的店', '经营者李小明的店') + '李小明'
    t.match(await load([shop]), { counts: { new: 1 }, ignored: ['证件号码', '法定代表人'] })
    t.match(await db.selectFrom('decision').select(['party_name', 'facts']).executeTakeFirstOrThrow(), { party_name: '红星小吃店', facts: '经营者李**的店排放油烟' })
    const firm = FIRM.replace('沈阳某食品有限公司', '周大海').replace('在甲路经营', '周大海在甲路经营')
    await load([firm, FIRM.replace('〔2026〕1号', '〔2026〕6号')])
    const bare = ['行政处罚决定书文号,处罚机关,行政相对人名称,行政相对人类别,处罚内容,处罚决定日期', '测市监罚〔2026〕1号,测试市场局,周大海,自然人,罚款五千元,2026-11-02']
    const turned = { name: 'rows', rows: [Object.fromEntries((bare[0] ?? '').split(',').map((key, at) => [key, (bare[1] ?? '').split(',')[at] ?? '']))] }
    t.same(rules(await importRecords({ db, now: '2026-11-23T02:00:00.000Z' }, { kind: 'decisions', input: turned })), ['行政相对人代码_1(统一社会信用代码) person_with_code'], 'the stored code is looked at too')
    const mended = { ...turned, rows: turned.rows.map(row => ({ ...row, '行政相对人代码_1(统一社会信用代码)': '[清空]' })) }
    t.match(await importRecords({ db, now: '2026-11-23T02:00:00.000Z' }, { kind: 'decisions', input: mended }), { counts: { changed: 1 } })
    const stored = await db.selectFrom('decision').selectAll().where('number', '=', '测市监罚〔2026〕1号').executeTakeFirstOrThrow()
    t.match(stored, { party_name: '周**', facts: '周**在甲路经营', party_uscc: null })
    t.equal((await findInList(db, DECISIONS, wish('周大海'))).exact, 0)
    t.equal((await findInList(db, DECISIONS, wish('李小明'))).exact, 0)
    const browser = visitor(app)
    for (const [number, kept] of [['1号', true], ['3号', true], ['6号', false]] as const) {
      const { body } = await browser.get(`/decisions/${decisionCode(`测市监罚〔2026〕${number}`)}`)
      t.equal(/<meta name="robots" content="noindex">/.test(body), kept, `${number}: search engines are kept from persons`)
    }
  })

  t.test(`a natural person's name leaves by no door on ${engine}`, async t => {
    const { app, db, load, market } = await givenDesk(t, engine)
    await load([FIRM, PERSON, TRADER])
    await givenDecision(db, { number: '测市监罚〔2026〕4号', agency: market, party_name: '李大力', party_type: 'person', facts: '事实' })
    await db.updateTable('decision').set({ party_name: '李大力' }).where('number', '=', '测市监罚〔2026〕4号').execute() // as if something else had written it
    const browser = visitor(app)
    const codes = (await db.selectFrom('decision').select('code').execute()).map(row => row.code)
    const urls = ['/decisions', '/matters/T-CF-1', '/agencies/test-market', '/decisions/publication', ...['张小明', '李大力', '欧阳小红', '张', '占道'].flatMap(words => ['decisions', 'search'].map(list => `/${list}?q=${encodeURIComponent(words)}`)), ...codes.map(code => `/decisions/${code}`), '/complain?decision=' + encodeURIComponent('测市监罚〔2026〕2号')]
    for (const url of urls.flatMap(url => [url, `/en${url}`])) {
      const { status, body } = await browser.get(url)
      t.equal(status, 200, url)
      const asked = decodeURIComponent(url.split('?q=')[1] ?? '')
      for (const name of ['张小明', '李大力', '欧阳小红']) if (name !== asked) t.notMatch(body, name, `${url} ${name}`)
      t.notMatch(body, ID, url)
    }
    for (const name of ['张小明', '李大力', '小明', '欧阳小红']) t.equal((await findInList(db, DECISIONS, wish(name))).exact, 0, `nothing holds ${name}`)
    t.equal((await findInList(db, DECISIONS, wish('沈阳某食品'))).total, 1, 'a firm is found')
    const records = await DECISIONS.records(db, await findAllIds(db, DECISIONS, wish('')))
    t.equal(records.length, 4)
    t.notMatch(JSON.stringify(records), /张小明|李大力|欧阳小红/)
    t.same([...new Set(records.flatMap(record => Object.keys(record)))].sort(), DECISIONS.fields.map(field => field.key).sort(), 'what is handed out is what is described')
    t.equal(browser.cookies.size, 0)
  })

  t.test(`the list, the record and the figures tell what was published when on ${engine}`, async t => {
    const { app, db, load, market } = await givenDesk(t, engine)
    await load([FIRM, PERSON, TRADER])
    const browser = visitor(app)
    const list = (await browser.get('/decisions')).body
    t.match(list, /正在公示3件；公示期满0件、撤回公示0件/)
    t.ok(list.indexOf('〔2026〕3号') < list.indexOf('〔2026〕1号'), 'newest first')
    t.match((await browser.get('/decisions?sort=amount')).body, /〔2026〕3号[^]*〔2026〕1号[^]*〔2026〕2号/)
    for (const [query, number] of [['timeliness=late', '2号'], ['amount=2&party_type=legal_person', '1号'], ['tier=lighter', '2号'], ['matter=T-CF-1&party_type=person', '2号'], ['penalty_kind=warning', '2号']] as const) {
      const { body } = await browser.get(`/decisions?${query}`)
      t.match(body, `〔2026〕${number}`, query)
      t.match(body, /共 1 条/, query)
    }
    t.match((await browser.get('/decisions?year=1999&agency=nope')).body, /没有找到符合条件的记录/)
    t.match((await browser.get(`/decisions?q=${encodeURIComponent('测市监罚（2026）1号')}`)).headers['location'], `/decisions/${decisionCode('测市监罚〔2026〕1号')}`)
    t.equal((await browser.get(`/decisions/${encodeURIComponent('测市监罚[2026]1号')}`)).status, 302)
    const { body } = await browser.get(`/decisions/${decisionCode('测市监罚〔2026〕1号')}`)
    t.match(body, /沈阳某食品有限公司[^]*91210100MA0ABCDE1E[^]*无证经营[^]*第一百二十二条[^]*¥5,000[^]*一般/)
    t.match(body, /href="\/matters\/T-CF-1"/)
    t.match(body, /最迟应于2026年11月11日公示，已按时公示/)
    t.match(body, /公示至2029年11月10日[^]*本平台默认值，非法律规定/)
    t.match(body, /href="\/complain\?decision(=|&#x3D;)/)
    t.match(body, /六十日|行政复议/)
    t.match((await browser.get(`/decisions/${decisionCode('测市监罚〔2026〕2号')}`)).body, /逾期公示[^]*最迟应于2026年11月12日公示，实际晚了6个工作日/)
    t.match((await browser.get('/agencies/test-market')).body, /查看全部3件/)
    t.match((await browser.get('/matters/T-CF-1')).body, /href="\/decisions\?matter(=|&#x3D;)T-CF-1"[^>]*>查看全部2件/)
    const { id } = await db.selectFrom('decision').select('id').where('number', '=', '测市监罚〔2026〕1号').executeTakeFirstOrThrow()
    t.match(await takeAim(db, { target: { decisionId: id } }, '2026-11-23'), { agencyId: market, links: [{ kind: 'decision', record_id: id, record_version: 1 }] })
    const hostile: Array<[string, number]> = [['/decisions/nope', 404], [`/decisions/${'x'.repeat(190)}`, 404], ['/decisions?page=1000000000&per=x&sort=%27', 200], [`/decisions?q=${'罚'.repeat(1000)}`, 200], ['/decisions?q=!!!%22', 200], ['/decisions?q=%00', 400], ['/decisions/%00', 400], ['/decisions/publication?page=99999999', 200], ['/decisions?q=a&q=b', 200], ['/decisions/%F0%9F%98%80', 404]]
    for (const [url, status] of hostile) {
      const answer = await browser.get(url)
      t.ok(answer.status === status || (status === 400 && answer.status < 500), `${url.slice(0, 40)} ${answer.status}`)
    }
  })

  t.test(`a withdrawn decision leaves a tombstone on ${engine}`, async t => {
    const desk = await givenDesk(t, engine)
    const { app, db, load, clock } = desk
    await load([FIRM, PERSON, TRADER])
    const browser = visitor(app)
    const url = `/decisions/${decisionCode('测市监罚〔2026〕1号')}`
    t.match((await browser.get(url)).body, '沈阳某食品有限公司')
    for (const [changes, field] of [[{ reason: ' ' }, 'reason'], [{ reason: `身份证${ID}` }, 'reason'], [{ reason: '电话13800138000' }, 'reason'], [{ overturnedOn: '2026-11-24' }, 'overturned_on'], [{ overturnedOn: '2026-11-01' }, 'overturned_on'], [{ overturnedOn: 'x' }, 'overturned_on'], [{ replacedBy: '测市监罚〔2026〕1号' }, 'replaced_by']] as const) {
      await t.rejects(withdraw(desk, changes), { code: 'form_invalid', details: { fields: { [field]: {} } } }, JSON.stringify(changes))
    }
    await t.rejects(withdraw(desk, { number: '没有〔2026〕1号' }), { code: 'not_found' })
    clock.now = '2026-11-26T02:00:00.000Z'
    await withdraw(desk, { replacedBy: '测市监罚〔2026〕2号' })
    await t.rejects(withdraw(desk), { code: 'form_invalid' }, 'not twice')
    await new Promise(resolve => setTimeout(resolve, 1100)) // the page cache asks for the counter once a second
    const { status, body } = await browser.get(url)
    t.equal(status, 200)
    t.match(body, /公示已撤回[^]*2026年11月20日[^]*2026年11月26日[^]*被依法撤销[^]*复议机关撤销/)
    t.match(body, `href="/decisions/${decisionCode('测市监罚〔2026〕2号')}"`)
    t.match(body, /逾期撤回[^]*最迟应于2026年11月25日撤回，实际晚了1个工作日/)
    t.match(body, /noindex/)
    for (const gone of ['沈阳某食品', '在甲路', '91210100MA0ABCDE1E', '¥5,000', '罚款五千元']) t.notMatch(body, gone, gone)
    for (const page of ['/decisions', `/decisions?q=${encodeURIComponent('沈阳某食品')}`, '/matters/T-CF-1', '/agencies/test-market', `/search?q=${encodeURIComponent('沈阳某食品有限公司')}`]) t.notMatch((await browser.get(page)).body, /测市监罚〔2026〕1号|甲路经营/, page)
    t.match((await browser.get('/decisions')).body, /正在公示2件；公示期满0件、撤回公示1件/, 'it is counted')
    t.match((await browser.get('/decisions/publication')).body, /撤回记录[^]*测市监罚〔2026〕1号[^]*被依法撤销/)
    t.equal((await DECISIONS.records(db, [1, 2, 3])).length, 2, 'and not handed out')
    const stored = await db.selectFrom('decision').selectAll().where('number', '=', '测市监罚〔2026〕1号').executeTakeFirstOrThrow()
    t.match(stored, { party_name: '', facts: '', content: '', party_uscc: null, fine_fen: null, version: 2, status: 'withdrawn' })
    const versions = await db.selectFrom('record_version').select(['version', 'reason', 'data']).where('kind', '=', 'decision').where('record_id', '=', stored.id).orderBy('version').execute()
    t.match(versions.map(row => [row.version, row.reason]), [[1, /导入/], [2, '复议机关撤销']])
    t.match(versions[0]?.data, '沈阳某食品', 'the version of the day is kept')
    t.match(await db.selectFrom('audit_entry').select(['action', 'subject']).execute(), [{ action: 'decision.withdrawn', subject: '测市监罚〔2026〕1号' }])
    t.same((await load([FIRM])).leftOut.map(fault => fault.rule), ['decision_withdrawn'], 'a list does not bring it back')
    await db.updateTable('decision').set({ party_name: '张小明' }).where('number', '=', '测市监罚〔2026〕2号').execute()
    await withdraw(desk, { number: '测市监罚〔2026〕2号', reason: '张小明申请复议，决定被撤销' })
    t.match(await db.selectFrom('decision').select('withdrawal_reason').where('number', '=', '测市监罚〔2026〕2号').executeTakeFirstOrThrow(), { withdrawal_reason: '张**申请复议，决定被撤销' })
    t.equal(await withdrawalClock(db, '2026-11-20', '2026-11-25').then(found => found?.lateDays), 0)
    t.equal((await browser.get(`/complain?decision=${encodeURIComponent('测市监罚〔2026〕1号')}`)).status, 200, 'one may still complain about it')
  })

  t.test(`publication ends by the date, before any job has run, on ${engine}`, async t => {
    const { app, db, load, clock } = await givenDesk(t, engine)
    await load([FIRM, PERSON, TRADER])
    const browser = visitor(app)
    const url = `/decisions/${decisionCode('测市监罚〔2026〕2号')}`
    clock.now = '2027-02-20T15:59:00.000Z' // the last day in China
    t.match((await browser.get(url)).body, '占道经营')
    await new Promise(resolve => setTimeout(resolve, 1100)) // the page cache looks at the day once a second
    clock.now = '2027-02-20T16:01:00.000Z'
    const { status, body } = await browser.get(url)
    t.equal(status, 200)
    t.match(body, /公示期满/)
    t.notMatch(body, /张\*\*|占道/)
    t.match((await browser.get('/decisions')).body, /正在公示2件；公示期满1件/)
    t.equal((await findInList(db, DECISIONS, wish('占道'))).total, 0)
    const moved = await db.selectFrom('decision').select(['status', 'version']).where('number', '=', '测市监罚〔2026〕2号').executeTakeFirstOrThrow()
    t.match(moved, { status: 'expired', version: 2 }, 'the first request of the day has noted it, with a version')
    t.equal(await expireDecisions(db, clock.now), 0, 'the job finds nothing more')
    t.equal((await loadPublicationRules(db)).size, 5)
    t.ok((await loadReckoner(db)).rules.has('withdrawal'))
  })

  if (engine === 'sqlite') {
    t.test('a database that takes nothing is left alone for a minute', async t => {
      const { app, db, load, clock } = await givenDesk(t, engine)
      await load([PERSON])
      await sql`create trigger full before update on decision begin select raise(abort, 'full'); end`.execute(db)
      const statusAt = async (now: string): Promise<string> => {
        clock.now = now
        t.equal((await visitor(app).get(`/decisions?q=${now}`)).status, 200) // a page that no cache has kept
        return (await db.selectFrom('decision').select('status').executeTakeFirstOrThrow()).status
      }
      t.equal(await statusAt('2027-02-20T16:01:00.000Z'), 'in_force')
      await sql`drop trigger full`.execute(db)
      t.equal(await statusAt('2027-02-20T16:01:59.000Z'), 'in_force', 'nobody waits for it again so soon')
      t.equal(await statusAt('2027-02-20T16:02:00.000Z'), 'expired')
    })
  }

  t.test(`an agency's page says everything that is known, and what is not, on ${engine}`, async t => {
    const { app, db, market } = await givenDesk(t, engine)
    const now = '2026-11-23T02:00:00.000Z'
    const rowsOf = async (kind: 'agencies' | 'entrustments', rows: Array<Record<string, string>>): Promise<Report> => await importRecords({ db, now }, { kind, input: { name: kind, rows } })
    const known = { 执法主体名称: '测试市场局', 职责: '食品安全监督管理', 内设执法机构: '执法一科：食品', 管辖范围: '全市', 办公时间: '工作日九点至五点', 邮编: '110000', 监督电话: '024-12345678', 机构负责人: '演示负责人', 主体资格确认机关: '测试司法局', 主体资格确认日期: '2025-12-31', 公告链接: 'https://example.cn/notice', 上级主管部门: '沈阳市司法局', 是否垂直管理: '是', 编制数: '120', 联系人: '张三' }
    const report = await rowsOf('agencies', [known])
    t.match(report, { counts: { changed: 1, rejected: 0 }, written: true })
    t.same(report.ignored, ['联系人'])
    t.match(await rowsOf('agencies', [known]), { counts: { unchanged: 1 } })
    t.match(await rowsOf('agencies', [{ 执法主体名称: '测试市场局', 邮编: '[清空]', 编制数: '121' }]), { counts: { changed: 1 } }, 'what a row does not say stays')
    for (const [column, value, rule] of [['邮编', '1100', 'postcode'], ['电子邮箱', 'x', 'email'], ['编制数', '很多', 'whole_number'], ['公告链接', 'ftp://x', 'url'], ['监督电话', '123456789', 'phone'], ['上级主管部门', '没有这个局', 'agency_unknown']] as const) {
      t.ok((await rowsOf('agencies', [{ 执法主体名称: '测试市场局', [column]: value }])).faults.some(fault => fault.rule === rule), rule)
    }
    const letter = { 委托书文号: '测委〔2026〕1号', 委托机关: '测试市场局', 受委托组织: '测试服务中心', 委托依据: '《行政处罚法》第二十条', 委托事项: '食品摊贩的检查', 委托权限: '调查取证', 委托期限起: '2026-01-01', 委托期限止: '2026-12-31' }
    t.match(await rowsOf('entrustments', [letter]), { counts: { new: 1 }, written: true })
    t.match(await rowsOf('entrustments', [letter]), { counts: { unchanged: 1 } })
    t.ok((await rowsOf('entrustments', [{ ...letter, 委托书文号: '测委〔2026〕2号', 委托期限止: '2025-12-31' }])).faults.some(fault => fault.rule === 'end_before_start'))
    t.ok((await rowsOf('entrustments', [{ ...letter, 委托书文号: '测委〔2026〕2号', 受委托组织: '测试市场局' }])).faults.some(fault => fault.rule === 'entrusted_to_itself'))
    const browser = visitor(app)
    const { body } = await browser.get('/agencies/test-market')
    t.match(body, /食品安全监督管理[^]*上级主管部门[^]*沈阳市司法局[^]*垂直管理[^]*执法一科：食品[^]*全市[^]*121[^]*演示负责人[^]*024-12345678[^]*测试司法局[^]*2025年12月31日[^]*https:\/\/example\.cn\/notice/)
    t.notMatch(body, /110000|张三/)
    t.match(body, /测试服务中心[^]*食品摊贩的检查[^]*调查取证[^]*2026年1月1日至2026年12月31日/)
    t.match(body, /本页数据的更新情况[^]*执法事项[^]*执法人员[^]*尚无数据/)
    t.match((await browser.get('/agencies/finance')).body, /待核实/, 'what nobody confirmed is said to be unverified')
    t.equal((await findInList(db, AGENCIES, wish('测试市场局'))).ids[0], market)
    t.equal((await findInList(db, AGENCIES, wish('食品安全监督'))).ids[0], market, 'duties are searched')
    t.equal((await findInList(db, AGENCIES, wish('城管局', { level: ['city'] }))).exact, 1, 'and other names')
    const [record] = await AGENCIES.records(db, [market])
    t.same(Object.keys(record ?? {}).sort(), AGENCIES.fields.map(field => field.key).sort())
    for (const [url, status] of [['/agencies?level=nope&page=9999', 200], [`/agencies?q=${'局'.repeat(900)}`, 200], ['/agencies?q=%00', 400], ['/agencies/nope', 404]] as const) t.equal((await browser.get(url)).status, status, url.slice(0, 30))
  })
}
