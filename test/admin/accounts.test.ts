import t from 'tap'
import { addAccount, setDisabled } from '../../src/desk/account/accounts/service.ts'
import { currentCode } from '../../src/desk/account/second-factor/codes.ts'
import { allows, type StaffRole } from '../../src/domain/process/permissions.ts'
import { ROUTES } from '../../src/paths.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenComplaint, givenStaff } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { signInAs, TOTP } from '../fixtures/sign-in.ts'
import { visitor, type Answer } from '../fixtures/visitor.ts'

const PASSWORD = 'Tq8-vRm2-Kx4z'
const after = (now: string, hours: number): string => new Date(Date.parse(now) + hours * 3_600_000).toISOString()

type Person = ReturnType<typeof visitor>
interface Office extends House { add: (username: string, role: StaffRole, name?: string) => Promise<number>, enter: (username: string, next?: string) => Promise<Person>, act: (person: Person, id: number, act: string, form?: Record<string, string>) => Promise<Answer> }

async function givenOffice (t: Teardown, engine: Engine): Promise<Office> {
  const house = await givenHouse(t, engine)
  const { app, db } = house
  return {
    ...house,
    add: async (username, role, name = `测试${role}`) => await addAccount(app, { username, name, role, password: PASSWORD }, app.now()),
    async enter (username, next) {
      const person = visitor(app)
      const { status } = await signInAs(app, person, { username, password: PASSWORD, ...next === undefined ? {} : { next } })
      if (status !== 303) throw new Error(`${username}: ${status}`)
      await person.get(ROUTES.sessions)
      return person
    },
    async act (person, id, act, form = {}) {
      const url = `/admin/accounts/${id}/acts/${act}`
      await person.get(url)
      const { version } = await db.selectFrom('account').select('version').where('id', '=', id).executeTakeFirstOrThrow()
      return await person.submit(url, { version: String(version), ...form })
    }
  }
}

