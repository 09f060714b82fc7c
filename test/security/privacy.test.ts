import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { InjectOptions } from 'fastify'
import { sql } from 'kysely'
import os from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import t, { type Test } from 'tap'
import { buildApp, type App } from '../../src/app.ts'
import { createDraft } from '../../src/complaints/form/filing/service.ts'
import { writeNews } from '../../src/complaints/following/notices/service.ts'
import { findSession, openSession, type SessionKind } from '../../src/db/sessions.ts'
import { allows, STAFF_ROLES, type StaffRole } from '../../src/domain/process/permissions.ts'
import { claimLetter } from '../../src/mail/outbox.ts'
import { LOCALES } from '../../src/paths.ts'
import { givenHouse, type House } from '../fixtures/app.ts'
import { givenAnswer, givenFiled, givenStaff, STAFF, step } from '../fixtures/complaints.ts'
import { TODAY, type Teardown } from '../fixtures/engines.ts'
import { SCHEMAS } from '../fixtures/schemas.ts'
import { givenVisit } from '../fixtures/visits.ts'
import { visitor } from '../fixtures/visitor.ts'

t.setTimeout(300_000) // every page several times over, beside other test files

/** Who complained: in no answer to anybody else, whatever they may see of the case. */
const PERSON = {
  name: '欧阳甄隐', phone: '13987654321', email: 'zhenyin.geheim@mail.example', address: '隐秘胡同八十八号', org: '甄隐杂货铺', uscc: '91350100M000100Y43',
  agent: '公孙代劳', agentPhone: '13912312399', member: '司马同诉', memberPhone: '13911122233'
} as const
/** What was told and shown: besides, for nobody but the complainant and whoever handles the case. */
const STORY = {
  text: '只有当事人知道的经过：红色货车在后门卸下了十七箱', place: '后巷无名小门', cost: '十七箱货值三千零二元', claim: '把十七箱货还回来', body: '某某人民法院第九庭', officerText: '左眉有痣的高个子', message: '补充：我找到了录像编号零零七', visit: '便民检查记录的私密内容', addition: '后来补充的那句话',
  file: '秘密证据之一.txt', inside: '附件里写着的那句话', shown: '照片上是谁在搬箱子'
} as const
const CLIENT = { address: '203.0.113.77', agent: 'GeheimBrowser/9.9' } as const

interface DiskHouse extends House { data: string, log: () => string }
/** `preview`: the panel before sending that shows what an agency would see. */
interface Case { id: string, ref: string, code: string, visitRef: string, preview: string }
type Sessions = Partial<Record<SessionKind, string>>
/** Who looks; `reads`: has to do with the case and would move it by sending forms. */
interface Stranger { name: string, sessions: Sessions, secrets: readonly string[], reads?: true }

/** As `givenHouse`, but on the disk and with its log; `data` holds the database. */
async function givenDiskHouse (t: Teardown): Promise<DiskHouse> {
  const data = mkdtempSync(path.join(os.tmpdir(), 'sunlit-privacy-'))
  t.teardown(() => { rmSync(data, { recursive: true, force: true }) })
  const house = await givenHouse(t, 'sqlite', { DATABASE_URL: `sqlite:${path.join(data, 'sunlit.db')}`, SUNLIT_RATE: '100000' })
  const { app: { config, files, site }, db, keys, clock } = house
  let log = ''
  const stream = new Writable({ write (chunk, _encoding, done) { log += String(chunk); done() } })
  const app = await buildApp({ config, db, keys, files, site, now: () => clock.now, logger: { level: 'trace', stream }, schemaController: SCHEMAS })
  t.teardown(async () => { await app.close() })
  return { ...house, app, data, log: () => log }
}

