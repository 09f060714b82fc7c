import { fork } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { runJobs } from '../../src/jobs.ts'
import { openTransport, type Transport } from '../../src/mail/transport.ts'
import { claim, sendMessage } from '../../src/complaints/case/correspondence/service.ts'
import { endNotices, repeatNotice, writeNews } from '../../src/complaints/following/notices/service.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { givenFiled, givenStaff, STAFF, step, type Filed } from '../fixtures/complaints.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { visitor } from '../fixtures/visitor.ts'

const later = (minutes: number, from = TODAY): string => new Date(Date.parse(from) + minutes * 60_000).toISOString()

/** What the transport took: letters and short messages, in order. */
interface Post extends House { filed: Filed, sent: Array<{ to: string, channel: string, text: string, unsubscribe: string | undefined }>, transport: Transport, run: (now?: string) => Promise<void> }

async function givenPost (t: Teardown, engine: Engine, changes: Parameters<typeof givenFiled>[2] = {}): Promise<Post> {
  const house = await givenHouse(t, engine, { SITE_ORIGIN: 'https://zfjd.example.cn' })
  await givenStaff(house.db)
  const sent: Post['sent'] = []
  const transport: Transport = { send: async (_id, { to, channel = 'email', text, unsubscribe }) => { sent.push({ to, channel, text, unsubscribe }) }, close: () => undefined }
  const filed = await givenFiled(house, TODAY, changes)
  const run = async (now = house.clock.now): Promise<void> => { house.clock.now = now; await runJobs(house.app, transport) }
  return { ...house, filed, sent, transport, run }
}

/** A browser that has opened the complaint. */
async function tracking ({ app, filed }: Pick<Post, 'app' | 'filed'>, code = filed.code) {
  const browser = visitor(app)
  await browser.submit('/track', { ref: filed.ref, code })
  return browser
}

