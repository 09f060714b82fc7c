import { randomBytes } from 'node:crypto'
import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import t from 'tap'
import type { App } from '../../src/app.ts'
import { attach, createDraft, detach, listAttachments, prepareReceipt, saveDraft, submitDraft } from '../../src/complaints/form/filing/service.ts'
import { prepareMembers } from '../../src/complaints/form/members/service.ts'
import { listReady, receive, sendReady, type Received } from '../../src/complaints/form/evidence/service.ts'
import { ANSWERED } from '../../src/complaints/form/steps/schema.ts'
import { findTracking } from '../../src/complaints/case/reading/service.ts'
import { inspectStorage } from '../../src/complaints/case/storage/service.ts'
import { scanHeld } from '../../src/complaints/case/attachments/held.ts'
import { ATTACHMENTS, FILE_REFUSALS } from '../../src/files/limits.ts'
import { translate } from '../../src/i18n/index.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { answersOf } from '../fixtures/complaints.ts'
import { ENGINES } from '../fixtures/engines.ts'
import { drawing, goodFiles, multipartOf, paper, partsOf, photo, SECRET, TYPES, zipOf, type Upload } from '../fixtures/files.ts'
import { visitor } from '../fixtures/visitor.ts'

type Visitor = ReturnType<typeof visitor>
const PAGE = '/complain/draft/evidence'
const HEADERS = { 'sec-fetch-site': 'same-origin', 'content-type': 'multipart/form-data; boundary=sunlit-boundary', accept: 'text/html' }
const faultsIn = (body: string): string[] => Array.from((/error-summary__list">([^]*?)<\/ul>/.exec(body)?.[1] ?? '').matchAll(/<li>(?:<a[^>]*>)?([^<]*)/g), found => found[1] ?? '')
const idsIn = (body: string): string[] => Array.from(body.matchAll(/value="remove_([^"]{22})"/g), found => found[1] ?? '')
const png = (name: string, content: Buffer): Upload => ({ name, type: TYPES.png, content })

/** A visitor whose form is filled up to the files; the answers go straight into the draft. */
async function givenForm (house: House, mode: 'confidential' | 'anonymous' = 'confidential'): Promise<Visitor> {
  const person = visitor(house.app)
  await person.submit('/complain')
  const { id } = await house.db.selectFrom('draft').select('id').orderBy('created_at', 'desc').where('id', 'not in', known).executeTakeFirstOrThrow()
  known.push(id)
  const { identity, ...anonymous } = answersOf({ mode })
  await saveDraft(house, id, { ...anonymous, ...mode === 'anonymous' ? {} : { identity }, steps: [...ANSWERED] } as never, house.clock.now)
  return person
}
const known: string[] = ['']

const cookiesOf = (person: Visitor): string => Array.from(person.cookies, ([name, value]) => `${name}=${value}`).join('; ')
const tokenOf = async (person: Visitor): Promise<string> => /name="_csrf" value="([^"]+)"/.exec((await person.get(PAGE)).body)?.[1] ?? ''

async function post (app: App, person: Visitor, payload: Buffer) {
  return await app.inject({ method: 'POST', url: `${PAGE}/files`, headers: { ...HEADERS, cookie: cookiesOf(person) }, payload })
}
/** Presses a button of the page: `do`, what was typed beside the files, and the files that were chosen. */
async function press (app: App, person: Visitor, fields: Record<string, string>, files: Upload[] = []) {
  return await post(app, person, multipartOf({ _csrf: await tokenOf(person), ...fields }, files))
}
const upload = async (app: App, person: Visitor, files: Upload[]) => await press(app, person, { do: 'upload' }, files)

/** Sends the complaint and goes on to its tracking page. */
async function sent (person: Visitor): Promise<void> {
  await person.get('/complain/draft/check')
  await person.submit('/complain/submissions')
  await person.get('/complain/receipt')
  await person.submit('/complain/receipt', { written: '1' })
}

