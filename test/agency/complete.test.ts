import { Writable } from 'node:stream'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { answeringOf, supervisionOf } from '../../src/catalogue/supervision/service.ts'
import { attachReady, sweepReady } from '../../src/complaints/case/attachments/service.ts'
import { itemsOf, judgeDemand, saveAnswer, signAnswers } from '../../src/complaints/outcome/agency-answers/service.ts'
import { checkSlip, slipOf } from '../../src/complaints/following/proof/service.ts'
import { nameAgency } from '../../src/complaints/work/assignments/service.ts'
import { decideExtension } from '../../src/complaints/work/extensions/service.ts'
import { releaseRedaction, saveRedaction } from '../../src/complaints/work/redaction/service.ts'
import { openSession } from '../../src/db/sessions.ts'
import { givenHouse, TODAY } from '../fixtures/app.ts'
import { givenStaff, STAFF, step } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { photo } from '../fixtures/files.ts'
import { givenIssued } from '../fixtures/letters.ts'
import { SCHEMAS } from '../fixtures/schemas.ts'
import { visitor } from '../fixtures/visitor.ts'

/** What was told, unmistakable; `inside` is a file that the bureau released as a whole. */
const TOLD = {
  name: '欧阳甄隐', phone: '13987654321', email: 'geheim@mail.example', address: '隐秘胡同八十八号', org: '甄隐杂货铺', issue: '经过是这样的：红色货车在后门卸下了十七箱', place: '后巷无名小门', claim: '把十七箱货还回来', file: '甄隐拍的照片', inside: '释放的内容'
} as const
/** A page without its frame, which says when the reader's own session ends. */
const mainOf = (body: string): string => body.slice(body.indexOf('<main'), body.indexOf('</main>'))
const { investigator, second, head, agency_handler: handler, agency_leader: leader } = STAFF

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, clock } = house
    await givenStaff(db)
    /** Somebody signed in, who also sends forms of parts. */
    const as = async ({ id }: { id: number }) => {
      const person = visitor(app)
      person.cookies.set('sunlit-staff', await openSession(db, 'staff', String(id), clock.now))
      const upload = async (page: string, to: string, fields: Record<string, string>, files: Array<{ name: string, content: Buffer, type?: string }> = []) => {
        const { body } = await person.get(page)
        const form = new FormData()
        for (const [name, value] of Object.entries({ _csrf: /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? '', ...fields })) form.append(name, value)
        for (const { name, content, type = 'image/jpeg' } of files) form.append('files', new Blob([new Uint8Array(content)], { type }), name)
        const sent = new Request('http://x/', { method: 'POST', body: form })
        return await app.inject({ method: 'POST', url: to, headers: { 'content-type': sent.headers.get('content-type') ?? '', 'sec-fetch-site': 'same-origin', accept: 'text/html', cookie: Array.from(person.cookies, ([key, value]) => `${key}=${value}`).join('; ') }, payload: Buffer.from(await sent.arrayBuffer()) })
      }
      return { ...person, upload }
    }
    const files = async (id: string): Promise<Array<{ id: string, sent: number, by_side: string }>> => await db.selectFrom('attachment').select(['id', 'sent', 'by_side']).where('complaint_id', '=', id).orderBy('at').execute()

    await t.test('T22, U-1, U-4: files of an answer are the agency\'s until its leader has seen and signed them', async t => {
      const filed = await givenIssued(house)
      const page = `/agency/items/${filed.letter}`
      const rectification = `/desk/complaints/${filed.ref}/rectification`
      const { slip } = await slipOf(app, filed.id)
      const [writer, signer, clerk] = [await as(handler), await as(leader), await as(investigator)]
      const save = async (no: number, fields: Record<string, string>, sent: Parameters<typeof writer.upload>[3] = []) => await writer.upload(page, `${page}/answers`, { kind: 'demand', no: String(no), version: '0', ...fields }, sent)
      t.equal((await save(1, { text: '已退还，见收条' }, [{ name: '收条.jpg', content: await photo() }])).statusCode, 303)
      t.equal((await save(2, {}, [{ name: '现场.jpg', content: await photo(50, 50) }])).statusCode, 303, 'files may come before the words')
      const fake = await save(2, { text: '这句话不能丢' }, [{ name: '假的.jpg', content: Buffer.from('no picture') }])
      t.equal(fake.statusCode, 422)
      t.match(fake.body, /假的\.jpg/)
      t.match(fake.body, /这句话不能丢/)
      const [first, other] = await files(filed.id)
      t.match([first, other], [{ sent: 0, by_side: 'agency' }, { sent: 0, by_side: 'agency' }])
      t.equal((await save(2, { version: '1', do: `remove_${other?.id ?? ''}` })).statusCode, 303)
      t.equal((await files(filed.id)).length, 1, 'what is removed unsigned is gone')
      t.equal((await save(2, { version: '1', do: `remove_${other?.id ?? ''}` })).statusCode, 303, 'twice is once')

      t.notMatch((await clerk.get(rectification)).body, /收条\.jpg/)
      t.equal((await clerk.get(`/desk/complaints/${filed.ref}/files/${first?.id ?? ''}`)).status, 404, 'a draft is not the bureau\'s to see')
      const before = (await signer.get(page)).body
      t.match(before, /收条\.jpg/, 'the leader sees it')
      t.equal((await signer.get(`${page}/files/${first?.id ?? ''}`)).headers['content-disposition']?.toString().includes('attachment'), true)
      const seen = /name="seen" value="([^"]+)"/.exec(before)?.[1] ?? ''
      await save(1, { text: '已退还，见收条两张', version: '1' }, [{ name: '收条二.jpg', content: await photo(70, 20) }])
      t.equal((await signer.submit(`${page}/signatures`, { kind: 'demand', seen })).status, 409, 'nothing is signed that was not looked at')
      await signer.get(page)
      const now = /name="seen" value="([^"]+)"/.exec((await signer.get(page)).body)?.[1] ?? ''
      t.equal((await signer.submit(`${page}/signatures`, { kind: 'demand', seen: now })).status, 303)
      t.ok((await files(filed.id)).every(file => file.sent === 1))
      t.match((await clerk.get(rectification)).body, /收条二\.jpg/)
      t.equal((await clerk.get(`/desk/complaints/${filed.ref}/files/${first?.id ?? ''}`)).status, 200)
      t.match((await clerk.get(`/desk/complaints/${filed.ref}/exhibits`)).body, /收条\.jpg/, 'it can be put on the list of exhibits')
      t.match(await checkSlip(app, slip), { verdict: 'genuine' }, 'what the agency sends does not change what was filed')
      const track = visitor(app)
      track.cookies.set('sunlit-track', await openSession(db, 'track', filed.id, clock.now))
      t.notMatch((await track.get(`/track/${filed.ref}`)).body, /收条/)
      t.equal((await track.get(`/track/${filed.ref}/files/${first?.id ?? ''}`)).status, 404)
      t.equal((await save(1, { text: '太迟', version: '2' }, [{ name: '迟.jpg', content: await photo(90, 9) }])).statusCode, 409)
    })

    await t.test('nobody signs what they uploaded; what lies in a draft outlives the day, not the year', async t => {
      const filed = await givenIssued(house)
      const page = `/agency/items/${filed.letter}`
      const [writer, signer] = [await as(handler), await as(leader)]
      const objection = { kind: 'objection', no: '0', version: '0' }
      await writer.upload(page, `${page}/answers`, { ...objection, text: '扣押有依据' })
      await signer.upload(page, `${page}/answers`, { ...objection, version: '1' }, [{ name: '依据.jpg', content: await photo() }])
      await t.rejects(signAnswers(app, leader, { id: filed.letter, kind: 'objection' }, TODAY), { code: 'form_invalid' })
      const later = (days: number): string => new Date(Date.parse(TODAY) + days * 86_400_000).toISOString()
      t.equal(await sweepReady(app, app.files, later(60)), 2, 'only what no answer has: the late one above, with its original')
      t.equal((await files(filed.id)).length, 1)
      t.equal(await sweepReady(app, app.files, later(200)), 2)
      t.same(await files(filed.id), [])
    })

    await t.test('T22, Z-5: the packet holds what was released, as it was released, and the case sees who opened it', async t => {
      const filed = await givenIssued(house)
      const page = `/agency/items/${filed.letter}`
      const [writer, clerk] = [await as(handler), await as(investigator)]
      t.match((await writer.get(page)).body, /没有随文书提供其他材料/)
      const place = { ref: filed.ref, target: 'issue.2', rendering: 'agency' as const }
      await saveRedaction(app, investigator, place, { at: '', spans: [{ start: 5, end: 7, reason: 'other' }], boxes: [], withheld: null }, TODAY)
      t.notMatch((await writer.get(page)).body, /扣走了我/, 'a draft is no release')
      const { at } = await db.selectFrom('redaction').select('at').where('complaint_id', '=', filed.id).executeTakeFirstOrThrow()
      await releaseRedaction(app, app.files, second, { ...place, at }, TODAY)
      for (const url of [page, `${page}/packet`, `/en${page}/packet`]) {
        const { status, body } = await writer.get(url)
        t.equal(status, 200)
        t.match(body, /扣走了我的〔已遮盖：其他〕，没有给任何清单/, url)
        t.notMatch(body, /冰柜/)
      }
      const readings = (await clerk.get(`/desk/complaints/${filed.ref}/rectification`)).body
      t.match(readings, /演示联络员/)
      t.match(readings, /单位的查阅记录（2 条）/, 'a page counts once a day')
      t.equal((await writer.get(`${page}/packet/${'A'.repeat(22)}`)).status, 404)
    })

    await t.test('T23: the complainant says of each thing whether it was done, and the answer reopens or confirms the whole', async t => {
      const filed = await givenIssued(house)
      const page = `/track/${filed.ref}`
      const own = visitor(app)
      own.cookies.set('sunlit-track', await openSession(db, 'track', filed.id, clock.now))
      const say = async (no: number, form: Record<string, string>) => await own.submit(`${page}/demands`, { document: filed.letter, no: String(no), ...form })
      const waiting = (await own.get(page)).body
      t.match(waiting, /1\. 返还财物/)
      t.match(waiting, /还没有到期/)
      t.notMatch(waiting, /退还扣押的物品/, 'the words of the letter are the agency\'s')
      t.notMatch(waiting, /告诉我们办到了没有/)
      t.equal((await say(1, { answer: 'yes' })).status, 409, 'nothing is said of what nobody claims')
      for (const no of [1, 2]) await saveAnswer(app, handler, { id: filed.letter, kind: 'demand', no, text: '已办', version: 0 }, TODAY)
      await signAnswers(app, leader, { id: filed.letter, kind: 'demand' }, TODAY)
      t.match((await own.get(page)).body, /告诉我们办到了没有/)
      t.equal((await say(1, { answer: 'no' })).status, 422, 'what is missing has to be said')
      t.equal((await say(1, { words: '退了一半' })).status, 422)
      t.equal((await say(1, { answer: 'maybe', words: '退了一半' })).status, 422)
      t.equal((await say(9, { answer: 'yes' })).status, 404)
      t.equal((await say(1, { answer: 'no', words: '只退了一半东西' })).status, 303)
      t.equal((await say(2, { answer: 'yes' })).status, 303)
      const clerk = await as(investigator)
      t.match((await clerk.get(`/desk/complaints/${filed.ref}/rectification`)).body, /只退了一半东西/)
      t.notMatch((await (await as(handler)).get(`/agency/items/${filed.letter}`)).body, /只退了一半|没办到/, 'the agency does not see it')
      const outcome = async () => ({ ...await db.selectFrom('complaint').select('status').where('id', '=', filed.id).executeTakeFirstOrThrow(), said: (await db.selectFrom('confirmation').select('answer').where('complaint_id', '=', filed.id).orderBy('no').execute()).map(({ answer }) => answer) })
      t.same(await outcome(), { status: 'verifying', said: [] }, 'before the answer nothing moves')
      for (const no of [1, 2]) await judgeDemand(app, investigator, filed.ref, { document: filed.letter, no, verdict: 'verified', text: '看过' }, TODAY)
      await step(app, filed.id, 'clerk', { action: 'reply', text: '答复如下' }, TODAY)
      t.equal((await say(1, { answer: 'no', words: '还是只有一半' })).status, 303)
      t.same(await outcome(), { status: 'verifying', said: ['partly'] })
      await step(app, filed.id, 'clerk', { action: 'confirm_rectification', text: '又看了一次' }, TODAY)
      t.equal((await say(1, { answer: 'yes' })).status, 303)
      t.equal((await say(1, { answer: 'yes' })).status, 303, 'twice is not said twice of the whole')
      t.same(await outcome(), { status: 'replied', said: ['partly', 'yes'] })
      const late = visitor(app)
      const expired = await late.submit(`${page}/demands`, { document: filed.letter, no: '1', answer: 'no', words: '写了很久的话' })
      t.equal(expired.status, 401)
      t.match(expired.body, /写了很久的话/, 'what was typed waits for the code')
    })

    await t.test('B19: an agency explains itself in public once its leader signed and the publisher looked', async t => {
      const filed = await givenIssued(house)
      const page = `/agency/items/${filed.letter}`
      const [writer, signer, publisher] = [await as(handler), await as(leader), await as(STAFF.publisher)]
      const { slug } = await db.selectFrom('agency').innerJoin('account', 'account.agency_id', 'agency.id').select('slug').where('account.id', '=', handler.id).executeTakeFirstOrThrow()
      const publicPage = async (): Promise<string> => (await app.inject(`/agencies/${slug}`)).body
      const words = '我单位已退还物品，并组织学习执法程序。'
      const save = async (statement: string, version = '0') => await writer.submit(`${page}/statement`, { statement, version })
      t.notMatch((await writer.get(page)).body, /statement-title/)
      t.equal((await save(words)).status, 409, 'not while the case is open')
      await db.updateTable('complaint').set({ status: 'closed', outcome: 'answered', closed_at: TODAY }).where('id', '=', filed.id).execute()
      t.equal((await save('')).status, 422)
      t.equal((await save('长'.repeat(501))).status, 422)
      const personal = await save('投诉人电话13812345678，已经联系')
      t.equal(personal.status, 422)
      t.match(personal.body, /不能有个人信息，请删去：13812345678/)
      t.match(personal.body, /投诉人电话13812345678，已经联系<\/textarea>/, 'what was typed stays')
      t.equal((await save('投诉人电话138\u200B1234\u20605678，邮箱ａ＠ｂ.cn')).status, 422, 'signs that nobody sees hide nothing')
      t.equal((await save(words)).status, 303)
      t.equal((await save('同时写的')).status, 409)
      t.equal((await writer.submit(`${page}/statement/signatures`, { version: '1' })).status, 403)
      await signer.get(page)
      t.equal((await signer.submit(`${page}/statement/signatures`, { version: '1' })).status, 303)
      t.equal((await save('签了以后再改', '2')).status, 409)
      t.notMatch(await publicPage(), /组织学习执法程序/, 'not before somebody looked')
      const desk = (await publisher.get('/desk/statements')).body
      t.match(desk, /组织学习执法程序/)
      t.notMatch(desk, new RegExp(filed.ref), 'the publisher sees no case')
      const decide = async (form: Record<string, string>) => await publisher.submit(`/desk/statements/${filed.letter}/decisions`, form)
      t.equal((await decide({ version: '2', decision: 'return' })).status, 422, 'with reasons')
      t.equal((await decide({ version: '1', decision: 'publish' })).status, 409, 'what was looked at')
      t.equal((await decide({ version: '2', decision: 'return', text: '请写明何时退还' })).status, 303)
      t.match((await writer.get(page)).body, /请写明何时退还/)
      t.equal((await save(`${words}十一月退还。`, '3')).status, 303)
      await signer.submit(`${page}/statement/signatures`, { version: '4' })
      await db.insertInto('conflict_declaration').values({ id: `tie-${engine}`, account_id: STAFF.publisher.id, agency_id: (await db.selectFrom('agency').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()).id, complaint_id: null, sealed: '', since: '2026-01-01', declared_at: TODAY, ended_at: null, ended_by: null }).execute()
      t.notMatch((await publisher.get('/desk/statements')).body, /组织学习执法程序/, 'not for whoever has a tie with the agency')
      t.equal((await decide({ version: '5', decision: 'publish' })).status, 404)
      await db.deleteFrom('conflict_declaration').where('account_id', '=', STAFF.publisher.id).execute()
      t.equal((await decide({ version: '5', decision: 'publish' })).status, 303)
      t.match((await app.inject(`/en/agencies/${slug}`)).body, /组织学习执法程序.*十一月退还/) // the Chinese page is kept for up to a second
      const own = visitor(app)
      own.cookies.set('sunlit-track', await openSession(db, 'track', filed.id, clock.now))
      t.match((await own.get(`/track/${filed.ref}`)).body, /十一月退还/)
      t.equal((await signer.submit(`${page}/statement/withdrawals`, { version: '6' })).status, 303)
      t.notMatch((await own.get(`/track/${filed.ref}`)).body, /十一月退还/)
      await signer.get(page)
      t.equal((await signer.submit(`${page}/statement`, { statement: words, version: '7' })).status, 303)
      t.equal((await signer.submit(`${page}/statement/signatures`, { version: '8' })).status, 422, 'nobody signs what they wrote')
      t.equal((await db.selectFrom('agency_statement').select('text').where('document_id', '=', filed.letter).executeTakeFirstOrThrow()).text, null)
    })

    await t.test('B19: figures of an agency come from its letters, and small numbers cannot be worked out', async t => {
      const { id: complaintId, agency_id: agencyId } = await db.selectFrom('complaint').select(['id', 'agency_id']).where('agency_id', 'is not', null).orderBy('id').executeTakeFirstOrThrow()
      const give = async (name: string, { due, answered, state, on = '2026-08-10T02:00:00.000Z' }: { due: string, answered?: string, state: string, on?: string }): Promise<void> => {
        const id = `figure-${name}`
        await db.insertInto('document').values({ id, complaint_id: complaintId, type: 'opinion_letter', number: `${engine}-${name}`, issued_at: on, author_id: null, sealed: '', digest: '' }).execute()
        await db.insertInto('demand').values({ complaint_id: complaintId, document_id: id, no: 1, kind: 'refund', sealed: '', due_on: due, state, changed_at: on }).execute()
        if (answered !== undefined) await db.insertInto('agency_answer').values({ document_id: id, kind: 'demand', no: 1, turn: 1, complaint_id: complaintId, version: 1, sealed: '', author_id: handler.id, at: on, signed_by: leader.id, signed_at: answered, verdict: null, verdict_sealed: null, judged_by: null, judged_at: null }).execute()
      }
      const figures = async () => { const { letters, demands } = await supervisionOf(db, agencyId ?? 0, '2026-11-20'); return { letters, demands } }
      for (const at of [1, 2, 3, 4]) await give(`t${at}`, { due: '2026-09-09', answered: '2026-09-09T15:00:00.000Z', state: 'verified' })
      t.same((await figures()).letters, { total: null, parts: null }, 'four are too few')
      await give('t5', { due: '2026-09-09', answered: '2026-09-09T15:59:59.000Z', state: 'verified' })
      t.same(await figures(), { letters: { total: 5, parts: { in_time: 5, late: 0, waiting: 0 } }, demands: { total: 5, parts: { verified: 5, disputed: 0, other: 0 } } })
      await give('late', { due: '2026-09-09', answered: '2026-09-09T16:00:00.000Z', state: 'claimed' })
      t.same(await figures(), { letters: { total: 6, parts: null }, demands: { total: 6, parts: null } }, 'one part of one hides all parts')
      await give('before', { due: '2025-09-09', state: 'open', on: '2025-09-30T15:59:59.000Z' })
      await give('after', { due: '2026-12-09', state: 'open', on: '2026-09-30T16:00:00.000Z' })
      t.equal((await figures()).letters.total, 6, 'whole quarters in Chinese days')
      t.match((await answeringOf(db, agencyId ?? 0, { from: '2025-01-01', to: '2026-12-31', today: '2026-11-20', counts: id => id.startsWith('figure-') })).letters, { in_time: 5, late: 2, waiting: 1 })
    })

    await t.test('the desk has everything with an agency on one page, for those without ties', async t => {
      const filed = await givenIssued(house)
      const { slug, id } = await db.selectFrom('agency').innerJoin('account', 'account.agency_id', 'agency.id').select(['slug', 'agency.id']).where('account.id', '=', handler.id).executeTakeFirstOrThrow()
      const [clerk, leads, outside] = [await as(investigator), await as(head), await as(handler)]
      for (const url of [`/desk/agencies/${slug}`, `/en/desk/agencies/${slug}`]) t.match(await clerk.get(url), { status: 200, body: new RegExp(filed.ref) })
      t.match((await leads.get(`/desk/agencies/${slug}`)).body, /同一单位、同一事由/)
      t.equal((await outside.get(`/desk/agencies/${slug}`)).status, 403)
      await db.insertInto('conflict_declaration').values({ id: `own-${engine}`, account_id: investigator.id, agency_id: id, complaint_id: null, sealed: '', since: '2026-01-01', declared_at: TODAY, ended_at: null, ended_by: null }).execute()
      t.equal((await clerk.get(`/desk/agencies/${slug}`)).status, 404)
      await db.deleteFrom('conflict_declaration').where('account_id', '=', investigator.id).execute()
    })

    await t.test('Z-5, E-8: no page, file, error or log line of the agency tells who complained, in which words, or at what time', async t => {
      const filed = await givenIssued(house, TODAY, {
        issues: [{ ground: 'G01', text: TOLD.issue }], place: TOLD.place, claim: TOLD.claim, identity: { name: TOLD.name, phone: TOLD.phone, email: TOLD.email, address: TOLD.address, org: TOLD.org }
      })
      const file = await attachReady(app, app.files, { id: filed.id, side: 'complainant', authorId: investigator.id }, { name: `${TOLD.file}.txt`, mediaType: 'text/plain', content: Buffer.from(TOLD.inside), cleaned: true }, TODAY)
      await db.updateTable('attachment').set({ sent: 1, author_id: null }).where('id', '=', file.id).execute()
      const words = { issue: TOLD.issue.indexOf('红色'), end: TOLD.issue.length }
      for (const [target, spans] of [['issue.1', [{ start: words.issue, end: words.end, reason: 'other' }]], [`file.${file.id}`, []]] as const) {
        const place = { ref: filed.ref, target, rendering: 'agency' as const }
        await saveRedaction(app, investigator, place, { at: '', spans: [...spans], boxes: [], withheld: null }, TODAY)
        const { at } = await db.selectFrom('redaction').select('at').where('complaint_id', '=', filed.id).where('target', '=', target).executeTakeFirstOrThrow()
        await releaseRedaction(app, app.files, second, { ...place, at }, TODAY)
      }
      let log = ''
      const stream = new Writable({ write (chunk, _encoding, done) { log += String(chunk); done() } })
      const loud = await buildApp({ config: app.config, db, keys: house.keys, files: app.files, site: app.site, now: () => clock.now, logger: { level: 'trace', stream }, schemaController: SCHEMAS })
      t.teardown(async () => { await loud.close() })
      const secrets = [...Object.values(TOLD).filter(text => text !== TOLD.inside), filed.ref, filed.code]
      const values: Record<string, string[]> = { id: [filed.letter, filed.notice, 'nothing'], file: [file.id, 'A'.repeat(22)] }
      const addresses = (url: string): string[] => {
        const [name] = /(?<=:)\w+/.exec(url) ?? []
        return name === undefined ? [url] : (values[name] ?? ['x']).flatMap(value => addresses(url.replace(`:${name}`, value)))
      }
      for (const person of [handler, leader]) {
        const token = await openSession(db, 'staff', String(person.id), clock.now)
        const headers = { accept: 'text/html', cookie: `sunlit-staff=${token}`, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
        const form = /name="_csrf" value="([^"]+)"/.exec((await loud.inject({ url: `/agency/items/${filed.letter}`, headers })).body)?.[1] ?? ''
        for (const { method, url } of loud.routeTable.filter(({ url }) => url.startsWith('/agency') || url.startsWith('/en/agency'))) {
          if (/\/agencies/.test(url)) continue
          for (const address of addresses(url)) {
            const payload = `_csrf=${encodeURIComponent(form)}&kind=demand&no=9&version=7&text=x&seen=x&days=x&reason=x&statement=x`
            const { statusCode, headers: sent, body, rawPayload } = await loud.inject({ method: method as 'GET', url: address, headers, ...method === 'POST' ? { payload } : {} })
            const all = `${body}${JSON.stringify(sent)}${rawPayload.toString('utf16le')}`
            t.same(secrets.filter(secret => all.includes(secret) || all.includes(encodeURIComponent(secret))), [], `${method} ${address} (${statusCode})`)
            if (statusCode === 200 && !address.includes('/packet/')) t.notMatch(mainOf(body), /\d{1,2}:\d{2}/, `${address} has no time of day`)
          }
        }
        const taken = await loud.inject({ url: `/agency/items/${filed.letter}/packet/${file.id}`, headers })
        t.match([taken.statusCode, taken.body], [200, TOLD.inside], 'what was released whole is there to take')
        t.match(decodeURIComponent(String(taken.headers['content-disposition'])), /材料1\.txt/, 'under a name that tells nothing')
      }
      t.same(secrets.filter(secret => log.includes(secret)), [], 'the log')
      t.ok(log.length > 1000)
    })

    await t.test('Z-5: when another agency is named, what was sent to the first is not for the second', async t => {
      const filed = await givenIssued(house)
      const row = await db.selectFrom('complaint').select(['version', 'agency_id']).where('id', '=', filed.id).executeTakeFirstOrThrow()
      t.ok((await itemsOf(app, handler)).some(({ id }) => id === filed.letter))
      const later = new Date(Date.parse(TODAY) + 60_000).toISOString()
      await nameAgency(app, STAFF.clerk, filed.ref, { agencyId: row.agency_id ?? 0, version: row.version }, later)
      t.ok((await itemsOf(app, handler)).some(({ id }) => id === filed.letter), 'the same again changes nothing')
      const { id } = await db.insertInto('agency').values({ slug: `second-${engine}`, version: 1, name: '另一个单位（虚构）', kind: 'organ', level: 'district', region_code: '210102' }).returning('id').executeTakeFirstOrThrow()
      await nameAgency(app, STAFF.clerk, filed.ref, { agencyId: id, version: row.version }, later)
      t.notOk((await itemsOf(app, handler)).some(({ id }) => id === filed.letter))
      await db.updateTable('account').set({ agency_id: id }).where('id', '=', handler.id).execute()
      t.same(await itemsOf(app, handler), [])
      t.equal((await (await as(handler)).get(`/agency/items/${filed.letter}`)).status, 404)
      await db.updateTable('account').set({ agency_id: row.agency_id }).where('id', '=', handler.id).execute()
    })

    await t.test('T22: more time is asked for once, and the answer is there to read', async t => {
      const filed = await givenIssued(house)
      const page = `/agency/items/${filed.letter}`
      const writer = await as(handler)
      await writer.get(page)
      t.equal((await writer.submit(`${page}/extensions`, { days: '十天', reason: '需要采购设备' })).status, 422)
      t.equal((await writer.submit(`${page}/extensions`, { days: '10', reason: '需要采购设备' })).status, 303)
      t.match((await writer.get(page)).body, /等待决定/)
      const { id } = await db.selectFrom('clock_extension').select('id').where('complaint_id', '=', filed.id).executeTakeFirstOrThrow()
      await decideExtension(app, head, filed.ref, { id, grant: true, text: '理由充分' }, TODAY)
      const { body } = await writer.get(page)
      t.match(body, /同意延长/)
      t.match(body, /理由充分/)
      t.notMatch(body, /演示科长/, 'who decided is the bureau\'s')
    })
  })
}