/** The way a browser takes through the form, with something unmistakable in every field. */
async function fileCase ({ app, db, clock }: DiskHouse): Promise<Case> {
  const outside = { inject: async (options: InjectOptions) => await app.inject({ remoteAddress: CLIENT.address, ...options, headers: { 'user-agent': CLIENT.agent, ...options.headers } }) } as unknown as App
  const person = visitor(outside)
  const pages: Array<[string, Record<string, string>]> = [
    ['target', { agency: '街道上的综合队', officer: STORY.officerText }],
    ['what', { count: '1', ground_1: 'G01', text_1: STORY.text }],
    ['when-where', { date_year: '2026', date_month: '11', date_day: '20', place: STORY.place }],
    ['rule', {}],
    ['effect', { claim: STORY.claim, cost: STORY.cost }],
    ['elsewhere', { kind: 'none' }],
    ['you', { mode: 'confidential', name: PERSON.name, phone: PERSON.phone, email: PERSON.email, address: PERSON.address, org: PERSON.org, uscc: PERSON.uscc, agent_name: PERSON.agent, agent_phone: PERSON.agentPhone, members: `${PERSON.member} ${PERSON.memberPhone}`, reply: 'email' }]
  ]
  await person.submit('/complain')
  for (const [page, form] of pages) {
    if (page === 'you') await addFile(outside, person)
    await person.get(`/complain/draft/${page}`)
    const answer = await person.submit(`/complain/draft/${page}`, form)
    if (answer.status !== 303 || answer.location?.includes(`/draft/${page}`) === true) throw new Error(`${page}: ${answer.status} ${answer.location ?? ''}`)
  }
  clock.now = new Date(Date.parse(TODAY) + 10 * 60_000).toISOString() // slower than a machine
  const check = (await person.get('/complain/draft/check')).body
  await person.submit('/complain/submissions')
  const receipt = (await person.get('/complain/receipt')).body
  const ref = /TS\d{11}/.exec(receipt)?.[0] ?? ''
  const code = /\d{4} \d{4} \d{4} \d{4}/.exec(receipt)?.[0] ?? ''
  const tracker = visitor(outside)
  await tracker.submit('/track', { ref, code })
  await tracker.get(`/track/${ref}`)
  await tracker.submit(`/track/${ref}/messages`, { text: STORY.message })
  const { id } = await db.selectFrom('complaint').select('id').where('ref', '=', ref).executeTakeFirstOrThrow()
  const visit = await givenVisit(app, clock.now, { text: STORY.visit })
  return { id, ref, code, visitRef: visit.ref, preview: check.slice(check.indexOf('preview-agency'), check.indexOf('complain/submissions')) }
}

/** The page of the form with the files: one that is chosen, then what it shows. */
async function addFile (app: App, person: ReturnType<typeof visitor>): Promise<void> {
  const page = '/complain/draft/evidence'
  const send = async (fields: Record<string, string>, file = ''): Promise<void> => {
    const token = /name="_csrf" value="([^"]+)"/.exec((await person.get(page)).body)?.[1] ?? ''
    const parts = Object.entries({ _csrf: token, ...fields }).map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')
    const { statusCode, body } = await app.inject({ method: 'POST', url: `${page}/files`, payload: `${parts}${file}--x--\r\n`, headers: { 'content-type': 'multipart/form-data; boundary=x', 'sec-fetch-site': 'same-origin', cookie: Array.from(person.cookies, ([name, value]) => `${name}=${value}`).join('; ') } })
    if (statusCode !== 303) throw new Error(`the upload was answered ${statusCode}: ${/error-summary[^]*?<\/ul>/.exec(body)?.[0] ?? ''}`)
  }
  await send({ do: 'upload' }, `--x\r\ncontent-disposition: form-data; name="files"; filename="${STORY.file}"\r\ncontent-type: text/plain\r\n\r\n${STORY.inside}\r\n`)
  const [, id = ''] = /name="description_([\w-]{22})"/.exec((await person.get(page)).body) ?? []
  await send({ do: 'save', [`description_${id}`]: STORY.shown })
}

