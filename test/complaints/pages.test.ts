import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import type { App } from '../../src/app.ts'
import { lowerUrgency } from '../../src/complaints/case/core/service.ts'
import { listFirst, visibleBureaus } from '../../src/complaints/case/reading/repository.ts'
import { findCase } from '../../src/complaints/case/reading/service.ts'
import { lapses } from '../../src/complaints/case/remedies/service.ts'
import { CONSENTS } from '../../src/domain/process/consents.ts'
import { givenStaff, STAFF } from '../fixtures/complaints.ts'
import { attach } from '../../src/complaints/form/filing/service.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { visitor, type Answer } from '../fixtures/visitor.ts'

type Visitor = ReturnType<typeof visitor>
type Form = Record<string, string>
const STORY = '两名执法人员没有出示执法证，也没有说明理由，\n就拿走了店里的三箱货物，只给了一张手写的字条。'
const STEPS: Record<string, Form> = {
  target: { agency: '街道上的综合队' },
  what: { count: '1', ground_1: 'G01', text_1: STORY },
  'when-where': { date_year: '2026', date_month: '11', date_day: '20', place: '太原街1号' },
  rule: {},
  effect: { claim: '退还货物' },
  elsewhere: { kind: 'none' },
  evidence: {},
  you: { mode: 'confidential', name: '王小明', phone: '138 0013 8000' }
}
/** The wording of the consents, by which a change of it is noticed. */
const CONSENT_WORDS = '91e47149b38092f0'
/** Optional fields that a page of the form may send besides. */
const MORE_FIELDS = ['plate', 'inspection_code', 'about', 'time', 'cost', 'body', 'address', 'org', 'members', 'agent_name', 'agent_phone', 'matter', 'decision']
const draft = (step: string): string => `/complain/draft/${step}`

