import chineseDays from 'chinese-days'
import { parse } from 'csv-parse/sync'
import type { Kysely } from 'kysely'
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Industries } from '../../src/content/schema.ts'
import { raiseRevision } from '../../src/db/records.ts'
import type { Database } from '../../src/db/schema.ts'
import { hasWord } from '../../src/i18n/index.ts'
import { LOCALES } from '../../src/paths.ts'
import { CHANNELS, ENDS, placeOf, QUESTIONS, type Answers, type Channel } from '../../src/domain/process/channels.ts'
import { addDays, createCalendar, type CalendarDay } from '../../src/domain/time/calendar.ts'
import { CLOCKS } from '../../src/domain/time/clocks.ts'
import { ACTS, addMonths, remediesOf, remedyDue, REMEDY_RULES, type RemedyName } from '../../src/domain/time/remedies.ts'
import { spreadOf } from '../../src/domain/records/small-numbers.ts'
import { quarterBefore } from '../../src/catalogue/standard/service.ts'
import { CATEGORIES, codesOf } from '../../src/domain/records/enumerations.ts'
import { citeChinese, citeEnglish } from '../../src/domain/records/laws.ts'
import { POWERS, RIGHTS, rightsOf } from '../../src/domain/process/rights.ts'
import { givenHouse, TODAY } from '../fixtures/app.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { givenAgency, givenMatter, givenStatute } from '../fixtures/register.ts'
import { visitor } from '../fixtures/visitor.ts'

t.test('every right has words in both languages and at least one article', async t => {
  for (const power of POWERS) {
    const codes = RIGHTS[power].map(right => right.code)
    t.equal(new Set(codes).size, codes.length, `${power} names no right twice`)
    t.ok(RIGHTS[power].some(right => right.when === 'door'), `${power} says what to ask for on the spot`)
    for (const { code, basis } of RIGHTS[power]) {
      t.ok(basis.length > 0, `${power} ${code}`)
      for (const locale of LOCALES) for (const key of [`right.${code}`, `right_text.${code}`]) t.ok(hasWord(locale, key), `${locale} ${key}`)
    }
  }
  for (const category of codesOf(CATEGORIES)) t.ok(rightsOf(category).some(right => right.code === 'reconsideration'), category)
  t.equal(citeChinese({ law: 'penalty', article: 55, paragraph: 1 }), '《行政处罚法》第五十五条第一款')
  t.equal(citeChinese({ law: 'coercion', article: 18, item: 2 }), '《行政强制法》第十八条第二项')
  t.equal(citeEnglish({ law: 'permit', article: 32, paragraph: 1, item: 4 }), 'Administrative Licensing Law, article 32(1), item 4')
})

t.test('rights lead to their articles where the law library has them, and stand without a link where it has not', async t => {
  const { app, db } = await givenHouse(t)
  await givenStatute(db, { slug: 'penalty-law', name: '中华人民共和国行政处罚法', level: 'law', articles: [{ no: 55, label: '第五十五条', body: '执法人员在调查或者进行检查时，应当主动出示执法证件。' }] })
  const agency = await givenAgency(db, { slug: 'market', name: '测试市场监督管理局' })
  await givenMatter(db, { code: 'T-JC-1', name: '对食品经营的检查', agency, category: 'inspection' })
  await givenMatter(db, { code: 'T-JL-1', name: '对举报人的奖励', agency, category: 'reward' })
  const { get } = visitor(app)
  const page = await get('/guide/your-rights/inspection')
  t.match(page.body, /<a class="govuk-link" href="\/law\/penalty-law\/55">《行政处罚法》第五十五条第一款<\/a>/)
  t.match(page.body, /<span>《民营经济促进法》第五十条<\/span>/)
  t.match((await get('/en/guide/your-rights/coercion')).body, /Administrative Compulsion Law, article 24/)
  t.equal((await get('/guide/your-rights/reward')).status, 404)
  const matter = await get('/matters/T-JC-1')
  t.match(matter.body, /href="\/law\/penalty-law\/55"/, 'the page of a matter names the main rights of its kind')
  t.match(matter.body, /href="\/guide\/your-rights\/inspection"/)
  t.notMatch((await get('/matters/T-JL-1')).body, /your-rights/, 'a kind without rights of its own has no page of them')
})