function storedFiles ({ folder }: House): string[] {
  try {
    return readdirSync(path.join(folder, 'files'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => entry.name)
  } catch { return [] }
}
const rowsOf = async ({ db }: House) => await db.selectFrom('attachment').selectAll().orderBy('at').execute()

/** A form with files, as the services see it. */
async function * formOf (files: Upload[], fields: Record<string, string> = {}): AsyncGenerator<never> {
  yield { type: 'field', fieldname: '_csrf', value: 'token' } as never
  for (const [fieldname, value] of Object.entries(fields)) yield { type: 'field', fieldname, value } as never
  const { Readable } = await import('node:stream')
  for (const { name, type, content } of files) yield { type: 'file', fieldname: 'files', filename: name, mimetype: type, file: Object.assign(Readable.from([content]), { truncated: false }) } as never
}

for (const engine of ENGINES) {
  t.test(`${engine}: U-1 U-4 E-1: files of every kind are kept sealed, described and listed, and go with the complaint`, async t => {
    const house = await givenHouse(t, engine)
    const { app } = house
    const person = await givenForm(house)
    const files = await goodFiles()
    const answer = await upload(app, person, files)
    t.equal(answer.statusCode, 303, faultsIn(answer.body).join())
    t.equal(answer.headers.location, PAGE)
    const page = (await person.get(PAGE)).body
    for (const { name } of files) t.match(page, name)
    const [first = '', second = ''] = idsIn(page)
    const described = await press(app, person, { do: 'save', [`description_${first}`]: '执法时的现场，能看到车牌', [`description_${second}`]: '现场示意图' })
    t.equal(described.headers.location, '/complain/draft/check', 'everything else was answered')
    t.match((await person.get(PAGE)).body, '执法时的现场，能看到车牌')
    const rows = await rowsOf(house)
    t.equal(rows.length, 10)
    t.notMatch(JSON.stringify(rows), /材料|现场|GEHEIM/)
    for (const row of rows) t.match(row.id, /^[A-Za-z0-9_-]{22}$/)
    t.same(rows.map(row => row.cleaned), [1, 1, 1, 0, 1, 1, 0, 0, 0, 0])
    t.equal(storedFiles(house).length, 15, 'five originals lie beside the copies made anew')
    t.equal((await press(app, person, { do: `remove_${first}` })).headers.location, PAGE)
    t.equal((await press(app, person, { do: `remove_${first}` })).headers.location, PAGE, 'pressed twice')
    t.equal(storedFiles(house).length, 13, 'the original goes with the copy')
    await sent(person)
    const complaint = await house.db.selectFrom('complaint').select('ref').executeTakeFirstOrThrow()
    const tracking = (await person.get(`/track/${complaint.ref}`)).body
    for (const { name } of files.slice(1)) t.match(tracking, name)
    t.match(tracking, '现场示意图')
    t.match(tracking, new RegExp(rows[3]?.sha256 ?? 'none'))
  })

  t.test(`${engine}: U-3 Z-2 R-6: who stays anonymous leaves no original behind, also when they decide so later`, async t => {
    const house = await givenHouse(t, engine)
    const { app } = house
    const person = await givenForm(house, 'anonymous')
    const page = await person.get(PAGE)
    t.match(page.body, '您选择了匿名')
    t.match(page.body, '检查文档', 'how hidden details are removed')
    await upload(app, person, [{ name: '一.jpg', type: TYPES.jpg, content: await photo() }, { name: '二.docx', type: TYPES.docx, content: await zipOf(partsOf('docx')) }])
    t.equal(storedFiles(house).length, 2)
    t.same((await rowsOf(house)).map(row => row.original_sha256), [null, null])
    const other = await givenForm(house)
    await upload(app, other, [{ name: '一.jpg', type: TYPES.jpg, content: await photo() }])
    t.equal(storedFiles(house).length, 4)
    await other.get('/complain/draft/you')
    t.equal((await other.submit('/complain/draft/you', { mode: 'anonymous' })).status, 303)
    t.equal(storedFiles(house).length, 3, 'the original is gone')
    t.same((await rowsOf(house)).map(row => row.original_id), [null, null, null])
    const [id = ''] = idsIn((await other.get(PAGE)).body)
    await press(app, person, { do: `remove_${id}`, [`description_${id}`]: '别人的' })
    t.equal(idsIn((await other.get(PAGE)).body).length, 1, "another's file does not exist")
    t.notMatch((await other.get(PAGE)).body, '别人的')
  })

  t.test(`${engine}: U-2: files come later with a message, twice the same is one, and both sides get only what was sent`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, clock } = house
    const id = await createDraft(app, TODAY)
    await saveDraft(app, id, answersOf(), TODAY)
    for (let at = 0; at < 28; at++) await attach(app, app.files, id, { name: `${at}.png`, mediaType: TYPES.png, content: Buffer.from(`${at}`), cleaned: true }, TODAY)
    const { ref } = await submitDraft(app, id, TODAY)
    const give = async (by: 'complainant' | 'bureau', files: Upload[]): Promise<Received> => await receive(app, app.files, formOf(files, { text: ' 补充 ' }), {
      ownerId: id, ownerKind: 'complaint', by, scanner: [], checkToken: () => undefined, now: clock.now
    })
    clock.now = new Date(Date.parse(TODAY) + 60_000).toISOString()
    const one = [png('一.png', await drawing())]
    t.match(await give('complainant', one), { kept: 1, refused: [], fields: { text: '补充' } })
    t.match(await give('complainant', one), { kept: 1, refused: [] })
    t.equal((await listReady(app, id, 'complainant')).length, 1)
    t.equal((await findTracking(app, id, TODAY)).attachments.length, 28, 'what lies ready is not sent')
    const send = async (side: 'complainant' | 'bureau', messageId: number): Promise<number> => await db.transaction().execute(async trx => {
      const complaint = await trx.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      return await sendReady(trx, app, complaint, { actor: { id: null, role: 'complainant', requestId: 'test' }, side, messageId, now: clock.now })
    })
    t.equal(await send('complainant', 7), 1)
    t.equal(await send('complainant', 8), 0)
    t.match((await findTracking(app, id, TODAY)).attachments.at(-1), { name: '一.png', messageId: 7, side: 'complainant', sent: true })
    t.equal((await give('complainant', one)).kept, 1)
    t.equal((await rowsOf(house)).length, 29, 'a form that came twice is not stored twice')
    await give('bureau', [{ name: '通知.pdf', type: TYPES.pdf, content: await paper() }])
    t.equal((await listReady(app, id, 'bureau')).length, 1)
    const full = await give('complainant', [png('再一.png', await drawing(90)), png('再二.png', await drawing(91))])
    t.same([full.kept, full.refused.map(file => file.reason)], [1, ['too_many_this_hour']])
    t.equal(await send('complainant', 9), 1)
    await give('complainant', [])
    t.match((await findTracking(app, id, TODAY)).events.map(event => event.action), ['submit', 'files_added', 'files_added'])
    t.equal((await db.selectFrom('audit_entry').select('action').where('action', '=', 'attachment.added').execute()).length, 2)
    clock.now = new Date(Date.parse(TODAY) + 25 * 3_600_000).toISOString()
    const { sweepReady } = await import('../../src/complaints/form/evidence/service.ts')
    t.equal(await sweepReady(app, app.files, clock.now), 1, 'what was never sent goes after a day')
    t.ok(ref)
  })
}

