import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { keepVersions, raiseRevision } from '../../src/db/records.ts'
import type { Db } from '../../src/db/schema.ts'
import { runJobs } from '../../src/jobs.ts'
import { claimLetter } from '../../src/mail/outbox.ts'
import { sendLetters } from '../../src/mail/send.ts'
import { openTransport, type Transport } from '../../src/mail/transport.ts'
import { translator } from '../../src/i18n/index.ts'
import { follow, readerOf } from '../../src/open/subscriptions/scopes.ts'
import { writeDigests } from '../../src/open/subscriptions/service.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { givenAgency, givenMatter } from '../fixtures/register.ts'
import { givenSmtp, type Smtp } from '../fixtures/smtp.ts'
import { visitor } from '../fixtures/visitor.ts'

const later = (hours: number): string => new Date(Date.parse(TODAY) + hours * 3_600_000).toISOString()

interface Post extends House { smtp: Smtp, transport: Transport, food: number }

async function givenPost (t: Teardown, engine: Engine = 'sqlite', environment = {}): Promise<Post> {
  const smtp = await givenSmtp(t)
  const house = await givenHouse(t, engine, { SUNLIT_MAIL: smtp.url, SITE_ORIGIN: 'https://zfjd.example.cn', ...environment })
  const agency = await givenAgency(house.db, { slug: 'test-market', name: '测试市市场监督管理局' })
  const food = await givenMatter(house.db, { code: 'T-XK-0001', agency, name: '食品经营许可', category: 'permit' })
  await givenMatter(house.db, { code: 'T-JC-0002', agency, name: '占道经营检查', category: 'inspection' })
  const transport = openTransport(house.app.config, '阳光执法')
  t.teardown(() => { transport.close() })
  return { ...house, smtp, transport, food }
}

async function publish (db: Db, id: number, version: number, name: string, at: string): Promise<void> {
  await keepVersions(db, [{ kind: 'matter', id, version, data: { name, status: 'in_force' } }], { at, actor: 'test', reason: '测试', batchId: null })
  await raiseRevision(db, 'register')
}