/** Sends a page of the form; where it comes back to be mended, what it then shows (`back`). */
async function fill (person: Visitor, step: string, form: Form, base = ''): Promise<Answer & { back: boolean }> {
  const answer = await person.submit(`${base}${draft(step)}`, form)
  const back = answer.status === 303 && new RegExp(`${draft(step)}($|[?#])`).test(answer.location ?? '')
  return { ...back ? await person.get((answer.location as string).replace(/#.*/, '')) : answer, back }
}

/** A visitor who has answered every page up to `last`. */
async function givenDraft (app: App, last = 'you', changes: Record<string, Form> = {}): Promise<Visitor> {
  const person = visitor(app)
  await person.submit('/complain')
  for (const [step, form] of Object.entries(STEPS)) {
    await person.get(draft(step))
    const answer = await fill(person, step, changes[step] ?? form)
    if (answer.status !== 303) throw new Error(`${step}: ${faultsIn(answer.body).join(' ')}`)
    if (step === last) return person
  }
  return person
}

/** Sends the complaint and reads the receipt. */
async function givenSent (person: Visitor): Promise<{ ref: string, code: string }> {
  await person.get(draft('check'))
  await person.submit('/complain/submissions')
  return receiptIn((await person.get('/complain/receipt')).body)
}

const receiptIn = (body: string): { ref: string, code: string } => ({ ref: /TS\d{11}/.exec(body)?.[0] ?? '', code: /\d{4} \d{4} \d{4} \d{4}/.exec(body)?.[0] ?? '' })
const faultsIn = (body: string): string[] => Array.from((/error-summary__list">([^]*?)<\/ul>/.exec(body)?.[1] ?? '').matchAll(/<li>(?:<a[^>]*>)?([^<]*)/g), found => found[1] ?? '')

for (const engine of ENGINES) {
  t.test(`${engine}: a complaint goes from the start page to its tracking page`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db } = house
    const person = visitor(app)
    const start = await person.get('/complain')
    t.match(start.body, '2026年11月30日', 'the start page says until when a complaint of today is examined')
    t.equal(start.headers['cache-control'], 'no-store')
    t.equal(start.headers['x-robots-tag'], 'noindex')
    t.equal((await person.submit('/complain')).location, draft('target'))
    const places: Array<string | undefined> = []
    for (const [step, form] of Object.entries(STEPS)) {
      t.equal((await person.get(draft(step))).status, 200, step)
      places.push((await person.submit(draft(step), form)).location)
    }
    t.same(places, ['what', 'when-where', 'rule', 'effect', 'elsewhere', 'evidence', 'you', 'check'].map(draft))
    const check = await person.get(draft('check'))
    for (const text of ['街道上的综合队', '执法人员没有资格或者不出示证件', '2026年11月20日', '退还货物', '王小明', '13800138000']) t.match(check.body, text)
    t.match(check.body, STORY, 'a line break stays one')
    t.equal((await person.submit('/complain/submissions')).location, '/complain/receipt')
    const { ref, code } = receiptIn((await person.get('/complain/receipt')).body)
    t.match(code, /\d/)
    const other = visitor(app)
    const entered = await other.submit('/track', { ref: ` ${ref.toLowerCase()} `, code: code.replaceAll(' ', '　').replace(/\d/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xFEE0)) })
    t.equal(entered.location, `/track/${ref}`, 'full-width digits and blanks are understood')
    const followed = await other.get(`/track/${ref}`)
    for (const text of ['已提交', '2026年11月30日 到期', '投诉举报回执', STORY]) t.match(followed.body, text)
    t.notMatch(followed.body, '王小明', 'the tracking page repeats no name')
    const [, why = ''] = /href="([^"]+clocks[^"]+)"/.exec(followed.body) ?? []
    for (const text of ['自2026年11月23日的次日起计算5个工作日', '2026年11月28日：休息日', '本机关自定，并非法律规定']) t.match((await other.get(why)).body, text)
    const [, paper = ''] = /href="([^"]+documents[^"]+)"/.exec(followed.body) ?? []
    t.match((await other.get(paper)).body, '我们最迟在2026年11月30日决定是否受理。')
    const stored = JSON.stringify([await db.selectFrom('complaint').selectAll().execute(), await db.selectFrom('complaint_issue').selectAll().execute(), await db.selectFrom('draft').selectAll().execute()])
    for (const text of ['三箱货物', '王小明', code.replaceAll(' ', '')]) t.notMatch(stored, text)
  })

  t.test(`${engine}: F-3: of two submissions at once one complaint comes, and every later one gives the same receipt`, async t => {
    const { app, db } = await givenHouse(t, engine)
    const person = await givenDraft(app)
    const [, _csrf = ''] = /name="_csrf" value="([^"]+)"/.exec((await person.get(draft('check'))).body) ?? []
    const answers = await Promise.all([person.submit('/complain/submissions'), person.submit('/complain/submissions'), person.submit('/complain/submissions')])
    t.same(answers.map(answer => answer.location), ['/complain/receipt', '/complain/receipt', '/complain/receipt'])
    const first = receiptIn((await person.get('/complain/receipt')).body)
    t.equal((await person.submit('/complain/submissions', { _csrf })).location, '/complain/receipt')
    t.same(receiptIn((await person.get('/complain/receipt')).body), first)
    t.equal((await db.selectFrom('complaint').select('id').execute()).length, 1)
    t.equal((await person.get(draft('check'))).location, '/complain/receipt', 'back leads to the receipt')
    const late = await person.submit(draft('effect'), { _csrf, claim: '别的' })
    t.equal(late.status, 409, 'a page of another tab is not swallowed')
    t.match(late.body, '别的')
    t.equal((await person.submit('/complain/discards', { _csrf })).location, '/complain/receipt', 'what was sent is not said to be deleted')
  })

  t.test(`${engine}: what the visitor came from is tied to the complaint with its version`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db } = house
    const agency = await db.selectFrom('agency').select(['id', 'slug', 'name', 'version']).orderBy('id').limit(1).executeTakeFirstOrThrow()
    const person = visitor(app)
    const start = await person.get(`/complain?agency=${agency.slug}&prohibition=4&matter=no-such`)
    t.match(start.body, agency.name)
    t.match(start.body, `href="/complain?agency&#x3D;${agency.slug}"`, 'each record can be taken off')
    await person.submit('/complain', { agency: agency.slug, prohibition: '4' })
    t.match((await person.get(draft('target'))).body, `value="${agency.name}"`)
    await person.submit(draft('target'), { agency: agency.name })
    t.match((await person.get(draft('what'))).body, /<option value="G07" selected/, 'the ground of the prohibition is chosen')
    for (const [step, form] of Object.entries(STEPS).slice(1)) await person.submit(draft(step), step === 'rule' ? { prohibition: '4' } : form)
    await givenSent(person)
    const links = await db.selectFrom('complaint_link').select(['kind', 'record_id', 'record_version']).orderBy('kind').execute()
    t.same(links, [{ kind: 'agency', record_id: agency.id, record_version: agency.version }, { kind: 'prohibition', record_id: 4, record_version: 1 }])
    t.equal((await db.selectFrom('complaint').select('agency_id').executeTakeFirstOrThrow()).agency_id, agency.id)
  })

  t.test(`${engine}: an anonymous complaint stores no identity, whatever was typed`, async t => {
    const { app, db } = await givenHouse(t, engine)
    const person = await givenDraft(app, 'you', { you: { mode: 'anonymous', name: '王小明', phone: '13800138000' } })
    t.match((await person.get(draft('evidence'))).body, '您选择了匿名')
    t.notMatch((await person.get(draft('check'))).body, '王小明')
    const { ref } = await givenSent(person)
    t.same(await db.selectFrom('identity').selectAll().execute(), [])
    await person.submit('/complain/receipt', { written: '1' })
    t.match((await person.get(`/track/${ref}`)).body, '系统没有保存您的身份')
  })

  t.test(`${engine}: messages go both ways and a complaint can be taken back`, async t => {
    const house = await givenHouse(t, engine)
    const person = await givenDraft(house.app)
    const { ref } = await givenSent(person)
    await person.submit('/complain/receipt', { written: '1' })
    await person.get(`/track/${ref}`)
    t.same(faultsIn((await person.submit(`/track/${ref}/messages`)).body), ['请先写留言，再点“发送留言”'])
    const long = '字'.repeat(2001)
    const refused = await person.submit(`/track/${ref}/messages`, { text: long })
    t.equal(refused.status, 422)
    t.match(refused.body, long, 'the long text is still there')
    t.equal((await person.submit(`/track/${ref}/messages`, { text: '补充：当时有监控。' })).status, 303)
    t.match((await person.get(`/track/${ref}`)).body, '补充：当时有监控。')
    const away = `/track/${ref}/requests/withdrawal`
    t.same(faultsIn((await person.submit(away, { reason: '已经解决' })).body), ['请选择有没有人要求您撤回'])
    const asked = await person.submit(away, { reason: '已经解决', pressure: 'no' })
    t.equal(asked.status, 200)
    for (const text of ['已经解决', '确认撤回', '没有，是我自己决定的']) t.match(asked.body, text, 'it is shown once more before it is done')
    t.equal((await person.submit(away, { reason: '已经解决', pressure: 'no', sure: '1' })).status, 303)
    const withdrawn = (await person.get(`/track/${ref}`)).body
    t.match(withdrawn, '已撤回')
    t.notMatch(withdrawn, `/track/${ref}/messages`, 'nobody is asked to write about what is no longer handled')
    t.equal((await person.submit(`/track/${ref}/messages`, { text: '还有一句话要补充' })).status, 409, 'nor is it taken when it comes all the same')
    t.equal((await person.submit(away, { pressure: 'no', sure: '1' })).status, 409)
  })
}

