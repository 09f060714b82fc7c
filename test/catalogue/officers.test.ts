import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { sql, type Kysely } from 'kysely'
import t from 'tap'
import { importRecords } from '../../src/admin/imports/service.ts'
import { endCode, makeCodes, printCards, codeOf, readCode } from '../../src/catalogue/codes/service.ts'
import { readDraft, submitDraft, saveDraft } from '../../src/complaints/form/filing/service.ts'
import { complaintFrom } from '../../src/complaints/visits/notes/conversion.ts'
import { addToNote, eraseNote, keepVisit, newOnce, openVisit, readNote, sweepVisits } from '../../src/complaints/visits/notes/service.ts'
import { packFolder, readConfig } from '../../src/config.ts'
import { installPack } from '../../src/content/install.ts'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { raiseRevision } from '../../src/db/records.ts'
import { openSession } from '../../src/db/sessions.ts'
import type { Database } from '../../src/db/schema.ts'
import { POWERS, doorRights } from '../../src/domain/process/rights.ts'
import { LAWS } from '../../src/domain/records/laws.ts'
import { translate, translator } from '../../src/i18n/index.ts'
import { loadKeys } from '../../src/vault/keys.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { axe, BROWSER, newPage, noOverflow, picture, watchTrouble } from '../fixtures/browser.ts'
import { answersOf, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { htmlErrors, NU } from '../fixtures/nu.ts'
import { visitor } from '../fixtures/visitor.ts'
import { givenVisit, visitOf } from '../fixtures/visits.ts'

t.setTimeout(300_000) // several browsers, beside other work
const UNIT = '沈阳市市场监督管理局'
const NUMBERS = ['21010000001', '21010000002', '21010000003', '21010000004'] as const
const KEEPER = { id: null, role: 'system', requestId: 'test' }
const EVERYBODY = { subject: 'test', everybody: true }
const DAY = 86_400_000
const later = (days: number, ms = 0): string => new Date(Date.parse(TODAY) + days * DAY + ms).toISOString()
const zh = (key: string, values = {}): string => translate('zh-CN', key, values)
const reader = { locale: 'zh-CN' as const, t: translator('zh-CN') }

/** A roster by the import that every agency's comes through: in order, expiring, expired, suspended. */
const ROSTER = [
  [NUMBERS[0], '赵一鸣', '2024-01-01', '2028-01-01', '有效'], [NUMBERS[1], '钱二', '2024-01-01', '2026-12-10', '有效'],
  [NUMBERS[2], '孙三', '2021-01-01', '2026-11-01', '有效'], [NUMBERS[3], '李四', '2024-01-01', '2028-01-01', '暂扣']
]

async function importRoster (db: Kysely<Database>, folder: string, rows = ROSTER, now = TODAY): Promise<void> {
  const file = path.join(folder, 'officers.csv')
  writeFileSync(file, `执法证号,姓名,工作单位,有效期起,有效期止,证件状态\n${rows.map(([no, name, ...rest]) => [no, name, UNIT, ...rest].join(',')).join('\n')}\n`)
  const report = await importRecords({ db, now }, { kind: 'officers', input: file, division: '210100' })
  if (report.counts.rejected > 0) throw new Error(JSON.stringify(report.faults))
}

async function givenCards (t: Teardown, engine: Engine = 'sqlite', environment = {}): Promise<House> {
  const house = await givenHouse(t, engine, environment)
  await importRoster(house.db, house.folder)
  await makeCodes(house.app, KEEPER, EVERYBODY, TODAY)
  return house
}

const codeFor = async (house: House, number: string): Promise<string> => await codeOf(house.app, number) ?? 'none'
/** Everything that a table holds, as text. */
async function dump (db: Kysely<Database>, ...tables: string[]): Promise<string> {
  const rows = await Promise.all(tables.map(async table => (await sql`select * from ${sql.table(table)}`.execute(db)).rows))
  return JSON.stringify(rows)
}

for (const engine of ENGINES) {
  t.test(`${engine}: the code on a card leads to the answer at the door`, async t => {
    const house = await givenCards(t, engine, { SITE_ORIGIN: 'https://zfjd.example.gov.cn' })
    const { app, db } = house
    const { get } = visitor(app)
    for (const [at, status] of (['valid', 'expiring', 'expired', 'suspended'] as const).entries()) {
      const code = await codeFor(house, NUMBERS[at] ?? '')
      for (const prefix of ['', '/en']) {
        const { status: answer, body, headers } = await get(`${prefix}/v/${code}`)
        t.equal(answer, 200)
        t.match(body, translate(prefix === '' ? 'zh-CN' : 'en', `officer_status.${status}`), `${prefix} ${status}`)
        t.match(body, NUMBERS[at])
        t.match(body, 'zfjd.example.gov.cn', 'the official address is printed')
        t.match(body, 'href="tel:12345"')
        t.match(headers, { 'cache-control': 'no-store', 'x-robots-tag': 'noindex', 'permissions-policy': /camera=\(\)/ })
        t.notOk(headers['set-cookie'])
      }
    }
    t.notMatch(await dump(db, 'certificate_code', 'record_version', 'audit_entry'), await codeFor(house, NUMBERS[0]), 'the code itself stands nowhere in the database')
    t.match(await codeFor(house, NUMBERS[0]), /^[\w-]{22}$/, '128 bits')
    t.equal((await app.inject({ method: 'HEAD', url: `/v/${await codeFor(house, NUMBERS[0])}` })).statusCode, 404)
  })

  t.test(`${engine}: whatever is no code of ours gets one answer, which helps and confirms nothing`, async t => {
    const house = await givenCards(t, engine)
    const { get } = visitor(house.app)
    const [unknown] = [await get('/v/AAAAAAAAAAAAAAAAAAAAAA')]
    t.equal(unknown.status, 404)
    t.match(unknown.body, zh('card_code.unknown'))
    t.match(unknown.body, zh('card_code.say'), 'how to refuse politely')
    t.match(unknown.body, 'name="number"', 'and the number can be typed there')
    for (const text of ['x', '21010000001', 'A'.repeat(200), '%25', 'AAAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAB']) {
      const { status, body } = await get(`/v/${text}`)
      t.equal(status, 404, text)
      t.equal(body.replaceAll(`/v/${text}`, '').replaceAll(`/v/${encodeURIComponent(text)}`, ''), unknown.body.replaceAll('/v/AAAAAAAAAAAAAAAAAAAAAA', ''), text)
    }
    t.equal((await get('/v/%00')).status, 404)
    t.equal((await get(`/v/${'A'.repeat(300)}`)).status, 414)
  })

  t.test(`${engine}: a card that is issued anew takes its old code out of force, a new code follows`, async t => {
    const house = await givenCards(t, engine)
    const { app, db, folder } = house
    const { get } = visitor(app)
    const old = await codeFor(house, NUMBERS[0])
    await importRoster(db, folder, ROSTER, later(1))
    t.equal((await get(`/v/${old}`)).status, 200, 'the same list again changes no card')
    await importRoster(db, folder, [[NUMBERS[0], '赵一鸣', '2026-11-24', '2031-01-01', '有效']] as typeof ROSTER, later(1))
    const { status, body } = await get(`/v/${old}`)
    t.equal(status, 410, 'at once, before anybody prints anew')
    t.match(body, zh('card_code.ended.reissued'))
    t.notMatch(body, /赵一鸣|21010000001/, 'whose it was is not told')
    t.same(await makeCodes(app, KEEPER, EVERYBODY, later(2)), { made: 1, renewed: 1 })
    const fresh = await codeFor(house, NUMBERS[0])
    t.not(fresh, old)
    t.equal((await get(`/v/${fresh}`)).status, 200)
    t.match((await get(`/v/${old}`)).body, zh('card_code.ended_on', { on: '2026年11月25日' }))
    t.same(await makeCodes(app, KEEPER, EVERYBODY, later(3)), { made: 0, renewed: 0 }, 'nothing is made twice')
    await importRoster(db, folder, [['21010000001A', '赵一鸣', '2026-11-24', '2031-01-01', '有效']] as typeof ROSTER, later(3))
    await makeCodes(app, KEEPER, EVERYBODY, later(3))
    t.not(await codeFor(house, '21010000001A'), fresh, 'another number is another certificate with a code of its own')
  })

  t.test(`${engine}: a code that was lost ends at once and can be replaced`, async t => {
    const house = await givenCards(t, engine)
    const { app, db } = house
    const { get } = visitor(app)
    const old = await codeFor(house, NUMBERS[1])
    const agencyId = (await db.selectFrom('officer').select('agency_id').executeTakeFirstOrThrow()).agency_id
    t.equal(await endCode(app, KEEPER, { number: NUMBERS[1], ending: 'lost', agencyId: agencyId + 1 }, TODAY), 'unknown', 'another agency\'s is out of reach')
    t.equal(await endCode(app, KEEPER, { number: '２１０１ ００００００２', ending: 'lost', agencyId }, TODAY), 'ended')
    t.equal(await endCode(app, KEEPER, { number: NUMBERS[1], ending: 'lost' }, TODAY), 'no_code')
    t.equal(await endCode(app, KEEPER, { number: '99999', ending: 'lost' }, TODAY), 'unknown')
    t.match(await get(`/v/${old}`), { status: 410, body: new RegExp(zh('card_code.ended.lost')) })
    t.equal(await codeOf(app, NUMBERS[1]), null)
    await makeCodes(app, KEEPER, EVERYBODY, TODAY)
    t.not(await codeFor(house, NUMBERS[1]), old)
    t.match(await get(`/v/${old}`), { status: 410 })
    t.match(await dump(db, 'audit_entry'), /codes\.ended.*21010000002 \(lost\)/)
  })

  t.test(`${engine}: codes are made once, for those whose card is in order, and can be printed again`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, folder } = house
    await importRoster(db, folder)
    await db.updateTable('officer').set({ withheld: 1 }).where('certificate_no', '=', NUMBERS[1]).execute()
    const whose = { subject: 'test', agencyId: (await db.selectFrom('officer').select('agency_id').executeTakeFirstOrThrow()).agency_id }
    const made = await Promise.all([makeCodes(app, KEEPER, whose, TODAY), makeCodes(app, KEEPER, whose, TODAY)])
    t.equal(made[0].made + made[1].made, 1, 'two at once make one; expired, suspended and withheld ones get none')
    const [first, again] = [await printCards(app, { agencyId: whose.agencyId, today: '2026-11-23' }, 0, 10), await printCards(app, { agencyId: whose.agencyId, today: '2026-11-23' }, 0, 10)]
    t.match(first, [{ name: '赵一鸣', certificate_no: NUMBERS[0] }])
    t.same(again, first)
    const stranger = { db, keys: { ...app.keys, cards: Buffer.alloc(32, 7) } }
    t.same(await readCode(db, (await printCards(stranger, { agencyId: whose.agencyId, today: '2026-11-23' }, 0, 10))[0]?.code ?? ''), { state: 'unknown' }, 'without the key no code can be made')
  })

  t.test(`${engine}: a note is written once, opened with its code alone, and holds nothing in the clear`, async t => {
    const house = await givenCards(t, engine)
    const { app, db, clock } = house
    const { get, submit } = visitor(app)
    const officer = await db.selectFrom('officer').select(['slug']).where('certificate_no', '=', NUMBERS[0]).executeTakeFirstOrThrow()
    const form = await get(`/visits/new?officer=${officer.slug}&purpose=inspection`)
    t.match(form.body, `value="${UNIT}"`, 'what is known is filled in')
    t.match(form.body, NUMBERS[0])
    await db.updateTable('officer').set({ withheld: 1 }).where('certificate_no', '=', NUMBERS[0]).execute()
    const silent = (await get(`/visits/new?officer=${officer.slug}`)).body
    t.notMatch(silent, NUMBERS[0], 'of a withheld officer nothing is filled in')
    await db.updateTable('officer').set({ withheld: 0 }).where('certificate_no', '=', NUMBERS[0]).execute()
    const once = /name="once" value="([\w-]{22})"/.exec(form.body)?.[1] ?? ''
    const typed = { once, date_year: '2026', date_month: '11', date_day: '23', agency: UNIT, officers: `${NUMBERS[0]}\n另一个人`, shown: 'none', purpose: 'inspection', done: ['looked', 'seized'], papers: ['notice', 'inventory'], text: '扣了一台冰柜' }
    t.match(await submit('/visits/new', typed), { status: 303, location: '/visits/receipt' })
    const receipt = await get('/visits/receipt')
    const ref = /DF\d{11}/.exec(receipt.body)?.[0] ?? ''
    const code = /\d{4} \d{4} \d{4} \d{4}/.exec(receipt.body)?.[0] ?? ''
    t.match(receipt.headers, { 'cache-control': 'no-store' })
    await submit('/visits/new', typed)
    t.match((await get('/visits/receipt')).body, code, 'sent twice it is one note with one code')
    await submit('/visits/new', { ...typed, text: '扣了两台冰柜' })
    t.match((await get(`/visits/${ref}`)).body, '扣了两台冰柜', 'and what was mended before sending again stands')
    t.equal((await db.selectFrom('visit_note').select('id').execute()).length, 1)
    t.notMatch(await dump(db, 'visit_note', 'login_session'), new RegExp(`冰柜|${NUMBERS[0]}|${UNIT}|${code}|${code.replaceAll(' ', '')}`))

    const other = visitor(app)
    t.match(await other.get(`/visits/${ref}`), { status: 303, location: '/visits?expired=1' })
    const [wrong, unknown] = [await other.submit('/visits', { ref, code: '0000000000000000' }), await other.submit('/visits', { ref: 'DF00000000000', code })]
    t.equal(wrong.status, 404)
    t.equal(unknown.status, 404)
    t.equal(wrong.body.replaceAll(ref, ''), unknown.body.replaceAll('DF00000000000', ''), 'wrong code and unknown note are one answer')
    t.notMatch(wrong.body, /0000000000000000"/, 'the code is not sent back')
    t.match(await other.submit('/visits', { ref: ref.slice(2).toLowerCase(), code: code.replaceAll(' ', '-') }), { status: 303, location: `/visits/${ref}` })
    t.match((await other.get(`/visits/${ref}`)).body, '扣了两台冰柜')
    t.equal((await other.get('/visits/DF00000000000')).status, 404, 'a session opens its own note only')

    clock.now = later(0, 31 * 60_000)
    await sweepVisits(app, clock.now)
    const late = visitor(app)
    await late.submit('/visits', { ref, code })
    t.notMatch((await late.get('/visits/receipt')).body, code, 'after half an hour the code is shown to nobody')
    t.equal((await db.selectFrom('visit_note').select('code_sealed').executeTakeFirstOrThrow()).code_sealed, null)
    await late.submit('/visits/new', { ...typed, text: '又来了' })
    t.equal((await db.selectFrom('visit_note').select('id').execute()).length, 2, 'an old form makes a note of its own: nobody could open the first')
  })

  t.test(`${engine}: guessing at a note ends after 25 tries an hour, from wherever`, async t => {
    const { app } = await givenHouse(t, engine, { SUNLIT_RATE: '1' })
    const { ref, code } = await givenVisit(app, TODAY)
    const statuses: number[] = []
    for (let count = 0; count < 27; count++) {
      const payload = new URLSearchParams({ ref, code: '1234567890123456' }).toString()
      const { statusCode } = await app.inject({ method: 'POST', url: '/visits', remoteAddress: `10.0.0.${count}`, headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }, payload })
      statuses.push(statusCode)
    }
    t.same([...new Set(statuses.slice(0, 25))], [404])
    t.same(statuses.slice(25), [429, 429])
    t.match(await openVisit(app, ref, code, TODAY), { ref })
  })

  t.test(`${engine}: a note is added to, deleted at once, and gone on its sixtieth day`, async t => {
    const house = await givenCards(t, engine)
    const { app, db, clock } = house
    const { get, submit } = visitor(app)
    const { ref, code, id } = await givenVisit(app, TODAY)
    const kept = await givenVisit(app, later(1))
    await submit('/visits', { ref, code })
    await get(`/visits/${ref}`)
    t.match(await submit(`/visits/${ref}/additions`, { addition: '第二天送来了清单' }), { status: 303 })
    t.match(await submit(`/visits/${ref}/additions`, { addition: '第二天送来了清单' }), { status: 303 })
    const page = await get(`/visits/${ref}`)
    t.equal(page.body.split('第二天送来了清单').length, 2, 'the same twice is one addition')
    t.match(page.body, '查看了后厨', 'what was noted first stays')
    t.match(await submit(`/visits/${ref}/additions`, { addition: '长'.repeat(1001) }), { status: 422, body: /长{1001}/ }, 'too long: told so, nothing lost')
    t.equal((await submit(`/visits/${ref}/additions`, {})).status, 422)
    t.equal((await submit(`/visits/${ref}/deletions`, {})).status, 422, 'not without the tick')
    t.match(await submit(`/visits/${ref}/deletions`, { confirm: '1' }), { status: 303, location: '/visits?deleted=1' })
    t.equal((await submit('/visits', { ref, code })).status, 404)
    t.equal((await db.selectFrom('visit_note').selectAll().where('id', '=', id).execute()).length, 0)
    for (let count = 0; count < 20; count++) await addToNote(app, kept.id, `第${count}次`, later(1))
    await t.rejects(addToNote(app, kept.id, '再来一次', later(1)), { code: 'form_invalid' })

    clock.now = later(61, -1)
    t.match(await openVisit(app, kept.ref, kept.code, clock.now), { ref: kept.ref }, 'to the last moment')
    t.equal(await sweepVisits(app, clock.now), 0)
    clock.now = later(61)
    await t.rejects(openVisit(app, kept.ref, kept.code, clock.now), { code: 'track_failed' }, 'then nobody opens it, swept or not')
    await t.rejects(readNote(app, kept.id, clock.now), { code: 'not_signed_in' })
    t.equal(await sweepVisits(app, clock.now), 1)
    t.equal(await dump(db, 'visit_note'), '[[]]')
    t.equal((await db.selectFrom('login_session').select('id').where('kind', '=', 'visit').execute()).length, 0)
  })

  t.test(`${engine}: a complaint from a note keeps the records as they were on the day of the visit`, async t => {
    const house = await givenCards(t, engine)
    const { app, db, clock, folder } = house
    const made = later(-3)
    await db.updateTable('record_version').set({ recorded_at: made }).where('kind', 'in', ['officer', 'agency']).execute()
    const { ref, code } = await givenVisit(app, TODAY, { shown: 'none' })
    clock.now = later(5)
    await importRoster(db, folder, [[NUMBERS[0], '赵一鸣', '2026-11-27', '2031-01-01', '有效']] as typeof ROSTER, later(4))
    const { get, submit, cookies } = visitor(app)
    await submit('/visits', { ref, code })
    t.match((await get(`/visits/${ref}`)).body, zh('visit.complain'))
    t.match(await submit(`/visits/${ref}/complaints`), { status: 303, location: '/complain/draft/target' }, 'one step')
    const target = await get('/complain/draft/target')
    t.match(target.body, UNIT)
    t.match(target.body, NUMBERS[0])
    const { id } = await db.selectFrom('draft').select('id').executeTakeFirstOrThrow()
    const { answers } = await readDraft(app, id)
    t.match(answers, { when: { date: '2026-11-20', time: '下午三点' } })
    const account = String(answers.typed?.['what']?.form['text_1'])
    for (const part of ['高个子，戴眼镜', '查看了后厨', zh('visit_done.copied'), zh('visit_paper.notice')]) t.match(account, part)
    t.equal(answers.typed?.['what']?.form['ground_1'], 'G01', 'no certificate was shown')

    await submit('/complain/draft/target', { agency: UNIT, officer: NUMBERS[0] })
    t.match((await get('/complain/draft/what')).body, '查看了后厨', 'the account waits on its page')
    await get(`/visits/${ref}`)
    const before = cookies.get('sunlit-draft')
    t.match(await submit(`/visits/${ref}/complaints`), { status: 303, location: `/visits/${ref}#complain` }, 'a complaint begun before is not thrown away unasked')
    t.match((await get(`/visits/${ref}`)).body, zh('visit.complain_open'))
    t.equal(cookies.get('sunlit-draft'), before)
    t.match(await submit(`/visits/${ref}/complaints`, { replace: '1' }), { status: 303, location: '/complain/draft/target' })
    t.equal((await db.selectFrom('draft').select('id').execute()).length, 1)

    const draft = await complaintFrom(app, (await openVisit(app, ref, code, clock.now)).id, clock.now, reader)
    const begun = (await readDraft(app, draft)).answers
    await saveDraft(app, draft, { ...answersOf(), target: begun.target ?? {}, when: begun.when ?? {} }, clock.now)
    await submitDraft(app, draft, clock.now)
    const links = await db.selectFrom('complaint_link').select(['kind', 'record_version']).where('complaint_id', '=', draft).orderBy('kind').execute()
    t.same(links, [{ kind: 'agency', record_version: 1 }, { kind: 'officer', record_version: 1 }], 'the officer has a second version since; the visit was under the first')
    t.equal((await db.selectFrom('officer').select('version').where('certificate_no', '=', NUMBERS[0]).executeTakeFirstOrThrow()).version, 2)
    t.match(await openVisit(app, ref, code, clock.now), { ref }, 'the note itself stays')
  })

  t.test(`${engine}: what is wrong with a note is said beside it, and nothing typed is lost`, async t => {
    const { app, db } = await givenHouse(t, engine)
    const { get, submit } = visitor(app)
    const day = { date_year: '2026', date_month: '11', date_day: '20' }
    const long = '店'.repeat(10_000)
    const cases: Array<[Record<string, string | string[]>, string]> = [
      [{}, 'when.error.date'], [day, 'visit.error.nothing'], [{ ...day, date_day: '31', text: 'x' }, 'when.error.invalid'], [{ ...day, date_year: '2027', text: 'x' }, 'when.error.future'],
      [{ ...day, text: long }, 'visit.error.text_long'], [{ ...day, agency: long }, 'visit.error.agency_long'], [{ ...day, officers: long }, 'visit.error.officers_long'],
      [{ ...day, officers: Array.from({ length: 11 }, (_one, at) => `人${at}`).join('\n') }, 'visit.error.officers_many'], [{ ...day, papers: ['none', 'record'] }, 'visit.error.papers_none'],
      ...['25:99', '9:75', '２５：００', '25点', '24:01', '9:00-26:00'].map(time => [{ ...day, time, text: 'x' }, 'visit.error.time'] as [Record<string, string>, string])
    ]
    for (const [form, fault] of cases) {
      const { status, body } = await submit('/visits/new', form)
      t.equal(status, 422, fault)
      for (const part of zh(fault).split(/\{\w+\}/)) t.ok(body.includes(part), `${fault}: ${part}`)
      for (const value of Object.values(form).flat()) if (value.length > 4) t.ok(body.includes(value.slice(0, 3000)), `${fault}: what was typed is there`)
    }
    for (const form of [{ ...day, purpose: 'nonsense', shown: '<script>', done: ['x', 'looked'], papers: 'toString', text: '…' }, { ...day, once: '../../etc', text: '字' }, { ...day, officers: '，；、', agency: '%_\\' }, ...['上午九点', '14:30', '9点30分左右', '24:00', '待了30小时'].map(time => ({ ...day, time, text: '字' }))]) {
      t.equal((await submit('/visits/new', form)).status, 303, JSON.stringify(form))
    }
    t.equal((await get('/visits/new?officer=nobody&agency=%2e%2e&purpose=x')).status, 200)
    t.equal((await submit('/visits', {})).status, 422)
    t.equal((await submit('/visits', { ref: long, code: '1' })).status, 422)
    t.equal((await db.selectFrom('visit_note').select('id').execute()).length, 8)
  })

  t.test(`${engine}: of two that send the same form at once, one makes the note`, async t => {
    const { app, db } = await givenHouse(t, engine)
    const once = newOnce()
    const ids = await Promise.all([1, 2, 3, 4].map(async () => await keepVisit(app, once, visitOf(), TODAY)))
    t.equal(new Set(ids).size, 1)
    const [row] = await db.selectFrom('visit_note').selectAll().execute()
    const { ref, code } = await readNote(app, ids[0] ?? '', TODAY)
    t.match(await openVisit(app, ref, code ?? '', TODAY), { id: row?.id }, 'and its code opens it')
  })
}

