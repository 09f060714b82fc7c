import t from 'tap'
import { addAccount } from '../../src/desk/account/accounts/service.ts'
import { currentCode, stepOf } from '../../src/desk/account/second-factor/codes.ts'
import { confirm, giveSecret } from '../../src/desk/account/second-factor/service.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { hasConflict } from '../../src/complaints/work/conflicts/service.ts'
import { assign } from '../../src/complaints/work/assignments/service.ts'
import { findByRef } from '../../src/complaints/case/core/repository.ts'
import { listQueue } from '../../src/complaints/case/reading/repository.ts'
import { sweepSessions } from '../../src/db/sessions.ts'
import { givenComplaint, givenStaff, STAFF, step } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { codeFor, signInAs, TOTP } from '../fixtures/sign-in.ts'
import { visitor } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const after = (now: string, seconds: number): string => new Date(Date.parse(now) + seconds * 1000).toISOString()
const at = (now: string) => ({ now, requestId: 'test' })

type Person = ReturnType<typeof visitor>

async function givenPerson (t: Teardown, engine: Engine): Promise<House & { id: number, person: Person, half: () => Promise<Person> }> {
  const house = await givenHouse(t, engine)
  const { app } = house
  const id = await addAccount(app, { username: 'li.na', name: '李娜', role: 'clerk', password: PASSWORD }, TODAY)
  const half = async (): Promise<Person> => {
    const person = visitor(app)
    const { status } = await person.submit(ROUTES.signIn, { username: 'li.na', password: PASSWORD })
    if (status !== 303) throw new Error(`password refused: ${status}`)
    return person
  }
  return { ...house, id, half, person: visitor(app) }
}

t.test('L-1: a code is that of RFC 6238, of this step, the one before or after, and of none that was used', t => {
  const now = new Date(59_000).toISOString()
  t.equal(currentCode(TOTP, now), '287082', 'appendix B of the RFC, the last six digits')
  const code = currentCode(TOTP, TODAY) // on the first second of a step
  for (const [seconds, taken] of [[-31, false], [-30, true], [0, true], [59, true], [60, false]] as const) t.equal(stepOf(TOTP, code, { now: after(TODAY, seconds), last: null }) !== null, taken, `${seconds} s`)
  t.equal(stepOf(TOTP, '287082', { now, last: 1 }), null, 'its step was used')
  t.equal(stepOf(TOTP, '287082', { now, last: 0 }), 1)
  for (const typed of ['', '28708', '2870822', '28708a', '２８７０８２', '0'.repeat(1000)]) t.equal(stepOf(TOTP, typed, { now, last: null }), null, typed.slice(0, 10))
  t.end()
})