function * officialDays (): Generator<CalendarDay> {
  for (let date = '2024-01-01'; date <= '2026-12-31'; date = addDays(date, 1)) yield { date, isWorkday: chineseDays.isWorkday(date) ? 1 : 0 }
}
const calendar = createCalendar(officialDays())

t.test('the last day of a remedy is the official one, holidays and make-up days included', async t => {
  const vectors: Array<[RemedyName, string, string]> = [
    ['reconsideration', '2026-08-04', '2026-10-08'], ['reconsideration', '2026-07-10', '2026-09-08'], ['petition_review', '2026-09-01', '2026-10-08'],
    ['petition_review', '2026-01-20', '2026-02-24'], ['petition_review', '2026-05-20', '2026-06-22'],
    ['hearing', '2026-01-29', '2026-02-05'], ['hearing', '2026-02-10', '2026-02-24'], ['hearing', '2026-09-18', '2026-09-24'], ['hearing', '2026-09-30', '2026-10-13'], ['hearing', '2025-12-30', '2026-01-07'],
    ['litigation', '2025-08-31', '2026-02-28'], ['litigation', '2026-04-01', '2026-10-08'], ['litigation', '2026-03-20', '2026-09-20'],
    ['litigation_after', '2026-09-20', '2026-10-08'], ['compensation', '2024-02-29', '2026-02-28'], ['reconsideration_untold', '2025-11-23', '2026-11-23'],
    ['reconsideration_inaction', '2026-03-02', '2026-06-30'], ['payment', '2026-02-05', '2026-02-24']
  ]
  for (const [rule, on, last] of vectors) t.match(remedyDue(rule, on, calendar), { lastDay: last, assured: true }, `${rule} from ${on}`)
  t.match(remedyDue('litigation', '2026-08-31', calendar), { lastDay: '2027-03-01', assured: false }, 'February 2027 ends on a Sunday of a year without official days')
  t.match(remedyDue('reconsideration', '2026-11-23', calendar), { assured: false }, 'a last day in 2027 is not promised')
})

t.test('a last day is a working day, never before the plain count and never a month after it', async t => {
  for (const rule of codesOf(REMEDY_RULES)) {
    for (let on = '2024-01-01'; on < '2026-11-23'; on = addDays(on, 13)) {
      const { count, unit, waits } = { waits: 0, ...REMEDY_RULES[rule] }
      const from = addDays(on, waits)
      const plain = unit === 'months' || unit === 'years' ? addMonths(from, unit === 'years' ? count * 12 : count) : addDays(from, count)
      const { lastDay, steps } = remedyDue(rule, on, calendar)
      if (!calendar.isWorkday(lastDay) || lastDay < plain || lastDay > addDays(plain, 20)) t.fail(`${rule} from ${on} gives ${lastDay}`)
      if (!('date' in (steps.at(-1) ?? {}))) t.fail(`${rule} from ${on} ends in no day`)
    }
  }
  t.equal(addMonths('2026-12-31', 2), '2027-02-28')
  t.equal(addMonths('2023-08-31', 6), '2024-02-29')
  t.equal(addMonths('2026-01-15', 12), '2027-01-15')
})

t.test('every act leads to a remedy that has words, and says what has to come first', async t => {
  const named = new Set<string>()
  for (const act of codesOf(ACTS)) {
    for (const { rule } of remediesOf(act, '2026-03-02', calendar, true)) named.add(rule)
    for (const locale of LOCALES) for (const key of [`act.${act}`, `act_hint.${act}`]) t.ok(hasWord(locale, key), `${locale} ${key}`)
    t.notOk('first' in ACTS[act] && (ACTS[act].remedies as readonly string[]).includes('litigation'), `${act} does not offer the court where reconsideration comes first`)
  }
  t.same([...named].sort(), Object.keys(REMEDY_RULES).sort(), 'no rule is without an act')
  for (const rule of named) for (const locale of LOCALES) for (const key of [`remedy_rule.${rule}`, `remedy_note.${rule}`]) t.ok(hasWord(locale, key), `${locale} ${key}`)
})

/** Every way through the questions. */
function * paths (answers: Answers = {}): Generator<{ answers: Answers, end: string }> {
  const place = placeOf(answers)
  if ('end' in place) yield place
  else for (const option of place.ask.options) yield * paths({ ...place.answers, [place.ask.name]: option })
}

