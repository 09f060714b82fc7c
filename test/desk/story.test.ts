import t from 'tap'
import { acknowledge, judgeDemand, saveAnswer, signAnswers } from '../../src/complaints/outcome/agency-answers/service.ts'
import { assign } from '../../src/complaints/work/assignments/service.ts'
import { publishDecisions } from '../../src/catalogue/publication/service.ts'
import { readConsequences, recordRecovery, settleWithdrawal } from '../../src/complaints/outcome/consequences/service.ts'
import { findById } from '../../src/complaints/case/core/repository.ts'
import { advance, type Actor, type Step } from '../../src/complaints/case/core/service.ts'
import { decideLetter, decideProposal, proposeLetter, saveLetter, type Person } from '../../src/complaints/outcome/letters/service.ts'
import { findCase, findTracking } from '../../src/complaints/case/reading/service.ts'
import { visitor } from '../fixtures/visitor.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenChecklist, givenFiled, givenFindings, givenStaff, STAFF } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'

const { clerk, investigator, second, legal_reviewer: legal, head, approver, government, agency_handler: handler, agency_leader: leader } = STAFF
const DAY = 86_400_000
const NUMBER = '演示罚〔2026〕8号'

/** A published penalty of the first agency of the register. */
async function givenPenalty ({ db }: House): Promise<{ agencyId: number, decisionId: number }> {
  const { id: agencyId } = await db.selectFrom('agency').select('id').orderBy('id').executeTakeFirstOrThrow()
  const state = {
    number: NUMBER, code: '00000000aa08', category: 'penalty', agency_id: agencyId, matter_id: null, matter_version: null, party_name: '演示饭店（虚构）', party_type: 'organisation', party_uscc: null, violation: '演示', facts: '演示事实', basis: null,
    penalty_kinds: 'fine', content: '罚款五万元', fine_fen: 5_000_000, confiscated_fen: null, benchmark_code: null, tier: null, details: null, decided_on: '2026-10-08', published_on: '2026-10-10', public_until: '2029-10-10', until_rule: 'given',
    status: 'in_force', overturned_on: null, withdrawn_on: null, withdrawal_ground: null, withdrawal_reason: null, replaced_by: null, source: 'test', fictional: 1
  }
  await db.transaction().execute(async trx => { await publishDecisions(trx, [{ state: state as never, current: undefined }], { at: TODAY, actor: 'test', reason: 'test', batchId: null }) })
  return { agencyId, decisionId: (await db.selectFrom('decision').select('id').where('number', '=', NUMBER).executeTakeFirstOrThrow()).id }
}