t.test('U-1 U-2: each file that is refused has its reason, and the good ones of the same form stay', async t => {
  const house = await givenHouse(t)
  const { app } = house
  const person = await givenForm(house)
  const good = await drawing()
  const word = partsOf('docx')
  const bad: Array<[Upload, string]> = [
    [png('empty.png', Buffer.alloc(0)), 'empty'],
    [png('big.png', randomBytes(ATTACHMENTS.bytes + 1)), 'too_large'],
    [{ name: 'page.html', type: 'text/html', content: Buffer.from('<script>1</script>') }, 'wrong_type'],
    [{ name: 'evil.pdf', type: TYPES.pdf, content: good }, 'disguised'],
    [{ name: 'liar.png', type: 'text/html', content: good }, 'disguised'],
    [png('torn.png', good.subarray(0, 50)), 'broken'],
    [png('bomb.png', await drawing(8000, 6000)), 'too_many_pixels'],
    [{ name: 'run.docx', type: TYPES.docx, content: await zipOf({ ...word, 'word/vbaProject.bin': 'x' }) }, 'macros'],
    [{ name: 'nest.docx', type: TYPES.docx, content: await zipOf({ ...word, 'word/embeddings/a.xlsx': 'x' }) }, 'embedded'],
    [{ name: 'far.xlsx', type: TYPES.xlsx, content: await zipOf({ ...partsOf('xlsx'), 'xl/externalLinks/a.xml': 'x' }) }, 'external'],
    [{ name: 'burst.docx', type: TYPES.docx, content: await zipOf({ ...word, 'word/media/a.bmp': Buffer.alloc(30_000_000) }) }, 'packed_too_tightly'],
    [{ name: 'shut.pdf', type: TYPES.pdf, content: await paper({ userPassword: 'a', ownerPassword: 'b' }) }, 'locked'],
    [{ name: 'noise.txt', type: TYPES.txt, content: Buffer.from('a\0b') }, 'not_text'],
    [png('.png', good), 'nameless']
  ]
  const answer = await upload(app, person, [...bad.map(([file]) => file), png('good.png', good)])
  t.equal(answer.statusCode, 422)
  const values = { files: 20, size: 20, together: 200, hourly: 30, pixels: '40,000,000' }
  t.same(faultsIn(answer.body), bad.map(([{ name }, reason]) => translate('zh-CN', `file.${reason}`, { name: reason === 'nameless' ? '?' : name, ...values })))
  t.match(answer.body, 'good.png')
  t.equal(storedFiles(house).length, 2)
  for (const locale of ['zh-CN', 'en'] as const) t.equal(new Set(FILE_REFUSALS.map(reason => translate(locale, `file.${reason}`))).size, FILE_REFUSALS.length, 'no two refusals say the same')
  t.same(faultsIn((await upload(app, person, [])).body), ['请先选择文件，再点“上传”'])
  t.equal((await press(app, person, { do: 'save' })).headers.location, '/complain/draft/check', 'nobody has to choose files to go on')
})