/** What a letter says, whatever it is encoded in. */
function textOf (letter: string): string {
  const [head = '', body = ''] = letter.split(/\r?\n\r?\n/, 2)
  const rest = letter.slice(head.length).trim()
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(rest, 'base64').toString()
  if (/transfer-encoding: quoted-printable/i.test(head)) return Buffer.from(rest.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString()
  return rest === '' ? body : rest
}

const linkIn = (letter: string, part: string): string => new RegExp(`https://zfjd\\.example\\.cn(/${part}/[^\\s>]+)`).exec(textOf(letter))?.[1] ?? `no ${part}`

/** Follows a thing to the end: form, letter, button; gives the address of the subscription. */
async function followed (post: Post, form: Record<string, string>, now = TODAY): Promise<string> {
  const browser = visitor(post.app)
  post.clock.now = now
  await browser.submit('/subscriptions', { email: 'reader@example.cn', frequency: 'daily', ...form })
  await sendLetters(post.db, post.keys, post.transport, () => now)
  const { location } = await browser.submit(linkIn(post.smtp.letters.at(-1) ?? '', 'subscriptions/confirmations'))
  return (location ?? '').replace(/\?.*$/, '')
}

for (const engine of ENGINES) {
  await t.test(`on ${engine}`, async t => {
    await t.test('a subscription begins with the link in a letter, tells what changes, and ends with one click', async t => {
      const post = await givenPost(t, engine)
      const { app, db, keys, clock, smtp, transport, food } = post
      const browser = visitor(app)
      const form = await browser.get('/subscriptions?set=matters&category=permit')
      t.match(form.body, /执法事项.*行政许可/s)
      t.equal(form.headers['cache-control'], 'no-store')
      const asked = await browser.submit('/subscriptions', { set: 'matters', query: 'category=permit', email: 'Reader@Example.cn', frequency: 'daily' })
      t.same([asked.status, asked.location], [303, '/subscriptions/sent'])
      const stored = await db.selectFrom('subscription').selectAll().executeTakeFirstOrThrow()
      t.notMatch(JSON.stringify([stored, await db.selectFrom('outbox').selectAll().execute()]), /example\.cn/i, 'no address in the clear')
      t.match(await sendLetters(db, keys, transport, () => TODAY), { sent: 1 })
      t.same(smtp.recipients, ['Reader@example.cn'])
      const link = linkIn(smtp.letters[0] ?? '', 'subscriptions/confirmations')
      t.match(textOf(smtp.letters[0] ?? ''), /订阅：执法事项。/, 'who has not confirmed reads nothing that the asker chose')
      t.notMatch(smtp.letters[0], /List-Unsubscribe/)
      t.equal((await browser.get(link)).status, 200)
      t.equal((await db.selectFrom('subscription').select('status').executeTakeFirst())?.status, 'pending', 'looking begins nothing: filters open links too')
      const begun = await browser.submit(link)
      t.match(begun.location, /^\/subscriptions\/.+\?begun=1$/)
      t.match((await browser.get(begun.location ?? '')).body, /订阅已生效/)
      const used = await browser.submit(link)
      t.same([used.status, used.location], [200, undefined], 'a link begins something once')
      t.match((await browser.get(link)).body, /订阅已经生效/)

      t.equal(await writeDigests(app, later(25)), 0, 'no letter where nothing has changed')
      await publish(db, food, 1, '食品经营许可', later(26))
      await publish(db, food, 2, '食品经营许可（新）', later(27))
      const other = await db.selectFrom('matter').select('id').where('code', '=', 'T-JC-0002').executeTakeFirstOrThrow()
      await publish(db, other.id, 1, '占道经营检查', later(27))
      t.equal(await writeDigests(app, later(30)), 0, 'not before a day is over')
      clock.now = later(50)
      await runJobs(app, transport)
      const digest = smtp.letters.at(-1) ?? ''
      t.match(textOf(digest), /有2处更新：.*食品经营许可（新）（第2版）.*内容有修改：名称。.*https:\/\/zfjd\.example\.cn\/matters\/T-XK-0001/s)
      t.notMatch(textOf(digest), /占道经营/, 'only what the filter means')
      t.match(digest, /List-Unsubscribe-Post: List-Unsubscribe=One-Click/)
      t.equal(await writeDigests(app, clock.now), 0, 'nothing is told twice')

      const end = /List-Unsubscribe: <https:\/\/zfjd\.example\.cn([^>]+)>/.exec(digest.replace(/\r\n\s+/g, ' '))?.[1] ?? ''
      const page = await browser.get(end)
      t.equal(page.status, 302, 'a person gets the page with the button')
      t.match((await browser.get(page.location ?? '')).body, /退订/)
      const click = await app.inject({ method: 'POST', url: end, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'List-Unsubscribe=One-Click' })
      t.equal(click.statusCode, 303, 'a mail program needs no browser')
      t.equal((await app.inject({ method: 'POST', url: end, headers: { 'sec-fetch-site': 'cross-site' } })).statusCode, 403, 'a strange page may not')
      t.same([await db.selectFrom('subscription').selectAll().execute(), await db.selectFrom('outbox').selectAll().execute()], [[], []], 'nothing is kept')
      const ended = await browser.get(page.location ?? '')
      t.equal(ended.status, 410)
      t.match(ended.body, /已经退订/)
    })

    await t.test('letters name nothing that a stranger made up', async t => {
      const { app, db, keys, smtp, transport } = await givenPost(t, engine)
      const browser = visitor(app)
      const lure = '您中奖了 http://evil.example'
      for (const [set, query] of [['matters', new URLSearchParams({ q: lure, category: lure, agency: `${lure}\n\n请打开` })], ['search', new URLSearchParams({ q: `${lure}\n\n请打开` })]] as const) {
        t.equal((await browser.submit('/subscriptions', { set, query: query.toString(), email: 'victim@example.cn', frequency: 'daily' })).status, 303)
      }
      for (const character of ['\u202E', '\u0007', '\u2066']) t.equal((await browser.submit('/subscriptions', { set: 'matters', query: new URLSearchParams({ q: `a${character}b` }).toString(), email: 'victim@example.cn', frequency: 'daily' })).status, 400)
      await sendLetters(db, keys, transport, () => TODAY)
      t.equal(smtp.letters.length, 2)
      for (const letter of smtp.letters) t.notMatch(textOf(letter), /中奖|evil/)
      const whole = await follow(app, readerOf(app, 'zh-CN', translator('zh-CN')), { set: 'matters', code: '', query: new URLSearchParams([['q', '食品'], ['category', 'permit'], ['category', lure]]).toString() })
      t.same(whole.names, { asked: '执法事项', confirmed: '执法事项（食品、行政许可）' })
    })

    await t.test('one broken subscription holds up nobody, and a letter of one that has ended is not sent', async t => {
      const post = await givenPost(t, engine)
      const { app, db, clock, smtp, transport, food } = post
      const idOf = (address: string): string => address.split('/').at(-1)?.split('.')[0] ?? ''
      const broken = await followed(post, { set: 'matters', email: 'a@example.cn' })
      const ended = await followed(post, { set: 'matters', email: 'b@example.cn' })
      await followed(post, { set: 'matters', email: 'c@example.cn' })
      await db.updateTable('subscription').set({ email_sealed: 'broken' }).where('id', '=', idOf(broken)).execute()
      await publish(db, food, 1, '食品经营许可', later(1))
      clock.now = later(50)
      t.equal(await writeDigests(app, clock.now), 2)
      await visitor(app).submit(`${ended}/endings`)
      await runJobs(app, transport)
      t.same(smtp.recipients, ['a@example.cn', 'b@example.cn', 'c@example.cn', 'c@example.cn'], 'three confirmations, one digest')
    })

    await t.test('who is asked to stop stops between two letters', async t => {
      const { app, db, keys, transport } = await givenPost(t, engine)
      for (const name of ['a', 'b', 'c']) await visitor(app).submit('/subscriptions', { set: 'all', email: `${name}@example.cn`, frequency: 'daily' })
      const closing = new AbortController()
      const slow: Transport = { send: async (id, letter) => { closing.abort(); await transport.send(id, letter) }, close: () => undefined }
      t.match(await sendLetters(db, keys, slow, () => TODAY, closing.signal), { sent: 1 })
    })

    await t.test('a letter taken up late in a long run is not held for lost', async t => {
      const { app, db, keys, transport } = await givenPost(t, engine)
      for (const name of ['a', 'b']) await visitor(app).submit('/subscriptions', { set: 'all', email: `${name}@example.cn`, frequency: 'daily' })
      let hours = 0
      const slow: Transport = {
        async send () {
          if (hours > 0) t.match(await sendLetters(db, keys, transport, () => later(0.6)), { unsure: 0 })
          hours = 0.5
        },
        close: () => undefined
      }
      t.match(await sendLetters(db, keys, slow, () => later(hours)), { sent: 2 })
    })

    await t.test('strangers learn nothing and cannot flood anybody', async t => {
      const post = await givenPost(t, engine)
      const { app, db, keys, smtp, transport, clock } = post
      const browser = visitor(app)
      const manage = await followed(post, { set: 'all' })
      t.match(manage, /^\/subscriptions\//)
      const again = await browser.submit('/subscriptions', { set: 'all', email: 'reader@example.cn', frequency: 'weekly' })
      t.same([again.status, again.location], [303, '/subscriptions/sent'], 'the same answer')
      for (let count = 0; count < 6; count++) t.equal((await browser.submit('/subscriptions', { set: 'matters', code: count % 2 === 0 ? 'T-XK-0001' : 'T-JC-0002', email: 'reader@example.cn', frequency: 'daily' })).location, '/subscriptions/sent')
      await sendLetters(db, keys, transport, () => TODAY)
      t.equal(smtp.letters.length, 3, 'three letters an hour, whoever asks')
      t.ok(smtp.letters.some(letter => /您已经订阅/.test(textOf(letter))), 'who follows it already is told how to change that')
      t.equal((await browser.submit('/subscriptions', { set: 'all', email: 'robot@example.cn', frequency: 'daily', website: 'http://spam.example' })).location, '/subscriptions/sent')
      t.same(await db.selectFrom('subscription').select('id').where('set_name', '=', 'all').where('status', '=', 'pending').execute(), [], 'what fills the hidden field is no person')
      t.equal((await browser.get(`${manage}x`)).status, 404)
      clock.now = later(49)
      await writeDigests(app, clock.now)
      t.same((await db.selectFrom('subscription').select('status').execute()).map(row => row.status), ['active'], 'what nobody confirmed in 48 hours is gone')
      await browser.submit(manage, { frequency: 'weekly' })
      t.equal((await db.selectFrom('subscription').select('frequency').executeTakeFirst())?.frequency, 'weekly')
    })

    await t.test('a form that cannot be understood comes back as it was', async t => {
      const { app, db } = await givenPost(t, engine)
      const browser = visitor(app)
      for (const email of ['', 'nobody', 'a@b', 'a@b.cn, c@d.cn', 'a@b.cn\nBcc: c@d.cn', `${'x'.repeat(300)}@example.cn`, '<a@b.cn>']) {
        const answer = await browser.submit('/subscriptions', { set: 'matters', email, frequency: 'daily' })
        t.ok([400, 422].includes(answer.status), JSON.stringify(email).slice(0, 40))
      }
      const kept = await browser.submit('/subscriptions', { set: 'matters', query: 'q=食品', email: 'nobody@', frequency: 'hourly' })
      t.match(kept.body, /value="nobody@"/)
      const record = await browser.submit('/subscriptions?set=matters&code=T-XK-0001', { set: 'matters', code: 'T-XK-0001', email: 'nobody@', frequency: 'daily' })
      t.match(record.body, /sl-header__language" href="\/en\/subscriptions\?set(=|&#x3D;)matters&amp;code(=|&#x3D;)T-XK-0001"/, 'the other language keeps the record')
      t.match(kept.body, /name="query" value="q=%E9%A3%9F%E5%93%81"|name="query" value="q&#x3D;%E9%A3%9F%E5%93%81"/)
      for (const form of [{ set: 'officers' }, { set: 'nothing' }, { set: 'matters', code: 'nothing' }]) t.equal((await browser.submit('/subscriptions', { email: 'a@b.cn', frequency: 'daily', ...form })).status, 404)
      for (const url of ['/subscriptions?set=nothing', '/subscriptions?set=matters&code=x', '/subscriptions/confirmations/x', '/subscriptions/x.y', `/subscriptions/${'x'.repeat(150)}`]) t.equal((await browser.get(url)).status, 404, url.slice(0, 50))
      t.same(await db.selectFrom('outbox').selectAll().execute(), [])
    })

    await t.test('the outbox tries again, gives up, and never sends twice', async t => {
      const post = await givenPost(t, engine)
      const { db, keys, smtp, transport } = post
      const browser = visitor(post.app)
      const ask = async (email: string): Promise<void> => { await browser.submit('/subscriptions', { set: 'all', email, frequency: 'daily' }) }
      const states = async (): Promise<string[]> => (await db.selectFrom('outbox').select('state').orderBy('created_at').orderBy('state').execute()).map(row => row.state)
      smtp.mood = 'later'
      await ask('one@example.cn')
      t.match(await sendLetters(db, keys, transport, () => TODAY), { again: 1, sent: 0 })
      t.match(await sendLetters(db, keys, transport, () => TODAY), { again: 0 }, 'not at once')
      smtp.mood = 'take'
      t.match(await sendLetters(db, keys, transport, () => later(0.1)), { sent: 1 })
      smtp.mood = 'never'
      await ask('two@example.cn')
      t.match(await sendLetters(db, keys, transport, () => later(1)), { failed: 1 })
      smtp.mood = 'closed'
      await ask('zero@example.cn')
      t.match(await sendLetters(db, keys, transport, () => later(1)), { again: 1, failed: 0 }, 'a server that greets nobody says nothing of the letter')
      await db.deleteFrom('outbox').where('state', '=', 'queued').execute()
      smtp.mood = 'hang_up'
      await ask('three@example.cn')
      t.match(await sendLetters(db, keys, transport, () => later(1)), { unsure: 1 }, 'perhaps it was taken')
      smtp.mood = 'take'
      t.match(await sendLetters(db, keys, transport, () => later(48)), { sent: 0, again: 0 }, 'so it is not sent again')
      t.same((await states()).sort(), ['failed', 'sent', 'unsure'])
      t.same((await db.selectFrom('outbox').select('sealed').execute()).map(row => row.sealed), ['', '', ''], 'what was said is forgotten')

      await ask('four@example.cn')
      const claimed = await claimLetter(db, keys, later(49))
      t.ok(claimed, 'a process takes the letter up and is killed')
      t.match(await sendLetters(db, keys, transport, () => later(49)), { sent: 0, unsure: 0 })
      t.match(await sendLetters(db, keys, transport, () => later(50)), { sent: 0, unsure: 1 }, 'nobody knows whether it left')
      await sendLetters(db, keys, transport, () => later(2000))
      t.same(await states(), [], 'after thirty days nothing is left')
    })

    await t.test('two processes send each letter once', async t => {
      const { app, db, keys, smtp, transport } = await givenPost(t, engine)
      const browser = visitor(app)
      for (let count = 0; count < 8; count++) await browser.submit('/subscriptions', { set: 'all', email: `reader${count}@example.cn`, frequency: 'daily' })
      await Promise.all([sendLetters(db, keys, transport, () => TODAY), sendLetters(db, keys, transport, () => TODAY), sendLetters(db, keys, transport, () => TODAY)])
      t.equal(smtp.letters.length, 8)
      t.equal(new Set(smtp.recipients).size, 8)
    })
  })
}

t.test('without a server letters are files', async t => {
  const { app, db, keys, folder } = await givenPost(t, 'sqlite', { SUNLIT_MAIL: 'file', SUNLIT_MAIL_FROM: 'office@example.cn' })
  await visitor(app).submit('/en/subscriptions', { set: 'all', email: 'reader@example.cn', frequency: 'weekly' })
  const transport = openTransport(app.config, 'Sunlit')
  t.match(await sendLetters(db, keys, transport, () => TODAY), { sent: 1 })
  const [name = '', ...others] = readdirSync(path.join(folder, 'mail'))
  t.same(others, [])
  const letter = readFileSync(path.join(folder, 'mail', name), 'utf8')
  t.match(letter, /^From: "?Sunlit"? <office@example\.cn>/m)
  t.match(letter, /^To: reader@example\.cn/m)
  t.match(textOf(letter), /Somebody gave this address to follow/)
  transport.close()
})