for (const engine of ENGINES) {
  t.test(engine, async t => {
    t.test('E-1 E-3: contacts are sealed under the identity key, apart from everything else, and anonymous complaints have none', async t => {
      const { db, keys, app } = await givenPost(t, engine)
      const rows = await db.selectFrom('contact').selectAll().execute()
      t.same(rows.map(row => row.channel).sort(), ['email', 'sms'])
      t.notMatch(JSON.stringify(rows), /13800000000|demo@/)
      t.equal(new Set(rows.map(row => row.wrapped_key)).size, 2, 'each has a key of its own')
      await givenFiled({ db, keys }, TODAY, { mode: 'anonymous' })
      t.equal((await db.selectFrom('contact').select('id').execute()).length, 2)
      const landline = await givenFiled({ db, keys }, TODAY, { identity: { name: '甲', phone: '024-12345678' } })
      t.same(await db.selectFrom('contact').select('id').where('complaint_id', '=', landline.id).execute(), [], 'a landline takes no short messages')
      t.match((await (await tracking({ app, filed: landline })).get(`/track/${landline.ref}/contacts`)).body, /没有留下手机号码或者邮箱/)
    })

    t.test('what the complainant may read is told once an hour and channel, and says nothing', async t => {
      const post = await givenPost(t, engine)
      const { app, filed, sent, run } = post
      await run()
      t.same(sent, [], 'filing is no news')
      await claim(app, STAFF.clerk, filed.ref, TODAY)
      await run()
      t.same(sent, [], 'what is internal is no news')
      await step(app, filed.id, 'clerk', { action: 'register' }, TODAY)
      await sendMessage(app, STAFF.clerk, filed.ref, '请问当天有没有录像', TODAY)
      await run()
      t.same(sent.map(letter => [letter.channel, letter.to]).sort(), [['email', 'demo@example.cn'], ['sms', '13800000000']])
      for (const { text } of sent) {
        t.match(text, /https:\/\/zfjd\.example\.cn\/track/)
        t.notMatch(text, new RegExp(`${filed.ref}|录像|投诉人|登记|投诉.*(受理|已)|冰柜`), 'nothing of the complaint, not even its reference')
      }
      t.match(sent.find(letter => letter.channel === 'email')?.unsubscribe, /^https:\/\/zfjd\.example\.cn\/notices\//)
      await step(app, filed.id, 'clerk', { action: 'accept' }, later(1))
      await run(later(59))
      t.equal(sent.length, 2, 'not again within the hour')
      await run(later(60))
      t.equal(sent.length, 4)
      await sendMessage(app, STAFF.clerk, filed.ref, '又及', later(70))
      post.clock.now = later(71)
      await (await tracking(post)).get(`/track/${filed.ref}`)
      await run(later(180))
      t.equal(sent.length, 4, 'who has looked needs no letter')
    })

    t.test('a notice exists exactly when the change does', async t => {
      const { app, db, filed } = await givenPost(t, engine)
      await t.rejects(db.transaction().execute(async trx => {
        const { id, seal } = { id: filed.id, seal: { close: () => 'x' } as never }
        const { insertEvent } = await import('../../src/complaints/case/core/repository.ts')
        await insertEvent(trx, seal, id, { action: 'register', from: null, to: 'registered', actorId: 101, role: 'clerk', audience: 'event', at: TODAY })
        throw new Error('killed')
      }), /killed/)
      t.equal(await writeNews(app, TODAY), 0)
      await step(app, filed.id, 'clerk', { action: 'register' }, TODAY)
      t.same(await Promise.all([writeNews(app, TODAY), writeNews(app, TODAY)]).then(([a, b]) => a + b), 2, 'two processes write each once')
      await step(app, filed.id, 'clerk', { action: 'accept' }, later(61))
      await db.updateTable('contact').set({ sealed: 'v2.aes.000000000000.damaged' }).where('channel', '=', 'email').execute()
      t.equal(await writeNews(app, later(61)), 1, 'one that is damaged keeps nobody else waiting')
    })

    t.test('notices end by the link in one click, and begin again from the tracking page', async t => {
      const post = await givenPost(t, engine)
      const { app, db, filed, sent, run } = post
      await step(app, filed.id, 'clerk', { action: 'register' }, TODAY)
      await run()
      const link = new URL(sent.find(letter => letter.channel === 'sms')?.text.match(/https:\S+\/notices\/\S+/)?.[0] ?? '').pathname
      const browser = visitor(app)
      const page = await browser.get(link)
      t.match(page.body, /138\*\*\*\*0000/)
      t.notMatch(page.body, new RegExp(filed.ref))
      t.equal((await db.selectFrom('contact').select('id').where('notify', '=', 1).execute()).length, 2, 'looking ends nothing: filters open links too')
      t.equal((await app.inject({ method: 'POST', url: link, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'List-Unsubscribe=One-Click' })).statusCode, 303)
      t.match((await browser.get(link)).body, /已停止通知/)
      t.equal((await browser.get(`${link}x`)).status, 404)
      await step(app, filed.id, 'clerk', { action: 'accept' }, later(61))
      await run(later(61))
      t.same(sent.map(letter => letter.channel).sort(), ['email', 'email', 'sms'])
      const own = await tracking(post)
      const contacts = await own.get(`/track/${filed.ref}/contacts`)
      t.match(contacts.body, /已停止，不发送通知/)
      const id = (await db.selectFrom('contact').select('id').where('channel', '=', 'sms').executeTakeFirstOrThrow()).id
      t.equal((await own.submit(`/track/${filed.ref}/contacts/${id}/notices`, { notify: '1' })).status, 303)
      await sendMessage(app, STAFF.clerk, filed.ref, '好', later(62))
      await run(later(62))
      t.equal(sent.at(-1)?.channel, 'sms')
      await t.rejects(endNotices(app, 'nobody.x', TODAY, ''), { code: 'not_found' })
    })

    t.test('R-6 G-2: an address is verified with the code sent to it, in few tries and ten minutes', async t => {
      const post = await givenPost(t, engine)
      const { db, clock, filed, sent, run } = post
      const own = await tracking(post)
      const at = `/track/${filed.ref}/contacts`
      await own.get(at)
      const { id } = await db.selectFrom('contact').select('id').where('channel', '=', 'email').executeTakeFirstOrThrow()
      const send = async () => await own.submit(`${at}/${id}/codes`)
      const check = async (code: string) => await own.submit(`${at}/${id}/checks`, { code })
      const codeIn = (): string => /\d{6}/.exec(sent.at(-1)?.text ?? '')?.[0] ?? ''
      t.equal((await check('123456')).status, 422, 'nothing was sent yet')
      t.equal((await send()).status, 303)
      await run()
      t.same([sent.length, sent[0]?.to], [1, 'demo@example.cn'])
      const first = codeIn()
      t.notMatch(JSON.stringify(await db.selectFrom('contact').selectAll().execute()), new RegExp(first), 'G-2: the code is kept as a hash')
      for (let tries = 0; tries < 5; tries++) t.match((await check(first === '000000' ? '111111' : '000000')).body, /验证码不正确或者已经失效/)
      t.equal((await check(first)).status, 422, 'five wrong tries void it')
      await send()
      await run()
      clock.now = later(11)
      t.equal((await check(codeIn())).status, 422, 'and ten minutes')
      await send()
      await run()
      t.equal((await check(codeIn())).status, 303)
      t.match((await own.get(at)).body, /已核实/)
      await send()
      t.equal((await send()).status, 429, 'an address gets four letters an hour, whoever asks')
      t.match(await db.selectFrom('audit_entry').selectAll().where('action', '=', 'contact.verified').execute(), [{ role: 'complainant', subject: filed.ref }])
      const other = await givenFiled(post, TODAY)
      const stranger = await tracking({ ...post, filed: other })
      t.equal((await stranger.get(at)).location, '/track?expired=1')
      await stranger.get(`/track/${other.ref}/contacts`)
      t.equal((await stranger.submit(`${at}/${id}/codes`)).location, '/track?expired=1', 'R-6: nobody else acts on a contact')
      t.equal((await stranger.submit(`/track/${other.ref}/contacts/${id}/codes`)).status, 404)
    })

    t.test('Y-2: corrected contact data replaces the old, which is kept nowhere', async t => {
      const post = await givenPost(t, engine)
      const { db, app, filed, sent, run } = post
      const own = await tracking(post)
      await step(app, filed.id, 'clerk', { action: 'register' }, TODAY)
      const at = `/track/${filed.ref}/contacts`
      await own.get(at)
      t.match((await own.submit(at, { phone: '123', email: 'x@' })).body, /电话号码不正确.*电子邮箱不正确/s)
      t.match((await own.submit(at)).body, /请填写新的电话或者新的邮箱/)
      t.equal((await own.submit(at, { phone: '139 1111 2222' })).status, 303)
      const page = await own.get(at)
      t.match(page.body, /139\*\*\*\*2222/)
      t.match(page.body, /d\*\*\*@example\.cn/, 'the other one stays')
      t.match((await own.get(`/track/${filed.ref}`)).body, /联系方式已更正/)
      await sendMessage(app, STAFF.clerk, filed.ref, '好', later(5))
      await run(later(6))
      t.notOk(sent.some(letter => letter.to === '13800000000'), 'the old number gets nothing any more')
      t.match(sent.map(letter => letter.to).sort(), ['13911112222', 'demo@example.cn'])
      t.equal((await db.selectFrom('identity').select('complaint_id').execute()).length, 1)
    })
  })
}

t.test('staff repeat a notice that failed, without seeing where it goes', async t => {
  const { app, db, filed, clock } = await givenPost(t, 'sqlite')
  const { SendFault } = await import('../../src/mail/transport.ts')
  let outcome: 'never' | 'unsure' | 'sent' = 'unsure'
  const transport: Transport = { send: async () => { if (outcome !== 'sent') throw new SendFault(outcome, 'test') }, close: () => undefined }
  await step(app, filed.id, 'clerk', { action: 'register' }, TODAY)
  await runJobs(app, transport)
  const [{ id } = { id: '' }] = await db.selectFrom('contact').select('id').where('channel', '=', 'sms').execute()
  t.same((await db.selectFrom('outbox').select('state').execute()).map(row => row.state), ['unsure', 'unsure'])
  await t.rejects(repeatNotice(app, STAFF.auditor, filed.ref, id, TODAY), { code: 'forbidden' })
  await repeatNotice(app, STAFF.clerk, filed.ref, id, TODAY)
  await t.rejects(repeatNotice(app, STAFF.clerk, filed.ref, id, TODAY), { code: 'transition_refused' }, 'once is enough')
  outcome = 'sent'
  clock.now = later(1)
  await runJobs(app, transport)
  t.same((await db.selectFrom('outbox').select('state').where('contact_id', '=', id).orderBy('created_at').execute()).map(row => row.state), ['unsure', 'sent'])
  await t.rejects(repeatNotice(app, STAFF.clerk, filed.ref, id, TODAY), { code: 'transition_refused' }, 'what was sent is not sent again')
  t.match(await db.selectFrom('audit_entry').select('action').where('action', '=', 'notice.repeated').execute(), [{}])
})

t.test('short messages go to a gateway with its secret, and what it says decides about another try', async t => {
  const gateway = fork(path.join(import.meta.dirname, '../fixtures/sms-gateway.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.teardown(() => { gateway.kill() })
  const seen: Array<{ path: string, headers: Record<string, string>, body: unknown }> = []
  const port = await new Promise<number>(resolve => {
    gateway.on('message', (message: { port?: number } & typeof seen[number]) => { if (message.port === undefined) seen.push(message); else resolve(message.port) })
  })
  const folder = t.testdir()
  const secret = path.join(folder, 'sms.secret')
  writeFileSync(secret, 'opensesame\n')
  const send = async (mood: string, base = `http://127.0.0.1:${port}`, letter = {}) => {
    const config = readConfig({ SUNLIT_DATA: folder, SUNLIT_SMS: `${base}/${mood}`, SUNLIT_SMS_SECRET: secret })
    await openTransport(config, '阳光执法').send('id-1', { to: '13800000000', subject: '', text: '您有新消息', channel: 'sms', ...letter })
  }
  const arrived = async (count: number): Promise<void> => { while (seen.length < count) await new Promise(resolve => setTimeout(resolve, 5)) }
  await send('take')
  await arrived(1)
  t.match(seen, [{ path: '/take', headers: { authorization: 'Bearer opensesame', 'idempotency-key': 'id-1' }, body: { id: 'id-1', to: '13800000000', text: '您有新消息' } }])
  for (const [mood, outcome] of [['later', 'again'], ['never', 'never'], ['hang_up', 'unsure'], ['elsewhere', 'again'], ['forbidden', 'again']] as const) await t.rejects(send(mood), { name: 'SendFault', outcome }, mood)
  await arrived(6)
  await t.rejects(send('take', 'http://127.0.0.1:59999'), { name: 'SendFault', outcome: 'again' }, 'nobody there')
  await send('take', undefined, { fictional: true })
  t.equal(seen.length, 6, 'what is fictional never leaves the house')
  t.match(readdirSync(path.join(folder, 'mail')).map(name => readFileSync(path.join(folder, 'mail', name), 'utf8')), ['13800000000\n\n您有新消息\n'])
  t.throws(() => openTransport(readConfig({ SUNLIT_DATA: folder, SUNLIT_SMS: 'https://sms.example.cn/', SUNLIT_SMS_SECRET: path.join(folder, 'none') }), 'x'), /SUNLIT_SMS_SECRET/)
  for (const address of ['ftp://x', 'http://sms.example.cn/send', 'http://127.0.0.1.example.cn/', 'http://10.0.0.1/']) t.throws(() => readConfig({ SUNLIT_SMS: address }), /SUNLIT_SMS/, address)
  for (const address of ['http://localhost:8080/send', 'http://127.0.0.1/', 'http://[::1]/', 'https://sms.example.cn/']) t.equal(readConfig({ SUNLIT_SMS: address }).SUNLIT_SMS, address)
})