t.test('U-2: twenty files, two hundred megabytes together, of two forms at once too', async t => {
  const house = await givenHouse(t)
  const { app, db } = house
  const person = await givenForm(house)
  const id = known.at(-1) ?? ''
  for (let at = 0; at < 18; at++) await attach(house, app.files, id, { name: `${at}.png`, mediaType: TYPES.png, content: Buffer.from(`${at}`), cleaned: true }, TODAY)
  const token = await tokenOf(person)
  const forms = await Promise.all([0, 100].map(async shift => multipartOf({ _csrf: token, do: 'save' }, [png(`${shift}.png`, await drawing(60 + shift)), png(`${shift}b.png`, await drawing(70 + shift))])))
  const answers = await Promise.all(forms.map(async form => await post(app, person, form)))
  t.equal((await rowsOf(house)).length, ATTACHMENTS.files)
  t.equal(answers.flatMap(answer => faultsIn(answer.body)).filter(fault => fault.includes('最多20个文件')).length, 2)
  t.match((await person.get(PAGE)).body, '已达到20个文件的上限')
  await db.deleteFrom('attachment').execute()
  await upload(app, person, [png('c.png', await drawing())])
  await db.updateTable('attachment').set({ original_size: ATTACHMENTS.together - 100 }).execute()
  t.match(faultsIn((await upload(app, person, [png('b.png', await drawing(500))])).body)[0], '合计不能超过200 MB')
})

t.test('what was typed about a file is never lost: too long it is shown again, and any button keeps it', async t => {
  const house = await givenHouse(t)
  const { app } = house
  const person = await givenForm(house)
  await upload(app, person, [png('a.png', await drawing())])
  const [id = ''] = idsIn((await person.get(PAGE)).body)
  const long = '很'.repeat(201)
  const answer = await press(app, person, { do: 'save', [`description_${id}`]: long }, [png('b.png', await drawing(70))])
  t.equal(answer.statusCode, 422)
  t.same(faultsIn(answer.body), ['说明不能超过200个字，现在是201个字，请删减'])
  t.match(answer.body, long)
  t.match(answer.body, 'b.png', 'files that were chosen in the same form are kept')
  await press(app, person, { do: 'upload', [`description_${id}`]: '门口的通知' }, [png('c.png', await drawing(80))])
  t.match((await person.get(PAGE)).body, '门口的通知')
  t.equal((await press(app, person, { do: 'stay', [`description_${id}`]: '<b>"\u202E' })).statusCode, 400, 'V-2: characters that mislead')
})

