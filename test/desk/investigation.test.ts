import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import t from 'tap'
import { sendMessage } from '../../src/complaints/case/correspondence/service.ts'
import { takeIn } from '../../src/complaints/form/evidence/intake.ts'
import { renderFile, renderText } from '../../src/complaints/work/redaction/service.ts'
import { findTracking } from '../../src/complaints/case/reading/service.ts'
import { inspectStorage } from '../../src/complaints/case/storage/service.ts'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenFindings, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { signInAs } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const at = (ref: string, rest = ''): string => `/desk/complaints/${ref}${rest}`
const hidden = (body: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? ''

const later = (now: string, minutes: number): string => new Date(Date.parse(now) + minutes * 60_000).toISOString()
/** Everything that stands in the database, as text. */
const dump = async (db: House['db']): Promise<string> => JSON.stringify(await Promise.all((['checklist_tick', 'plan_item', 'record_sheet', 'record_addition', 'exhibit', 'footage_request', 'redaction', 'event', 'audit_entry'] as const).map(async table => await db.selectFrom(table).selectAll().execute())))

const PEOPLE = { 'sun.yue': 'investigator', 'ma.li': 'head', 'li.na': 'clerk' } as const
type Person = ReturnType<typeof visitor>
interface Desk extends House { enter: (username: keyof typeof PEOPLE) => Promise<Person>, idOf: (username: string) => Promise<number> }

async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  await givenStaff(db)
  const idOf = async (username: string): Promise<number> => (await db.selectFrom('account').select('id').where('username', '=', username).executeTakeFirstOrThrow()).id
  return {
    ...house,
    idOf,
    async enter (username) {
      await addAccount(app, { username, name: `测试${username}`, role: PEOPLE[username], region: undefined, password: PASSWORD }, TODAY)
      if (PEOPLE[username] !== 'clerk') await db.updateTable('account').set({ card_no: `DEMO-JD-${username}` }).where('username', '=', username).execute()
      const person = visitor(app)
      await signInAs(app, person, { username, password: PASSWORD })
      await person.get(ROUTES.desk)
      return person
    }
  }
}

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const desk = await givenDesk(t, engine)
    const { app, db, clock } = desk
    const [head, supervisor, clerk] = [await desk.enter('ma.li'), await desk.enter('sun.yue'), await desk.enter('li.na')]

    t.test('the people page names the agency, puts supervisors on the case and takes them off', async t => {
      const { ref } = await givenComplaint(app, 'accepted', TODAY)
      const agency = await db.selectFrom('agency').select(['id', 'name']).where('status', '=', 'in_force').orderBy('id').executeTakeFirstOrThrow()
      t.match((await clerk.get(at(ref, '/people'))).body, /还没有确定是哪一个单位[^]*某街道的执法队[^]*还不足两名持证人员/)
      const found = await clerk.get(at(ref, `/people?q=${encodeURIComponent(agency.name)}`))
      t.match(found.body, new RegExp(`value="${agency.id}"`))
      t.match(await clerk.submit(at(ref, '/people/agency'), { version: hidden(found.body, 'version'), q: agency.name }), { status: 422, body: /请选择一个单位/ }, 'none chosen')
      t.match(await clerk.submit(at(ref, '/people/agency'), { agency: '99999999', version: hidden(found.body, 'version') }), { status: 404 })
      t.match(await clerk.submit(at(ref, '/people/agency'), { agency: String(agency.id), version: hidden(found.body, 'version') }), { status: 303, location: at(ref, '/people?done=agency') })
      t.match(await clerk.submit(at(ref, '/people/agency'), { agency: String(agency.id), version: hidden(found.body, 'version') }), { status: 409, body: /刚刚被他人更新/ }, 'the page was old')
      t.equal((await clerk.submit(at(ref, '/people/assignments'), { account: String(STAFF.second.id) })).status, 403)
      t.match(await supervisor.submit(at(ref, '/people/assignments'), { account: String(STAFF.second.id) }), { status: 403 }, 'a supervisor puts nobody else on a case')
      t.match(await supervisor.submit(at(ref, '/people/assignments'), { account: String(await desk.idOf('sun.yue')) }), { status: 303 })
      t.match(await head.submit(at(ref, '/people/assignments'), { account: String(STAFF.clerk.id) }), { status: 422 }, 'a clerk examines nothing')
      t.match(await head.submit(at(ref, '/people/assignments'), {}), { status: 422, body: /请选择一名监督人员/ })
      t.match(await head.submit(at(ref, '/people/assignments'), { account: String(STAFF.second.id) }), { status: 303 })
      const page = (await head.get(at(ref, '/people?done=assigned'))).body
      t.match(page, /已指定承办监督人员[^]*DEMO-JD-sun\.yue/)
      t.notMatch(page, /还不足两名/)
      t.match(page, /谁可以查阅本件/)
      t.match(await head.submit(at(ref, '/people/endings'), { account: String(STAFF.second.id) }), { status: 303 })
      t.match((await head.get(at(ref, '/people'))).body, /还不足两名/)
      t.match((await head.get(`/en${at(ref, '/people')}`)).body, /Supervisors on the case/)
    })

    t.test('the checklist of the grounds has to be answered before findings are proposed', async t => {
      const filed = await givenComplaint(app, 'investigating', TODAY, { issues: [{ ground: 'G08', text: '扣走了我的冰柜' }] })
      const { ref } = filed
      await givenFindings(app, filed, TODAY)
      const page = (await supervisor.get(at(ref, '/investigate'))).body
      t.match(page, /已核对查封、扣押决定书和清单[^]*《行政强制法》第二十四条/)
      t.notMatch(page, /已核对收费的依据/, 'what the ground does not call for is not there')
      const all = [...page.matchAll(/name="check" type="checkbox" value="(\w+)"/g)].map(found => found[1] ?? '')
      t.equal((await clerk.submit(at(ref, '/investigate/checks'), { check: all })).status, 403)
      t.match(await supervisor.submit(at(ref, '/investigate/checks'), { check: ['nonsense'] }), { status: 422 })
      t.match(await supervisor.submit(at(ref, '/investigate/checks'), { check: all, reason_footage: '没有录像' }), { status: 422, body: /不要再写不需要的理由[^]*没有录像/ })
      const most = all.filter(code => code !== 'footage')
      t.equal((await supervisor.submit(at(ref, '/investigate/checks'), { check: most })).status, 303)
      t.match((await supervisor.get(at(ref))).body, /核查清单还没有全部完成/)
      clock.now = later(TODAY, 5)
      t.equal((await head.submit(at(ref, '/investigate/checks'), { check: most, reason_footage: '当时没有录像' })).status, 303)
      clock.now = TODAY
      const ticks = await db.selectFrom('checklist_tick').select(['item', 'answer', 'at', 'account_id']).where('complaint_id', '=', filed.id).orderBy('item').execute()
      t.match(ticks.find(({ item }) => item === 'footage'), { answer: 'not_called_for', at: later(TODAY, 5), account_id: await desk.idOf('ma.li') })
      t.match(ticks.find(({ item }) => item === 'file_read'), { answer: 'done', at: TODAY, account_id: await desk.idOf('sun.yue') }, 'who and when stay with an answer that did not change')
      t.notMatch(await dump(db), /当时没有录像/, 'reasons are sealed')
      const overview = await supervisor.get(at(ref))
      t.equal((await supervisor.submit(at(ref, '/transitions'), { action: 'propose_findings', version: hidden(overview.body, 'version') })).status, 303)
      t.match(await supervisor.submit(at(ref, '/investigate/checks'), { check: [] }), { status: 409 }, 'not after findings were proposed')
    })

    t.test('a record is made by two supervisors with certificates, and never changed after it is signed', async t => {
      const filed = await givenComplaint(app, 'investigating', TODAY)
      const { ref } = filed
      const form = { kind: 'interview', on_year: '2026', on_month: '11', on_day: '20', from: '9:30', to: '10:15', place: '某执法队会议室', persons: '甲，演示执法人员', content: '问：当时出示证件了吗？答：没有。' }
      t.match(await supervisor.submit(at(ref, '/records'), { ...form, second: String(STAFF.second.id) }), { status: 422, body: /您不是本件的持证承办监督人员[^]*答：没有/ }, 'who is not on the case makes no record')
      await supervisor.submit(at(ref, '/people/assignments'), { account: String(await desk.idOf('sun.yue')) })
      await head.submit(at(ref, '/people/assignments'), { account: String(await desk.idOf('ma.li')) })
      t.match(await supervisor.submit(at(ref, '/records'), { ...form, second: String(await desk.idOf('sun.yue')) }), { status: 422, body: /另一名持证的承办监督人员/ }, 'one person is not two')
      t.match(await supervisor.submit(at(ref, '/records'), { ...form, second: String(STAFF.clerk.id) }), { status: 422 })
      t.match(await supervisor.submit(at(ref, '/records'), { kind: 'interview', on_year: '2026', on_month: '2', on_day: '30', from: '25:00' }), { status: 422, body: /真实的日期[^]*09:30[^]*请填写地点[^]*请填写在场人员[^]*请填写笔录内容/ })
      t.match(await supervisor.submit(at(ref, '/records'), { ...form, kind: 'zzz' }), { status: 400 }, 'a kind that is none')
      t.match(await supervisor.submit(at(ref, '/records'), { ...form, on_year: '2027' }), { status: 422, body: /不能晚于今天/ })
      const saved = await supervisor.submit(at(ref, '/records'), { ...form, second: String(await desk.idOf('ma.li')) })
      t.match(saved, { status: 303 })
      const record = (saved.location ?? '').replace(/\?.*/, '')
      t.match((await supervisor.get(record)).body, /value="09:30"/)
      t.equal((await supervisor.submit(record, { ...form, version: '1', second: String(await desk.idOf('ma.li')), content: '问：几个人？答：一个人。' })).status, 303)
      t.match(await supervisor.submit(record, { ...form, version: '1', second: String(await desk.idOf('ma.li')) }), { status: 409 }, 'an old page')
      t.match(await supervisor.submit(`${record}/additions`, { text: '太早' }), { status: 422, body: /两人签名之后才能补正/ })
      t.equal((await supervisor.submit(`${record}/signatures`, { version: '2' })).status, 303)
      t.match(await supervisor.submit(record, { ...form, version: '3', second: String(await desk.idOf('ma.li')), content: '改过的话' }), { status: 422, body: /正文不能修改/ })
      t.match(await clerk.submit(`${record}/signatures`, { version: '3' }), { status: 403 })
      t.equal((await head.submit(`${record}/returns`, { version: '3' })).status, 303, 'the other one found a fault')
      t.equal((await supervisor.submit(record, { ...form, version: '4', second: String(await desk.idOf('ma.li')), content: '问：几个人？答：两个人。' })).status, 303)
      t.equal((await supervisor.submit(`${record}/signatures`, { version: '5' })).status, 303)
      t.equal((await head.submit(`${record}/signatures`, { version: '6' })).status, 303)
      for (const [url, fields] of [[record, { ...form, version: '7', second: String(await desk.idOf('ma.li')), content: '改过的话' }], [`${record}/returns`, { version: '7' }]] as const) t.match(await head.submit(url, fields), { status: 422 }, 'signed by both: it stays')
      t.equal((await head.submit(`${record}/additions`, { text: '“两个人”指执法人员甲、乙' })).status, 303)
      const shown = (await clerk.get(record)).body
      t.match(shown, /DEMO-JD-sun\.yue[^]*DEMO-JD-ma\.li[^]*答：两个人[^]*补正 1[^]*指执法人员甲、乙/)
      t.match((await clerk.get(`${record}/sheet`)).body, /询问笔录[^]*第 1 份[^]*被询问人、被检查人签名[^]*监督人员签名[^]*证号[^]*DEMO-JD-sun\.yue/)
      t.notMatch(await dump(db), /答：两个人|指执法人员甲/)
      t.equal((await supervisor.submit(at(ref, '/investigate/plan'), { measure: 'read_files', text: '调阅扣押案卷' })).status, 303)
      t.match(await supervisor.submit(at(ref, '/investigate/plan'), { measure: 'read_files' }), { status: 422, body: /请写明查什么/ })
      t.equal((await supervisor.submit(at(ref, '/investigate/plan-endings'), { no: '1' })).status, 303)
      t.match((await clerk.get(at(ref, '/investigate'))).body, /调阅扣押案卷[^]*已完成[^]*询问笔录 第 1 份[^]*两人已签名/)
    })

    t.test('the rule of a finding is looked up in the law library', async t => {
      const { ref } = await givenComplaint(app, 'investigating', TODAY)
      const law = await db.insertInto('statute').values({ slug: `penalty-law-${engine}`, version: 1, name: '中华人民共和国行政处罚法', law_key: '行政处罚法', level: null, text_date: '2021-01-22', history: null, article_count: 1, issuer: null, doc_no: null, effective_on: null, effective_article: null, amended_by: null, repeals: null, source: 'test', updated_at: TODAY }).returning('id').executeTakeFirstOrThrow()
      await db.insertInto('statute_article').values({ statute_id: law.id, seq: 0, article_no: 55, sub_no: 0, label: '第五十五条', chapter: null, body: '应当主动出示执法证件。' }).execute()
      const page = await supervisor.get(at(ref, '/findings?issue=1'))
      const form = { issue: '1', version: hidden(page.body, 'version'), finding: 'substantiated', reasons: '录像可见没有出示' }
      t.match(await supervisor.submit(at(ref, '/findings'), form), { status: 422, body: /请选择适用的规定[^]*录像可见没有出示/ })
      t.match(await supervisor.submit(at(ref, '/findings'), { ...form, rule: 'none' }), { status: 422, body: /应当写明违反了哪一条规定/ })
      t.match(await supervisor.submit(at(ref, '/findings'), { ...form, rule: 'article' }), { status: 422, body: /请写明法律、法规、规章的名称和条文/ })
      t.match(await supervisor.submit(at(ref, '/findings'), { ...form, rule: 'article', cite: '《行政处罚法》第五百条' }), { status: 422, body: /法规库中没有找到这一条[^]*第五百条/ })
      t.match(await supervisor.submit(at(ref, '/findings'), { ...form, rule: 'prohibition', prohibition: '99' }), { status: 422, body: /请选择是第几条禁令/ })
      t.equal((await supervisor.submit(at(ref, '/findings'), { ...form, rule: 'article', cite: '行政处罚法第五十五条第一款', redress: ['apology', 'returned'], required: '三日内书面道歉' })).status, 303)
      const shown = (await supervisor.get(at(ref))).body
      t.match(shown, new RegExp(`/law/penalty-law-${engine}/55"[^>]*>《中华人民共和国行政处罚法》第五十五条第一款[^]*返还财物、赔礼道歉[^]*三日内书面道歉`))
      t.match((await supervisor.get(at(ref, '/findings?issue=1'))).body, /value="《中华人民共和国行政处罚法》第五十五条第一款"[^]*三日内书面道歉/, 'the form opens with it')
    })

    t.test('Z-5: what others read is covered, checked by a second person, and nothing leaves before', async t => {
      const text = '我是住在演示路12号3栋501室的店主，电话13812345678，邮箱shop@example.cn，执法人员把冰柜扣走了'
      const { id, ref } = await givenComplaint(app, 'accepted', TODAY, { issues: [{ ground: 'G08', text }] })
      const place = at(ref, '/redact/agency/issue.1')
      const seen = async (): Promise<string> => hidden((await clerk.get(place)).body, 'at')
      const release = async (person: Person): Promise<number> => (await person.submit(`${place}/releases`, { at: await seen() })).status
      const first = (await clerk.get(place)).body
      t.match(first, /还没有人处理/)
      t.match(first, /〔已遮盖：住址〕的店主，电话|〔已遮盖：住址〕/)
      const spans = [...first.matchAll(/name="span" type="checkbox" value="([^"]+)"/g)].map(found => found[1] ?? '')
      t.equal(spans.length, 3, 'address, telephone, email are proposed')
      t.equal(await renderText(app, id, 'issue.1', 'agency'), null, 'a proposal is no release')
      t.match(await clerk.submit(place, { at: '', span: spans, words: '店老板', reason: 'identity' }), { status: 422, body: /原文中没有这几个字/ })
      t.match(await clerk.submit(place, { at: '', span: spans, words: '店主' }), { status: 422, body: /请选择遮盖的原因/ })
      t.match(await clerk.submit(place, { at: '', span: ['0-9999-identity'] }), { status: 422 })
      t.equal((await clerk.submit(place, { at: '', span: spans, words: '店主', reason: 'identity' })).status, 303)
      t.match(await clerk.submit(place, { at: '', span: [] }), { status: 409 }, 'an old page overwrites nothing')
      t.equal(await renderText(app, id, 'issue.1', 'agency'), null, 'nor is a draft')
      t.equal(await release(clerk), 403, 'a clerk lets nothing out')
      t.equal((await supervisor.submit(place, { at: await seen(), span: [...(await clerk.get(place)).body.matchAll(/name="span" type="checkbox" value="([^"]+)"/g)].map(found => found[1] ?? '') })).status, 303)
      t.equal(await release(supervisor), 422, 'nor does whoever covered it')
      t.equal((await head.submit(`${place}/releases`, { at: '2020-01-01T00:00:00.000Z' })).status, 409, 'only what was looked at')
      t.equal(await release(head), 303)
      t.equal(await renderText(app, id, 'issue.1', 'agency'), '我是住在〔已遮盖：住址〕的〔已遮盖：身份信息〕，电话〔已遮盖：联系方式〕，邮箱〔已遮盖：联系方式〕，执法人员把冰柜扣走了')
      t.equal(await renderText(app, id, 'issue.1', 'public'), null, 'each rendering for itself')
      t.equal(await renderText(app, id, 'issue.1', 'full'), text, 'the original stays')
      t.equal((await supervisor.submit(place, { at: await seen(), withheld: 'identity' })).status, 303)
      t.equal(await renderText(app, id, 'issue.1', 'agency'), null, 'changed: a draft again')
      t.equal(await release(head), 303)
      t.equal(await renderText(app, id, 'issue.1', 'agency'), null, 'withheld as a whole')
      t.match((await clerk.get(at(ref, '/redact'))).body, /问题 1[^]*整体不提供[^]*诉求/)
      t.notMatch(await dump(db), /13812345678|店主/)
      t.equal((await clerk.get(at(ref, '/redact/agency/issue.9'))).status, 404)
      t.same((await db.selectFrom('audit_entry').select('action').where('subject', '=', `${ref} issue.1 agency`).orderBy('seq').execute()).map(({ action }) => action), ['redaction.saved', 'redaction.saved', 'redaction.released', 'redaction.saved', 'redaction.released'])
    })

    t.test('U-5: boxes are burned into a copy of a picture: what was under them is not in its bytes', async t => {
      const { id, ref } = await givenComplaint(app, 'accepted', TODAY)
      const red = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#ff0000' } }).jpeg().withExif({ IFD0: { Artist: 'somebody' } }).toBuffer()
      const file = await takeIn(app, app.files, { ownerId: id, ownerKind: 'complaint', by: 'bureau', scanner: [] }, { name: '张三家.jpg', declared: 'image/jpeg', bytes: Readable.from([red]), cut: () => false }, TODAY)
      await db.updateTable('attachment').set({ sent: 1 }).where('id', '=', file.id).execute()
      const place = at(ref, `/redact/agency/file.${file.id}`)
      const seen = async (): Promise<string> => hidden((await supervisor.get(place)).body, 'at')
      for (const [box, fault] of [[{ x: '50', y: '0', w: '60', h: '50' }, /方框超出了图片/], [{ x: 'a', y: '0', w: '1', h: '1' }, /0 到 100 之间的四个数/], [{ x: '50', y: '0', w: '0', h: '0' }, /方框超出了图片/]] as const) t.match(await supervisor.submit(place, { at: '', reason: 'identity', ...box }), { status: 422, body: fault })
      t.equal((await supervisor.submit(place, { at: '', reason: 'identity', x: '50', y: '0', w: '25.5', h: '50' })).status, 303)
      t.equal(await renderFile(app, app.files, id, file.id, 'agency'), null)
      const preview = await app.inject({ url: `${place}/picture`, headers: { cookie: Array.from(supervisor.cookies, ([name, value]) => `${name}=${value}`).join('; ') } })
      t.match(preview, { statusCode: 200, headers: { 'content-type': 'image/jpeg', 'cache-control': 'no-store' } })
      t.equal((await head.submit(`${place}/releases`, { at: await seen() })).status, 303)
      const rendered = await renderFile(app, app.files, id, file.id, 'agency')
      t.equal(rendered?.name, '附件1.jpg', 'the name is covered too')
      const bytes = await buffer(await rendered?.open() ?? Readable.from([]))
      t.equal(createHash('sha256').update(bytes).digest('hex'), rendered?.sha256)
      t.notOk(bytes.includes('somebody'))
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
      const pixel = (x: number, y: number): number[] => [...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3)]
      t.same([info.width, info.height], [200, 100])
      const under = Array.from({ length: 46 * 46 }, (_, at) => Math.max(...pixel(102 + at % 46, Math.floor(at / 46)))) // at the very edge the colour beside it shines in
      t.ok(Math.max(...under) < 40, 'black')
      for (const [x, y] of [[10, 10], [90, 20], [170, 20], [120, 70]] as const) t.ok((pixel(x, y)[0] ?? 0) > 200, `${x} ${y} is as it was`)
      t.match(await sharp(bytes).metadata(), { format: 'jpeg', exif: undefined })
      t.match((await inspectStorage(app, app.files, later(TODAY, 60 * 72))).orphans, [], 'the copy is known to whoever sweeps')
    })

    t.test('exhibits are numbered, tell for what they are relied on and who opened them; the bureau’s own never reach the complainant', async t => {
      const filed = await givenComplaint(app, 'investigating', TODAY)
      const { id, ref } = filed
      const words = 'PRIVATE-证据原文'
      const upload = async (person: Person, name: string, text: string): Promise<{ status: number, body: string }> => {
        const page = (await person.get(at(ref, '/exhibits'))).body
        const form = new FormData()
        form.append('_csrf', hidden(page, '_csrf'))
        form.append('files', new Blob([text], { type: 'text/plain' }), name)
        const sent = new Response(form)
        const answer = await app.inject({ method: 'POST', url: at(ref, '/exhibits/uploads'), headers: { 'content-type': sent.headers.get('content-type') ?? '', 'sec-fetch-site': 'same-origin', accept: 'text/html', cookie: Array.from(person.cookies, ([key, value]) => `${key}=${value}`).join('; ') }, payload: Buffer.from(await sent.arrayBuffer()) })
        return { status: answer.statusCode, body: answer.body }
      }
      t.match(await upload(supervisor, '现场记录.exe', 'x'), { status: 422, body: /现场记录\.exe/ })
      t.equal((await upload(supervisor, '现场记录.txt', words)).status, 303)
      t.equal((await upload(clerk, '现场记录.txt', words)).status, 403)
      const page = (await supervisor.get(at(ref, '/exhibits'))).body
      t.match(page, new RegExp(`证据 1[^]*现场记录\\.txt[^]*本局收集[^]*SHA-256 ${createHash('sha256').update(words).digest('hex')}[^]*查阅记录（0 次）`))
      t.equal((await supervisor.submit(at(ref, '/exhibits/reliances'), { no: '1', issue: ['2'], note: '证明扣押没有清单' })).status, 303)
      t.equal((await supervisor.submit(at(ref, '/exhibits/reliances'), { no: '1', issue: ['7'] })).status, 404)
      t.equal((await supervisor.submit(at(ref, '/exhibits/reliances'), { no: '9' })).status, 404)
      const file = await db.selectFrom('attachment').select(['id', 'by_side']).where('complaint_id', '=', id).executeTakeFirstOrThrow()
      await clerk.get(at(ref, `/files/${file.id}`))
      t.match((await supervisor.get(at(ref, '/exhibits'))).body, /用于证明： 问题 ?2[^]*证明扣押没有清单[^]*查阅记录（1 次）[^]*测试li\.na[^]*下载/)
      t.same((await findTracking(app, id, TODAY)).attachments, [], 'the complainant does not see it')
      const own = visitor(app)
      await own.get('/track')
      await own.submit('/track', { ref, code: filed.code })
      t.equal((await own.get(`/track/${ref}/files/${file.id}`)).status, 404, 'nor can it be opened there')
      await sendMessage(app, STAFF.clerk, ref, '给投诉人的话', TODAY)
      t.same((await findTracking(app, id, TODAY)).attachments, [], 'nor does it go along with a message')
      t.match(await supervisor.submit(at(ref, '/exhibits/footage'), {}), { status: 422, body: /请写明内容/ })
      t.equal((await supervisor.submit(at(ref, '/exhibits/footage'), { footage: '请提供执法记录仪录像' })).status, 303)
      t.match((await clerk.get(at(ref, '/exhibits'))).body, /调取 1[^]*2026年11月30日 到期[^]*请提供执法记录仪录像/)
      t.match((await clerk.get(at(ref, '/exhibits/footage/1/sheet'))).body, /调取音像记录通知[^]*请提供执法记录仪录像[^]*请于2026年11月30日前送交/)
      t.match(await supervisor.submit(at(ref, '/exhibits/footage-answers'), { no: '1', state: 'refused' }), { status: 422, body: /请写明内容/ })
      t.equal((await supervisor.submit(at(ref, '/exhibits/footage-answers'), { no: '1', state: 'none', answer: '单位称设备损坏' })).status, 303)
      t.equal((await supervisor.submit(at(ref, '/exhibits/footage-answers'), { no: '1', state: 'received' })).status, 409, 'settled once')
      t.notMatch(await dump(db), /设备损坏|扣押没有清单|执法记录仪录像/)
    })

    t.test('cases about one event are tied, never merged; what is not the same is remembered; like cases are shown', async t => {
      const agency = await db.selectFrom('agency').select('id').where('status', '=', 'in_force').orderBy('id', 'desc').executeTakeFirstOrThrow()
      const about = (date: string) => ({ target: { agencyId: agency.id }, issues: [{ ground: 'G13' as const, text: '不公平' }], when: { date } })
      const own = await givenComplaint(app, 'accepted', TODAY, about('2026-10-10'))
      const near = await givenComplaint(app, 'registered', TODAY, about('2026-10-13'))
      const far = await givenComplaint(app, 'replied', TODAY, about('2026-10-14'))
      const page = async (person = clerk): Promise<string> => (await person.get(at(own.ref, '/related'))).body
      t.match(await page(), new RegExp(`可能是同一件事[^]*${near.ref}[^]*类案[^]*${far.ref}[^]*同一单位[^]*属实`))
      t.notMatch((await page()).replace(/类案[^]*/, ''), far.ref, 'four days apart is another event')
      t.equal((await clerk.submit(at(own.ref, '/related/refusals'), { other: near.ref })).status, 303)
      t.notMatch(await page(), near.ref, 'put aside')
      t.notMatch((await clerk.get(at(near.ref, '/related'))).body, own.ref, 'from either side')
      for (const [other, fault] of [[own.ref, /不能和本件自己关联/], ['TS00000000000', /没有找到这个编号/], ['x', /没有找到这个编号/]] as const) t.match(await clerk.submit(at(own.ref, '/related'), { other, kind: 'related' }), { status: 422, body: fault })
      t.equal((await clerk.submit(at(own.ref, '/related'), { other: near.ref, kind: 'part_of' })).status, 303)
      t.match(await clerk.submit(at(near.ref, '/related'), { other: own.ref, kind: 'related' }), { status: 422, body: /两件已经关联/ })
      t.match(await clerk.submit(at(own.ref, '/related'), { other: far.ref, kind: 'part_of' }), { status: 422, body: /已有牵头案件/ })
      t.match(await clerk.submit(at(far.ref, '/related'), { other: own.ref, kind: 'part_of' }), { status: 422, body: /已经归入其他案件/ })
      t.match(await page(), new RegExp(`已归入牵头案件：[^]*${near.ref}`))
      t.match((await clerk.get(at(near.ref))).body, new RegExp(`归入本件、由本件牵头：[^]*${own.ref}`))
      await db.insertInto('recusal').values({ complaint_id: near.id, sealed: '', status: 'granted', account_id: await desk.idOf('sun.yue'), asked_at: TODAY, decided_at: TODAY, decided_by: null }).execute()
      t.notMatch(await page(supervisor), near.ref, 'Z-4: whoever was recused does not learn of it here')
      t.equal((await supervisor.submit(at(own.ref, '/related/endings'), { other: near.ref })).status, 422)
      t.notMatch(JSON.stringify(await findTracking(app, own.id, TODAY)), near.ref, 'nor does the complainant')
      t.equal((await clerk.submit(at(own.ref, '/related/endings'), { other: near.ref })).status, 303)
      t.match(await clerk.submit(at(own.ref, '/related/endings'), { other: near.ref }), { status: 422, body: /两件没有关联/ })
    })
  })
}