t.test('F-4 F-5: each mistake has its sentence, in the summary and at the field, and what was typed stays', async t => {
  const { app } = await givenHouse(t)
  const person = await givenDraft(app)
  const cases: Array<[string, Form, string[]]> = [
    ['target', {}, ['请至少填写一项线索，或者勾选“以上我都不清楚”']],
    ['target', { agency: '某局', unsure: '1' }, ['您已经填写了线索，请取消勾选“以上我都不清楚”，或者清空填写的内容']],
    ['target', { officer: '高'.repeat(301) }, ['执法人员的描述不能超过300个字']],
    ['what', {}, ['问题1：请选择属于哪一类', '问题1：请写明事情经过']],
    ['what', { count: '2', ground_1: 'G01', text_1: STORY, ground_2: 'G98', text_2: '太短' }, ['问题2：请选择属于哪一类', '问题2：事情经过至少写20个字，现在是2个字']],
    ['what', { count: '1', ground_1: 'G01', text_1: '长'.repeat(2001) }, ['问题1：事情经过不能超过2000个字，现在是2001个字，请删减或者分成两个问题']],
    ['when-where', {}, ['请填写发生的日期；记不清哪一天的，请写大概的时间']],
    ['when-where', { date_year: '2026', date_month: '2', date_day: '30' }, ['2026-2-30不是有效的日期，请检查年、月、日']],
    ['when-where', { date_year: '2026' }, ['2026-?-?不是有效的日期，请检查年、月、日']],
    ['when-where', { date_year: '2026', date_month: '11', date_day: '24' }, ['发生的日期不能晚于今天（2026年11月23日）']],
    ['when-where', { date_year: '1026', date_month: '11', date_day: '24' }, ['请检查年份：日期不能早于1949年10月1日']],
    ['elsewhere', {}, ['请选择是否已经在其他机关办理；没有的请选“没有”']],
    ['elsewhere', { kind: 'litigation' }, ['请选择办到哪一步了；不知道的请选“不清楚”']],
    ['effect', { claim: '要'.repeat(1001) }, ['不能超过1000个字，现在是1001个字']],
    ['you', { mode: 'secret' }, ['请选择投诉的方式']],
    ['you', { mode: 'named' }, ['请填写姓名或者单位名称；不想填写的，请选“匿名”', '请填写电话或者邮箱，至少一项；不想填写的，请选“匿名”']],
    ['you', { mode: 'named', name: '王', phone: '12345', email: 'a@b', uscc: '91210100' }, ['电话号码不正确，请填写手机号码，或者带区号的固定电话，例如 024-12345678', '电子邮箱不正确，例如 name@example.com', '统一社会信用代码不正确，请核对18位代码；不确定可以不填']]
  ]
  for (const [step, form, sentences] of cases) {
    const answer = await fill(person, step, form)
    t.equal(answer.back, true, `${step} ${JSON.stringify(form).slice(0, 60)}`)
    t.same(faultsIn(answer.body), sentences)
    t.match(answer.body, '<title>填写有误：')
    for (const sentence of sentences) t.equal(answer.body.split(sentence).length - 1, 2, 'the same words stand at the field')
    for (const value of Object.values(form)) t.ok(answer.body.includes(value.length > 1 ? value : `"${value}"`) || ['G98', 'secret'].includes(value), `${value.slice(0, 20)} is kept`)
  }
  const english = await visitor(app).get('/en/complain')
  t.match(english.body, 'Complain about enforcement')
  t.equal((await fill(person, 'elsewhere', {}, '/en')).body.includes('Choose whether it is before another body'), true)
})

t.test('a mistake leaves nothing in the history that would be sent again, and waits until it is mended', async t => {
  const { app, db } = await givenHouse(t)
  const person = await givenDraft(app)
  t.equal((await person.submit(draft('effect'), { claim: '要'.repeat(1001), return: 'check' })).location, `${draft('effect')}?return=check`)
  const shown = await person.get(`${draft('effect')}?return=check`)
  t.equal(shown.status, 200)
  t.match(shown.body, 'name="return" value="check"')
  for (const page of [shown, await person.get(draft('effect'))]) t.match(page.body, '要'.repeat(1001), 'also when it is opened again')
  t.match((await person.get(draft('check'))).body, '退还货物', 'what was saved before stands')
  t.notMatch(JSON.stringify(await db.selectFrom('draft').selectAll().execute()), '要要', 'and it is as sealed as the rest')
  await person.submit(draft('effect'), { claim: '道歉' })
  t.same(faultsIn((await person.get(draft('effect'))).body), [])
  t.equal((await person.submit(draft('what'), { count: '1', ground_1: 'G02', text_1: STORY, do: 'add' })).location, `${draft('what')}#issue-2`, 'and the page opens at the new issue')
})