t.test('F-1: a broken, forged or broken-off upload is refused and leaves nothing', async t => {
  const house = await givenHouse(t)
  const { app } = house
  const person = await givenForm(house)
  const token = await tokenOf(person)
  const whole = multipartOf({ _csrf: token, do: 'upload' }, [png('a.png', await drawing()), png('b.png', await drawing(50))])
  for (const [name, payload] of [['cut', whole.subarray(0, whole.length - 80)], ['no boundary', Buffer.from('nonsense')], ['empty', Buffer.alloc(0)]] as const) {
    const answer = await post(app, person, payload)
    t.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${name}: ${answer.statusCode}`)
    t.same(storedFiles(house), [], name)
  }
  t.equal((await post(app, person, multipartOf({ _csrf: 'forged' }, [png('a.png', await drawing())]))).statusCode, 403)
  t.equal((await app.inject({ method: 'POST', url: `${PAGE}/files`, headers: { ...HEADERS, 'content-type': 'application/x-www-form-urlencoded', cookie: cookiesOf(person) }, payload: 'a=b' })).statusCode, 415)
  await app.listen({ port: 0, host: '127.0.0.1' })
  await breakOff(app, { ...HEADERS, cookie: cookiesOf(person), 'content-length': String(whole.length) }, whole.subarray(0, whole.length - 60))
  t.same(storedFiles(house), [])
  t.same(await rowsOf(house), [])
  t.equal((await person.get(PAGE)).status, 200)
})

/** Sends a part of an upload over a real connection, hangs up, and waits until the portal has noticed. */
async function breakOff (app: App, headers: Record<string, string>, part: Buffer): Promise<void> {
  const { port } = app.server.address() as AddressInfo
  const sending = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: `${PAGE}/files`, headers })
  sending.on('error', () => undefined)
  sending.write(part)
  await new Promise(resolve => setTimeout(resolve, 1500))
  sending.destroy()
  await new Promise(resolve => setTimeout(resolve, 1500))
}

t.test('U-6: an infected file is refused; while the scanner is silent files wait, and are opened or destroyed once it speaks', async t => {
  const scanner = (house: House, script: string): string => {
    const file = path.join(house.folder, 'scanner.sh')
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
    return file
  }
  const house = await givenHouse(t, 'sqlite', { SUNLIT_SCANNER: '/nowhere/to/be/found --fast -' })
  const { app } = house
  const person = await givenForm(house)
  await upload(app, person, [{ name: 'eicar.txt', type: TYPES.txt, content: Buffer.from('EICAR-LIKE') }, { name: '好.txt', type: TYPES.txt, content: Buffer.from('平安') }])
  t.match((await person.get(PAGE)).body, '尚未完成病毒检查')
  await sent(person)
  const { ref, id: complaintId } = await house.db.selectFrom('complaint').select(['ref', 'id']).executeTakeFirstOrThrow()
  const [eicar, good] = (await rowsOf(house)).map(row => row.id)
  t.equal((await person.get(`/track/${ref}/files/${good}`)).status, 409)
  t.same(await scanHeld(app, app.files, app.config.SUNLIT_SCANNER, TODAY), { clean: 0, infected: 0 })
  const real = scanner(house, 'if grep -q EICAR; then exit 1; fi; exit 0')
  t.same(await scanHeld(app, app.files, [real], TODAY), { clean: 1, infected: 1 })
  t.same((await rowsOf(house)).map(row => row.state), ['infected', 'ready'])
  t.equal((await person.get(`/track/${ref}/files/${good}`)).body, '平安')
  t.equal((await person.get(`/track/${ref}/files/${eicar}`)).status, 410)
  t.match((await person.get(`/track/${ref}`)).body, '检查发现病毒，文件已删除')
  t.equal(storedFiles(house).length, 1)
  t.same(await inspectStorage(house, app.files, TODAY), { files: 1, orphans: [], missing: [] }, 'what was destroyed is not missed')
  t.ok((await listAttachments(app, await house.db.selectFrom('complaint').selectAll().where('id', '=', complaintId).executeTakeFirstOrThrow())).length === 2)
  const guarded = await givenHouse(t, 'sqlite', { SUNLIT_SCANNER: real })
  const other = await givenForm(guarded)
  t.match(faultsIn((await upload(guarded.app, other, [{ name: 'eicar.txt', type: TYPES.txt, content: Buffer.from('EICAR-LIKE') }])).body), ['“eicar.txt”没有上传：文件带有病毒。请先查杀，或者拍照上传'])
  t.same(storedFiles(guarded), [])
})

t.test('U-6: a file that cannot be read, or on which the scanner finds no answer, keeps no other one waiting', async t => {
  const house = await givenHouse(t, 'sqlite', { SUNLIT_SCANNER: '/nowhere/to/be/found' })
  const { app } = house
  const person = await givenForm(house)
  await upload(app, person, ['LOST', 'STRANGE', 'FINE'].map(content => ({ name: `${content}.txt`, type: TYPES.txt, content: Buffer.from(content) })))
  await app.files.remove((await rowsOf(house))[0]?.id ?? '')
  const scanner = path.join(house.folder, 'scanner.sh')
  writeFileSync(scanner, '#!/bin/sh\nif grep -q STRANGE; then exit 2; fi; exit 0\n')
  chmodSync(scanner, 0o755)
  t.same(await scanHeld(app, app.files, [scanner], TODAY), { clean: 1, infected: 0 })
  t.same((await rowsOf(house)).map(row => row.state), ['held', 'held', 'ready'])
})

t.test('U-5 H-7 Z-2 R-6: files are only ever saved, by whom they belong to', async t => {
  const house = await givenHouse(t)
  const { app } = house
  const person = await givenForm(house)
  await upload(app, person, [{ name: "现场'1'.JPG", type: TYPES.jpg, content: await photo() }])
  await sent(person)
  const { ref } = await house.db.selectFrom('complaint').select('ref').executeTakeFirstOrThrow()
  const [row] = await rowsOf(house)
  const at = `/track/${ref}/files/${row?.id}`
  const got = await person.get(at)
  t.match(got, { status: 200, headers: { 'content-type': 'image/jpeg', 'content-security-policy': /^sandbox/, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-disposition': /^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''%E7%8E%B0/ } })
  t.notMatch(got.body, SECRET)
  const stranger = visitor(app)
  t.equal((await stranger.get(at)).status, 303, 'led to the entrance')
  t.equal((await person.get(`/track/${ref}/files/${'A'.repeat(22)}`)).status, 404)
  t.equal((await person.get(`/track/${ref}/files/..%2F..%2Fetc`)).status, 404)
  const second = await givenForm(house)
  await sent(second)
  t.equal((await second.get(at)).location, '/track?expired=1', 'not with the code of another complaint')
  for (const name of storedFiles(house)) if (name === row?.id) writeFileSync(path.join(house.folder, 'files', name.slice(0, 2), name), 'rubbish')
  t.ok((await person.get(at)).status >= 500, 'a broken store is said to be one')
})

// On SQLite one writes at a time.
for (const engine of ENGINES.filter(engine => engine !== 'sqlite')) {
  t.test(`${engine}: a file that is removed while its draft is being sent stays with the complaint`, async t => {
    const house = await givenHouse(t, engine)
    const draft = await createDraft(house, TODAY)
    const { id } = await attach(house, house.app.files, draft, { name: '照片.png', mediaType: TYPES.png, content: Buffer.from('x'), cleaned: true }, TODAY)
    let removal: Promise<unknown> = Promise.resolve()
    await house.db.transaction().execute(async trx => {
      await trx.updateTable('draft').set({ submitted_at: TODAY }).where('id', '=', draft).execute()
      removal = detach(house, house.app.files, draft, id).then(() => 'removed', (error: { code: string }) => error.code)
      await new Promise(resolve => { setTimeout(resolve, 100) }) // it has begun, and waits
    })
    t.equal(await removal, 'not_found')
    t.equal((await house.db.selectFrom('attachment').select('id').execute()).length, 1)
  })
}

t.test('P-2: a group that cannot be filed yet costs no hashes', async t => {
  const house = await givenHouse(t)
  const draft = await createDraft(house, TODAY)
  const group = { members: Array.from({ length: 3 }, (_one, at) => ({ name: `演示同伴${at}` })) }
  await saveDraft(house, draft, answersOf({ group } as never), TODAY)
  await prepareReceipt(house, draft)
  t.same(await prepareMembers(house, draft, () => false), [])
  t.equal((await prepareMembers(house, draft, () => true)).length, 4, 'three codes, and the place of the own one')
  await saveDraft(house, draft, answersOf({ group, issues: [] } as never), TODAY)
  await t.rejects(submitDraft(house, draft, TODAY), { code: 'form_invalid' })
})
