import t from 'tap'
import { findById } from '../../src/complaints/case/core/repository.ts'
import { dismissPattern, findPatterns, openWithdrawals, proposeMeasure, readConsequences, recordRecovery, settleMeasure, settleWithdrawal } from '../../src/complaints/outcome/consequences/service.ts'
import { findTracking } from '../../src/complaints/case/reading/service.ts'
import { openSession } from '../../src/db/sessions.ts'
import { loadReckoner } from '../../src/db/reckoner.ts'
import { patternsIn } from '../../src/domain/supervision/consequences.ts'
import { publishDecisions } from '../../src/catalogue/publication/service.ts'
import { givenHouse, TODAY } from '../fixtures/app.ts'
import { givenComplaint, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'

const { investigator, head, clerk, approver } = STAFF
const HEAD = { ...head, name: '演示科长' }
const DAY = 86_400_000

t.test('a pattern is three complaints at least, and one complaint counts once', async t => {
  const sighting = (key: string, ref: string) => ({ kind: 'ground' as const, key, ref })
  t.same(patternsIn([sighting('1 G01', 'a'), sighting('1 G01', 'a'), sighting('1 G01', 'b')]), [])
  t.same(patternsIn([sighting('1 G01', 'a'), sighting('1 G01', 'b'), sighting('1 G01', 'c'), sighting('2 G01', 'd')]), [{ kind: 'ground', key: '1 G01', refs: ['a', 'b', 'c'] }])
})

for (const engine of ENGINES) {
  t.test(`${engine}: what follows from a case`, async t => {
    const { app, db, clock } = await givenHouse(t, engine)
    await givenStaff(db)

    /** A complaint about a published decision, with the decision's number. */
    async function givenDecision (number: string) {
      const filed = await givenComplaint(app, 'document_issued', TODAY)
      const { agency_id: agencyId } = await findById(db, filed.id)
      const state = {
        number, category: 'penalty', agency_id: agencyId as number, matter_id: null, matter_version: null, party_name: '演示餐馆（虚构）', party_type: 'organisation', party_uscc: null, violation: '演示', facts: '演示事实', basis: null,
        penalty_kinds: 'fine', content: '罚款五万元', fine_fen: 5_000_000, confiscated_fen: null, benchmark_code: null, tier: null, details: null, decided_on: '2026-10-08', published_on: '2026-10-10', public_until: '2029-10-10', until_rule: 'given',
        status: 'in_force', overturned_on: null, withdrawn_on: null, withdrawal_ground: null, withdrawal_reason: null, replaced_by: null, source: 'test', fictional: 1
      }
      await db.transaction().execute(async trx => { await publishDecisions(trx, [{ state: { ...state, code: number.length.toString(16).padStart(12, '0') } as never, current: undefined }], { at: TODAY, actor: 'test', reason: 'test', batchId: null }) })
      const { id } = await db.selectFrom('decision').select('id').where('number', '=', number).executeTakeFirstOrThrow()
      await db.insertInto('complaint_link').values({ complaint_id: filed.id, kind: 'decision', record_id: id, record_version: 1 }).execute()
      return { ...filed, decisionId: id }
    }

    const open = async (id: string, kind: 'revoke' | 'apologise') => await db.transaction().execute(async trx => {
      await openWithdrawals({ trx, keys: app.keys, reckoner: await loadReckoner(trx), now: TODAY }, investigator, await findById(trx, id), kind)
    })

    t.test('a revoked decision opens its withdrawal with three working days by itself, once, and becomes a tombstone', async t => {
      const { id, ref, decisionId } = await givenDecision('演示罚〔2026〕1号')
      await open(id, 'apologise')
      t.same((await readConsequences(app, await findById(db, id))).tasks, [], 'an apology takes nothing back')
      await open(id, 'revoke')
      await open(id, 'revoke')
      const { tasks } = await readConsequences(app, await findById(db, id))
      t.match(tasks, [{ no: 1, number: '演示罚〔2026〕1号', ground: 'revoked', dueOn: '2026-11-26', state: 'open' }], 'TODAY is a Monday')
      t.equal(tasks.length, 1)
      t.match((await findTracking(app, id, TODAY)).events.at(-1), { action: 'withdrawal_opened' })
      await t.rejects(settleWithdrawal(app, { ...investigator, name: 'x' }, ref, { no: 1, reason: '已撤销', overturnedOn: '2026-11-20' }, TODAY), { code: 'forbidden' })
      await t.rejects(settleWithdrawal(app, HEAD, ref, { no: 1, reason: ' ', overturnedOn: '2026-11-20' }, TODAY), { code: 'reason_required' })
      await t.rejects(settleWithdrawal(app, HEAD, ref, { no: 1, reason: '已撤销', overturnedOn: '2026-09-01' }, TODAY), { code: 'form_invalid' }, 'not before the decision itself')
      t.match((await readConsequences(app, await findById(db, id))).tasks, [{ state: 'open' }], 'what was refused left nothing half done')
      await settleWithdrawal(app, HEAD, ref, { no: 1, reason: '经行政执法监督，该决定被依法撤销。', overturnedOn: '2026-11-20' }, TODAY)
      await t.rejects(settleWithdrawal(app, HEAD, ref, { no: 1, reason: '再来', overturnedOn: '2026-11-20' }, TODAY), { code: 'already_decided' })
      t.match(await db.selectFrom('decision').select(['status', 'party_name', 'withdrawal_ground', 'withdrawn_on']).where('id', '=', decisionId).executeTakeFirstOrThrow(), { status: 'withdrawn', party_name: '', withdrawal_ground: 'revoked', withdrawn_on: '2026-11-23' })
      t.match(await db.selectFrom('clock').select('stopped_on').where('complaint_id', '=', id).where('clock', '=', 'withdrawal').executeTakeFirstOrThrow(), { stopped_on: '2026-11-23' })
    })

    t.test('a decision that is not in the register is a task too, and is settled with reasons', async t => {
      const { id, ref } = await givenComplaint(app, 'document_issued', TODAY)
      await open(id, 'revoke')
      t.match((await readConsequences(app, await findById(db, id))).tasks, [{ number: null, state: 'open' }])
      await settleWithdrawal(app, HEAD, ref, { no: 1, reason: '该决定没有公示过', overturnedOn: '' }, TODAY)
      t.match((await readConsequences(app, await findById(db, id))).tasks, [{ state: 'dropped', reason: '该决定没有公示过' }])
    })

    t.test('money is recorded for its issue and summed, measures are proposed and settled', async t => {
      const { id, ref } = await givenComplaint(app, 'investigating', TODAY)
      const refused = async (fields: object, faults: object) => { await t.rejects(recordRecovery(app, investigator, ref, { issue: 1, kind: 'refund', amount: '5万', note: '', ...fields }, TODAY), { code: 'form_invalid', details: { fields: faults } }) }
      await refused({ amount: '很多' }, { amount: { key: 'consequence_fault.amount' } })
      await refused({ amount: '0' }, { amount: {} })
      await refused({ kind: 'gift' }, { kind: {} })
      await refused({ issue: 7 }, { issue: {} })
      await recordRecovery(app, investigator, ref, { issue: 1, kind: 'refund', amount: '5万', note: '退款凭证一张' }, TODAY)
      await recordRecovery(app, investigator, ref, { issue: 2, kind: 'returned', amount: '1,200.50元', note: '' }, TODAY)
      await t.rejects(recordRecovery(app, clerk, ref, { issue: 1, kind: 'refund', amount: '1', note: '' }, TODAY), { code: 'forbidden' })
      await t.rejects(proposeMeasure(app, investigator, ref, { measure: 'criticism', officer: ' ', reasons: '' }, TODAY), { code: 'form_invalid', details: { fields: { officer: {}, reasons: {} } } })
      await proposeMeasure(app, investigator, ref, { measure: 'criticism', officer: '演示人员', reasons: '没有出示证件' }, TODAY)
      await settleMeasure(app, investigator, ref, { no: 1, state: 'taken' }, TODAY)
      t.match(await readConsequences(app, await findById(db, id)), { sum: 5_120_050, recoveries: [{ fen: 5_000_000, note: '退款凭证一张' }, { fen: 120_050, note: null }], measures: [{ measure: 'criticism', state: 'taken', officer: '演示人员' }] })
      t.notMatch(JSON.stringify(await db.selectFrom('officer_measure').selectAll().execute()), /演示人员|没有出示/)
    })

    t.test('what several complaints have in common is shown to those who lead, and comes back when it grows', async t => {
      const looking = { bureauIds: (await db.selectFrom('bureau').select('id').execute()).map(({ id }) => id), now: clock.now }
      const before = (await findPatterns(app, looking)).find(({ kind, name }) => kind === 'ground' && name === 'G01')
      t.ok((before?.refs.length ?? 0) >= 3)
      const pattern = before?.pattern ?? ''
      const token = await openSession(db, 'staff', String(head.id), clock.now)
      const open = async (url: string) => await app.inject({ url, headers: { cookie: `sunlit-staff=${token}`, accept: 'text/html' } })
      for (const url of ['/desk/patterns', '/en/desk/patterns']) t.match(await open(url), { statusCode: 200, body: new RegExp(before?.refs[0] ?? '') }, url)
      const { ref } = await givenComplaint(app, 'document_issued', TODAY)
      for (const url of [`/desk/complaints/${ref}/consequences`, `/en/desk/complaints/${ref}/consequences`]) t.equal((await open(url)).statusCode, 200, url)
      await t.rejects(dismissPattern(app, investigator, { ...looking, pattern, reason: '已研判' }, clock.now), { code: 'forbidden' })
      await dismissPattern(app, approver, { ...looking, pattern, reason: '已研判，属于个别情况' }, clock.now)
      t.match((await findPatterns(app, looking)).find(card => card.pattern === pattern)?.dismissed, { reason: '已研判，属于个别情况' })
      await givenComplaint(app, 'investigating', TODAY)
      t.equal((await findPatterns(app, looking)).find(card => card.pattern === pattern)?.dismissed, null)
      t.same(await findPatterns(app, { ...looking, now: new Date(Date.parse(clock.now) + 200 * DAY).toISOString() }), [], 'ninety days, not for ever')
    })
  })
}