t.test('a page saved in another tab meanwhile is not overwritten without a word', async t => {
  const { app } = await givenHouse(t)
  const person = await givenDraft(app)
  const numberIn = (body: string): string => /name="save_no" value="(\d+)"/.exec(body)?.[1] ?? ''
  const seen = numberIn((await person.get(draft('effect'))).body) // the same in both tabs
  t.equal((await person.submit(draft('effect'), { save_no: seen, claim: '另一页的话' })).location, draft('elsewhere'))
  t.equal((await person.submit(draft('effect'), { save_no: seen, claim: '另一页的话' })).location, draft('elsewhere'), 'the same words twice are no conflict')
  const late = await fill(person, 'effect', { save_no: seen, claim: '本页的话' })
  for (const text of ['另一个页面刚刚改过这一步', '另一页的话', '本页的话</textarea>']) t.match(late.body, text)
  t.match((await person.get(draft('check'))).body, '另一页的话', 'nothing is lost so far')
  t.equal((await person.submit(draft('effect'), { save_no: numberIn(late.body), claim: '两边的话' })).location, draft('elsewhere'))
  const check = (await person.get(draft('check'))).body
  t.match(check, '两边的话')
  await person.get('/complain')
  await person.submit('/complain', { replace: 'delete' })
  const begun = await person.get(draft('check'))
  t.equal(begun.location, `${draft('target')}?begun=1`)
  t.match((await person.get(begun.location as string)).body, '如果您刚才在另一个页面删除了已填内容')
})

t.test('a number that could tell who somebody is gets a word of warning before it is sent, and stays if it must', async t => {
  const { app } = await givenHouse(t)
  const number = '210102199001011230' // the check digit is wrong
  const story = { count: '1', ground_1: 'G01', text_1: `${STORY}我的号码是${number}。` }
  const named = (await (await givenDraft(app, 'you', { what: story })).get(draft('check'))).body
  t.match(named, '我们在您写的内容里看到像是身份证')
  t.match(named, number)
  t.notMatch(named, '您选择了匿名：')
  t.match((await (await givenDraft(app, 'you', { what: story, you: { mode: 'anonymous' } })).get(draft('check'))).body, '您选择了匿名：写在内容里的号码')
  t.notMatch((await (await givenDraft(app)).get(draft('check'))).body, '我们在您写的内容里看到')
})

t.test('issues are added and removed without losing a word', async t => {
  const { app } = await givenHouse(t)
  const person = await givenDraft(app)
  const two = await fill(person, 'what', { count: '1', ground_1: 'G02', text_1: STORY, do: 'add' })
  t.match(two.body, 'name="text_2"')
  t.match(two.body, STORY)
  t.match(two.body, `\n${STORY}</textarea>`, 'nothing is put before or after the text')
  const one = await fill(person, 'what', { count: '2', ground_1: 'G02', text_1: '第一个', ground_2: 'G03', text_2: '第二个', do: 'remove_1' })
  t.match(one.body, '第二个')
  t.notMatch(one.body, '第一个')
  const full = await fill(person, 'what', { count: '99999999999', do: 'add' })
  t.match(full.body, 'name="text_10"')
  t.notMatch(full.body, 'name="text_11"')
})

t.test('names that fit several records are asked about once', async t => {
  const { app } = await givenHouse(t)
  const person = visitor(app)
  await person.submit('/complain')
  await person.get(draft('target'))
  const asked = await fill(person, 'target', { agency: '市场监督' })
  t.equal(asked.status, 200, 'a question is no mistake')
  t.notMatch(asked.body, '有内容需要修改')
  const [, id = ''] = /name="agency_choice" type="radio" value="(\d+)"/.exec(asked.body) ?? []
  t.match(faultsIn((await fill(person, 'target', { agency: '市场监督', agency_asked: '市场监督' })).body), ['请选择是哪个单位'], 'left open')
  t.equal((await person.submit(draft('target'), { agency: '市场监督', agency_choice: '0' })).location, draft('what'), 'own words will do')
  t.equal((await person.submit(draft('target'), { agency: '市场监督' })).location, draft('what'), 'and are not asked about again')
  t.equal((await person.submit(draft('target'), { agency: '市监局', agency_choice: id })).location, draft('what'))
  t.equal((await person.submit(draft('target'), { agency: "100%_' OR 1=1 --" })).location, draft('what'))
  t.equal((await person.submit(draft('target'), { decision: '（）《》' })).location, draft('what'))
})

