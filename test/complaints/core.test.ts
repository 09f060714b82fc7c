import type { Kysely } from 'kysely'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { loadFacts } from '../../src/complaints/case/standing/facts.ts'
import { findById } from '../../src/complaints/case/core/repository.ts'
import { advance, recordFinding, type Actor, type Parts, type Step } from '../../src/complaints/case/core/service.ts'
import { withdraw } from '../../src/complaints/following/requests/service.ts'
import { markMessagesRead, markSeen } from '../../src/complaints/case/correspondence/repository.ts'
import { addNote, authenticate, claim, complainantMessage, revealIdentity, sendMessage } from '../../src/complaints/case/correspondence/service.ts'
import { attach, createDraft, detach, discardDraft, missingAnswers, prepareReceipt, readAttachment, readDraft, readReceipt, saveDraft, submitDraft, sweepDrafts, type Answers } from '../../src/complaints/form/filing/service.ts'
import { listQueue, visibleBureaus, VIEWS } from '../../src/complaints/case/reading/repository.ts'
import { findCase, findDocument, findTracking } from '../../src/complaints/case/reading/service.ts'
import { keepVersions, raiseRevision } from '../../src/db/records.ts'
import type { Database } from '../../src/db/schema.ts'
import { chainText } from '../../src/db/audit.ts'
import type { Role } from '../../src/domain/process/permissions.ts'
import { isReference } from '../../src/domain/records/receipts.ts'
import { REFUSALS, type RefusalCode } from '../../src/domain/process/refusals.ts'
import { ACTIONS, choices, ROWS, STATUSES, type Status } from '../../src/domain/process/workflow.ts'
import { openFileStore } from '../../src/files/store.ts'
import { SealBroken } from '../../src/vault/seal.ts'
import { givenHouse, TODAY } from '../fixtures/app.ts'
import { answersOf, givenAnswer, givenChecklist, givenComplaint, givenFiled, givenFindings, givenStaff, givenSupervisors, STAFF, STAFF_NAMES, step } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'

const at = (date: string): string => `${date}T02:00:00.000Z` // ten in the morning in China
const later = (now: string, minutes: number): string => new Date(Date.parse(now) + minutes * 60_000).toISOString()
const { clerk, investigator, approver, auditor, admin } = STAFF

async function given (t: Teardown, engine: Engine) {
  const { db, keys, folder } = await givenHouse(t, engine)
  await givenStaff(db)
  return { db, keys, folder, parts: { db, keys } satisfies Parts, files: openFileStore(path.join(folder, 'files')) }
}

/** Everything that is stored, as one text. */
async function dump (db: Kysely<Database>): Promise<string> {
  const tables = (await db.introspection.getTables()).filter(table => !/_search/.test(table.name) && !/calendar_day|record_version|^agency/.test(table.name))
  const rows = await Promise.all(tables.map(async table => await db.selectFrom(table.name as 'draft').selectAll().execute()))
  return JSON.stringify(rows)
}

const clockOf = async (db: Kysely<Database>, id: string, clock: string) => await db.selectFrom('clock').selectAll().where('complaint_id', '=', id).where('clock', '=', clock).executeTakeFirst()