t.test('every path through the questions ends after at most six, and every result can be reached', async t => {
  const all = [...paths()]
  for (const { answers, end } of all) {
    t.ok(Object.keys(answers).length <= 6, JSON.stringify(answers))
    t.ok(ENDS.some(row => row.end === end && Object.entries(row.when).every(([name, answer]) => answers[name as keyof Answers] === answer)), `${JSON.stringify(answers)} ends in a row`)
  }
  t.same([...new Set(all.map(path => path.end))].sort(), Object.keys(CHANNELS).sort())
  for (const row of ENDS) t.ok(all.some(({ answers }) => ENDS.find(other => Object.entries(other.when).every(([name, answer]) => answers[name as keyof Answers] === answer)) === row), `${JSON.stringify(row)} is used`)
  for (const locale of LOCALES) {
    for (const { name, options } of QUESTIONS) for (const key of [`channel.${name}`, `channel_help.${name}`, ...options.map(option => `channel_option.${name}.${option}`)]) t.ok(hasWord(locale, key), `${locale} ${key}`)
    for (const end of codesOf(CHANNELS)) for (const key of ['channel_end', 'channel_why', 'channel_how', 'channel_when']) t.ok(hasWord(locale, `${key}.${end}`), `${locale} ${key}.${end}`)
  }
  // what is in reconsideration or in court is never sent to be supervised again (行政执法监督条例 33)
  for (const { answers, end } of all) if (answers.pending === 'reconsideration' || answers.pending === 'litigation') t.equal(end, 'pending')
  for (const { end } of all) t.ok(['only', 'yes', 'conduct', 'no'].includes((CHANNELS as Record<string, Channel>)[end]?.here ?? ''))
})