for (const engine of ENGINES) {
  t.test(engine, async t => {
    t.test('L-1: the first sign-in sets the second factor up, and gives recovery codes that work once', async t => {
      const { app, db, clock, half } = await givenPerson(t, engine)
      const person = await half()
      t.match(await person.get(ROUTES.signInCode), { status: 303, location: ROUTES.signInEnrolment })
      const page = await person.get(ROUTES.signInEnrolment)
      const secret = (/class="sl-code">([A-Z2-7 ]+)</.exec(page.body)?.[1] ?? '').replaceAll(' ', '')
      t.equal(secret.length, 32)
      t.match(page.body, /<svg class="sl-cardqr"/)
      t.equal((await person.get(ROUTES.signInEnrolment)).body.includes(secret.slice(0, 4)), true, 'the same after a reload')
      t.notMatch(JSON.stringify(await db.selectFrom('account').selectAll().execute()), secret, 'sealed in the database')
      for (const url of [ROUTES.desk, ROUTES.sessions, ROUTES.password, ROUTES.queue, ROUTES.recoveryCodes]) t.match(await person.get(url), { status: 303, location: /sign-in/ }, `${url} stays closed`)
      await person.get(ROUTES.signInEnrolment)
      t.match(await person.submit(ROUTES.signInEnrolment, {}), { status: 422, body: /请输入验证码/ })
      t.match(await person.submit(ROUTES.signInEnrolment, { code: '000000' }), { status: 401, body: /没有登录成功/ })
      const done = await person.submit(ROUTES.signInEnrolment, { code: currentCode(secret, clock.now).replace(/(?=...$)/, ' '), next: '/desk/queue' })
      const codes = done.body.match(/(?<="sl-code">)[a-z2-9]{5}-[a-z2-9]{5}/g) ?? []
      t.equal(codes.length, 10)
      t.match(done.body, /href="\/desk\/queue"/)
      t.equal((await person.get(ROUTES.queue)).status, 200, 'signed in')
      t.notMatch(JSON.stringify(await db.selectFrom('recovery_code').selectAll().execute()), codes[0] as string)

      const again = await half()
      await again.get(ROUTES.signInCode)
      t.match(await again.submit(ROUTES.signInCode, { code: currentCode(secret, clock.now) }), { status: 401 }, 'the code of the setting up is used')
      t.match(await again.submit(ROUTES.signInCode, { code: ` ${(codes[0] as string).toUpperCase().replace('-', ' ')}`, way: 'recovery' }), { status: 303, location: '/desk' })
      const third = await half()
      await third.get(ROUTES.signInCode)
      t.match(await third.submit(ROUTES.signInCode, { code: codes[0] as string, way: 'recovery' }), { status: 401, body: /恢复码/ }, 'a recovery code works once')
      t.match((await again.get(ROUTES.recoveryCodes)).body, /还有9个恢复码/)
      clock.now = after(clock.now, 60)
      await again.get(ROUTES.recoveryCodes)
      const renewed = await again.submit(ROUTES.recoveryCodes, { code: currentCode(secret, clock.now) })
      t.equal(renewed.body.match(/(?<="sl-code">)[a-z2-9]{5}-[a-z2-9]{5}/g)?.length, 10)
      await third.get(ROUTES.signInCode)
      t.match(await third.submit(ROUTES.signInCode, { code: codes[1] as string, way: 'recovery' }), { status: 401 }, 'the old ones are void')
      const actions = (await db.selectFrom('audit_entry').select('action').execute()).map(({ action }) => action)
      for (const action of ['totp.enrolled', 'totp.recovered', 'totp.codes_renewed']) t.ok(actions.includes(action), action)
      t.match((await again.get('/en/desk/recovery-codes')).body, /Recovery codes not used yet: 10/)
      await app.ready()
    })

    t.test('S-2 L-3: wrong codes slow down, a half session opens nothing and ends, and a new session begins', async t => {
      const { app, db, clock, id, half } = await givenPerson(t, engine)
      await giveSecret(app, db, { id, username: 'li.na', secret: TOTP }, TODAY)
      const person = await half()
      await person.get(ROUTES.signInCode)
      const token = person.cookies.get('sunlit-half')
      for (let n = 0; n < 5; n++) t.equal((await person.submit(ROUTES.signInCode, { code: '000000' })).status, 401)
      t.match(await person.submit(ROUTES.signInCode, { code: currentCode(TOTP, clock.now) }), { status: 429, body: /请等待10秒后再试/ }, 'even the right one waits')
      t.equal((await visitor(app).submit(ROUTES.signIn, { username: 'li.na', password: PASSWORD })).status, 429, 'the password too')
      clock.now = after(clock.now, 11)
      t.match(await person.submit(ROUTES.signInCode, { code: currentCode(TOTP, clock.now), next: 'https://evil.example/' }), { status: 303, location: '/desk' })
      t.not(person.cookies.get('sunlit-staff'), token)
      t.notOk(person.cookies.has('sunlit-half'))
      t.same((await db.selectFrom('login_session').select('kind').execute()).map(({ kind }) => kind), ['staff'])
      clock.now = after(clock.now, 60)
      const late = await half()
      clock.now = after(clock.now, 11 * 60)
      t.match(await late.get(ROUTES.signInCode), { status: 303, location: ROUTES.signIn }, 'after ten minutes it is gone')
    })

    t.test('L-1: of many requests with one code one signs in', async t => {
      const { app, db, clock, id } = await givenPerson(t, engine)
      await giveSecret(app, db, { id, username: 'li.na', secret: TOTP }, TODAY)
      const code = currentCode(TOTP, clock.now)
      const tries = await Promise.allSettled(Array.from({ length: 4 }, async () => { await confirm(app, { id, code }, at(clock.now)) }))
      t.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
      t.match(await codeFor(app, 'li.na'), /^\d{6}$/)
    })

    t.test('Z-4: a declared tie takes the cases of an agency, or one case, out of a person’s sight and hands until a leader ends it', async t => {
      const { app, db, person, id, clock } = await givenPerson(t, engine)
      await givenStaff(db)
      const { id: caseId, ref } = await givenComplaint(app, 'accepted', TODAY)
      const { id: otherId, ref: other } = await givenComplaint(app, 'accepted', TODAY)
      const agency = await db.selectFrom('agency').select(['id', 'name']).orderBy('id').executeTakeFirstOrThrow()
      await db.updateTable('complaint').set({ agency_id: agency.id, handler_id: id }).where('id', '=', caseId).execute()
      await db.updateTable('complaint').set({ agency_id: null }).where('id', '=', otherId).execute()
      await signInAs(app, person, { username: 'li.na', password: PASSWORD })
      t.equal((await person.get(`/desk/complaints/${ref}`)).status, 200)
      t.match(await person.submit(ROUTES.conflicts, {}), { status: 422, body: /请写明是什么关系/ })
      t.match(await person.submit(ROUTES.conflicts, { ref: 'TS99999999999', text: '邻居' }), { status: 422, body: /没有这个编号的投诉[^]*邻居/ }, 'what was typed is kept')
      t.match(await person.submit(ROUTES.conflicts, { agency: '2147483647', text: '邻居' }), { status: 422 })
      t.match(await person.submit(ROUTES.conflicts, { q: ['市场', '公安'], ref: 'TS99999999999', text: '邻居' }), { status: 422, body: /value="市场"/ }, 'a field said twice is what was said first')
      t.match((await person.get(`${ROUTES.conflicts}?q=${encodeURIComponent(agency.name)}`)).body, new RegExp(`value="${agency.id}"`))
      t.match(await person.submit(ROUTES.conflicts, { agency: String(agency.id), text: '配偶在该单位任职' }), { status: 303 })
      t.notMatch(JSON.stringify(await db.selectFrom('conflict_declaration').selectAll().execute()), /配偶/, 'sealed')
      for (const rest of ['', '/people', '/transitions?action=refuse', '/investigate']) t.ok([403, 404].includes((await person.get(`/desk/complaints/${ref}${rest}`)).status), `hidden: ${rest}`)
      t.equal((await findByRef(db, ref)).handler_id, null, 'free for others')
      t.equal((await person.get(`/desk/complaints/${other}`)).status, 200, 'one without agency stays')
      const queue = await listQueue(db, { bureauIds: [1, 2, 3, 4, 5], me: id, view: 'all' }, '2026-11-23')
      t.same(queue.rows.map(row => row.ref), [other])
      await person.get(ROUTES.conflicts)
      t.match(await person.submit(ROUTES.conflicts, { ref: ` ${other.toLowerCase()}`, text: '认识投诉人' }), { status: 303 })
      t.equal((await person.get(`/desk/complaints/${other}`)).status, 404)
      t.equal(await hasConflict(db, id, otherId), true)
      t.equal(await hasConflict(db, STAFF.head.id, caseId), false)

      await db.insertInto('conflict_declaration').values({ id: 'x', account_id: STAFF.second.id, agency_id: agency.id, complaint_id: null, sealed: '', since: '2026-11-23', declared_at: TODAY, ended_at: null, ended_by: null }).execute()
      await db.updateTable('account').set({ card_no: 'DEMO-1' }).where('id', '=', STAFF.second.id).execute()
      await t.rejects(assign(app, { ...STAFF.head, bureauIds: undefined } as never, ref, STAFF.second.id, TODAY), { code: 'form_invalid', details: { fields: { account: { key: 'assignment.conflict' } } } })
      await db.deleteFrom('conflict_declaration').where('id', '=', 'x').execute()

      const rows = await db.selectFrom('conflict_declaration').select('id').orderBy('declared_at').execute()
      t.equal((await person.submit(ROUTES.conflictEndings, { id: rows[0]?.id ?? '' })).status, 403, 'the person cannot end it')
      await addAccount(app, { username: 'he.ping', name: '何平', role: 'head', password: PASSWORD }, TODAY)
      const head = visitor(app)
      await signInAs(app, head, { username: 'he.ping', password: PASSWORD })
      t.match((await head.get(ROUTES.conflicts)).body, /李娜[^]*配偶在该单位任职|认识投诉人[^]*李娜/)
      for (const { id: declaration } of rows) t.equal((await head.submit(ROUTES.conflictEndings, { id: declaration })).status, 303)
      t.equal((await head.submit(ROUTES.conflictEndings, { id: rows[0]?.id ?? '' })).status, 404, 'not twice')
      t.equal((await person.get(`/desk/complaints/${ref}`)).status, 200)

      const [officer] = await db.insertInto('officer').values({ slug: 'tied', version: 1, name: '测试·吴', agency_id: agency.id, certificate_no: 'LN0100007', certificate_type: 'enforcement', categories: '', area: null, valid_from: null, valid_to: null, status: 'valid', updated_at: TODAY }).returning('id').execute()
      await db.insertInto('complaint_link').values({ complaint_id: otherId, kind: 'officer', record_id: officer?.id ?? 0, record_version: 1 }).execute()
      await db.updateTable('complaint').set({ handler_id: id }).where('id', '=', otherId).execute()
      await person.get(ROUTES.conflicts)
      t.match(await person.submit(ROUTES.conflicts, { officer: 'LN9999999', text: '同学' }), { status: 422, body: /没有这个执法证件号[^]*LN9999999/ })
      t.equal((await person.submit(ROUTES.conflicts, { officer: ' ln0100007 ', text: '同学' })).status, 303)
      t.match((await person.get(ROUTES.conflicts)).body, /执法证件[^]*LN0100007/)
      t.equal((await person.get(`/desk/complaints/${other}`)).status, 404, 'a case that names the officer')
      t.same((await listQueue(db, { bureauIds: [1, 2, 3, 4, 5], me: id, view: 'all' }, '2026-11-23')).rows.map(row => row.ref), [ref])
      t.equal((await findByRef(db, other)).handler_id, null)
      t.equal(await hasConflict(db, id, otherId), true)
      t.notMatch((await head.get(`/desk/complaints/${other}`)).body, /应当先更换人员/)
      await db.insertInto('assignment').values({ complaint_id: otherId, account_id: id, assigned_by: null, at: TODAY, ended_at: null }).execute()
      t.match((await head.get(`/desk/complaints/${other}`)).body, /应当先更换人员/, 'what was assigned in spite of it stops the decisions, with the reason')
      t.match(await head.submit(`/desk/complaints/${other}/transitions`, { action: 'suspend', version: '1' }), { status: 409 })
      await t.rejects(step(app, otherId, 'head', { action: 'start_investigation', text: '开始调查' }, TODAY), { code: 'transition_refused', details: { failing: ['no_conflict', 'agency_known', 'two_investigators'] } })
      t.ok(await sweepSessions(db, after(clock.now, 9 * 3600)) >= 2, 'sessions that are over are forgotten')
    })

    t.test('S-3: a page says when the session ends, staying prolongs it up to eight hours, and half an hour without a request ends it', async t => {
      const { app, person, clock } = await givenPerson(t, engine)
      await signInAs(app, person, { username: 'li.na', password: PASSWORD })
      const pass = (minutes: number): void => { clock.now = after(clock.now, minutes * 60) }
      const page = await person.get(ROUTES.sessions)
      t.match(page.body, /<dialog class="sl-idle" data-idle="30" data-unused="0" data-left="28800"[^]*继续使用/)
      t.match(page.body, /30分钟没有操作的，登录将于2026年11月23日 10:30结束/)
      pass(0.5)
      t.match((await person.get(ROUTES.sessions)).body, /data-unused="30"[^]*/, 'what is written down once a minute is what counts')
      for (let n = 0; n < 16; n++) {
        pass(29)
        t.equal((await person.submit(ROUTES.sessionExtensions)).status, 204)
      }
      t.match((await person.get('/en/desk/sessions')).body, /your session ends[^<]*23 November 2026 at 18:00[^]*data-left="930"/)
      pass(17)
      t.equal((await person.submit(ROUTES.sessionExtensions)).status, 401, 'eight hours are over')
      const other = visitor(app)
      await signInAs(app, other, { username: 'li.na', password: PASSWORD })
      pass(30)
      t.equal((await other.get(ROUTES.desk)).status, 303)
      t.equal((await visitor(app).submit(ROUTES.sessionExtensions)).status, 401, 'a stranger prolongs nothing')
    })

    t.test('the rights page has words for every right, and other sessions end at once', async t => {
      const { app, person } = await givenPerson(t, engine)
      await signInAs(app, person, { username: 'li.na', password: PASSWORD })
      t.match((await person.get(ROUTES.deskRights)).body, /您的角色/)
      t.equal((await person.get('/en/desk/rights')).status, 200)
      const other = visitor(app)
      await signInAs(app, other, { username: 'li.na', password: PASSWORD })
      await person.get(ROUTES.sessions)
      t.match(await person.submit(ROUTES.sessionOthers), { status: 303, location: '/desk/sessions?done=others' })
      t.equal((await other.get(ROUTES.desk)).status, 303)
      t.equal((await person.get(ROUTES.desk)).status, 200)
    })
  })
}