t.test('an agency is found by everyday names, with its district or without', async t => {
  const { app } = await givenHouse(t)
  const person = visitor(app)
  await person.submit('/complain')
  await person.get(draft('target'))
  const offered = async (agency: string): Promise<string[]> =>
    Array.from((await fill(person, 'target', { agency })).body.matchAll(/govuk-radios__label[^>]*>([^<]+)</g), ([, name = '']) => name).slice(0, -1)
  const heping = '和平区城市管理综合行政执法局'
  for (const words of ['和平区城管', '和平城管局', '沈阳市和平区城管局', 'Heping', '和平区 城管']) t.ok((await offered(words)).includes(heping), words)
  t.same(await offered('和平区城管'), [heping])
  const all = await offered('城管')
  t.equal(all[0], '沈阳市城市管理综合行政执法局', 'the city first')
  t.equal(all.length, 14, 'and every district')
  t.equal((await offered('市场监管局')).length, 14)
  t.same(await offered('和平区公安局'), ['沈阳市公安局'], 'where the district has none of its own')
})

t.test('F-2: pages open in their order, none is passed over, and changing an answer leads back to the check', async t => {
  const { app } = await givenHouse(t)
  const person = await givenDraft(app, 'what')
  for (const step of ['rule', 'elsewhere', 'evidence', 'you', 'check']) t.equal((await person.get(draft(step))).location, draft('when-where'), step)
  t.equal((await person.submit(draft('you'), STEPS['you'])).location, draft('when-where'))
  t.equal((await person.get(draft('nonsense'))).status, 404)
  const done = await givenDraft(app)
  t.match((await done.get(`${draft('effect')}?return=check`)).body, 'name="return" value="check"')
  t.equal((await done.submit(draft('effect'), { claim: '道歉', return: 'check' })).location, draft('check'))
  const early = await givenDraft(app, 'what')
  t.equal((await early.submit('/complain/submissions')).location, draft('check'), 'nothing incomplete is sent')
  t.equal((await early.get(draft('check'))).location, draft('when-where'))
})

t.test('Z-3 R-6: another session sees nothing, and an ended one is explained', async t => {
  const house = await givenHouse(t)
  const { app, clock } = house
  const person = await givenDraft(app)
  const stranger = visitor(app)
  for (const address of [draft('check'), draft('you')]) t.equal((await stranger.get(address)).location, '/complain?expired=1', address)
  t.equal((await stranger.submit('/complain/submissions')).location, '/complain?expired=1')
  t.equal((await stranger.get('/complain/receipt')).location, '/track?receipt=1')
  const without = (await stranger.get('/track?receipt=1')).body
  t.match(without, '这个浏览器里没有可以打开的回执')
  t.notMatch(without, '任何人都没有收到', 'nobody is told to send it again')
  t.match((await stranger.get('/complain?expired=1')).body, '这份投诉已经不能继续填写')
  const { ref } = await givenSent(person)
  t.equal((await stranger.get(`/track/${ref}`)).location, '/track?expired=1')
  const second = await givenDraft(app)
  const own = await givenSent(second)
  await second.submit('/complain/receipt', { written: '1' })
  t.equal((await second.get(`/track/${own.ref}`)).status, 200)
  t.equal((await second.get(`/track/${ref}`)).location, '/track?expired=1', "another's complaint is not there for it")
  t.equal((await second.submit(`/track/${ref}/messages`, { text: '你好' })).status, 401)
  t.equal((await second.submit(`/track/${own.ref}/exits`)).location, '/track?left=1')
  t.equal((await second.get(`/track/${own.ref}`)).location, '/track?expired=1')
  clock.now = '2026-11-23T05:00:00.000Z'
  t.equal((await person.get('/complain/receipt')).location, '/track?receipt=1')
})

t.test('R-7: the receipt shows the code for half an hour, and asks whether it was written down', async t => {
  const { app, clock } = await givenHouse(t)
  const person = await givenDraft(app)
  const { ref, code } = await givenSent(person)
  t.equal((await person.submit('/complain/receipt')).location, '/complain/receipt?unwritten=1')
  t.same(faultsIn((await person.get('/complain/receipt?unwritten=1')).body), ['请先记下或者打印编号和查询码，再勾选此项'])
  t.equal((await person.submit('/complain/receipt', { written: '1' })).location, `/track/${ref}`)
  clock.now = new Date(Date.parse(TODAY) + 29 * 60_000).toISOString()
  t.match((await person.get('/complain/receipt')).body, code)
  clock.now = new Date(Date.parse(TODAY) + 31 * 60_000).toISOString()
  const late = await person.get('/complain/receipt')
  t.notMatch(late.body, code)
  t.match(late.body, '查询码不再显示')
})

t.test('the receipt outlives another draft, and the start page offers it', async t => {
  const { app, clock } = await givenHouse(t)
  const person = await givenDraft(app)
  const { ref, code } = await givenSent(person)
  const start = (await person.get('/complain')).body
  t.match(start, `您刚提交的投诉：${ref}`)
  t.match(start, 'href="/complain/receipt"')
  await person.submit('/complain')
  await person.submit(draft('target'), STEPS['target'])
  t.same(receiptIn((await person.get('/complain/receipt')).body), { ref, code })
  clock.now = new Date(Date.parse(TODAY) + 31 * 60_000).toISOString()
  t.notMatch((await person.get('/complain')).body, '您刚提交的投诉', 'only while the code can be shown')
  t.notMatch((await visitor(app).get('/complain')).body, '您刚提交的投诉')
})