t.test('the questions are pages without script, with a way back and everything in the address', async t => {
  const { app } = await givenHouse(t)
  const { get } = visitor(app)
  const first = await get('/guide/which-channel')
  t.match(first.body, /<form method="get" action="\/guide\/which-channel"[^]*name="urgent"/)
  t.match(first.headers['cache-control'], /public/)
  t.notOk(first.headers['set-cookie'])
  const later = await get('/guide/which-channel?urgent=no&what=enforcement&body=local')
  t.match(later.body, /name="what" value="enforcement"[^]*name="decided"/)
  t.match(later.body.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='), /href="\/guide\/which-channel\?urgent=no&what=enforcement"/, 'back leads to the question before')
  t.match(await get('/guide/which-channel?urgent=no&asked=what'), { status: 422, body: /请选择一项/ })
  for (const wrong of ['urgent=maybe', 'urgent=no&urgent=yes', 'what=enforcement', `urgent=${'9'.repeat(200)}`]) t.match(await get(`/guide/which-channel?${wrong}`), { status: 200, body: /name="urgent"/ }, wrong)
  const end = await get('/guide/which-channel?urgent=no&what=enforcement&body=local&decided=on_the_spot&want=change&pending=no')
  t.match(end.body, /<h1 class="govuk-heading-l">先申请行政复议<\/h1>/)
  t.match(end.body.replaceAll('&#x3D;', '='), /href="\/guide\/deadlines\?act=on_the_spot"/)
  t.match(end.body, /href="\/complain"/, 'a complaint about the conduct stays possible')
  t.match(await get('/en/guide/which-channel?urgent=yes'), { status: 200, body: /tel:110/ })
})

/** A complaint as the register of cases keeps it; only its periods matter here. */
async function givenCase (db: Kysely<Database>, id: string): Promise<void> {
  const bureau = await db.selectFrom('bureau').select('id').orderBy('id').executeTakeFirstOrThrow()
  await db.insertInto('complaint').values({
    id, ref: `TS${id}`, case_no: null, version: 1, status: 'closed', outcome: 'answered', bureau_id: bureau.id, kind: 'complaint', source: 'web', identity_mode: 'anonymous', parallel: 'none', agency_id: null, occurred_on: null,
    refusal_code: null, handler_id: null, wrapped_key: '', sealed: '', code_hash: '', due_on: null, due_clock: null, due_from: null, sort_on: '9999-12-31', submitted_at: TODAY, updated_at: TODAY, closed_at: TODAY
  }).execute()
}

for (const engine of ENGINES) {
  t.test(`${engine}: the last days are shown with their arithmetic and can be put into a calendar`, async t => {
    const { app } = await givenHouse(t, engine)
    const { get } = visitor(app)
    const page = await get('/guide/deadlines?act=penalty&on=2026-08-04')
    t.equal(page.status, 200)
    t.match(page.body, /2026年10月8日/, 'sixty days end in the holidays, so the eighth is the last')
    t.match(page.body, /收到或者知道之日为2026年8月4日，当日不计入期限。[^]*顺延5天/)
    t.match(page.body, /2026年10月7日 法定节假日/)
    t.match(page.body, /在本站投诉不影响上述期限的计算/)
    t.notMatch(page.headers['cache-control'], /public/)
    t.match((await get('/guide/deadlines?act=penalty&on_year=２０２６&on_month=8&on_day=31')).body, /2027年3月1日[^]*暂定/, 'full-width digits; a year without official days is flagged')
    t.equal((await get('/guide/deadlines?act=litigation&on=2019-05-06')).status, 422, 'a rule is not what somebody received')
    t.match((await get('/guide/deadlines?act=penalty&on=2019-05-06')).body, /没有收录那一年/)
    t.match((await get('/guide/deadlines?act=on_the_spot&on=2026-11-02')).body, /应当先申请行政复议/)
    t.match((await get('/guide/deadlines?act=penalty&on=2026-11-02&untold=1')).body, /最长期限/)
    t.match((await get('/guide/deadlines?act=inaction&on=2026-03-02')).body, /满60日即2026年5月1日/)
    const file = await app.inject('/guide/deadlines/calendar.ics?act=penalty&on=2026-08-04')
    t.match(file.headers['content-type'], /text\/calendar/)
    t.match(file.body, /BEGIN:VCALENDAR[^]*DTSTART;VALUE=DATE:20261008[^]*DTEND;VALUE=DATE:20261009[^]*BEGIN:VALARM/)
    t.match(file.body, /DTSTAMP:20261123T020000Z/, 'the stamp is the time of the house')
    for (const line of file.body.split('\r\n')) if (Buffer.byteLength(line) > 75) t.fail(`a line of ${Buffer.byteLength(line)} bytes`)
    t.equal((await get('/guide/deadlines/calendar.ics?act=penalty&on=2026-02-30')).status, 400)
    t.equal((await get('/guide/deadlines/calendar.ics')).status, 400)
  })

  t.test(`${engine}: how long stages really took is told for the last quarter, never of fewer than five cases`, async t => {
    const { app, db, clock } = await givenHouse(t, engine)
    const { get } = visitor(app)
    t.match((await get('/service-standard')).body, /少于5件的[^]*受理审查期限[^]*—/)
    for (let no = 1; no <= 5; no++) {
      await givenCase(db, `c${no}`)
      await db.insertInto('clock').values({
        complaint_id: `c${no}`, clock: 'handle', started_at: '2026-07-01T02:00:00.000Z', anchor_on: '2026-07-01', days: 60, day_type: 'calendar', days_left: 60, due_on: '2026-08-31', assured: 1, paused_on: null, extensions: '[]',
        pauses: no === 5 ? '[{"from":"2026-07-10","to":"2026-07-20"}]' : '[]', stopped_on: addDays('2026-07-01', no * 10), basis: '测试', basis_en: 'test', kind: 'our_default'
      }).execute()
    }
    clock.now = '2026-11-24T02:00:00.000Z'
    t.match((await get('/en/service-standard')).body, /5 cases; half within 30 days, nine in ten within 40/)
  })
}

t.test('what was typed wrongly comes back with the reason', async t => {
  const { app } = await givenHouse(t)
  const { get } = visitor(app)
  t.match(await get('/guide/deadlines'), { status: 200, body: /name="on_year"/ })
  t.match(await get('/guide/deadlines?act=penalty'), { status: 200, body: /value="penalty" checked/ })
  t.match(await get('/guide/deadlines?act=penalty&on_year=2026&on_month=2&on_day=30'), { status: 422, body: /value="30"[^]*/ })
  t.match((await get('/guide/deadlines?act=penalty&on_year=2026&on_month=2&on_day=30')).body, /没有这一天/)
  t.match((await get('/guide/deadlines?act=&on_year=2026&on_month=2&on_day=3')).body, /请选择您收到的是什么/)
  t.match((await get('/guide/deadlines?act=penalty&on_year=2027&on_month=2&on_day=3')).body, /不能晚于今天/)
  t.match((await get('/guide/deadlines?act=penalty&on_year=1980&on_month=2&on_day=3')).body, /不能早于/)
  t.match((await get('/guide/deadlines?asked=1&act=penalty&on_year=&on_month=&on_day=')).body, /请填写日期/)
  for (const hostile of ['%3Cscript%3E', '9'.repeat(200), '%F0%9F%98%80', '-1', '2026e5']) {
    const page = await get(`/guide/deadlines?act=penalty&on_year=${hostile}&on_month=${hostile}&on_day=${hostile}&on=${hostile}`)
    t.equal(page.status, 422, hostile)
    t.notMatch(page.body, /<script>/)
  }
  for (const page of ['which-channel?urgent=%00', 'deadlines?act=%00']) t.equal((await get(`/guide/${page}`)).status, 400)
  t.equal((await get('/guide/deadlines?act=penalty&act=permit&on_year=2026&on_year=2025&on_month=1&on_day=1')).status, 422)
})

t.test('every period has a page with its basis and an example from today', async t => {
  const { app } = await givenHouse(t)
  const { get } = visitor(app)
  t.match((await get('/due-dates/accept')).body, /5个工作日[^]*本机关自定，并非法律规定[^]*沈阳市民政局[^]*2026年11月30日/)
  t.match((await get('/due-dates/litigation')).body, /6个月[^]*《行政诉讼法》第四十六条第一款/)
  t.match((await get('/en/due-dates/withdrawal')).body, /3 working days/)
  t.match((await get('/due-dates/handle')).body, /已收录2024年1月1日至2026年12月31日/)
  for (const rule of [...CLOCKS, ...Object.keys(REMEDY_RULES)]) for (const prefix of ['', '/en']) t.equal((await get(`${prefix}/due-dates/${rule}`)).status, 200, rule)
  for (const wrong of ['nothing', '%00', 'accept2']) t.ok([400, 404].includes((await get(`/due-dates/${wrong}`)).status), wrong)
})

t.test('a quarter is the last whole one, and few cases tell nothing', async t => {
  t.match(quarterBefore('2026-11-23'), { year: 2026, no: 3, from: '2026-07-01', to: '2026-09-30' })
  t.match(quarterBefore('2026-01-01'), { year: 2025, no: 4, from: '2025-10-01', to: '2025-12-31' })
  t.match(quarterBefore('2024-06-30'), { year: 2024, no: 1, from: '2024-01-01', to: '2024-03-31' })
  t.equal(spreadOf([1, 2, 3, 4]), null)
  t.same(spreadOf([5, 1, 4, 2, 3]), { cases: 5, median: 3, ninth: 5 })
  t.same(spreadOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), { cases: 10, median: 5.5, ninth: 9 })
})