/** What the bureau does with it, so that there are documents, findings, events and letters. */
async function handle ({ app, clock }: DiskHouse, { id, ref }: Case): Promise<void> {
  await step(app, id, 'clerk', { action: 'register' }, clock.now)
  await step(app, id, 'clerk', { action: 'request_supplement', text: '请补充材料' }, clock.now)
  await step(app, id, 'complainant', { action: 'supply_supplement', text: STORY.addition }, clock.now)
  await step(app, id, 'clerk', { action: 'accept' }, clock.now)
  await givenAnswer(app, { id, ref }, '经调查，答复如下', clock.now)
}

/** Everybody who has no right to this case, each with all the sessions that they could have. */
async function strangersTo ({ app, db }: DiskHouse): Promise<Stranger[]> {
  const other = await givenFiled(app, app.now())
  const own: Sessions = { track: other.id, receipt: other.id, draft: await createDraft(app, app.now()), visit: (await givenVisit(app, app.now())).id }
  const district = await db.selectFrom('bureau').select('id').where('parent_id', 'is not', null).orderBy('id').executeTakeFirstOrThrow()
  const elsewhere = await db.insertInto('account').values({ username: 'elsewhere', name: '外区收件员', role: 'clerk', bureau_id: district.id, password_hash: '', fictional: 1, created_at: TODAY }).returning('id').executeTakeFirstOrThrow()
  const all = [...Object.values(PERSON), ...Object.values(STORY)]
  const without = STAFF_ROLES.filter(role => !allows(role, 'complaint.read'))
  return [
    { name: 'the public', sessions: {}, secrets: all },
    { name: 'another complainant', sessions: own, secrets: all },
    ...without.map(role => ({ name: role, sessions: { staff: String(accountOf(role)) }, secrets: all })),
    { name: 'a clerk of another bureau', sessions: { staff: String(elsewhere.id) }, secrets: all },
    { name: 'a clerk who has not asked who it is', sessions: { staff: String(STAFF.clerk.id) }, secrets: Object.values(PERSON), reads: true }
  ]
}

const accountOf = (role: StaffRole): number => STAFF[role].id

async function enter ({ db, keys, clock }: House, sessions: Sessions): Promise<{ cookie: string, token: string }> {
  let token = ''
  const cookies: string[] = []
  for (const [kind, subject] of Object.entries(sessions) as Array<[SessionKind, string]>) {
    const value = await openSession(db, kind, subject, clock.now)
    token = (await findSession(db, kind, value, clock.now, keys.forms))?.formToken ?? token
    cookies.push(`sunlit-${kind}=${value}`)
  }
  return { cookie: cookies.join('; '), token }
}

/** What a parameter of an address may be: of this case where there is such a thing, of the register otherwise. */
async function valuesOf ({ db }: House, { id, ref, visitRef }: Case): Promise<Record<string, string[]>> {
  const files = await db.selectFrom('attachment').select('id').where('complaint_id', '=', id).execute()
  const papers = await db.selectFrom('document').select('id').where('complaint_id', '=', id).execute()
  const contacts = await db.selectFrom('contact').select('id').where('complaint_id', '=', id).execute()
  const agency = await db.selectFrom('agency').select('slug').orderBy('slug').executeTakeFirstOrThrow()
  return {
    ref: [ref, visitRef], id: [...files, ...papers, ...contacts].map(row => row.id), clock: ['accept', 'handle', 'supplement'], slug: [agency.slug, 'restaurant'],
    list: ['matters', 'agencies', 'decisions'], facet: ['agency', 'category'], set: ['matters'], code: ['SY-CF-0001'], number: ['1'], no: ['1'], format: ['csv', 'json', 'xlsx'], step: ['check', 'you', 'evidence', 'what']
  }
}

/** Every address of a pattern that its parameters can make. */
function addressesOf (pattern: string, values: Record<string, string[]>): string[] {
  const [name] = /(?<=:)\w+/.exec(pattern) ?? []
  if (name === undefined) return [pattern.replace('*', 'x')]
  return (values[name] ?? ['x']).flatMap(value => addressesOf(pattern.replace(`:${name}`, encodeURIComponent(value)), values))
}