t.test('F-6 P-8: many complaints from one network are marked, and only a crowd has to wait, with everything kept', async t => {
  const { app, db, clock } = await givenHouse(t, 'sqlite', { SUNLIT_RATE: '1' })
  const crowd: Visitor[] = []
  for (let at = 0; at < 61; at++) crowd.push(await givenDraft(app))
  clock.now = new Date(Date.parse(TODAY) + 10 * 60_000).toISOString() // nobody is hasty
  const last = crowd.pop() as Visitor
  for (const person of crowd) {
    await person.get(draft('check'))
    t.equal((await person.submit('/complain/submissions')).location, '/complain/receipt')
    t.equal((await person.submit('/complain/submissions')).location, '/complain/receipt', 'pressing twice counts once')
  }
  const rows = await db.selectFrom('complaint').select('suspicions').execute()
  t.equal(rows.length, 60)
  t.equal(rows.filter(row => row.suspicions.includes('many_from_network')).length, 55, 'from the sixth on')
  await last.get(draft('check'))
  const waiting = await last.submit('/complain/submissions')
  t.equal(waiting.status, 429)
  t.match(waiting.headers, { 'retry-after': /^3[56]\d\d$/ })
  for (const text of ['已填写的内容和上传的文件都还在', /请过(59|60)分钟后/, 'href="/complain/draft/check"']) t.match(waiting.body, text)
  t.notMatch(waiting.body, '秒')
  t.match((await last.get(draft('check'))).body, STORY)
})

t.test('R-4: an unknown reference and a wrong code are one answer that keeps the reference and drops the code', async t => {
  const { app } = await givenHouse(t)
  const { ref, code } = await givenSent(await givenDraft(app))
  const stranger = visitor(app)
  const wrong = code.replace(/\d/, digit => String((Number(digit) + 1) % 10))
  const answers = [await stranger.submit('/track', { ref, code: wrong }), await stranger.submit('/track', { ref: 'TS00000000000', code })]
  for (const answer of answers) {
    t.equal(answer.status, 404)
    t.same(faultsIn(answer.body), ['没有找到这份投诉：编号或者查询码不正确，请核对回执后重新输入'])
    t.notMatch(answer.body, /\d{4} \d{4} \d{4} \d{4}/)
  }
  t.match(answers[0]?.body ?? '', `value="${ref}"`)
  t.same(faultsIn((await stranger.submit('/track', {})).body), ['请输入编号', '请输入16位查询码'])
  t.equal((await stranger.submit('/track', { ref: 'x'.repeat(5000), code })).status, 422)
})

t.test('Y-2: deleting a draft leaves nothing', async t => {
  const house = await givenHouse(t)
  const person = await givenDraft(house.app)
  const { id } = await house.db.selectFrom('draft').select('id').executeTakeFirstOrThrow()
  await attach(house, house.app.files, id, { name: 'a.png', mediaType: 'image/png', content: Buffer.from('picture'), cleaned: true }, TODAY)
  t.equal(storedFiles(house).length, 1)
  await person.get(draft('effect'))
  t.equal((await person.submit('/complain/discards')).location, '/complain?discarded=1')
  t.same(await house.db.selectFrom('draft').selectAll().execute(), [])
  t.same(await house.db.selectFrom('attachment').selectAll().execute(), [])
  t.same(storedFiles(house), [])
  t.equal((await person.get(draft('effect'))).location, '/complain?expired=1')
})

t.test('F-6: what a machine may have sent is marked, never dropped', async t => {
  const { app, db, clock } = await givenHouse(t)
  const hasty = await givenSent(await givenDraft(app))
  const trapped = await givenDraft(app)
  clock.now = '2026-11-23T02:05:00.000Z'
  await trapped.get(draft('check'))
  await trapped.submit('/complain/submissions', { website: 'https://example.com' })
  const slow = await givenDraft(app)
  clock.now = '2026-11-23T02:10:00.000Z'
  const human = await givenSent(slow)
  const rows = await db.selectFrom('complaint').select(['ref', 'suspect']).execute()
  t.equal(rows.length, 3)
  t.equal(rows.find(row => row.ref === hasty.ref)?.suspect, 1)
  t.equal(rows.find(row => row.ref === human.ref)?.suspect, 0)
  t.equal(rows.filter(row => row.suspect === 1).length, 2)
})

const cookiesOf = (person: Visitor): string => Array.from(person.cookies, ([name, value]) => `${name}=${value}`).join('; ')
const HEADERS = { 'sec-fetch-site': 'same-origin', 'content-type': 'multipart/form-data; boundary=sunlit-boundary', accept: 'text/html' }

async function tokenOf (person: Visitor): Promise<string> {
  return /name="_csrf" value="([^"]+)"/.exec((await person.get(draft('evidence'))).body)?.[1] ?? ''
}