for (const engine of ENGINES) {
  t.test(`${engine}: two stories from the complaint to the end`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, clock } = house
    await givenStaff(db)
    const after = (days: number): string => new Date(Date.parse(TODAY) + days * DAY).toISOString()
    const go = async (actor: Actor, ref: string, step: Omit<Step, 'version'>): Promise<void> => {
      const { version } = await db.selectFrom('complaint').select('version').where('ref', '=', ref).executeTakeFirstOrThrow()
      await advance(app, actor, ref, { ...step, version }, clock.now)
    }
    const draftVersion = async (id: string): Promise<number> => (await db.selectFrom('document_draft').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version

    await t.test('a wrong penalty: revoked by the government’s decision, repaid, taken out of publication, answered, confirmed and rated', async t => {
      const { agencyId, decisionId } = await givenPenalty(house)
      const filed = await givenFiled(app, clock.now, { target: { agencyId, decisionId }, issues: [{ ground: 'G03', text: '处罚明显不当，没有说明理由' }] })
      const { id, ref } = filed
      await go(clerk, ref, { action: 'register' })
      await go(clerk, ref, { action: 'accept' })
      await t.rejects(go(investigator, ref, { action: 'start_investigation', text: '请说明' }), { code: 'transition_refused', details: { failing: ['two_investigators'] } })
      await assign(app, head, ref, investigator.id, clock.now)
      await assign(app, head, ref, second.id, clock.now)
      await go(investigator, ref, { action: 'start_investigation', text: '请说明裁量的理由并提供案卷' })
      await givenFindings(app, filed, clock.now)
      await t.rejects(go(investigator, ref, { action: 'propose_findings' }), { code: 'transition_refused' }, 'not before the checklist')
      await givenChecklist(app, filed, clock.now)
      await go(investigator, ref, { action: 'propose_findings' })
      await t.rejects(go(clerk, ref, { action: 'reply', text: '太早' }), { code: 'transition_refused', details: { failing: ['put_right_or_unfounded'] } })
      await go(investigator, ref, { action: 'begin_letter' })

      const letter = await saveLetter(app, investigator, ref, {
        type: 'decision_letter', handIn: true,
        text: { addressee: '被监督单位（虚构）', fields: { facts: '处罚没有说明裁量的理由。', evidence: '案卷一册。', reasons: '明显不当。', basis: '《行政处罚法》第五条', report: '请书面报告。' }, demands: [{ kind: 'revoke', text: '撤销行政处罚决定' }, { kind: 'refund', text: '退还罚款' }] }
      }, clock.now)
      for (const person of [legal, head, approver] as Person[]) await decideLetter(app, person, { id: letter, version: await draftVersion(letter), decision: 'approve', comment: '同意' }, clock.now)
      await proposeLetter(app, approver, { id: letter, version: await draftVersion(letter) }, clock.now)
      await t.rejects(decideProposal(app, approver as Person, { id: letter, version: await draftVersion(letter), decision: 'approve', text: '同意' }, clock.now), { code: 'forbidden' }, 'the bureau does not decide for the government')
      const document = await decideProposal(app, government, { id: letter, version: await draftVersion(letter), decision: 'approve', text: '同意' }, clock.now) ?? ''
      t.match(await findById(db, id), { status: 'document_issued' })

      clock.now = after(10)
      await acknowledge(app, handler, document, clock.now)
      for (const no of [1, 2]) await saveAnswer(app, handler, { id: document, kind: 'demand', no, text: no === 1 ? '已撤销' : '已退还', version: 0 }, clock.now)
      await signAnswers(app, leader, { id: document, kind: 'demand' }, clock.now)
      for (const no of [1, 2]) await judgeDemand(app, investigator, ref, { document, no, verdict: 'verified', text: '看了决定和凭证' }, clock.now)
      t.match((await readConsequences(app, await findById(db, id))).tasks, [{ number: NUMBER, ground: 'revoked', state: 'open' }], 'the withdrawal opened by itself')
      await recordRecovery(app, investigator, ref, { issue: 1, kind: 'refund', amount: '5万', note: '退款凭证' }, clock.now)
      await go(clerk, ref, { action: 'reply', text: '处罚决定已撤销，罚款已退还。' })
      await t.rejects(go(clerk, ref, { action: 'close' }), { code: 'transition_refused', details: { failing: ['nothing_left_published'] } }, 'not while the decision is still published')
      await settleWithdrawal(app, { ...head, name: '演示科长' }, ref, { no: 1, reason: '经行政执法监督，该决定被依法撤销。', overturnedOn: '2026-11-30' }, clock.now)
      t.match(await db.selectFrom('decision').select(['status', 'content']).where('id', '=', decisionId).executeTakeFirstOrThrow(), { status: 'withdrawn', content: '' })

      const person = visitor(app)
      await person.submit('/track', { ref, code: filed.code })
      const { body } = await person.get(`/track/${ref}`)
      for (const text of ['处罚决定已撤销，罚款已退还。', '属实']) t.match(body, text)
      t.notMatch(body, /处罚没有说明裁量的理由。|演示联络员/, 'neither the letter to the agency nor anybody’s name')
      t.equal((await person.submit(`/track/${ref}/requests/rectification`, { answer: 'yes' })).status, 303)
      clock.now = after(20)
      await person.submit('/track', { ref, code: filed.code })
      await person.get(`/track/${ref}`)
      t.equal((await person.submit(`/track/${ref}/requests/rating`, { moment: 'answer', clarity: '5', fairness: '5', speed: '4' })).status, 303)
      await go(clerk, ref, { action: 'close' })
      t.match(await findTracking(app, id, clock.now), { status: 'closed', outcome: 'answered', stage: 'ended' })
      t.match((await findCase(app, ref, clock.now, approver)).aftermath, { confirmations: [{ answer: 'yes' }], ratings: [{ scores: { clarity: 5 } }] })
    })

    await t.test('a dispute of the complainant’s own: guided to reconsideration, insisted on, refused with the way of the law', async t => {
      clock.now = TODAY
      const filed = await givenFiled(app, clock.now, { issues: [{ ground: 'G03', text: '对自己的罚款不服' }] })
      const { id, ref } = filed
      await go(clerk, ref, { action: 'register' })
      await go(clerk, ref, { action: 'guide', path: 'reconsideration', text: '请在六十日内申请行政复议' })
      const person = visitor(app)
      await person.submit('/track', { ref, code: filed.code })
      t.match((await person.get(`/track/${ref}`)).body, /仍然要求受理/)
      t.equal((await person.submit(`/track/${ref}/requests/insisting`, { words: '不打算复议' })).status, 303)
      await go(clerk, ref, { action: 'refuse', refusal: 'N07', path: 'reconsideration', text: '应当先依法申请行政复议' })
      t.equal((await person.submit(`/track/${ref}/requests/insisting`, { words: '再来一次' })).status, 409)
      const { documents, status, refusalCode } = await findTracking(app, id, clock.now)
      t.match({ status, refusalCode }, { status: 'refused', refusalCode: 'N07' })
      t.same(documents.map(({ type }) => type).sort(), ['guidance_letter', 'receipt', 'refusal_notice'])
      await go(clerk, ref, { action: 'close' })
      t.match(await findTracking(app, id, clock.now), { status: 'closed', outcome: 'refused' })
    })
  })
}
