import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import t from 'tap'
import { decideLetter, decideProposal, issueLetter, type LetterText, openDraft, type Person, proposeLetter, quoteArticles, saveLetter, withdrawLetter } from '../../src/complaints/outcome/letters/service.ts'
import { voidDocument, recordDelivery, readIssued } from '../../src/complaints/outcome/documents/service.ts'
import { findById } from '../../src/complaints/case/core/repository.ts'
import { sealFor } from '../../src/complaints/case/ledger/sealing.ts'
import { canonical } from '../../src/db/records.ts'
import { recordFinding } from '../../src/complaints/case/core/service.ts'
import { switchLetter } from '../../src/complaints/outcome/letter-types/service.ts'
import type { LetterType } from '../../src/domain/supervision/letters.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenStaff, STAFF, type Filed } from '../fixtures/complaints.ts'
import { openSession } from '../../src/db/sessions.ts'
import { ROUTES } from '../../src/paths.ts'
import { visitor } from '../fixtures/visitor.ts'
import { ENGINES, testDatabaseUrl } from '../fixtures/engines.ts'

/** A letter with everything that any type needs. */
export const TEXT: LetterText = {
  addressee: '某区城市管理局（虚构）',
  fields: { facts: '两名执法人员没有出示证件。', evidence: '现场录像一份。', reasons: '违反了出示证件的规定。', basis: '《行政处罚法》第五十五条', request: '请完善制度。', meeting: '十一月三十日，司法局三楼。', report: '请书面报告整改情况。' },
  demands: [{ kind: 'return_property', text: '退还冰柜' }, { kind: 'apologise', text: '向当事人道歉', dueOn: '2026-12-31' }]
}
const { clerk, investigator, legal_reviewer: legal, head, approver, government } = STAFF
const row = async (db: House['db'], id: string) => await db.selectFrom('document_draft').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const statusOf = async (db: House['db'], { id }: Filed): Promise<string> => (await db.selectFrom('complaint').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status

async function givenPending ({ app }: House, { ref }: Filed, type: LetterType, text = TEXT): Promise<string> {
  return await saveLetter(app, investigator, ref, { type, text, handIn: true }, TODAY)
}

async function approve ({ app, db }: House, id: string, ...people: Person[]): Promise<void> {
  for (const person of people) await decideLetter(app, person, { id, version: (await row(db, id)).version, decision: 'approve', comment: '' }, TODAY)
}

const numbersOf = async (db: House['db'], type: string): Promise<number[]> => (await db.selectFrom('document').select('number').where('type', '=', type).execute()).map(({ number }) => Number(/〕(\d+)号/.exec(number)?.[1])).sort((a, b) => a - b)

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const house = await givenHouse(t, engine)
    const { app, db } = house
    await givenStaff(db)

    await t.test('a letter goes its way: handed in, looked at by three people, issued with number, demands and the step of the case', async t => {
      const filed = await givenComplaint(app, 'drafting', TODAY)
      await t.rejects(saveLetter(app, investigator, filed.ref, { type: 'opinion_letter', text: { ...TEXT, demands: [], fields: { facts: '｛事实｝' } }, handIn: true }, TODAY), { code: 'form_invalid' })
      await t.rejects(givenPending(house, filed, 'opinion_letter', { ...TEXT, fields: { ...TEXT.fields, facts: '电话13812345678' } }), { code: 'form_invalid' }, 'what tells who somebody is')
      await t.rejects(givenPending(house, filed, 'notice_letter'), { code: 'transition_refused' }, 'a local form is off')
      for (const [actor, wish, code] of [[clerk, { type: 'notice_letter', basis: '某条例' }, 'forbidden'], [head, { type: 'notice_letter', basis: '' }, 'form_invalid'], [head, { type: 'opinion_letter', basis: '某条例' }, 'not_found']] as const) {
        await t.rejects(switchLetter(app, actor, { used: true, ...wish }, TODAY), { code })
      }
      await switchLetter(app, head, { type: 'notice_letter', used: true, basis: '某省条例第二十条（虚构）' }, TODAY)
      await withdrawLetter(app, investigator, filed.ref, { id: await givenPending(house, filed, 'notice_letter'), version: 1, text: '只是试写' }, TODAY)
      await switchLetter(app, head, { type: 'notice_letter', used: false, basis: '' }, TODAY)
      await t.rejects(givenPending(house, filed, 'notice_letter'), { code: 'transition_refused' }, 'off again')
      const id = await givenPending(house, filed, 'opinion_letter')
      t.equal(await givenPending(house, filed, 'opinion_letter'), id, 'going back and sending again is one letter')
      await t.rejects(issueLetter(app, approver, { id, version: 1 }, TODAY), { code: 'transition_refused' }, 'not approved')
      await t.rejects(decideLetter(app, head, { id, version: 1, decision: 'approve', comment: '' }, TODAY), { code: 'transition_refused' }, 'the legal check comes first')
      await t.rejects(decideLetter(app, investigator, { id, version: 1, decision: 'approve', comment: '' }, TODAY), { code: 'forbidden' })
      await t.rejects(decideLetter(app, legal, { id, version: 1, decision: 'return', comment: ' ' }, TODAY), { code: 'reason_required' })
      await decideLetter(app, legal, { id, version: 1, decision: 'return', comment: '请补充证据' }, TODAY)
      t.match(await row(db, id), { state: 'draft', step: 0 })
      await saveLetter(app, investigator, filed.ref, { id, version: 2, type: 'opinion_letter', text: TEXT, handIn: true }, TODAY)
      await approve(house, id, legal, head)
      t.equal((await row(db, id)).state, 'pending')
      await approve(house, id, approver)
      t.equal((await row(db, id)).state, 'approved')
      const { version } = await row(db, id)
      await t.rejects(issueLetter(app, head, { id, version }, TODAY), { code: 'forbidden' })
      const issued = await issueLetter(app, approver, { id, version }, TODAY)
      await t.rejects(issueLetter(app, approver, { id, version }, TODAY), { code: 'stale_version' }, 'once')
      t.equal(await statusOf(db, filed), 'document_issued')
      const document = await readIssued(app, issued, approver)
      t.match(document, { type: 'opinion_letter', number: /意〔2026〕1号$/, content: { letter: { addressee: TEXT.addressee } } })
      const demands = await db.selectFrom('demand').select(['no', 'kind', 'state', 'due_on']).where('document_id', '=', issued).orderBy('no').execute()
      t.match(demands, [{ no: 1, kind: 'return_property', state: 'open' }, { no: 2, kind: 'apologise', due_on: '2026-12-31' }])
      t.ok((demands[0]?.due_on ?? '') > '2026-11-23', 'by the clock')
      t.equal((await db.selectFrom('clock').select('clock').where('complaint_id', '=', filed.id).where('clock', 'in', ['rectify', 'objection']).where('stopped_on', 'is', null).execute()).length, 2)
      t.same((await db.selectFrom('approval').select(['step', 'decision']).where('draft_id', '=', id).orderBy('seq').execute()).map(({ step, decision }) => `${step} ${decision}`),
        ['author handed_in', 'legal returned', 'author handed_in', 'legal approved', 'head approved', 'leader approved'])
      await t.rejects(voidDocument(app, approver, { id: issued, reason: '写错了' }, TODAY), { code: 'letter_stands' })
      await recordDelivery(app, STAFF.clerk, issued, { way: 'direct', state: 'delivered', on: '2026-11-23', receiver: '办公室', receipt: '1', remark: '' }, TODAY)
      await t.rejects(recordDelivery(app, STAFF.clerk, issued, { way: 'direct', state: 'delivered', on: '2026-11-22', receiver: '', receipt: '', remark: '' }, TODAY), { code: 'form_invalid' })
      t.match((await readIssued(app, issued, approver)).deliveries, [{ receiver: '办公室', way: 'direct' }])
    })

    await t.test('nobody looks at an own letter, and nobody takes two steps', async t => {
      const filed = await givenComplaint(app, 'drafting', TODAY)
      const own = await saveLetter(app, head, filed.ref, { type: 'opinion_letter', text: TEXT, handIn: true }, TODAY)
      await approve(house, own, legal)
      await t.rejects(approve(house, own, head), { code: 'form_invalid' })
      await db.updateTable('approval').set({ account_id: head.id }).where('draft_id', '=', own).where('step', '=', 'legal').execute()
      await db.updateTable('document_draft').set({ author_id: investigator.id }).where('id', '=', own).execute()
      await t.rejects(approve(house, own, head), { code: 'form_invalid' })
      await db.insertInto('recusal').values({ complaint_id: filed.id, asked_at: TODAY, sealed: '', status: 'granted', account_id: approver.id } as never).execute()
      await t.rejects(decideLetter(app, approver, { id: own, version: 2, decision: 'approve', comment: '' }, TODAY), { code: 'not_found' }, 'who was recused sees nothing of it')
    })

    await t.test('what was altered behind the program is refused, and findings that changed are seen', async t => {
      const filed = await givenComplaint(app, 'drafting', TODAY)
      const id = await givenPending(house, filed, 'opinion_letter')
      const other = await givenPending(house, filed, 'urging_letter')
      await db.updateTable('document_draft').set({ digest: (await row(db, other)).digest }).where('id', '=', id).execute()
      await t.rejects(approve(house, id, legal), { code: 'letter_altered' })
      await approve(house, other, legal, head, approver)
      await db.updateTable('approval').set({ digest: 'x' }).where('draft_id', '=', other).where('step', '=', 'head').execute()
      await t.rejects(issueLetter(app, approver, { id: other, version: 4 }, TODAY), { code: 'letter_altered' })
      const third = await givenPending(house, filed, 'opinion_letter', { ...TEXT, addressee: '另一单位（虚构）' })
      await approve(house, third, legal, head, approver)
      await db.updateTable('complaint').set({ status: 'investigating' }).where('id', '=', filed.id).execute()
      const { version } = await db.selectFrom('complaint').select('version').where('id', '=', filed.id).executeTakeFirstOrThrow()
      await recordFinding(app, investigator, filed.ref, { issue: 1, finding: 'partly', reasons: '另有说明', rule: { kind: 'prohibition', no: 6 }, version }, TODAY)
      await db.updateTable('complaint').set({ status: 'drafting' }).where('id', '=', filed.id).execute()
      await t.rejects(issueLetter(app, approver, { id: third, version: 4 }, TODAY), { code: 'form_invalid', details: { fields: { letter: { key: 'drafting.findings_changed' } } } })
      await withdrawLetter(app, investigator, filed.ref, { id: third, version: 4, text: '认定有变化' }, TODAY)
      t.equal((await row(db, third)).state, 'withdrawn')
      t.equal(await statusOf(db, filed), 'drafting', 'a refused issue changes nothing')
      t.same(await numbersOf(db, 'opinion_letter'), [1])
    })

    await t.test('a decision is issued by the government alone, which may send it back', async t => {
      const filed = await givenComplaint(app, 'drafting', TODAY)
      const id = await givenPending(house, filed, 'decision_letter')
      await approve(house, id, legal, head, approver)
      await t.rejects(issueLetter(app, approver, { id, version: 4 }, TODAY), { code: 'transition_refused' })
      await proposeLetter(app, approver, { id, version: 4 }, TODAY)
      t.equal(await statusOf(db, filed), 'government_approval')
      await t.rejects(decideProposal(app, approver, { id, version: 5, decision: 'approve', text: '同意' }, TODAY), { code: 'forbidden' })
      await decideProposal(app, government, { id, version: 5, decision: 'return', text: '请核实证据' }, TODAY)
      t.equal(await statusOf(db, filed), 'drafting')
      await saveLetter(app, investigator, filed.ref, { id, version: 6, type: 'decision_letter', text: TEXT, handIn: true }, TODAY)
      await approve(house, id, legal, head, approver)
      await proposeLetter(app, approver, { id, version: 10 }, TODAY)
      const issued = await decideProposal(app, government, { id, version: 11, decision: 'approve', text: '同意' }, TODAY)
      t.equal(await statusOf(db, filed), 'document_issued')
      t.match(await readIssued(app, issued ?? '', approver), { number: /决〔2026〕1号$/ })
    })

    await t.test('the same through the pages: written, kept when refused, approved, issued, registered, checked by number and digest', async t => {
      const enter = async (who: keyof typeof STAFF): Promise<ReturnType<typeof visitor>> => {
        const person = visitor(app)
        person.cookies.set('sunlit-staff', await openSession(db, 'staff', String(STAFF[who].id), TODAY))
        return person
      }
      const [writer, reader, leader, office] = [await enter('investigator'), await enter('legal_reviewer'), await enter('approver'), await enter('government')]
      const filed = await givenComplaint(app, 'drafting', TODAY)
      const base = `/desk/complaints/${filed.ref}/letters`
      t.match((await writer.get(base)).body, /起草文书[^]*行政执法监督意见书/)
      t.match((await writer.get(`${base}/new?type=opinion_letter`)).body, /第1项有视频为证[^]*《行政执法监督条例》第二十八条/, 'filled in from the findings')
      t.equal((await reader.get(`${base}/new?type=opinion_letter`)).status, 403)
      const form = { type: 'opinion_letter', addressee: TEXT.addressee, ...TEXT.fields, demand_kind_1: 'refund', demand_text_1: '退还罚款', demand_due_1: '' }
      t.match(await writer.submit(base, { ...form, facts: '｛事实｝一二三', act: 'hand_in' }), { status: 422, body: /“｛事实｝”还没有填写[^]*｛事实｝一二三[^]*退还罚款/ }, 'what was typed is kept')
      t.match(await writer.submit(base, { ...form, demand_kind_1: '', act: 'save' }), { status: 422, body: /第1项要求没有选择种类/ })
      const saved = await writer.submit(base, { ...form, act: 'save' })
      const address = (saved.location ?? '').replace(/\?.*/, '')
      const id = address.split('/').at(-1) ?? ''
      t.match(await writer.submit(address, { ...form, version: '9', act: 'save' }), { status: 409, body: /退还罚款/ })
      t.match(await writer.submit(address, { ...form, version: '1', act: 'hand_in' }), { status: 303 })
      t.match((await reader.get('/desk/approvals')).body, new RegExp(id))
      t.match(await reader.submit(`/desk/approvals/${id}/decisions`, { version: '2', decision: 'return', text: '' }), { status: 422, body: /退回时请写明/ })
      t.match((await leader.get(`/desk/approvals/${id}`)).body, /现在不在您的审核环节/)
      await approve(house, id, legal, head, approver)
      t.match((await leader.get(address)).body, /编号签发/)
      t.match(await leader.submit(`${address}/issues`, { version: '5' }), { status: 303 })
      const issued = (await row(db, id)).document_id ?? ''
      const { number, digest } = await db.selectFrom('document').select(['number', 'digest']).where('id', '=', issued).executeTakeFirstOrThrow()
      t.match((await writer.get(`/desk/complaints/${filed.ref}/documents/${issued}`)).body, new RegExp(`${number}[^]*查明的事实[^]*退还款项：退还罚款`))
      const file = await writer.get(`/desk/complaints/${filed.ref}/documents/${issued}/document.docx`)
      t.match(file, { status: 200, headers: { 'content-type': /wordprocessingml/ } })
      t.match((await writer.get(`/desk/documents?q=${encodeURIComponent(number)}`)).body, /共1份/)
      t.match((await writer.get(`/desk/documents/documents.csv?q=${encodeURIComponent(number)}`)).body, new RegExp(number))
      t.match(await writer.submit(`/desk/documents/${issued}/deliveries`, { way: 'post', state: 'delivered', on_year: '2026', on_month: '11', on_day: '23' }), { status: 422, body: /请填写签收的单位/ })
      t.equal((await writer.submit(`/desk/documents/${issued}/voids`, { text: '写错' })).status, 403)
      const anybody = visitor(app)
      await anybody.get(ROUTES.documentVerify)
      t.match((await anybody.submit(ROUTES.documentVerify, { number, digest })).body, /本局制发，现行有效/)
      const wrong = await anybody.submit(ROUTES.documentVerify, { number, digest: `${digest}x` })
      t.match(wrong.body, /没有与此文号和校验值相符的文书/)
      t.notMatch(wrong.body, /意见书/)
      for (const who of Object.keys(STAFF) as Array<keyof typeof STAFF>) {
        const person = await enter(who)
        for (const day of ['/desk', '/en/desk']) t.ok((await person.get(day)).status < 400, `${who} has a day at ${day}`)
      }
      for (const closed of ['/desk/documents', '/desk/approvals', base]) t.equal((await office.get(closed)).status, 403, closed)
      t.match((await office.get('/desk/proposals')).body, /目前没有待批的决定/)
    })

    await t.test('articles are quoted as they stood on the day of the event', async t => {
      const quoted = await quoteArticles(db, '《行政处罚法》第五十五条\n《某地的规定》第一条\n没有条文', '2026-11-01')
      for (const { body, textDate } of quoted) t.match({ body, textDate }, { body: /./, textDate: /^\d{4}-\d{2}-\d{2}$/ })
      t.ok(quoted.length <= 1)
    })
  })

  t.test(`${engine}: letters that two processes issue at once have every number once, without a gap`, { timeout: 120_000 }, async t => {
    const count = engine === 'postgres' ? 200 : 40
    const folder = t.testdir()
    const url = await testDatabaseUrl(t, engine, folder)
    const house = await givenHouse(t, engine, { DATABASE_URL: url })
    const { app, db } = house
    await givenStaff(db)
    const filed = await Promise.all([1, 2, 3, 4].map(async () => await givenComplaint(app, 'investigating', TODAY)))
    const ids = await copies(house, filed, count)
    const halves = [ids.slice(0, count / 2), ids.slice(count / 2)]
    const children = halves.map(half => spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, '../fixtures/issuer.ts'), url, path.join(house.folder, 'keys'), half.join(',')], { env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['ignore', 'ignore', 'pipe'] }))
    const said = children.map(child => { let text = ''; child.stderr.on('data', chunk => { text += String(chunk) }); return () => text })
    t.same((await Promise.all(children.map(async child => (await once(child, 'exit'))[0] as number))), [0, 0], said.map(text => text()).join())
    t.same(said.map(text => text()), ['', ''])
    t.same(await numbersOf(db, 'advice_letter'), Array.from({ length: count }, (_, at) => at + 1))
  })
}

/** Approved letters of advice, copied from one of each case that went its way. */
async function copies (house: House, filed: Filed[], count: number): Promise<string[]> {
  const { db, keys } = house
  const ids: string[] = []
  for (const [which, one] of filed.entries()) {
    const original = await givenPending(house, one, 'advice_letter', { ...TEXT, demands: [] })
    await approve(house, original, legal, head, approver)
    const [draft, approvals, complaint] = [await row(db, original), await db.selectFrom('approval').selectAll().where('draft_id', '=', original).execute(), await findById(db, one.id)]
    const seal = sealFor(keys, complaint)
    const text = canonical(openDraft(seal, draft))
    const made = Array.from({ length: count / filed.length }, (_, at) => `copy-${which}-${at}`)
    await db.insertInto('document_draft').values(made.map(id => ({ ...draft, id, version: 1, sealed: seal.close(`letter:${id}`, text) }))).execute()
    await db.insertInto('approval').values(made.flatMap(id => approvals.map(line => ({ ...line, draft_id: id })))).execute()
    ids.push(...made)
  }
  return ids
}