for (const engine of ENGINES) {
  t.test(engine, async t => {
    t.test('E-1 Y-1: a draft keeps answers sealed until it is discarded, swept or submitted', async t => {
      const { db, parts, files, folder } = await given(t, engine)
      const id = await createDraft(parts, TODAY)
      await saveDraft(parts, id, { claim: '退还冰柜' }, later(TODAY, 5))
      t.match(await readDraft(parts, id), { answers: { claim: '退还冰柜' }, ref: null, submittedAt: null, savedAt: later(TODAY, 5), attachments: [] })
      t.notMatch(await dump(db), /退还冰柜/)
      const file = await attach(parts, files, id, { name: '现场照片.png', mediaType: 'image/png', content: Buffer.from('bytes'), cleaned: true }, TODAY)
      t.match((await readDraft(parts, id)).attachments, [{ name: '现场照片.png', size: 5, cleaned: true }])
      t.equal(await text(await (await readAttachment(parts, files, id, file.id)).open()), 'bytes')
      const other = await createDraft(parts, TODAY)
      await t.rejects(readAttachment(parts, files, other, file.id), { code: 'not_found' }, 'a file belongs to one draft')
      await t.rejects(detach(parts, files, other, file.id), { code: 'not_found' })
      await discardDraft(parts, files, id)
      await t.rejects(readDraft(parts, id), { code: 'draft_gone' })
      await t.rejects(saveDraft(parts, id, {}, TODAY), { code: 'draft_gone' })
      await t.rejects(attach(parts, files, id, { name: 'x', mediaType: 'image/png', content: Buffer.from('x'), cleaned: true }, TODAY), { code: 'draft_gone' })
      t.notMatch(await dump(db), new RegExp(file.id))
      t.notOk(readdirSync(path.join(folder, 'files'), { recursive: true }).some(name => String(name).endsWith(file.id)), 'the bytes went too')

      const filed = await givenFiled(parts, TODAY)
      t.equal(await sweepDrafts(parts, files, later(TODAY, 24 * 60 - 1)), 0)
      t.equal((await readDraft(parts, other)).id, other)
      t.equal(await sweepDrafts(parts, files, later(TODAY, 24 * 60 + 1)), 1)
      await t.rejects(readDraft(parts, other), { code: 'draft_gone' })
      t.match(await findTracking(parts, filed.id, TODAY), { ref: filed.ref }, 'what was submitted stays')
    })

    t.test('a file can be taken back while it is a draft, and not afterwards', async t => {
      const { parts, files, folder } = await given(t, engine)
      const id = await createDraft(parts, TODAY)
      await saveDraft(parts, id, answersOf(), TODAY)
      const add = async (name: string) => await attach(parts, files, id, { name, mediaType: 'application/pdf', content: Buffer.from(name), cleaned: false }, TODAY)
      const [gone, kept] = [await add('一.pdf'), await add('二.pdf')]
      await detach(parts, files, id, gone.id)
      t.notOk(existsSync(path.join(folder, 'files', gone.id.slice(0, 2), gone.id)))
      const { ref } = await submitDraft(parts, id, TODAY)
      await t.rejects(detach(parts, files, id, kept.id), { code: 'not_found' })
      await discardDraft(parts, files, id)
      t.match((await findCase(parts, ref, TODAY)).attachments, [{ name: '二.pdf', cleaned: false }])
      t.equal(await text(await (await readAttachment(parts, files, id, kept.id)).open()), '二.pdf')
    })

    t.test('F-3: a double click, a reload and a retry make one complaint with one receipt', async t => {
      const { db, parts } = await given(t, engine)
      const id = await createDraft(parts, TODAY)
      await saveDraft(parts, id, answersOf(), TODAY)
      const receipts = await Promise.all(Array.from({ length: 5 }, async () => await prepareReceipt(parts, id)))
      t.equal(new Set(receipts.map(receipt => receipt.ref)).size, 1)
      const both = await Promise.all([submitDraft(parts, id, TODAY), submitDraft(parts, id, TODAY), submitDraft(parts, id, TODAY)])
      t.same(new Set(both.map(answer => answer.ref)), new Set([receipts[0]?.ref]))
      t.same(both.map(answer => answer.made).sort(), [false, false, true], 'one of them made it')
      t.same(await submitDraft(parts, id, later(TODAY, 10)), { ref: both[0].ref, made: false })
      t.ok(isReference(both[0].ref))
      t.equal((await db.selectFrom('complaint').select('id').execute()).length, 1)
      t.equal((await db.selectFrom('event').select('seq').execute()).length, 1)
      t.match(await db.selectFrom('document').selectAll().execute(), [{ type: 'receipt' }])
      t.match(await db.selectFrom('draft').selectAll().executeTakeFirst(), { sealed: '', submitted_at: TODAY }, 'the answers in the draft are destroyed')
      await t.rejects(saveDraft(parts, id, {}, TODAY), { code: 'draft_gone' })
      t.same((await readDraft(parts, id)).answers, {})
      await t.rejects(submitDraft(parts, 'nobody', TODAY), { code: 'draft_gone' })
    })

    t.test('R-7: the query code is shown for half an hour and opens the complaint however it is typed', async t => {
      const { parts, files } = await given(t, engine)
      const filed = await givenFiled(parts, TODAY)
      t.match(await readReceipt(parts, filed.id, later(TODAY, 30)), { ref: filed.ref, code: filed.code, status: 'submitted', dueOn: '2026-11-30' })
      t.match(await readReceipt(parts, filed.id, later(TODAY, 31)), { ref: filed.ref, code: null })
      await sweepDrafts(parts, files, later(TODAY, 31))
      t.match(await readReceipt(parts, filed.id, later(TODAY, 10)), { code: null }, 'and is destroyed then')
      t.match(filed.code, /^\d{16}$/)
      const wide = filed.code.replace(/\d/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xFEE0)).replace(/(.{4})/g, '$1　')
      t.same(await authenticate(parts, filed.ref, filed.code), { id: filed.id, ref: filed.ref, member: null })
      t.equal((await authenticate(parts, ` ${filed.ref.toLowerCase()} `, wide)).id, filed.id)
      t.equal((await authenticate(parts, filed.ref.slice(2), filed.code)).id, filed.id)
      const other = await givenFiled(parts, TODAY)
      for (const [ref, code] of [[filed.ref, other.code], ['TS00000000000', filed.code], [filed.ref, ''], ['', ''], [filed.ref, `${filed.code}0`]] as const) {
        await t.rejects(authenticate(parts, ref, code), { code: 'track_failed', details: {} }, `${ref} ${code}`)
      }
      const time = async (ref: string): Promise<number> => {
        const began = performance.now()
        await authenticate(parts, ref, '0000000000000000').catch(() => {})
        return performance.now() - began
      }
      const least = async (ref: string): Promise<number> => Math.min(await time(ref), await time(ref), await time(ref))
      t.ok(await least('TS00000000000') > await least(filed.ref) / 2, 'an unknown reference takes the same work')
      const draft = await createDraft(parts, TODAY)
      await t.rejects(readReceipt(parts, draft, TODAY), { code: 'draft_gone' })
    })

    t.test('F-2 F-5: incomplete answers are refused field by field, and nothing is stored', async t => {
      const { db, parts } = await given(t, engine)
      const cases: Array<[Partial<Answers>, Record<string, unknown>]> = [
        [{ target: {} }, { target: { key: 'field.required' } }],
        [{ target: { agencyText: '  ' } }, { target: { key: 'field.required' } }],
        [{ target: { agencyId: 999_999 } }, { target: { key: 'field.unknown' } }],
        [{ issues: [] }, { issues: { key: 'field.required' } }],
        [{ issues: Array.from({ length: 11 }, () => ({ ground: 'G01' as const, text: '一' })) }, { issues: { key: 'field.maxItems', values: { limit: 10 } } }],
        [{ issues: [{ ground: 'G01', text: '一'.repeat(2001) }] }, { 'issues.0.text': { key: 'field.maxLength', values: { limit: 2000 } } }],
        [{ issues: [{ ground: 'G00' as 'G01', text: '一' }] }, { 'issues.0.ground': { key: 'field.enum' } }],
        [{ issues: [{ ground: 'G01', text: '𠮷'.repeat(2000) }], when: {} }, { when: { key: 'field.required' } }],
        [{ when: { date: '2026-11-24' } }, { when: { key: 'field.future' } }],
        [{ when: { date: '2026-02-30' } }, { when: { key: 'field.format' } }],
        [{ identity: { name: '某人' } }, { 'identity.contact': { key: 'field.contact' } }],
        [{ identity: { name: ' ', phone: '1' } }, { 'identity.name': { key: 'field.required' } }]
      ]
      for (const [changes, fields] of cases) {
        const id = await createDraft(parts, TODAY)
        await saveDraft(parts, id, answersOf(changes), TODAY)
        await t.rejects(submitDraft(parts, id, TODAY), { code: 'form_invalid', details: { fields } }, JSON.stringify(fields))
        t.same((await readDraft(parts, id)).answers, answersOf(changes), 'what was typed is kept')
      }
      t.same(Object.keys(missingAnswers({}, '2026-11-23')), ['target', 'issues', 'when', 'parallel', 'mode'])
      for (const table of ['complaint', 'event', 'identity', 'document', 'clock', 'audit_entry', 'number_series'] as const) {
        t.same(await db.selectFrom(table).selectAll().execute(), [], table)
      }
    })

    t.test('a complaint is tied to the versions in force on the day, and goes to the bureau of the place', async t => {
      const { db, parts } = await given(t, engine)
      const city = await db.selectFrom('agency').selectAll().where('level', '=', 'city').orderBy('id').executeTakeFirstOrThrow()
      const district = await db.selectFrom('agency').selectAll().where('level', '=', 'county').orderBy('id').executeTakeFirstOrThrow()
      const at = (now: string) => ({ at: now, actor: 'test', reason: 'test', batchId: null })
      await db.updateTable('record_version').set({ recorded_at: '2026-01-01T00:00:00.000Z' }).where('kind', '=', 'agency').execute()
      await keepVersions(db, [{ kind: 'agency', id: city.id, version: 2, data: { name: '改名后的机关' } }], at('2026-06-01T00:00:00.000Z'))
      await db.updateTable('agency').set({ version: 2, name: '改名后的机关' }).where('id', '=', city.id).execute()
      const agencyLink = async (changes: Partial<Answers>) => (await findCase(parts, (await givenFiled(parts, TODAY, changes)).ref, TODAY))

      t.match((await agencyLink({ target: { agencyId: city.id }, when: { date: '2026-05-31' } })).links, [{ kind: 'agency', version: 1, name: city.name, key: city.slug }])
      t.match((await agencyLink({ target: { agencyId: city.id }, when: { date: '2026-06-02' } })).links, [{ version: 2, name: '改名后的机关' }])
      t.match((await agencyLink({ target: { agencyId: city.id }, when: { about: '去年夏天' } })).links, [{ version: 2 }], 'without a day, the present one')
      t.match((await agencyLink({ target: { agencyId: city.id }, when: { date: '2020-01-01' } })).links, [{ version: 2 }], 'before the first publication too')

      const officer = await db.insertInto('officer').values({
        slug: 'demo-1', version: 1, name: '演示人员', agency_id: district.id, certificate_no: 'DEMO001', certificate_type: 'national', categories: 'penalty', status: 'valid', updated_at: TODAY
      }).returning('id').executeTakeFirstOrThrow()
      const found = await agencyLink({ target: { officerIds: [officer.id] }, rule: { prohibitionNo: 7 } })
      t.match(found.links, [{ kind: 'agency', id: district.id }, { kind: 'officer', name: '演示人员', key: 'demo-1' }, { kind: 'prohibition', name: null, key: '7' }], 'the agency follows from the officer')
      const bureau = await db.selectFrom('bureau').selectAll().where('region_code', '=', district.region_code).executeTakeFirstOrThrow()
      t.match(found, { bureau: { id: bureau.id, name: bureau.name }, agency: { name: district.name } })
      const top = await db.selectFrom('bureau').selectAll().where('parent_id', 'is', null).executeTakeFirstOrThrow()
      t.match(await agencyLink({ target: { notSure: ['agency'] } }), { bureau: { id: top.id }, agency: null, links: [] })
      t.match(await agencyLink({ target: { officerIds: [officer.id], agencyText: '另一个机关' } }), { agency: null }, 'what the complainant wrote goes before what follows')

      t.ok((await visibleBureaus(db, top.id)).includes(bureau.id))
      t.same(await visibleBureaus(db, bureau.id), [bureau.id])
      await t.rejects(findCase(parts, found.ref, TODAY, { id: 101, bureauIds: [top.id] }), { code: 'not_found' }, 'another bureau\'s complaint does not exist')
      await t.rejects(advance(parts, { ...clerk, bureauIds: [top.id] }, found.ref, { action: 'register', version: 1 }, TODAY), { code: 'not_found' })
      await t.rejects(addNote(parts, { ...clerk, bureauIds: [] }, found.ref, '备注', TODAY), { code: 'not_found' })
      await advance(parts, { ...clerk, bureauIds: [bureau.id] }, found.ref, { action: 'register', version: 1 }, TODAY)
    })

    t.test('E-1: nothing that anybody typed stands readable in the database', async t => {
      const { db, parts, files } = await given(t, engine)
      const mark = (n: number): string => `机密标记第${n}号`
      const id = await createDraft(parts, TODAY)
      await saveDraft(parts, id, {
        target: { agencyText: mark(1), officerText: mark(2), decisionText: mark(4), plate: mark(25), inspectionCode: mark(26) },
        rule: { matterText: mark(3) },
        effect: { cost: mark(27) },
        issues: [{ ground: 'G01', text: mark(5) }],
        when: { about: mark(6), time: mark(7) },
        place: mark(8),
        parallel: { kind: 'petition', body: mark(9), stage: 'pending' },
        claim: mark(10),
        mode: 'named',
        identity: { name: mark(11), org: mark(12), phone: mark(13), email: mark(14), address: mark(15), uscc: mark(16) }
      }, TODAY)
      await attach(parts, files, id, { name: mark(17), mediaType: 'image/png', content: Buffer.from(mark(17)), cleaned: true }, TODAY)
      t.notMatch(await dump(db), /机密标记/, 'in the draft')
      const { ref } = await submitDraft(parts, id, TODAY)
      await step(parts, id, 'clerk', { action: 'register' }, TODAY)
      await step(parts, id, 'clerk', { action: 'request_supplement', text: mark(18) }, TODAY)
      await complainantMessage(parts, id, mark(19), TODAY)
      await sendMessage(parts, clerk, ref, mark(20), TODAY)
      await addNote(parts, clerk, ref, mark(21), TODAY)
      await revealIdentity(parts, clerk, ref, { category: 'contact', text: mark(22) }, TODAY)
      await step(parts, id, 'clerk', { action: 'accept' }, TODAY)
      await givenSupervisors(parts, { id }, TODAY)
      await step(parts, id, 'investigator', { action: 'start_investigation', text: '请说明情况' }, TODAY)
      await recordFinding(parts, investigator, ref, { issue: 1, finding: 'partly', reasons: mark(23), rule: { kind: 'other', cite: mark(28) }, required: mark(29), version: (await findCase(parts, ref, TODAY)).version }, TODAY)
      await givenAnswer(parts, { id, ref }, mark(24), TODAY)
      const stored = await dump(db)
      for (let n = 1; n <= 29; n++) t.notOk(stored.includes(mark(n)), mark(n))
      t.notMatch(stored, /机密标记/)
      const shown = JSON.stringify(await findCase(parts, ref, TODAY))
      for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]) t.ok(shown.includes(mark(n)), `handlers read ${mark(n)}`)
      for (let n = 11; n <= 16; n++) t.notOk(shown.includes(mark(n)), `but not the identity ${mark(n)}`)
      t.match(await revealIdentity(parts, clerk, ref, { category: 'verify' }, TODAY), { name: mark(11), uscc: mark(16) })
    })

    t.test('E-4: a sealed text opens only in its own place', async t => {
      const { db, parts } = await given(t, engine)
      const [one, two] = [await givenFiled(parts, TODAY), await givenFiled(parts, TODAY, { identity: { name: '另一人', phone: '13900000000' } })]
      const issues = await db.selectFrom('complaint_issue').selectAll().where('complaint_id', '=', one.id).orderBy('no').execute()
      const put = async (no: number, sealed: string) => { await db.updateTable('complaint_issue').set({ sealed }).where('complaint_id', '=', one.id).where('no', '=', no).execute() }
      await put(1, issues[1]?.sealed ?? '')
      await t.rejects(findCase(parts, one.ref, TODAY), SealBroken, 'two issues swapped')
      await put(1, issues[0]?.sealed ?? '')
      t.equal((await findCase(parts, one.ref, TODAY)).issues.length, 2)
      const theirs = await findById(db, two.id)
      await db.updateTable('complaint').set({ sealed: theirs.sealed, wrapped_key: theirs.wrapped_key }).where('id', '=', one.id).execute()
      await t.rejects(findCase(parts, one.ref, TODAY), SealBroken, 'another complaint\'s text with its key')
      const identity = await db.selectFrom('identity').selectAll().where('complaint_id', '=', two.id).executeTakeFirstOrThrow()
      await db.updateTable('identity').set({ sealed: identity.sealed, wrapped_key: identity.wrapped_key }).where('complaint_id', '=', one.id).execute()
      const audited = await db.selectFrom('audit_entry').select('seq').where('action', '=', 'identity.viewed').execute()
      await db.updateTable('identity').set({ sealed: 'a1.AAAA' }).where('complaint_id', '=', two.id).execute()
      await t.rejects(revealIdentity(parts, clerk, two.ref, { category: 'verify' }, TODAY), SealBroken)
      t.same(audited, [], 'nothing was shown, nothing is said to have been shown')
    })

    t.test('an anonymous complaint keeps no identity, whatever was typed', async t => {
      const { db, parts } = await given(t, engine)
      const filed = await givenFiled(parts, TODAY, { mode: 'anonymous', identity: { name: '不该留下的名字', phone: '13700000000' } })
      t.same(await db.selectFrom('identity').selectAll().execute(), [])
      t.equal(await revealIdentity(parts, clerk, filed.ref, { category: 'verify' }, TODAY), null)
      t.same((await findTracking(parts, filed.id, TODAY)).views, [], 'there was nothing to see')
      const anything = JSON.stringify([await findCase(parts, filed.ref, TODAY), await findTracking(parts, filed.id, TODAY)])
      t.notMatch(anything, /不该留下的名字|13700000000/)
    })
  })

  t.test(`${engine}: the process`, async t => {
    const house = await given(t, engine)
    const { db, parts } = house
    const district = await db.selectFrom('bureau').select('id').where('parent_id', 'is not', null).orderBy('id').executeTakeFirstOrThrow()
    const full: Omit<Step, 'action' | 'version'> = { text: '理由', refusal: 'N02', receiving_body: '某机关', path: 'litigation', issue: 1, review_outcome: 'upheld', bureau: district.id, suspension: 'court', channel: 'phone' }
    /** The table's own test goes through every role; here one of each kind meets the real thing. */
    const PEOPLE = { complainant: null, clerk: STAFF.clerk, investigator: STAFF.investigator, approver: STAFF.approver, government: STAFF.government, agency_leader: STAFF.agency_leader, admin: STAFF.admin, system: null } as const

    for (const status of STATUSES) {
      t.test(`from ${status} a step is taken exactly where the table lists it`, { timeout: 120_000 }, async t => {
        let { id, ref } = await givenComplaint(parts, status, TODAY)
        for (const [role, person] of Object.entries(PEOPLE) as Array<[Role, Actor | null]>) {
          const actor = person ?? { id: null, role, requestId: 'test' }
          // What the table does not list is refused by one function for all of it (its own test goes through every row); here some of each, in turn.
          const listed = ACTIONS.filter(action => ROWS.some(row => row.action === action && row.by.includes(role) && row.from.includes(status)))
          const others = ACTIONS.filter(action => !listed.includes(action)).filter((_, at) => at % 9 === (STATUSES.indexOf(status) + role.length) % 9)
          for (const action of [...listed, ...others]) {
            const row = await findById(db, id)
            const choice = choices(status, role, await loadFacts(db, row, { refusal: 'N02', actorId: actor.id }, TODAY)).find(choice => choice.action === action && choice.available)
            const taken = advance(parts, actor, ref, { action, version: row.version, ...full }, TODAY)
            if (choice === undefined || choice.place !== undefined) await t.rejects(taken, { code: 'transition_refused', details: { status, action } }, `${status} ${role} ${action}`)
            if (choice === undefined) {
              t.same(await findById(db, id), row, 'nothing changed')
              continue
            }
            if (choice.place === undefined) await taken
            else await step(parts, id, role, { action, ...full }, TODAY) // as the page does to which it belongs
            t.match(await findById(db, id), { status: choice.to, version: row.version + 1 }, `${status} ${role} ${action}`)
            ;({ id, ref } = await givenComplaint(parts, status, TODAY))
          }
        }
      })
    }

    t.test('of two who act on the same page the second is told so', async t => {
      const { id, ref } = await givenComplaint(parts, 'registered', TODAY)
      const version = 2
      const results = await Promise.allSettled([1, 2, 3].map(async () => await advance(parts, clerk, ref, { action: 'accept', version }, TODAY)))
      t.equal(results.filter(result => result.status === 'fulfilled').length, 1)
      for (const result of results) if (result.status === 'rejected') t.match(result.reason, { code: 'stale_version', details: { ref } })
      t.equal((await db.selectFrom('event').select('seq').where('complaint_id', '=', id).where('action', '=', 'accept').execute()).length, 1)
      await t.rejects(recordFinding(parts, investigator, ref, { issue: 1, finding: 'not', reasons: '没有证据', version }, TODAY), { code: 'stale_version' })
      await t.rejects(advance(parts, clerk, 'TS00000000000', { action: 'accept', version: 1 }, TODAY), { code: 'not_found' })
    })

    t.test('what a step must carry is demanded', async t => {
      const { ref } = await givenComplaint(parts, 'registered', TODAY)
      const refused = async (fields: Partial<Step> & Pick<Step, 'action'>, code: string, faults?: object) => {
        await t.rejects(advance(parts, clerk, ref, { version: 2, ...fields }, TODAY), { code, ...faults === undefined ? {} : { details: { fields: faults } } }, JSON.stringify(fields).slice(0, 80))
      }
      await refused({ action: 'request_supplement' }, 'reason_required')
      await refused({ action: 'refuse', refusal: 'N01', text: '  ' }, 'reason_required')
      await refused({ action: 'refuse', text: '理由' }, 'form_invalid', { refusal: { key: 'field.required' } })
      await refused({ action: 'transfer', text: '理由' }, 'form_invalid', { receiving_body: { key: 'field.required' } })
      await refused({ action: 'guide', text: '理由' }, 'form_invalid', { path: { key: 'field.required' } })
      await refused({ action: 'guide', text: '理由', path: 'prayer' as 'litigation' }, 'form_invalid', { path: { key: 'field.enum' } })
      await refused({ action: 'request_supplement', text: '字'.repeat(5001) }, 'form_invalid', { text: { key: 'field.maxLength', values: { limit: 5000 } } })
      t.match(await findCase(parts, ref, TODAY), { version: 2, status: 'registered' })
    })

    t.test('each reason of refusal asks for what it needs', async t => {
      const lacks: Partial<Record<RefusalCode, object>> = {
        N04: { receiving_body: { key: 'demand.receiving_body' } },
        N05: { parallel: { key: 'demand.parallel' } },
        N06: { earlier_reference: { key: 'demand.earlier_reference' } },
        N07: { path: { key: 'demand.path' } },
        N08: { refusal: { key: 'demand.anonymous' } },
        N09: { refusal: { key: 'demand.complainant_asked' } },
        N12: { refusal: { key: 'demand.supplement_lapsed' } }
      }
      const complete = { receiving_body: '某区监察机关', parallel: '某法院（2026）1号', earlier_reference: 'TS00000000000', path: 'litigation' } as const
      for (const refusal of Object.keys(REFUSALS) as RefusalCode[]) {
        const wanting = await givenComplaint(parts, 'registered', TODAY)
        const bare = advance(parts, clerk, wanting.ref, { action: 'refuse', version: 2, text: '理由', refusal }, TODAY)
        if (refusal === 'N10') await t.rejects(bare, { code: 'transition_refused', details: { failing: ['approver_signs'] } }, refusal)
        else if (lacks[refusal] !== undefined) await t.rejects(bare, { code: 'form_invalid', details: { fields: lacks[refusal] } }, refusal)
        else await bare

        const filed = await givenComplaint(parts, refusal === 'N12' ? 'needs_info' : 'registered', TODAY, refusal === 'N08' ? { mode: 'anonymous' } : {})
        if (refusal === 'N09') await complainantMessage(parts, filed.id, '我不想再投诉了', TODAY)
        const now = refusal === 'N12' ? at('2026-12-01') : TODAY
        const { version } = await findById(db, filed.id)
        await advance(parts, refusal === 'N10' ? approver : clerk, filed.ref, { action: 'refuse', version, text: '理由写明', refusal, ...complete }, now)
        const tracking = await findTracking(parts, filed.id, TODAY)
        const letter = tracking.documents.find(document => document.type === 'refusal_notice')
        t.match(tracking, { status: 'refused', refusalCode: refusal }, refusal)
        t.match(letter?.content, { refusal, remedy: REFUSALS[refusal].remedy, text: '理由写明', ref: filed.ref })
      }
      const early = await givenComplaint(parts, 'needs_info', TODAY)
      await t.rejects(advance(parts, clerk, early.ref, { action: 'refuse', version: 3, text: '理由', refusal: 'N12' }, at('2026-11-30')),
        { code: 'transition_refused', details: { failing: ['supplement_period_over'] } }, 'on its last day the period still runs')
    })

    t.test('a procedure elsewhere bars acceptance, and a reply needs every finding', async t => {
      const barred = await givenComplaint(parts, 'registered', TODAY, { parallel: { kind: 'litigation', stage: 'pending' } })
      await t.rejects(advance(parts, clerk, barred.ref, { action: 'accept', version: 2 }, TODAY), { code: 'transition_refused', details: { failing: ['no_parallel_procedure'] } })
      const filed = await givenComplaint(parts, 'investigating', TODAY)
      const reply = { action: 'reply', text: '答复正文' } as const
      await t.rejects(advance(parts, clerk, filed.ref, { ...reply, version: 4 }, TODAY), { code: 'transition_refused', details: { failing: [] } }, 'not before the findings')
      await t.rejects(advance(parts, investigator, filed.ref, { action: 'propose_findings', version: 4 }, TODAY), { code: 'transition_refused', details: { failing: ['every_issue_found', 'every_issue_ruled', 'checklist_done'] } })
      await givenChecklist(parts, filed, TODAY)
      await recordFinding(parts, investigator, filed.ref, { issue: 1, finding: 'substantiated', reasons: '有录像', version: 4 }, TODAY)
      await t.rejects(advance(parts, investigator, filed.ref, { action: 'propose_findings', version: 5 }, TODAY), { code: 'transition_refused', details: { failing: ['every_issue_found', 'every_issue_ruled'] } })
      await t.rejects(recordFinding(parts, investigator, filed.ref, { issue: 2, finding: 'not', reasons: ' ', version: 5 }, TODAY), { code: 'reason_required' })
      await t.rejects(recordFinding(parts, investigator, filed.ref, { issue: 2, finding: 'not', reasons: '长'.repeat(5001), version: 5 }, TODAY), { code: 'form_invalid', details: { fields: { reasons: { key: 'field.maxLength' } } } })
      await t.rejects(recordFinding(parts, investigator, filed.ref, { issue: 3, finding: 'not', reasons: '无', version: 5 }, TODAY), { code: 'not_found' })
      await t.rejects(recordFinding(parts, investigator, filed.ref, { issue: 2, finding: 'maybe' as 'not', reasons: '无', version: 5 }, TODAY), { code: 'form_invalid' })
      await t.rejects(recordFinding(parts, auditor, filed.ref, { issue: 2, finding: 'not', reasons: '无', version: 5 }, TODAY), { code: 'forbidden' })
      t.match((await findTracking(parts, filed.id, TODAY)).issues, [{ finding: null, reasons: null }, { finding: null }], 'findings are told with the reply')
      await givenFindings(parts, filed, TODAY)
      const ruleless = await findById(db, filed.id)
      await t.rejects(advance(parts, investigator, filed.ref, { action: 'propose_findings', version: ruleless.version }, TODAY), { code: 'transition_refused', details: { failing: ['every_issue_ruled'] } }, 'B8: a finding without its rule answers nothing')
      await t.rejects(recordFinding(parts, investigator, filed.ref, { issue: 1, finding: 'substantiated', reasons: '有录像', rule: { kind: 'none' }, version: ruleless.version }, TODAY), { code: 'form_invalid', details: { fields: { rule: { key: 'finding_rule.wrong_needs_rule' } } } })
      await recordFinding(parts, investigator, filed.ref, { issue: 1, finding: 'substantiated', reasons: '有录像', rule: { kind: 'prohibition', no: 6 }, redress: ['returned'], required: '三日内退还冰柜', version: ruleless.version }, TODAY)
      await step(parts, filed.id, 'investigator', { action: 'propose_findings' }, TODAY)
      const found = await findById(db, filed.id)
      await t.rejects(advance(parts, clerk, filed.ref, { ...reply, version: found.version }, TODAY), { code: 'transition_refused', details: { failing: ['put_right_or_unfounded'] } }, 'what was found wrong is put right first')
      await step(parts, filed.id, 'investigator', { action: 'correct_on_spot', text: '当场退还' }, TODAY)
      const { version } = await findById(db, filed.id)
      await advance(parts, investigator, filed.ref, { ...reply, version }, TODAY)
      const tracking = await findTracking(parts, filed.id, TODAY)
      t.match(tracking.issues, [{ finding: 'substantiated', reasons: '有录像', applied: { rule: { kind: 'prohibition', no: 6 }, redress: ['returned'], required: '三日内退还冰柜' } }, { reasons: '第2项有视频为证' }])
      const letter = tracking.documents.find(document => document.type === 'reply_letter')
      t.match(letter?.content, { text: '答复正文', issues: [{ no: 1, ground: 'G01', finding: 'substantiated' }, { no: 2, ground: 'G08' }] })
      await t.rejects(recordFinding(parts, investigator, filed.ref, { issue: 1, finding: 'not', reasons: '改', version: version + 1 }, TODAY), { code: 'transition_refused' })
      await advance(parts, clerk, filed.ref, { action: 'close', version: version + 1 }, TODAY)
      t.match(await findTracking(parts, filed.id, TODAY), { status: 'closed', outcome: 'answered', closedAt: TODAY, dueOn: null, stage: 'ended', issues: [{ finding: 'substantiated' }, {}] })
    })

    t.test('clocks run by the official calendar', async t => {
      for (const [day, due] of [['2026-01-29', '2026-02-05'], ['2026-02-10', '2026-02-24'], ['2026-09-18', '2026-09-24'], ['2026-09-30', '2026-10-13']] as const) {
        const { id } = await givenFiled(parts, at(day))
        t.match(await findById(db, id), { due_on: due, due_clock: 'accept', due_from: day, sort_on: due }, `five working days from ${day}`)
        t.match((await findTracking(parts, id, TODAY)).documents, [{ type: 'receipt', content: { dueOn: due } }])
      }
      for (const [day, due] of [['2026-08-04', '2026-10-08'], ['2026-07-10', '2026-09-08']] as const) {
        const { id } = await givenComplaint(parts, 'accepted', at(day))
        t.match(await findById(db, id), { due_on: due, due_clock: 'handle' }, `sixty days from ${day}`)
        t.match(await clockOf(db, id, 'accept'), { stopped_on: day })
        t.match((await findTracking(parts, id, TODAY)).documents.find(document => document.type === 'acceptance_notice'), { content: { dueOn: due } })
      }
      const { id } = await givenComplaint(parts, 'transferred', at('2026-09-28'))
      t.match(await findById(db, id), { due_on: '2026-10-08', due_clock: 'transfer' }, 'ten days, and the tenth is a holiday')
      const unassured = await givenFiled(parts, at('2026-12-29'))
      const { clocks } = await findTracking(parts, unassured.id, TODAY)
      t.match(clocks, [{ clock: 'accept', assured: false, days: 5, dayType: 'working' }], 'a year without official data is flagged')
      t.match(clocks[0]?.basis, /\S/)
      t.equal(clocks[0]?.steps.at(-1)?.step, 'due_unassured')
    })

    t.test('a holiday that is announced later counts from then on', async t => {
      const house = await given(t, engine)
      t.match(await findById(house.db, (await givenFiled(house.parts, at('2026-11-23'))).id), { due_on: '2026-11-30' })
      await house.db.updateTable('calendar_day').set({ is_workday: 0 }).where('date', '=', '2026-11-25').execute()
      await raiseRevision(house.db, 'calendar')
      t.match(await findById(house.db, (await givenFiled(house.parts, at('2026-11-23'))).id), { due_on: '2026-12-01' })
      t.match(await findById(db, (await givenFiled(parts, at('2026-11-23'))).id), { due_on: '2026-11-30' }, 'in that database alone')
    })

    t.test('waiting for the complainant stops the clock, and any answer sets it going', async t => {
      const { id, ref } = await givenFiled(parts, at('2026-11-02'))
      await step(parts, id, 'clerk', { action: 'register' }, at('2026-11-03'))
      await step(parts, id, 'clerk', { action: 'request_supplement', text: '请补充照片' }, at('2026-11-04'))
      t.match(await findById(db, id), { status: 'needs_info', due_on: '2026-11-11', due_clock: 'supplement' })
      t.match(await clockOf(db, id, 'accept'), { paused_on: '2026-11-04', stopped_on: null })
      t.match((await findTracking(parts, id, TODAY)).clocks.find(clock => clock.clock === 'accept')?.steps.at(-1), { step: 'waiting', from: '2026-11-04' })
      await markSeen(db, ref)
      await complainantMessage(parts, id, '照片已补充', at('2026-11-12'))
      t.match(await findById(db, id), { status: 'registered', due_on: '2026-11-17', due_clock: 'accept', unread: 1 })
      const tracking = await findTracking(parts, id, TODAY)
      t.match(tracking.clocks.find(clock => clock.clock === 'accept'), { dueOn: '2026-11-17', pausedOn: null })
      t.match(tracking.clocks.find(clock => clock.clock === 'accept')?.steps, [{ step: 'started', date: '2026-11-02' }, { step: 'paused', from: '2026-11-04', to: '2026-11-12' }, { step: 'working', days: 3 }, {}, { step: 'due', date: '2026-11-17' }])
      t.match(tracking.messages, [{ direction: 'in', text: '照片已补充' }])
      t.match(tracking.events.at(-1), { action: 'supply_supplement', by: 'you', text: '照片已补充' })

      const late = await givenFiled(parts, at('2026-11-02'))
      await step(parts, late.id, 'clerk', { action: 'register' }, at('2026-11-10'))
      await step(parts, late.id, 'clerk', { action: 'request_supplement', text: '请补充' }, at('2026-11-10'))
      t.match(await findById(db, late.id), { due_on: '2026-11-09', due_clock: 'accept' }, 'waiting does not heal lateness')

      await step(parts, id, 'clerk', { action: 'request_supplement', text: '再补充' }, at('2026-11-13'))
      t.match(await findById(db, id), { due_on: '2026-11-20', due_clock: 'supplement' }, 'a second request starts its period anew')
      await complainantMessage(parts, id, '又补充了', at('2026-11-16'))
      t.match(await findById(db, id), { due_on: '2026-11-18', due_clock: 'accept' })
      await withdraw(parts, { id, now: at('2026-11-16'), requestId: '' }, { reason: '已经解决', pressure: 'no' })
      t.match(await findById(db, id), { status: 'withdrawn', due_on: null, sort_on: '9999-12-31' })
      await t.rejects(withdraw(parts, { id, now: TODAY, requestId: '' }, { pressure: 'unsaid' }), { code: 'transition_refused' })
    })

    t.test('G-1 G-2: every step leaves a line in the audit chain', async t => {
      const { ref } = await givenComplaint(parts, 'accepted', TODAY)
      const mine = await db.selectFrom('audit_entry').select(['action', 'role', 'actor_id']).where('subject', '=', ref).orderBy('seq').execute()
      t.same(mine, [{ action: 'complaint.submit', role: 'complainant', actor_id: null }, { action: 'complaint.register', role: 'clerk', actor_id: 101 }, { action: 'complaint.accept', role: 'clerk', actor_id: 101 }])
      const chain = await db.selectFrom('audit_entry').selectAll().orderBy('seq').execute()
      let last = ''
      const sound = chain.every(({ hash, ...row }, index) => {
        const good = row.seq === index + 1 && parts.keys.audit.matches(hash, chainText(last, row))
        last = hash
        return good
      })
      t.ok(sound, 'which holds together')
    })
  })

  t.test(`${engine}: numbers have no gap, however many accept at once`, async t => {
    const { db, parts } = await given(t, engine)
    const city = await db.selectFrom('bureau').select('case_prefix').where('parent_id', 'is', null).executeTakeFirstOrThrow()
    const filed = await Promise.all(Array.from({ length: 50 }, async () => await givenComplaint(parts, 'registered', TODAY)))
    const tries = [...filed.map(one => ({ ref: one.ref, version: 2 })), ...filed.slice(0, 10).map(one => ({ ref: one.ref, version: 1 }))]
    const results = await Promise.allSettled(tries.map(async ({ ref, version }) => await advance(parts, clerk, ref, { action: 'accept', version }, TODAY)))
    t.equal(results.filter(result => result.status === 'fulfilled').length, 50)
    const numbers = (await db.selectFrom('complaint').select('case_no').execute()).map(row => Number(/〔2026〕(\d+)号$/.exec(row.case_no ?? '')?.[1]))
    t.same(numbers.sort((a, b) => a - b), Array.from({ length: 50 }, (_, index) => index + 1))
    const notices = await db.selectFrom('document').select('number').where('type', '=', 'acceptance_notice').execute()
    t.same(notices.map(row => row.number).sort(), Array.from({ length: 50 }, (_, index) => `${city.case_prefix}受〔2026〕${index + 1}号`).sort())
    const next = await givenComplaint(parts, 'accepted', at('2027-01-04'))
    t.equal((await findById(db, next.id)).case_no, `${city.case_prefix}〔2027〕1号`, 'each year counts anew')
    const midnight = await givenComplaint(parts, 'accepted', '2026-12-31T16:30:00.000Z')
    t.equal((await findById(db, midnight.id)).case_no, `${city.case_prefix}〔2027〕2号`, 'the year is the one in China')
  })

  t.test(`${engine}: who sees what`, async t => {
    const { db, parts } = await given(t, engine)
    const filed = await givenComplaint(parts, 'accepted', TODAY)
    const { id, ref } = filed

    t.test('G-3: the complainant learns who looked at the name, before the name is shown', async t => {
      t.match(await revealIdentity(parts, clerk, ref, { category: 'contact', text: '电话核实' }, later(TODAY, 1)), { name: '演示投诉人', phone: '13800000000' })
      t.match(await findTracking(parts, id, TODAY), { views: [{ at: later(TODAY, 1), role: 'clerk', reason: 'contact' }], events: [{}, {}, {}, { action: 'identity_viewed', by: 'bureau', text: null, details: { reason: 'contact' } }] })
      t.match(await db.selectFrom('audit_entry').selectAll().where('action', '=', 'identity.viewed').execute(), [{ actor_id: 101, subject: ref, result: 'done' }])
      t.match((await findCase(parts, ref, TODAY)).events.at(-1), { action: 'identity_viewed', actor: STAFF_NAMES[0], fields: { note: '电话核实' } })
      for (const actor of [auditor, admin, { id: null, role: 'complainant', requestId: '' } as const]) await t.rejects(revealIdentity(parts, actor, ref, { category: 'contact' }, TODAY), { code: 'forbidden' }, actor.role)
      await t.rejects(revealIdentity(parts, clerk, ref, { category: 'curiosity' as 'contact' }, TODAY), { code: 'form_invalid', details: { fields: { category: { key: 'field.enum' } } } })
      t.equal((await findTracking(parts, id, TODAY)).views.length, 1, 'a refused look shows nothing')
    })

    t.test('messages go both ways', async t => {
      await sendMessage(parts, clerk, ref, '请问冰柜的型号？', TODAY)
      await complainantMessage(parts, id, '是白色的双门冰柜', later(TODAY, 2))
      t.match((await findTracking(parts, id, TODAY)).messages, [{ direction: 'out', text: '请问冰柜的型号？', readAt: null }, { direction: 'in', text: '是白色的双门冰柜' }])
      await markMessagesRead(db, id, later(TODAY, 3))
      t.match((await findCase(parts, ref, TODAY)).messages, [{ author: STAFF_NAMES[0], readAt: later(TODAY, 3) }, { author: null, readAt: null }])
      t.equal((await findById(db, id)).unread, 1)
      await markSeen(db, ref)
      t.equal((await findById(db, id)).unread, 0)
      await t.rejects(sendMessage(parts, clerk, ref, ' ', TODAY), { code: 'reason_required' })
      await t.rejects(complainantMessage(parts, id, '字'.repeat(2001), TODAY), { code: 'form_invalid' })
      await t.rejects(sendMessage(parts, auditor, ref, '问', TODAY), { code: 'forbidden' })
      const closed = await givenComplaint(parts, 'closed', TODAY)
      await t.rejects(complainantMessage(parts, closed.id, '还有话说', TODAY), { code: 'transition_refused' })
      t.match(await findTracking(parts, closed.id, TODAY), { may: { message: false, withdraw: false, supply: false } })
    })

    t.test('one handler at a time', async t => {
      await claim(parts, clerk, ref, TODAY)
      await claim(parts, clerk, ref, TODAY)
      await t.rejects(claim(parts, investigator, ref, TODAY), { code: 'already_claimed' })
      await claim(parts, investigator, ref, TODAY, { takeOver: true })
      const { handler, events } = await findCase(parts, ref, TODAY)
      t.match(handler, { id: 102, name: STAFF_NAMES[1] })
      t.same(events.filter(event => ['claim', 'take_over'].includes(event.action)).map(event => event.actor), [STAFF_NAMES[0], STAFF_NAMES[1]])
      const fresh = await givenFiled(parts, TODAY)
      const both = await Promise.allSettled([claim(parts, clerk, fresh.ref, TODAY), claim(parts, investigator, fresh.ref, TODAY)])
      t.equal(both.filter(result => result.status === 'fulfilled').length, 1)
      await t.rejects(claim(parts, admin, fresh.ref, TODAY), { code: 'forbidden' })
    })

    t.test('tracking holds no note, no name of staff and nothing internal', async t => {
      await addNote(parts, clerk, ref, '内部备注：当事人情绪激动', TODAY)
      await addNote(parts, clerk, ref, '内部备注：当事人情绪激动', TODAY)
      t.equal((await db.selectFrom('note').select('id').where('author_id', '=', clerk.id).execute()).length, 1, 'the same words at once are one note')
      const before = (await db.selectFrom('message').select('id').where('complaint_id', '=', id).where('direction', '=', 'out').where('author_id', '=', clerk.id).execute()).length
      for (let sent = 0; sent < 2; sent++) await sendMessage(parts, clerk, ref, '请说明当天的情况', TODAY)
      t.equal((await db.selectFrom('message').select('id').where('complaint_id', '=', id).where('direction', '=', 'out').where('author_id', '=', clerk.id).execute()).length - before, 1, 'going back and sending again is one message')
      await sendMessage(parts, clerk, ref, '请说明当天的情况', new Date(Date.parse(TODAY) + 60_000).toISOString())
      t.equal((await db.selectFrom('message').select('id').where('complaint_id', '=', id).where('direction', '=', 'out').where('author_id', '=', clerk.id).execute()).length - before, 2, 'the same words later are another')
      await t.rejects(sendMessage(parts, clerk, ref, '请补充：{填写：日期}', TODAY), { code: 'form_invalid' }, 'unfinished wording goes to nobody')
      await givenSupervisors(parts, filed, TODAY)
      await step(parts, filed.id, 'investigator', { action: 'start_investigation', text: '请说明' }, TODAY)
      await givenFindings(parts, filed, TODAY)
      t.match((await findCase(parts, ref, TODAY)).notes, [{ author: STAFF_NAMES[0], text: '内部备注：当事人情绪激动' }])
      const shown = JSON.stringify(await findTracking(parts, id, TODAY))
      for (const secret of ['内部备注', ...STAFF_NAMES, 'take_over', 'record_finding', '视频为证', 'handler', 'note', '电话核实', 'actor', '演示投诉人', '13800000000']) t.notOk(shown.includes(secret), secret)
      const transferred = await givenComplaint(parts, 'transferred', TODAY)
      const tracking = await findTracking(parts, transferred.id, TODAY)
      t.same(tracking.documents.map(document => document.type), ['receipt'], 'a letter to another body is not the complainant\'s')
      t.match(tracking.events.at(-1), { action: 'transfer', text: '属于廉洁问题', fields: { receiving_body: '某区监察机关' } })
      const letter = (await findCase(parts, transferred.ref, TODAY)).documents.find(document => document.type === 'transfer_letter')
      t.match(await findDocument(parts, transferred.id, letter?.id ?? ''), { toComplainant: false, content: { receiving_body: '某区监察机关' } })
      await t.rejects(findDocument(parts, id, letter?.id ?? ''), { code: 'not_found' }, 'nor another complaint\'s')
      await t.rejects(findTracking(parts, 'nobody', TODAY), { code: 'not_found' })
    })
  })

  t.test(`${engine}: the queue`, async t => {
    const { db, parts } = await given(t, engine)
    const agency = await db.selectFrom('agency').selectAll().where('level', '=', 'city').orderBy('id', 'desc').executeTakeFirstOrThrow()
    const made = new Map<Status, string>()
    let day = 2
    for (const status of STATUSES) made.set(status, (await givenComplaint(parts, status, at(`2026-11-${String(day++).padStart(2, '0')}`), status === 'registered' ? { target: { agencyId: agency.id }, issues: [{ ground: 'G13', text: '指定交易' }] } : {})).ref)
    await claim(parts, clerk, made.get('accepted') as string, TODAY)
    const { id: top } = await db.selectFrom('bureau').select('id').where('parent_id', 'is', null).executeTakeFirstOrThrow()
    const bureauIds = await visibleBureaus(db, top)
    const today = '2026-11-11'
    const look = async (filter: object) => await listQueue(db, { bureauIds, me: 101, ...filter }, today)

    t.test('shows what is due first, and counts', async t => {
      const all = await look({})
      t.equal(all.total, STATUSES.length - 1)
      const due = all.rows.map(row => row.dueOn ?? '9999-12-31')
      t.same(due, [...due].sort(), 'due soonest first, then what has no clock')
      t.match(all.rows[0], { ref: made.get('submitted'), status: 'submitted', dueOn: '2026-11-09', dueClock: 'accept', dueFrom: '2026-11-02', unread: true, grounds: ['G01', 'G08'], mode: 'confidential', handler: null })
      for (const status of STATUSES) t.equal(all.counts[status], 1, status)
      for (const view of VIEWS) {
        const { rows, total } = await look({ view, size: 100 })
        t.equal(rows.length, total, view)
        t.equal(total, all.views[view], `${view}: the count is of what is listed`)
        t.equal((await look({ view, status: STATUSES })).total, total, `${view}: also when it is counted by the filter`)
      }
      t.same((await look({ view: 'closed' })).rows.map(row => row.ref), [made.get('closed')])
      t.match((await look({ view: 'mine' })).rows, [{ ref: made.get('accepted'), handler: { id: 101, name: STAFF_NAMES[0] } }])
      t.notMatch(JSON.stringify(all), /演示投诉人|冰柜/)
    })

    t.test('narrows and pages', async t => {
      const refs = async (filter: object) => (await look(filter)).rows.map(row => row.ref)
      const registered = made.get('registered') as string
      const caseNo = (await findCase(parts, made.get('accepted') as string, TODAY)).caseNo as string
      t.same(await refs({ status: ['registered'] }), [registered])
      t.same(await refs({ agency: agency.id }), [registered])
      t.same(await refs({ ground: 'G13' }), [registered])
      t.same(await refs({ handler: 101 }), [made.get('accepted')])
      t.same(await refs({ q: registered.toLowerCase() }), [registered])
      t.same(await refs({ q: caseNo.replace('〔', '[').replace('〕', ']') }), [made.get('accepted')])
      t.same(await refs({ q: agency.name.slice(2, 6) }), [registered])
      t.same(await refs({ q: '%' }), [])
      t.same(await refs({ q: 'TS00000000000' }), [])
      t.same(await refs({ due: 'overdue' }), [made.get('submitted'), registered])
      t.ok((await refs({ due: 'week' })).length > 0)
      t.same(await refs({ bureauIds: [] }), [])
      const pages = [await look({ size: 8, page: 1 }), await look({ size: 8, page: 2 }), await look({ size: 8, page: 3 })]
      t.same(pages.map(page => page.rows.length), [8, 8, STATUSES.length - 1 - 16])
      t.equal(new Set(pages.flatMap(page => page.rows.map(row => row.ref))).size, STATUSES.length - 1)
      t.match(await look({ size: 8, page: 1e9 }), { page: 3, pages: 3 })
      t.match(await look({ size: 8, page: -1 }), { page: 1 })
    })
  })
}