for (const engine of ENGINES) {
  t.test(`${engine}: the desk makes codes, prints them ten to a sheet and ends one that was lost`, async t => {
    const house = await givenHouse(t, engine, { SITE_ORIGIN: 'https://zfjd.example.gov.cn', SITE_BASE_PATH: '/zf' })
    const { app, db, folder } = house
    await givenStaff(db)
    const many = Array.from({ length: 12 }, (_one, at) => [`2101000010${String(at).padStart(2, '0')}`, `演示${at}`, '2024-01-01', '2028-01-01', '有效'])
    await importRoster(db, folder, many as typeof ROSTER)
    const { slug } = await db.selectFrom('agency').select('slug').where('name', '=', UNIT).executeTakeFirstOrThrow()
    const admin = visitor(app)
    admin.cookies.set('__Host-sunlit-staff', await openSession(db, 'staff', String(STAFF.admin.id), TODAY))
    const sheet = `/zf/desk/certificate-codes/${slug}`
    t.match((await admin.get('/zf/desk/certificate-codes')).body, UNIT)
    t.match((await admin.get('/zf/desk/certificate-codes?q=%25&page=999999999')).body, zh('codes.none'), 'a sign is a sign')
    t.match((await admin.get(sheet)).body, zh('codes.missing_count', { count: 12 }))
    t.match(await admin.submit(sheet), { status: 303, location: `${sheet}?done=made&count=12` })
    const page = await admin.get(sheet)
    t.equal(page.body.split('class="sl-cardqr"').length - 1, 10)
    t.ok(page.body.length < 60_000, `${page.body.length} bytes`)
    t.equal((await admin.get(`${sheet}?page=2`)).body.split('class="sl-cardqr"').length - 1, 2)
    t.match((await admin.get(`${sheet}?page=0`)).status, 200)
    const code = await codeFor(house, '210100001000')
    t.match((await admin.get(`/zf/v/${code}`)).status, 200)
    t.equal((await admin.submit(`${sheet}/endings`, { number: '210100001000' })).status, 422, 'not without a reason')
    t.match(await admin.submit(`${sheet}/endings`, { number: '99990000', ending: 'lost' }), { status: 422, body: /99990000/ })
    t.equal((await admin.submit(`${sheet}/endings`, { number: '210100001000', ending: 'reissued' })).status, 422, 'that reason is the register\'s own')
    t.match(await admin.submit(`${sheet}/endings`, { number: '210100001000', ending: 'lost' }), { status: 303, location: `${sheet}?done=ended` })
    t.equal((await admin.get(`/zf/v/${code}`)).status, 410)
    t.equal((await admin.get('/zf/desk/certificate-codes/nobody')).status, 404)
    t.match(await dump(db, 'audit_entry'), new RegExp(`${STAFF.admin.id}[^}]*codes\\.made[^}]*\\(12\\)`))

    const clerk = visitor(app)
    clerk.cookies.set('__Host-sunlit-staff', await openSession(db, 'staff', String(STAFF.clerk.id), TODAY))
    t.equal((await clerk.get(sheet)).status, 403, 'clerks have other work')
    const district = await db.selectFrom('bureau').select('id').where('parent_id', 'is not', null).orderBy('id').executeTakeFirstOrThrow()
    await db.updateTable('account').set({ bureau_id: district.id }).where('id', '=', STAFF.admin.id).execute()
    t.equal((await admin.get(sheet)).status, 404, 'a district\'s administrator has the district\'s agencies only')
    t.notMatch((await admin.get('/zf/desk/certificate-codes')).body, UNIT)
  })
}