for (const engine of ENGINES) {
  t.test(`${engine}: a trade has its matters by power, the closest first, each once`, async t => {
    const { app, db, clock } = await givenHouse(t, engine)
    const { get } = visitor(app)
    const agency = await givenAgency(db, { slug: 'market', name: '测试市场监督管理局', name_en: 'Test Market Bureau' })
    const tag = async (code: string, tags: string): Promise<void> => { await db.updateTable('matter').set({ tags }).where('code', '=', code).execute() }
    await givenMatter(db, { code: 'T-CF-1', name: '对未将营业执照置于醒目位置的处罚', agency, penalty_kinds: 'warning fine' })
    await givenMatter(db, { code: 'T-CF-2', name: '对餐具未经消毒的处罚', agency, penalty_kinds: 'fine' })
    await givenMatter(db, { code: 'T-CF-3', name: '对车辆超限的处罚', agency })
    await givenMatter(db, { code: 'T-XK-1', name: '食品经营许可', agency, category: 'permit' })
    await givenMatter(db, { code: 'T-JC-1', name: '对食品经营的检查', agency, category: 'inspection' })
    await givenMatter(db, { code: 'T-CF-4', name: '对已废止的处罚', agency, status: 'repealed' })
    for (const [code, tags] of [['T-CF-1', 'business restaurant'], ['T-CF-2', 'restaurant'], ['T-CF-3', 'transport'], ['T-XK-1', 'food'], ['T-JC-1', 'food business'], ['T-CF-4', 'restaurant']] as const) await tag(code, tags)
    await raiseRevision(db, 'register')
    clock.now = '2026-11-24T02:00:00.000Z'

    const page = await get('/industries/restaurant')
    t.equal(page.status, 200)
    t.same([...page.body.matchAll(/sl-lines|href="\/matters\/(T-[A-Z]+-\d)"/g)].flatMap(match => match[1] ?? []), ['T-XK-1', 'T-CF-1', 'T-CF-2', 'T-JC-1'], 'permits, penalties, inspections; nothing repealed, nothing of others')
    t.match(page.body, /警告、罚款/)
    t.match(page.body.replaceAll('&#x3D;', '='), /href="\/matters\?industry=restaurant">本行业的全部4项事项/)
    t.match(page.body, /2026年10月1日以来，本行业的事项没有变化/)
    const list = await get('/matters?industry=restaurant')
    t.same([...list.body.matchAll(/sl-hit__title"><a href="\/matters\/([^"]+)"/g)].map(match => match[1]).sort(), ['T-CF-1', 'T-CF-2', 'T-CF-4', 'T-JC-1', 'T-XK-1'])
    t.match(list.body, /餐饮店/)

    t.notMatch(page.body, /id="exemptions"/, 'no heading without an exemption')
    const { id } = await db.insertInto('exemption').values({ code: 'E-1', version: 1, violation: '餐具未经消毒', field: null, agency_id: agency, bases: '[]', list_name: null, list_version: null, effective_from: '2026-01-01', effective_to: null, note: null, source: '测试', type: 'minor', match: 'all', conditions: '[]', measures: null, status: 'in_force', verified: 0, fictional: 1, updated_at: TODAY }).returning('id').executeTakeFirstOrThrow()
    await db.insertInto('exemption_matter').values({ exemption_id: id, seq: 1, matter_key: 'T-CF-2' }).execute()
    t.match((await get('/industries/restaurant?exempt=1')).body, /id="exemptions"[^]*href="\/exemptions\/E-1"[^]*餐具未经消毒[^]*轻微不罚[^]*演示数据/)
    t.notMatch((await get('/industries/road-transport?exempt=1')).body, /E-1/, 'only what is about the trade')
    t.match((await get('/search?q=小吃店')).body, /href="\/industries\/restaurant"/, 'the search knows what people call a trade')
    const check = await get('/industries/restaurant/self-check')
    t.match(check.body, /确认没有下列行为的，打勾[^]*餐具未经消毒[^]*有关资料已经备好[^]*对食品经营的检查/)
    t.notMatch(check.body, /对餐具未经消毒的处罚/, 'a list of what not to do, not of penalties')
    t.match((await get('/en/industries/restaurant')).body, /Restaurants and snack bars[^]*<span>Test Market Bureau<\/span>/)

    await db.insertInto('record_version').values({ kind: 'matter', record_id: (await db.selectFrom('matter').select('id').where('code', '=', 'T-CF-2').executeTakeFirstOrThrow()).id, version: 2, recorded_at: '2026-11-20T02:00:00.000Z', actor: 'test', reason: 'test', batch_id: null, digest: '', data: '{}' }).execute()
    t.match((await get('/industries/restaurant?again=1')).body, /2026年11月20日<\/time> <a class="govuk-link" href="\/matters\/T-CF-2"/)
    t.match((await get('/industries')).body, /餐饮店[^]*4项常见事项/)
    for (const wrong of ['nothing', 'RESTAURANT', 'x'.repeat(80), '%00']) t.ok([400, 404].includes((await get(`/industries/${wrong}`)).status), wrong)
    t.match((await get('/')).body, /href="\/industries\/restaurant"/, 'the front page asks for the trade')
  })
}

t.test('every tag of the pack is known and every trade has a few dozen matters', async t => {
  const folder = new URL('../../src/content/shenyang/', import.meta.url)
  const { tags, industries } = JSON.parse(readFileSync(new URL('industries.json', folder), 'utf8')) as Industries
  const [head = [], ...rows] = parse(readFileSync(new URL('matters.csv', folder), 'utf8'), { bom: true }) as string[][]
  const own = rows.map(row => (row[head.indexOf('适用行业')] ?? '').split(' ').filter(tag => tag !== ''))
  t.same([...new Set(own.flat())].filter(tag => !tags.some(({ slug }) => slug === tag)), [])
  t.ok(industries.length >= 6)
  for (const industry of industries) {
    const matters = own.filter(row => row.some(tag => industry.tags.includes(tag))).length
    t.ok(matters >= 40 && matters <= 150, `${industry.slug} has ${matters}`)
  }
})