/** As searches would find them: a part of a secret is typed, so that no echo of the question is taken for an answer. */
const SEARCHES = ['?q=' + encodeURIComponent('甄隐'), '?q=' + encodeURIComponent('十七箱'), '?q=139876', '?view=all&tab=documents', '?tab=messages', '?tab=timeline', '?action=reply', '?page=2']

const hitsIn = (text: string, secrets: readonly string[]): string[] => secrets.filter(secret => text.includes(secret) || text.includes(encodeURIComponent(secret)))

async function renderAll (t: Test, house: DiskHouse, stranger: Stranger, values: Record<string, string[]>): Promise<void> {
  const { app } = house
  const leaks: string[] = []
  let answered = 0
  const ask = async (options: InjectOptions, cookie: string): Promise<void> => {
    const { body, headers, statusCode, rawPayload } = await app.inject({ ...options, headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...(cookie === '' ? {} : { cookie }), ...options.headers } })
    const found = hitsIn(body + JSON.stringify(headers) + rawPayload.toString('utf16le'), stranger.secrets)
    if (found.length > 0) leaks.push(`${options.method ?? ''} ${String(options.url)} (${statusCode}): ${found.join(', ')}`)
    answered++
  }
  const entered = await enter(house, stranger.sessions)
  for (const { method, url } of app.routeTable) {
    for (const address of addressesOf(url, values)) {
      if (method === 'GET') {
        await ask({ method, url: address }, entered.cookie)
        if (/^\/(search|desk|track|complain|feeds|exports|api|matters|$)/.test(address)) for (const question of SEARCHES) await ask({ method, url: address + question }, entered.cookie)
      } else if (method === 'POST' && stranger.reads !== true) {
        const { cookie, token } = await enter(house, stranger.sessions) // forms may end what they act on
        await ask({ method, url: address, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: `_csrf=${token}&ref=${values['ref']?.[0] ?? ''}&code=1111222233334444&id=${values['id']?.[0] ?? ''}&version=1&action=reply` }, cookie)
      }
    }
  }
  t.same(leaks, [], `${stranger.name}: ${answered} answers`)
  t.ok(answered > 100)
}

/** All bytes under a folder that hold one of the texts, also as UTF-16. */
function filesWith (folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).flatMap(entry => {
    const bytes = readFileSync(path.join(entry.parentPath, entry.name))
    return texts.filter(text => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))).map(text => `${entry.name}: ${text}`)
  })
}