t.test('the command makes, prints and ends codes', async t => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-codes-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const environment = { ...process.env, SUNLIT_DATA: folder, SITE_ORIGIN: 'https://zfjd.example.gov.cn', INIT_CWD: folder, DATABASE_URL: '' }
  const command = async (...args: string[]): Promise<{ code: number, said: string }> => await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli/officers.ts', ...args], { cwd: path.join(import.meta.dirname, '../..'), env: environment })
    .then(({ stdout }) => ({ code: 0, said: stdout }), (error: { code: number, stderr: string }) => ({ code: error.code, said: error.stderr }))
  const db = await openDatabase(`sqlite:${path.join(folder, 'sunlit.db')}`)
  t.teardown(async () => { await db.destroy() })
  await migrateToLatest(db)
  await installPack(db, packFolder(readConfig({ SUNLIT_DATA: folder })), TODAY)
  await importRoster(db, folder, [[NUMBERS[0], '赵<一>鸣', '2024-01-01', '2099-01-01', '有效']] as typeof ROSTER)
  const { slug } = await db.selectFrom('agency').select('slug').where('name', '=', UNIT).executeTakeFirstOrThrow()
  t.match(await command('codes', '--agency', slug, '--sheet', 'cards.html'), { code: 0, said: /1/ })
  const sheet = readFileSync(path.join(folder, 'cards.html'), 'utf8')
  t.match(sheet, '赵&#60;一&#62;鸣')
  t.equal(sheet.split('<svg').length, 2)
  t.match(await command('codes', '--end', NUMBERS[0], '--reason', 'replaced'), { code: 0 })
  const codes = await db.selectFrom('certificate_code').select(['turn', 'ending']).orderBy('turn').execute()
  t.same(codes, [{ turn: 1, ending: 'replaced' }, { turn: 2, ending: null }])
  for (const wrong of [[], ['codes', '--end', NUMBERS[0]], ['codes', '--sheet', 'x.html'], ['codes', '--agency', 'nobody'], ['codes', '--end', '000000', '--reason', 'lost'], ['other']]) {
    t.match(await command(...wrong), { code: 2, said: /./ }, wrong.join(' '))
  }
})