const passwordIn = (answer: Answer): string => /<strong class="sl-code">([A-Za-z0-9]{4}(?:-[A-Za-z0-9]{4}){3})<\/strong>/.exec(answer.body)?.[1] ?? ''

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const office = await givenOffice(t, engine)
    const { app, db, clock } = office
    const rowOf = async (username: string) => await db.selectFrom('account').selectAll().where('username', '=', username).executeTakeFirstOrThrow()
    const requestOf = async (username: string) => {
      const all = await db.selectFrom('account_request').selectAll().where('username', '=', username).orderBy('requested_at').execute()
      return all.findLast(({ state }) => state === 'open') ?? all.at(-1)
    }
    const decide = async (person: Person, username: string, decision: string): Promise<Answer> => {
      await person.get(ROUTES.adminAccountRequests)
      return await person.submit(`/admin/accounts/requests/${(await requestOf(username))?.id}/decisions`, { decision })
    }
    const first = await office.add('xu.an', 'admin', '徐安')

    t.test('Z-7: one administrator alone is shown the command line, and stays', async t => {
      const admin = await office.enter('xu.an')
      t.match((await admin.get(ROUTES.adminAccounts)).body, /只有您一名系统管理员[^]*npm run account -- add/)
      t.match((await admin.get(ROUTES.adminAccountNew)).body, /没有其他管理员可以确认/)
      t.match(await admin.submit(ROUTES.adminAccountNew, { username: 'new.one', name: '新人', role: 'clerk', bureau: '1', reason: '新招录' }), { status: 422, body: /没有其他管理员[^]*npm run account/ })
      for (const act of ['disable', 'post']) t.match(await office.act(admin, first, act, { role: 'clerk', bureau: '1', reason: '转岗' }), { status: 422, body: /最后一名系统管理员/ }, act)
      t.match(await rowOf('xu.an'), { role: 'admin', disabled: 0 })
    })

    t.test('Z-7 L-6: a new account is asked for by one administrator and made when another confirms, who alone is shown its one-time password', async t => {
      await office.add('he.ping', 'admin', '何平')
      const [admin, other] = [await office.enter('xu.an'), await office.enter('he.ping')]
      await admin.get(ROUTES.adminAccountNew)
      const wrong = await admin.submit(ROUTES.adminAccountNew, { username: 'Li Na', name: '', role: 'boss', bureau: '99999', agency: '沈阳', card_no: '<b>', reason: ' ' })
      t.match(wrong, { status: 422, body: /用户名以小写字母开头[^]*请写明姓名[^]*请选择角色[^]*请选择所属的司法行政机关[^]*证件号只能有[^]*请写明理由[^]*value="Li Na"/ })
      const form = { username: 'li.na', name: '李娜', role: 'investigator', bureau: String((await rowOf('xu.an')).bureau_id), card_no: '辽执监01-0007', reason: '任职文件〔2026〕8号' }
      t.match(await admin.submit(ROUTES.adminAccountNew, { ...form, role: 'agency_handler' }), { status: 422, body: /请填写单位名称/ })
      t.match(await admin.submit(ROUTES.adminAccountNew, { ...form, agency: '沈阳市公安局' }), { status: 422, body: /不属于被监督单位/ })
      t.match(await admin.submit(ROUTES.adminAccountNew, form), { status: 303, location: '/admin/accounts/requests?done=requested' })
      t.match(await admin.submit(ROUTES.adminAccountNew, form), { status: 422, body: /同样的申请已经提出/ })
      t.equal((await db.selectFrom('account').select('id').where('username', '=', 'li.na').execute()).length, 0, 'nothing yet')
      t.match(await decide(admin, 'li.na', 'confirm'), { status: 422, body: /须由另一名管理员确认/ })
      t.match((await other.get(ROUTES.adminAccountRequests)).body, /新增账号[^]*李娜[^]*监督人员[^]*辽执监01-0007[^]*徐安/)
      const both = await Promise.all([decide(other, 'li.na', 'confirm'), decide(other, 'li.na', 'confirm')])
      const made = both.find(({ status }) => status === 200)
      t.same(both.map(({ status }) => status).sort(), [200, 422], 'twice at once is once')
      const password = made === undefined ? '' : passwordIn(made)
      t.match(password, /-/)
      t.match(await rowOf('li.na'), { role: 'investigator', card_no: '辽执监01-0007', password_temporary: 1, totp_since: null })
      const everything = JSON.stringify([await db.selectFrom('account').selectAll().execute(), await db.selectFrom('audit_entry').selectAll().execute(), await db.selectFrom('account_request').selectAll().execute()])
      t.notMatch(everything, new RegExp(password), 'kept nowhere')
      const person = visitor(app)
      t.match(await person.submit(ROUTES.signIn, { username: 'li.na', password }), { status: 303 })
      t.match((await admin.get(`/admin/accounts/${(await rowOf('li.na')).id}`)).body, /未设置动态验证码[^]*申请变更账号|添加账号[^]*申请变更账号/)
      t.match(await admin.get('/admin/accounts?q=%E6%9D%8E&role=investigator'), { body: /li\.na/ })
      t.notMatch((await admin.get('/admin/accounts?q=%25')).body, /class="govuk-link sl-code"/, 'a sign of the database is a sign')
      t.match((await admin.get('/en/admin/accounts?state=never')).body, /li\.na[^]*Never signed in/)
    })

    t.test('L-9 S-5: a second factor is cleared by two, a role changed by two, and sessions end with it', async t => {
      const id = await office.add('ma.li', 'clerk', '马丽')
      const [admin, other, person] = [await office.enter('xu.an'), await office.enter('he.ping'), await office.enter('ma.li')]
      t.match(await office.act(admin, id, 'totp', { reason: '手机遗失' }), { status: 303, location: `/admin/accounts/${id}?done=requested` })
      t.equal((await person.get(ROUTES.desk)).status, 200, 'not yet')
      t.match((await other.get(ROUTES.adminAccounts)).body, /有1项申请等待确认/)
      t.match(await decide(other, 'ma.li', 'confirm'), { status: 303 })
      t.equal((await person.get(ROUTES.desk)).status, 303, 'signed out')
      t.equal((await rowOf('ma.li')).totp_since, null)
      t.match(await office.act(admin, id, 'password'), { status: 422, body: /需要两名管理员/ }, 'whoever knew it now would be in')
      t.match(await office.act(admin, id, 'password', { reason: '忘记密码' }), { status: 303, location: `/admin/accounts/${id}?done=requested` })
      t.match(await decide(admin, 'ma.li', 'confirm'), { status: 422 })
      t.match(await decide(admin, 'ma.li', 'withdraw'), { status: 303 })

      t.match(await office.act(admin, id, 'post', { role: 'head', bureau: '1', reason: '任职' }), { status: 303 })
      t.match(await office.act(other, id, 'details', { name: '马丽娜', card_no: '' }), { status: 303 })
      t.match(await decide(other, 'ma.li', 'confirm'), { status: 422, body: /已有变动，申请作废/ }, 'the account is another than the one that was looked at')
      t.match(await rowOf('ma.li'), { role: 'clerk', name: '马丽娜' })
      const again = await office.enter('ma.li')
      t.match(await office.act(admin, id, 'post', { role: 'head', bureau: '1', reason: '任职' }), { status: 303 })
      t.match(await decide(other, 'ma.li', 'refuse'), { status: 303 })
      t.equal((await rowOf('ma.li')).role, 'clerk')
      t.match(await office.act(admin, id, 'post', { role: 'head', bureau: '1', reason: '任职' }), { status: 303 })
      t.match(await decide(other, 'ma.li', 'withdraw'), { status: 422, body: /只有提出申请的管理员可以撤回/ })
      clock.now = after(clock.now, 73)
      const late = await office.enter('he.ping')
      t.match(await decide(late, 'ma.li', 'confirm'), { status: 422, body: /已过72小时/ })
      t.match(await office.act(late, id, 'post', { role: 'head', bureau: '1', reason: '任职' }), { status: 303 }, 'it can be asked for anew')
      t.match(await decide(await office.enter('xu.an'), 'ma.li', 'confirm'), { status: 303 })
      t.match(await rowOf('ma.li'), { role: 'head' })
      t.equal((await again.get(ROUTES.desk)).status, 303)
      const own = (await rowOf('he.ping')).id
      const admin2 = await office.enter('xu.an')
      t.match(await office.act(admin2, own, 'totp', { reason: '换手机' }), { status: 422, body: /没有其他管理员/ }, 'whom it is about is no second')
      await office.add('qi.yu', 'admin', '齐宇')
      t.match(await office.act(admin2, own, 'totp', { reason: '换手机' }), { status: 303 })
      t.match(await decide(late, 'he.ping', 'confirm'), { status: 422, body: /关系到您自己的账号/ })
      t.match(await decide(admin2, 'he.ping', 'withdraw'), { status: 303 })
    })

    t.test('L-6 S-6: what one administrator may do alone holds at once, from the account as it was seen, and is in its history', async t => {
      const id = await office.add('sun.yue', 'clerk', '孙悦')
      const [admin, person] = [await office.enter('xu.an'), await office.enter('sun.yue')]
      t.equal((await admin.submit(`/admin/accounts/${id}/acts/disable`, { version: '99' })).status, 409)
      t.match(await office.act(admin, id, 'sessions'), { status: 303 })
      t.equal((await person.get(ROUTES.desk)).status, 303)
      const reset = await office.act(admin, id, 'password')
      t.match(reset, { status: 200, body: /密码只显示这一次/ })
      t.match(reset.headers['cache-control'], /no-store/)
      const back = visitor(app)
      t.match(await back.submit(ROUTES.signIn, { username: 'sun.yue', password: passwordIn(reset) }), { status: 303 })
      await back.get(ROUTES.signInCode)
      await db.updateTable('account').set({ totp_step: null }).where('id', '=', id).execute()
      t.match(await back.submit(ROUTES.signInCode, { code: currentCode(TOTP, clock.now) }), { status: 303 })
      t.match(await back.get(ROUTES.desk), { status: 303, location: ROUTES.password }, 'the own password first')
      const { ref } = await givenHand(office, id)
      const asking = (await admin.get(`/admin/accounts/${id}/acts/disable`)).body
      t.match(asking, /手上还有1件未办结的投诉/)
      t.notMatch(asking, new RegExp(ref))
      t.match(await office.act(admin, id, 'disable'), { status: 303 })
      t.equal((await back.get(ROUTES.password)).status, 303)
      t.match(await office.act(admin, id, 'password'), { status: 422 }, 'not of a closed account')
      const page = (await admin.get(`/admin/accounts/${id}`)).body
      t.match(page, /已停用[^]*停用账号[^]*徐安[^]*重设密码[^]*徐安[^]*结束账号的全部登录/)
      t.match(await office.act(admin, id, 'enable', { reason: '休假结束' }), { status: 303 })
      t.match((await rowOf('sun.yue')).disabled, 1, 'being let in again is a role given')
      t.match(await admin.get('/admin/accounts/2147483647'), { status: 404, body: /sl-desk/ }, 'a refusal stays at the desk')
      t.notMatch((await visitor(app).get('/admin/nothing')).body, /sl-desk/, 'of which a stranger sees nothing')
      t.equal((await admin.get(`/admin/accounts/${id}/acts/add`)).status, 404)
    })

    t.test('Z-7: two administrators who close each other’s accounts at once leave one', async t => {
      for (const { username } of await db.selectFrom('account').select('username').where('role', '=', 'admin').where('username', 'not in', ['xu.an', 'he.ping']).execute()) await setDisabled(app, username, true, app.now())
      const [one, two] = [await office.enter('xu.an'), await office.enter('he.ping')]
      for (const [act, form] of [['disable', {}], ['details', { name: '何平' }]] as const) t.match(await office.act(one, first, act, form), { status: 422, body: /不能对自己的账号/ }, `${act}: not on one’s own account`)
      const answers = await Promise.all([office.act(one, (await rowOf('he.ping')).id, 'disable'), office.act(two, first, 'disable')])
      t.equal((await db.selectFrom('account').select('id').where('role', '=', 'admin').where('disabled', '=', 0).execute()).length, 1, answers.map(({ status }) => status).join(' '))
    })
  })
}