function storedFiles ({ folder }: House): string[] {
  try {
    return readdirSync(path.join(folder, 'files'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => entry.name)
  } catch { return [] }
}

t.test('F-1 V-2 V-9: forms without the session token, and hostile bodies, are 4xx', async t => {
  const house = await givenHouse(t)
  const person = await givenDraft(house.app)
  const post = async (url: string, payload: string): Promise<number> => (await house.app.inject({
    method: 'POST', url, headers: { ...HEADERS, 'content-type': 'application/x-www-form-urlencoded', cookie: cookiesOf(person) }, payload
  })).statusCode
  t.equal(await post('/complain/submissions', ''), 403)
  t.equal(await post(draft('effect'), 'claim=x'), 403)
  const token = await tokenOf(person)
  t.equal(await post(draft('effect'), `_csrf=${token}&claim=%00`), 400)
  t.equal(await post(draft('effect'), `_csrf=${token}&claim=${'x'.repeat(300_000)}`), 413)
  t.equal(await post(draft('what'), `_csrf=${token}&text_1=a&text_1=b&__proto__=1`), 303)
  t.equal((await house.app.inject({ method: 'PUT', url: draft('effect') })).statusCode >= 400, true)
  t.equal((await person.get('/complain?matter=' + 'x'.repeat(1000))).status, 200, 'a strange address still shows the start page')
})

t.test('D-4 F-5: a database that takes no more writes says so, and the draft is still there', async t => {
  const house = await givenHouse(t)
  const person = await givenDraft(house.app)
  await person.get(draft('check'))
  const { sql } = await import('kysely')
  await sql`pragma query_only = on`.execute(house.db)
  const refused = await person.submit('/complain/submissions')
  t.equal(refused.status, 503)
  t.match(refused.body, '不能提交')
  await sql`pragma query_only = off`.execute(house.db)
  t.equal((await person.submit('/complain/submissions')).location, '/complain/receipt')
})

t.test('the privacy page speaks both languages', async t => {
  const { app } = await givenHouse(t)
  t.match((await visitor(app).get('/privacy')).body, '隐私说明')
  t.match((await visitor(app).get('/en/privacy')).body, 'How long a complaint is kept')
})

t.test('the last days for reconsideration and court are told where a date is known, and that a complaint does not stop them', async t => {
  const { app } = await givenHouse(t)
  const person = await givenDraft(app, 'effect')
  const penalty = { kind: 'none', act: 'penalty', received_on_year: '2026', received_on_month: '11', received_on_day: '2' }
  const asked = await fill(person, 'elsewhere', { ...penalty, do: 'reckon' })
  for (const text of ['投诉不停止这个期限的计算', '2027年1月', '2027年5月', 'act&#x3D;penalty', 'calendar.ics']) t.match(asked.body, text)
  await person.submit(draft('elsewhere'), penalty)
  for (const step of ['evidence', 'you']) await person.submit(draft(step), STEPS[step])
  t.match((await person.get(draft('check'))).body, '投诉不停止这个期限的计算')
  const { ref } = await givenSent(person)
  t.match((await person.get('/complain/receipt')).body, '投诉不停止这个期限的计算', 'on the receipt')
  await person.submit('/complain/receipt', { written: '1' })
  t.match((await person.get(`/track/${ref}`)).body, '投诉不停止这个期限的计算', 'and where the complaint is followed')
  const told = { paper: { act: 'penalty', receivedOn: '2026-11-02' } } as const
  const span = { from: '2026-11-23', until: '2027-01-22', today: '2026-11-23' }
  t.match(await lapses(app.db, told, span), [{ rule: 'reconsideration', over: false }], 'staff are warned of what lapses while they examine')
  t.match(await lapses(app.db, told, { ...span, today: '2027-02-01' }), [{ rule: 'reconsideration', over: true }])
  t.same(await lapses(app.db, told, { ...span, until: '2026-12-01' }), [])
  const spot = await givenDraft(app, 'effect')
  const old = await fill(spot, 'elsewhere', { ...penalty, act: 'on_the_spot', received_on_month: '1', do: 'reckon' })
  for (const text of ['法律规定应当先申请行政复议', '这些期限都已经过去']) t.match(old.body, text)
  t.notMatch(old.body, '直接向人民法院起诉', 'where reconsideration comes first, no way to the court is shown')
})

t.test('F-7: sensitive numbers need a consent of their own, unticked before, and each text is kept in its version', async t => {
  const { app, db } = await givenHouse(t)
  const person = await givenDraft(app, 'you', { what: { count: '1', ground_1: 'G01', text_1: `${STORY}我的卡号是4111111111111111。` } })
  const page = (await person.get(draft('check'))).body
  t.notMatch(page, /name="(sensitive|summary)"[^>]* checked/, 'nothing is ticked beforehand')
  t.equal((await person.submit('/complain/submissions', { summary: '1' })).location, draft('check'))
  const again = (await person.get(draft('check'))).body
  t.same(faultsIn(again), ['您写的内容里像是有身份证号或者银行卡号：请勾选同意，或者返回删去'])
  t.match(again, /name="summary"[^>]* checked/, 'what was ticked stays')
  t.equal((await person.submit('/complain/submissions', { summary: '1', sensitive: '1' })).location, '/complain/receipt')
  const kept = await db.selectFrom('consent').select(['code', 'version']).orderBy('code').execute()
  t.same(kept, Object.entries(CONSENTS).map(([code, { version }]) => ({ code, version })).sort((a, b) => a.code < b.code ? -1 : 1))
  const words = JSON.parse(readFileSync('src/i18n/zh-CN/complain-questions.json', 'utf8')) as Record<string, string>
  const digest = createHash('sha256').update(Object.keys(CONSENTS).map(code => `${words[`consent.${code}`] ?? ''}${words[`consent.${code}_help`] ?? ''}`).join('\n')).digest('hex').slice(0, 16)
  t.equal(digest, CONSENT_WORDS, 'a new wording is a new version: raise it in domain/process/consents.ts, then note the digest here')
})

t.test('what cannot wait stands first for a working day, and staff lower it with reasons', async t => {
  const { app, db, clock } = await givenHouse(t)
  const people = [await givenDraft(app), await givenDraft(app, 'you', { what: { ...STEPS['what'], urgent: '1' } })] as const
  clock.now = new Date(Date.parse(TODAY) + 10 * 60_000).toISOString() // nobody is hasty
  await givenSent(people[0])
  const { ref } = await givenSent(people[1])
  const top = await db.selectFrom('bureau').select('id').where('parent_id', 'is', null).executeTakeFirstOrThrow()
  const queue = await listFirst(db, { bureauIds: await visibleBureaus(db, top.id) }, '2026-11-23')
  t.match(queue.rows[0], { ref, urgent: true, dueOn: '2026-11-24', dueClock: 'urgent' })
  await givenStaff(db)
  await t.rejects(lowerUrgency(app, STAFF.clerk, ref, ' ', TODAY), { code: 'reason_required' })
  await t.rejects(lowerUrgency(app, STAFF.auditor, ref, '已打电话核实', TODAY), { code: 'forbidden' })
  for (const reason of ['已打电话核实，物品已经归还', '再点一次']) await lowerUrgency(app, STAFF.clerk, ref, reason, TODAY)
  const found = await findCase(app, ref, TODAY, STAFF.clerk)
  t.match(found, { urgent: false, dueClock: 'accept' })
  t.same(found.events.filter(({ action }) => action === 'lower_urgency').map(({ text }) => text), ['已打电话核实，物品已经归还'])
})

t.test('several people complain together, one for another, and in anonymous mode nobody is kept', async t => {
  const { app, db } = await givenHouse(t)
  const you = { ...STEPS['you'], members: '李某 13900000000\n张某\n', agent_name: '赵某', agent_phone: '024-12345678' }
  const wrong: Array<[Form, string]> = [
    [{ members: '13900000000' }, '共同投诉人第1行：请先写姓名'], [{ members: '李某 139' }, '共同投诉人第1行：电话号码不正确'],
    [{ members: Array.from({ length: 51 }, (_, at) => `某${at}号`).join('\n') }, '共同投诉人最多50人，现在是51人'],
    [{ agent_name: '' }, '请填写代理人姓名'], [{ reply: 'post' }, '请填写通讯地址']
  ]
  for (const [change, fault] of wrong) {
    const answer = await fill(await givenDraft(app, 'evidence'), 'you', { ...you, ...change })
    t.match(faultsIn(answer.body).join(), fault)
  }
  const person = await givenDraft(app, 'you', { you })
  const check = (await person.get(draft('check'))).body
  for (const text of ['李某', '张某', '赵某']) t.match(check, text)
  await givenSent(person)
  t.equal((await db.selectFrom('complaint').select('persons').executeTakeFirstOrThrow()).persons, 3)
  await person.submit('/complain')
  const hidden = await givenDraft(app, 'you', { you: { ...you, mode: 'anonymous' } })
  t.notMatch((await hidden.get(draft('check'))).body, /李某|赵某/)
})

t.test('who would read what is shown beside each other, with numbers and names marked', async t => {
  const { app } = await givenHouse(t)
  const story = { count: '1', ground_1: 'G01', text_1: `${STORY}我是王小明，电话13800138000，车牌辽A12345，有<b>标签</b>。` }
  const page = (await (await givenDraft(app, 'you', { what: story })).get(draft('check'))).body
  for (const marked of ['王小明', '13800138000', '辽A12345']) t.match(page, `<mark>${marked}</mark>`)
  t.match(page, /href="\/complain\/draft\/what\?return(=|&#x3D;)check#text_1"/)
  const agency = page.slice(page.indexOf('preview-agency'), page.indexOf('complain/submissions'))
  t.notMatch(agency, /王小明|13800138000|辽A12345|<b>/)
  t.match(agency, '您写的内容里有您自己或者共同投诉人的名称')
})

t.test('V-1 V-2 V-9: every field of every page refuses or mends what is no text, and nothing breaks', async t => {
  const { app } = await givenHouse(t)
  for (const [step, form] of Object.entries(STEPS)) {
    const person = await givenDraft(app)
    await person.get(draft(step === 'evidence' ? 'effect' : step))
    const fields = [...Object.keys(form), ...MORE_FIELDS]
    for (const bad of ['\u0000', 'a\u0007b', '\u202Ereversed', '\u2066isolate']) {
      const answer = await person.submit(draft(step), { ...form, [fields[0] ?? 'x']: bad })
      t.equal(answer.status, 400, `${step} ${JSON.stringify(bad)}`)
    }
    const long = Object.fromEntries(fields.map(field => [field, '长'.repeat(1500)]))
    t.ok([303, 413].includes((await person.submit(draft(step), { ...form, ...long, nobody_asked: 'x' })).status), `${step}: long and unknown fields`)
    t.equal((await person.submit(draft(step), { ...form, huge: 'x'.repeat(300_000) })).status, 413, `${step}: a body beyond the limit`)
    t.ok((await person.get(draft(step))).status < 400, `${step} opens again`)
  }
  const composed = await givenDraft(app, 'you', { effect: { claim: 'e\u0301' } })
  t.match((await composed.get(draft('check'))).body, '\u00e9', 'texts are kept in one form of writing')
})