t.test('who complained shows nowhere else', async t => {
  const house = await givenDiskHouse(t)
  const { app, db, keys, log, data, folder } = house
  await givenStaff(db)
  const filed = await fileCase(house)
  await handle(house, filed)
  const strangers = await strangersTo(house)
  const values = await valuesOf(house, filed)
  const state = async (): Promise<object> => await db.selectFrom('complaint').select(['version', 'status', 'handler_id', 'outcome']).where('id', '=', filed.id).executeTakeFirstOrThrow()
  const before = await state()

  await t.test('Z-2 Z-3 Z-5: no page, file, feed or answer of the portal gives it to whoever has no right to it', async t => {
    t.ok((values['id'] ?? []).length > 3, 'there are files, documents and contacts to ask for')
    for (const stranger of strangers) await t.test(stranger.name, async t => { await renderAll(t, house, stranger, values) })
    t.same(await state(), before, 'and nobody has moved the case')
  })

  await t.test('R-2: letters tell that there is news, never what', async t => {
    const later = new Date(Date.parse(house.clock.now) + 2 * 3_600_000).toISOString()
    t.ok(await writeNews(app, later) > 0, 'there is news')
    const letters: string[] = []
    for (let claimed = await claimLetter(db, keys, later); claimed !== null; claimed = await claimLetter(db, keys, later)) letters.push(JSON.stringify({ ...claimed.letter, to: '' }))
    t.ok(letters.length > 0)
    t.same(hitsIn(letters.join('\n'), [...Object.values(PERSON), ...Object.values(STORY), filed.ref, filed.code, filed.code.replaceAll(' ', '')]), [])
  })

  await t.test('the complainant, and nobody else, finds all of it again', async t => {
    const person = visitor(app)
    await person.submit('/track', { ref: filed.ref, code: filed.code })
    const { body } = await person.get(`/track/${filed.ref}`)
    for (const text of [STORY.text, STORY.message, STORY.file, STORY.shown]) t.match(body, text, 'else this test would search for what does not exist')
  })

  await t.test('E-1 E-7 G-2: database, write-ahead log and stored files hold nothing of it in the clear, nor where it came from', async t => {
    await sql`pragma wal_checkpoint(passive)`.execute(db)
    t.same([data, path.join(folder, 'files')].flatMap(place => filesWith(place, [...Object.values(PERSON), ...Object.values(STORY), filed.code, filed.code.replaceAll(' ', ''), CLIENT.address, CLIENT.agent])), [])
    t.not(readdirSync(path.join(folder, 'files')).length, 0, 'there are stored files')
    t.not(filesWith(data, [filed.ref]).length, 0, 'what is not secret is found in that way')
  })

  await t.test('O-1 E-7: the log of all of this names neither the person nor the case', async t => {
    await app.inject({ url: `/track/${filed.ref}?name=${encodeURIComponent(PERSON.name)}`, headers: { 'user-agent': CLIENT.agent } })
    t.same(hitsIn(log(), [...Object.values(PERSON), ...Object.values(STORY), filed.ref, filed.code, filed.code.replaceAll(' ', ''), CLIENT.address, CLIENT.agent]), [])
    t.ok(log().length > 10_000)
  })

  await t.test('H-7 H-9 S-7: private answers are kept nowhere and found by no search engine, public ones set no cookie', async t => {
    const { cookie } = await enter(house, { staff: String(STAFF.clerk.id), track: filed.id, draft: await createDraft(app, app.now()), receipt: filed.id, visit: (await givenVisit(app, app.now())).id })
    for (const locale of LOCALES) {
      for (const { method, url, permission, session } of app.routeTable.filter(row => row.method === 'GET')) {
        const address = `${locale === 'en' ? '/en' : ''}${addressesOf(url, values)[0] ?? ''}`
        const { headers, statusCode } = await app.inject({ method: method as 'GET', url: address, headers: { accept: 'text/html', ...(permission === 'public' && session === null ? {} : { cookie }) } })
        if (permission === 'public' && session === null) t.notOk(headers['set-cookie'], `${address} sets no cookie`)
        else if (statusCode === 200) t.match(headers, { 'cache-control': /no-store/, 'x-robots-tag': /noindex/ }, address)
      }
    }
  })

  await t.test('E-8 Z-5: what the preview says that an agency would see names neither person nor hour', async t => {
    t.match(filed.preview, STORY.text)
    t.same(hitsIn(filed.preview, Object.values(PERSON)), [])
    t.notMatch(filed.preview, /\d{1,2}:\d{2}/)
  })

  await t.test('V-7 O-1: a fault of ours shows and logs nothing of it either', async t => {
    const from = log().length
    const { cookie } = await enter(house, { staff: String(STAFF.clerk.id), track: filed.id })
    await sql`drop table complaint_issue`.execute(db)
    for (const url of [`/desk/complaints/${filed.ref}`, `/track/${filed.ref}`]) {
      const { statusCode, body } = await app.inject({ url, headers: { cookie, accept: 'text/html' } })
      t.equal(statusCode, 500, url)
      t.same(hitsIn(body, [...Object.values(PERSON), ...Object.values(STORY), 'complaint_issue', 'node_modules']), [])
    }
    t.match(log().slice(from), /complaint_issue/, 'the log says what is wrong')
    t.same(hitsIn(log().slice(from), [...Object.values(PERSON), ...Object.values(STORY), filed.ref]), [])
  })
})