t.test('a deleted note leaves nothing in the files of the database', async t => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-erase-'))
  const file = path.join(folder, 'erase.db')
  const db = await openDatabase(`sqlite:${file}`)
  t.teardown(async () => { await db.destroy(); rmSync(folder, { recursive: true, force: true }) })
  await migrateToLatest(db)
  const keys = await loadKeys(db, path.join(folder, 'keys'))
  const { id } = await givenVisit({ db, keys }, TODAY)
  const row = await db.selectFrom('visit_note').select(['wrapped_key', 'sealed']).where('id', '=', id).executeTakeFirstOrThrow()
  const stored = (): string => [file, `${file}-wal`].map(name => readFileSync(name, 'latin1')).join('')
  t.ok(stored().includes(row.wrapped_key), 'it was there')
  await eraseNote({ db }, id)
  t.notOk(stored().includes(row.wrapped_key), 'its key is gone')
  t.notOk(stored().includes(row.sealed.slice(0, 60)), 'and so is what it said')
})

t.test('the card for the door names what may be asked for, by power, each with its article', async t => {
  const { app, db } = await givenHouse(t)
  const { get } = visitor(app)
  await raiseRevision(db, 'register')
  for (const power of POWERS) {
    t.ok(doorRights(power).length > 0, power)
    const { status, body, headers } = await get(`/verify/door?power=${power}`)
    t.equal(status, 200)
    for (const right of doorRights(power)) {
      t.match(body, zh(`right.${right.code}`))
      for (const { law } of right.basis) t.match(body, LAWS[law].name.replace('中华人民共和国', ''))
    }
    t.match(headers, { 'cache-control': /public/, 'permissions-policy': /camera=\(\)/ })
  }
  for (const code of ['two_officers', 'certificate', 'told_before', 'recusal']) t.ok(doorRights('penalty').some(right => right.code === code), code)
  t.ok(doorRights('coercion').some(right => right.code === 'inventory'))
  const usual = (await get('/verify/door')).body
  for (const query of ['power=nonsense', 'power=toString', `power=${'x'.repeat(100)}`, 'officer=%3Cscript%3E', 'power=a&power=b']) {
    const { status, body } = await get(`/verify/door?${query}`)
    t.equal(status, 200, query)
    t.equal(body.replaceAll(/\/verify\/door[^"<]*/g, ''), usual.replaceAll(/\/verify\/door[^"<]*/g, ''), query)
  }
  t.equal((await get('/verify/door?officer=abc_1')).headers['cache-control'], 'no-store', 'whose card it was is kept by no cache')
  t.match((await get('/verify/door?officer=abc_1')).body.replaceAll('&#x3D;', '='), /\/visits\/new\?[^"]*officer=abc_1/, 'who was checked is handed on')
})

t.test('only the page of verification may ask for the camera', async t => {
  const { app } = await givenCards(t)
  for (const { method, url } of app.routeTable.filter(row => row.method === 'GET')) {
    const { headers } = await app.inject({ method: method as 'GET', url: url.replace(/:\w+|\*/g, 'x') })
    t.match(headers['permissions-policy'], url === '/verify' ? 'camera=(self)' : 'camera=()', url)
    t.notMatch(headers['content-security-policy'] ?? '', /unsafe|media-src|blob:/, url)
  }
})

t.test('in a browser', { ...BROWSER, timeout: 240_000 }, async t => {
  const house = await givenCards(t)
  const origin = await house.app.listen({ port: 0, host: '127.0.0.1' })
  const htmls = new Map<string, string>()

  await t.test('an answer fits one screen of a telephone, weighs little and needs no script', async t => {
    for (const prefix of ['', '/en']) {
      const page = await newPage(t, { width: 360, script: false })
      await page.setViewportSize({ width: 360, height: 640 })
      let bytes = 0
      page.on('response', response => { response.request().sizes().then(sizes => { bytes += sizes.responseBodySize }, () => undefined) })
      await page.goto(`${origin}${prefix}/v/${await codeFor(house, NUMBERS[0])}`)
      await page.waitForTimeout(300)
      t.ok(bytes > 0 && bytes < 100_000, `${prefix}: ${bytes} bytes in all`)
      for (const what of ['#verdict', '.sl-facts', '.sl-doorlinks', '.sl-calls']) {
        const box = await page.locator(what).boundingBox()
        t.ok(box !== null && box.y + box.height <= 640, `${prefix} ${what} ends at ${String(box === null ? null : box.y + box.height)}`)
      }
      t.same(await noOverflow(page), [])
      await page.goto(`${origin}${prefix}/verify/door?power=penalty`)
      const card = await page.locator('.sl-doorcard').boundingBox()
      t.ok(card !== null && card.y + card.height <= 640, `${prefix}: the rights end at ${String(card === null ? null : card.y + card.height)}`)
    }
  })

  await t.test('from the card to a note, and from the note to a complaint, on a telephone', async t => {
    for (const [prefix, locale] of [['', 'zh-CN'], ['/en', 'en']] as const) {
      const say = translator(locale)
      const page = await newPage(t, { width: 360, locale })
      const trouble = watchTrouble(page)
      const sound = async (name: string): Promise<void> => {
        if (locale === 'zh-CN') t.same(await axe(page), [], name) // the structure is the same in both
        await page.setViewportSize({ width: 320, height: 780 })
        t.same(await noOverflow(page), [], `${prefix} ${name} at 320 px`)
        await page.setViewportSize({ width: 360, height: 780 })
        await picture(page, `visit-${name}-${locale}`)
        htmls.set(`${name}-${locale}`, await page.content())
      }
      await page.goto(`${origin}${prefix}/v/${await codeFor(house, NUMBERS[0])}`)
      await sound('card')
      await page.getByRole('link', { name: say('door.rights') }).click()
      await sound('door')
      await page.getByRole('link', { name: say('door.note') }).click()
      t.equal(await page.inputValue('#officers'), NUMBERS[0])
      await sound('new')
      await page.getByRole('button', { name: say('visit.keep') }).click()
      t.match(page.url(), '/visits/receipt')
      await sound('receipt')
      await page.getByRole('link', { name: say('visit.go_on') }).click()
      await sound('show')
      const note = page.url()
      await page.getByRole('button', { name: say('visit.delete') }).click()
      await page.getByRole('alert').waitFor()
      await sound('refused')
      await page.getByRole('button', { name: say('visit.complain') }).click()
      await page.waitForURL(`${origin}${prefix}/complain/draft/target`)
      t.equal(await page.inputValue('#agency'), UNIT)
      await page.goto(note)
      t.ok(await page.getByText(say('visit.complain_open')).isVisible())
      await sound('open')
      t.same(trouble, [])
    }
  })

  await t.test('the sheet of cards, on the screen and on paper', async t => {
    await givenStaff(house.db)
    const token = await openSession(house.db, 'staff', String(STAFF.admin.id), TODAY)
    const { slug } = await house.db.selectFrom('agency').select('slug').where('name', '=', UNIT).executeTakeFirstOrThrow()
    for (const width of [320, 1280]) {
      const page = await newPage(t, { width })
      await page.context().addCookies([{ name: 'sunlit-staff', value: token, url: origin }])
      for (const [name, address] of [['codes', '/desk/certificate-codes'], ['sheet', `/desk/certificate-codes/${slug}`]] as const) {
        await page.goto(origin + address)
        if (width === 1280) t.same(await axe(page), [], name)
        t.same(await noOverflow(page), [], `${name} at ${width} px`)
        htmls.set(name, await page.content())
      }
      for (const media of ['screen', 'print'] as const) {
        await page.emulateMedia({ media })
        const box = await page.locator('.sl-cardqr').first().boundingBox()
        t.ok((box?.width ?? 0) > 100, `${media}: a code large enough to scan`)
      }
    }
  })

  await t.test('as the HTML checker reads them', NU, async t => { t.same(await htmlErrors(htmls), []) })

  await t.test('the camera reads our code where the browser can, and leads nowhere else', async t => {
    const code = await codeFor(house, NUMBERS[0])
    for (const [text, end] of [[`${origin}/v/${code}`, `/en/v/${code}`], [NUMBERS[0], `/en/verify?number=${NUMBERS[0]}`], [`https://elsewhere.example/v/${code}`, null], ['javascript:alert(1)', null], [`${origin}/desk`, null]] as const) {
      const page = await newPage(t)
      const trouble = watchTrouble(page)
      await page.addInitScript(`
        window.BarcodeDetector = class { static async getSupportedFormats () { return ['qr_code'] } async detect () { return [{ rawValue: ${JSON.stringify(text)} }] } }
        Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia: async () => { const canvas = document.createElement('canvas'); canvas.getContext('2d').fillRect(0, 0, 9, 9); return canvas.captureStream(5) } } })`)
      await page.goto(`${origin}/en/verify`)
      await page.click('[data-scan] button')
      if (end === null) {
        await page.getByText(translate('en', 'scan.foreign')).waitFor()
        t.equal(new URL(page.url()).pathname, '/en/verify', text)
      } else {
        await page.waitForURL(`${origin}${end}`)
        t.ok(await page.locator('#verdict').isVisible(), text)
      }
      t.same(trouble, [])
    }
    const plain = await newPage(t)
    await plain.addInitScript('delete window.BarcodeDetector')
    await plain.goto(`${origin}/verify`)
    t.notOk(await plain.locator('[data-scan] button').isVisible(), 'elsewhere there is no button')
  })
})