/** A case in somebody's hands. */
async function givenHand ({ app, db }: Office, id: number): Promise<{ ref: string }> {
  await givenStaff(db)
  const made = await givenComplaint(app, 'accepted', TODAY)
  await db.updateTable('complaint').set({ handler_id: id }).where('id', '=', made.id).execute()
  return made
}

t.test('Z-9: the administrator and the auditor are refused every page of the desk that the table of permissions does not give them', async t => {
  const office = await givenOffice(t, 'sqlite')
  await office.app.ready()
  for (const role of ['admin', 'auditor'] as const) {
    await office.add(`the.${role}`, role)
    const person = await office.enter(`the.${role}`)
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const rows = office.app.routeTable.filter(({ session, method }) => session === 'staff' && method !== 'HEAD')
    t.ok(rows.length > 100)
    for (const { method, url, permission } of rows.filter(row => !allows(role, row.permission))) {
      const { statusCode } = await office.app.inject({ method: method as 'GET', url: url.replace(/:(ref)/, 'TS00000000000').replaceAll(/:\w+/g, '1'), headers: { cookie, 'sec-fetch-site': 'same-origin' } })
      t.equal(statusCode, 403, `${role} ${method} ${url} (${permission})`)
    }
    const content = /^(?:complaint\.(?!own)|finding|letter\.(?!review)|attachment|redaction|extension|recusal|objection|government|agency|decision|pattern|code\.reissue|visit)/
    t.same(rows.filter(row => allows(role, row.permission) && content.test(row.permission)), [], `${role} is given no content of cases`)
  }
})
