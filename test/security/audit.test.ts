import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { fromBuffer, type Entry as ZipEntry, type ZipFile } from 'yauzl'
import { sql } from 'kysely'
import t from 'tap'
import { anchorText, makeAnchor } from '../../src/db/chain/anchors.ts'
import { verifyAudit } from '../../src/db/chain/check.ts'
import { appendAudit } from '../../src/db/audit.ts'
import type { Db } from '../../src/db/schema.ts'
import { ROUTES } from '../../src/paths.ts'
import { releaseRedaction, saveRedaction } from '../../src/complaints/work/redaction/service.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { ENGINES, type Engine } from '../fixtures/engines.ts'
import { visitor } from '../fixtures/visitor.ts'
import { addNote } from '../../src/complaints/case/correspondence/service.ts'
import { attach, createDraft, saveDraft, submitDraft } from '../../src/complaints/form/filing/service.ts'
import { answersOf, givenFiled, givenStaff, givenSupervisors, STAFF, step } from '../fixtures/complaints.ts'
import { openSession } from '../../src/db/sessions.ts'

async function givenEntries ({ db, keys }: Pick<House, 'db' | 'keys'>, count: number): Promise<void> {
  await db.transaction().execute(async trx => {
    for (let at = 1; at <= count; at++) await appendAudit(trx, keys.audit, { at: TODAY, actorId: null, role: 'system', action: 'attachment.scanned', subject: `f${at}`, result: 'done', requestId: 'test' })
  })
}

/** Somebody with every right on the database, who takes the guards away first. */
async function tamper (db: Db, engine: Engine, ...changes: Array<ReturnType<typeof sql>>): Promise<void> {
  for (const table of ['audit_entry', 'audit_anchor']) {
    if (engine === 'postgres') await sql`alter table ${sql.table(table)} disable trigger user`.execute(db)
    else for (const verb of ['no_update', 'no_delete', 'once']) await sql`drop trigger ${sql.ref(`${table}_${verb}`)}`.execute(db)
  }
  for (const change of changes) await change.execute(db)
}

/** Somebody of the staff at the desk, signed in already. */
async function enter ({ app, db, clock }: House, who: keyof typeof STAFF): Promise<ReturnType<typeof visitor>> {
  const person = visitor(app)
  person.cookies.set('sunlit-staff', await openSession(db, 'staff', String(STAFF[who].id), clock.now))
  return person
}

const rowsIn = (body: string): number[] => [...body.matchAll(/sl-table__first" scope="row"[^>]*>(\d+)</g)].map(([, seq]) => Number(seq))

for (const engine of ENGINES) {
  t.test(`${engine}: G-4: a day has one anchor, which never changes, is signed, and stands on /data`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, keys } = house
    t.equal(await makeAnchor(db, keys, TODAY), false, 'nothing to hold yet')
    await givenEntries(house, 3)
    const made = await Promise.all([makeAnchor(db, keys, TODAY), makeAnchor(db, keys, TODAY), makeAnchor(db, keys, TODAY)])
    t.same(made.filter(one => one).length, 1, 'several processes make one')
    await givenEntries(house, 2)
    t.equal(await makeAnchor(db, keys, '2026-11-23T15:59:00.000Z'), false, 'until the day ends in Shanghai')
    t.equal(await makeAnchor(db, keys, '2026-11-23T16:01:00.000Z'), true)
    for (const change of [sql`update audit_anchor set hash = 'x'`, sql`delete from audit_anchor`]) await t.rejects(change.execute(db), /append-only/)
    if (engine === 'sqlite') await t.rejects(sql`insert or replace into audit_anchor select day, seq, 'x', at, key_id, signature from audit_anchor`.execute(db), /append-only/)
    const { anchors } = JSON.parse((await visitor(app).get(ROUTES.anchorFile)).body) as { anchors: Array<{ day: string, seq: number, hash: string, key: string, signature: string }> }
    t.match(anchors, [{ day: '2026-11-24', seq: 6 }, { day: '2026-11-23', seq: 3 }])
    for (const anchor of anchors) {
      const key = createPublicKey((await visitor(app).get(`/receipts/key/${anchor.key}`)).body)
      t.ok(verify(null, Buffer.from(anchorText(anchor)), key, Buffer.from(anchor.signature, 'base64url')), 'anybody can check the signature')
    }
    t.match(await visitor(app).get(ROUTES.anchors), { status: 200, body: new RegExp(anchors[0]?.hash ?? '-') })
    t.match((await visitor(app).get(ROUTES.data)).body, /href="\/data\/anchors"/)
    t.match(await verifyAudit(db, keys), { rows: 7, anchors: 2, faults: [] })
  })

  t.test(`${engine}: G-4: whatever was done to the log, it is found and named`, async t => {
    const id = sql`'x'`
    const row = (seq: number, from: number): ReturnType<typeof sql> => sql`insert into audit_entry select ${seq}, at, actor_id, role, action, ${id}, result, request_id, hash from audit_entry where seq = ${from}`
    const cases: ReadonlyArray<readonly [what: string, changes: Array<ReturnType<typeof sql>>, faults: object[]]> = [
      ['an edit', [sql`update audit_entry set at = '2026-11-20T02:00:00.000Z' where seq = 4`], [{ kind: 'altered', from: 4, to: 4 }]],
      ['two edits', [sql`update audit_entry set subject = 'x' where seq in (2, 7)`], [{ kind: 'altered', from: 2 }, { kind: 'altered', from: 7 }]],
      ['a deletion', [sql`delete from audit_entry where seq in (3, 4)`], [{ kind: 'missing', from: 3, to: 4 }]],
      ['a deletion that was closed up', [sql`delete from audit_entry where seq = 7`, sql`update audit_entry set seq = seq - 1 where seq > 7`], [{ kind: 'altered', from: 7 }]],
      ['an insertion', [row(10, 2)], [{ kind: 'altered', from: 10 }]],
      ['a reorder', [sql`update audit_entry set seq = -2 where seq = 2`, sql`update audit_entry set seq = 2 where seq = 4`, sql`update audit_entry set seq = 4 where seq = -2`], [{ kind: 'altered', from: 2 }, { kind: 'altered', from: 3 }, { kind: 'altered', from: 4 }, { kind: 'altered', from: 5 }]],
      ['a cut end', [sql`delete from audit_entry where seq > 3`], [{ kind: 'cut', from: 4, to: 5, day: '2026-11-23' }]],
      ['an anchor that was moved', [sql`update audit_anchor set seq = 4`], [{ kind: 'anchor_forged' }, { kind: 'anchor', from: 4 }]],
      ['an anchor that was removed', [sql`delete from audit_anchor`], [{ kind: 'anchor_gone', from: 6, day: '2026-11-23' }]]
    ]
    const house = await givenHouse(t, engine)
    const { db, keys } = house
    await givenEntries(house, 5)
    await makeAnchor(db, keys, TODAY)
    await givenEntries(house, 3)
    const undo = new Error('undo')
    for (const [what, changes, faults] of cases) {
      await t.rejects(db.transaction().execute(async trx => {
        await tamper(trx, engine, ...changes)
        t.match((await verifyAudit(trx, keys, { piece: 2 })).faults, faults, what)
        throw undo
      }), undo)
    }
    t.equal((await verifyAudit(db, keys)).found, 0, 'each time all was put back')
  })
}

for (const engine of ENGINES) {
  t.test(`${engine}: G-5: an auditor finds entries by time, person, act, object and result, page by page, and takes them along`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, keys, clock } = house
    await givenStaff(db)
    const { ref } = await givenFiled(app, TODAY)
    await db.transaction().execute(async trx => {
      for (let at = 1; at <= 120; at++) await appendAudit(trx, keys.audit, { at: `2026-11-2${at % 3}T02:00:00.000Z`, actorId: at % 2 === 0 ? STAFF.clerk.id : STAFF.head.id, role: 'clerk', action: 'attachment.read', subject: at === 7 ? '=HYPERLINK("x")' : `${ref} f${at}`, result: at % 10 === 0 ? 'refused' : 'done', requestId: 'test' })
    })
    const auditor = await enter(house, 'auditor')
    const ask = async (query: string): Promise<number[]> => rowsIn((await auditor.get(`/desk/audit?${query}`)).body)
    const first = await auditor.get('/desk/audit')
    t.same(rowsIn(first.body), Array.from({ length: 50 }, (_one, at) => 121 - at))
    t.notMatch(first.body, /rel="prev"/)
    t.match(first.body, /before&#x3D;72" rel="next"/)
    await givenEntries(house, 5)
    const second = await auditor.get('/desk/audit?before=72')
    t.same(rowsIn(second.body), Array.from({ length: 50 }, (_one, at) => 71 - at), 'a page stays what it was while entries are added')
    t.match(second.body, /rel="prev"[^]*rel="next"/)
    t.same((await ask('after=71')), Array.from({ length: 50 }, (_one, at) => 121 - at), 'and back')
    t.same((await ask('before=3')), [2, 1])
    t.same((await ask('from=2026-11-20&to=2026-11-20')).length, 40)
    t.same((await ask('to=2026-11-19')), [])
    t.same((await ask(`actor=clerk&subject=${ref.toLowerCase()}&result=refused`)).length, 12, 'a reference finds what was done to its files')
    t.same((await ask('actor=nobody')), [])
    t.same((await ask('action=complaint.submit')), [1])
    t.same((await ask('actor=%25')), [], 'a wildcard is a character')
    const bad = await auditor.get('/desk/audit?from=2026-02-30&to=x&actor=clerk')
    t.match(bad, { status: 422, body: /请填写有效日期[^]*value="2026-02-30"[^]*value="clerk"/ })
    for (const query of ['before=x', 'before=-1', 'after=99999999999999999999', 'action=nothing', "subject=';drop table audit_entry;--", 'result=x', 'from=&to=']) t.match((await auditor.get(`/desk/audit?${query}`)).status, /200|400/, query)
    const file = await auditor.get('/desk/audit/entries.csv?action=attachment.read&from=2026-11-20')
    t.match(file, { status: 200, headers: { 'content-type': /text\/csv/, 'content-disposition': /audit-2026-11-23\.csv/ } })
    t.equal(file.body.trim().split('\r\n').length, 121)
    t.match(file.body, /"'=HYPERLINK/, 'V-10: nothing in it runs')
    t.match(file.body, /下载附件/)
    t.match(await db.selectFrom('audit_entry').selectAll().orderBy('seq', 'desc').executeTakeFirst(), { action: 'audit.exported', actor_id: STAFF.auditor.id, subject: 'audit.csv from=2026-11-19T16:00:00.000Z action=attachment.read' })
    for (const who of ['clerk', 'admin', 'approver'] as const) t.equal((await (await enter(house, who)).get('/desk/audit/entries.csv')).status, 403, who)
    t.match(await verifyAudit(db, keys), { faults: [] })
    t.equal(clock.now, TODAY)
  })

  t.test(`${engine}: G-3: a search by name is written down, without the name`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db } = house
    await givenStaff(db)
    const { ref } = await givenFiled(app, TODAY)
    const clerk = await enter(house, 'clerk')
    await clerk.get('/desk/queue?q=张秘密')
    await clerk.get(`/desk/queue?q=${ref}`)
    const { name, slug } = await db.selectFrom('agency').select(['name', 'slug']).orderBy('id').executeTakeFirstOrThrow()
    await clerk.get(`/officers?name=李秘密&agency=${slug}`)
    await visitor(app).get(`/officers?name=李秘密&agency=${slug}`)
    const entries = await db.selectFrom('audit_entry').select(['action', 'subject', 'actor_id']).where('action', 'like', '%.searched').orderBy('seq').execute()
    t.same(entries, [{ action: 'complaint.searched', subject: '(0)', actor_id: 101 }, { action: 'complaint.searched', subject: ref, actor_id: 101 }, { action: 'officer.searched', subject: '(0)', actor_id: 101 }], `the public is not recorded (${name})`)
  })
}

/** The files of an archive, by their names. */
async function unpack (bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await promisify<Buffer, object, ZipFile>(fromBuffer)(bytes, { lazyEntries: true })
  const found = new Map<string, Buffer>()
  zip.on('entry', (entry: ZipEntry) => {
    zip.openReadStream(entry, (_error, stream) => {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece)).once('end', () => { found.set(entry.fileName, Buffer.concat(pieces)); zip.readEntry() })
    })
  })
  zip.readEntry()
  await once(zip, 'end')
  return found
}

for (const engine of ENGINES) {
  t.test(`${engine}: G-3: a case leaves as a page or an archive, full or redacted, and that is written down first`, async t => {
    const house = await givenHouse(t, engine)
    const { app, db, clock } = house
    await givenStaff(db)
    const draft = await createDraft(app, TODAY)
    for (const [at, name] of ['现场:照片?.jpg', '现场:照片?.jpg', 'CON .pdf'].entries()) await attach(app, app.files, draft, { name, mediaType: 'image/jpeg', content: Buffer.from(`bytes of ${name} ${at}`), cleaned: true }, TODAY.replace('00.000', `0${at}.000`))
    await saveDraft(app, draft, answersOf({ issues: [{ ground: 'G01', text: '他们扣了我的车辽A12345，电话13800138000，身份证210102199003078316' }] }), TODAY)
    const { ref } = await submitDraft(app, draft, TODAY)
    const id = draft
    await step(app, id, 'clerk', { action: 'register' }, TODAY)
    await addNote(app, STAFF.clerk, ref, '内部看法：证据不足', TODAY)
    const address = `/desk/complaints/${ref}/bundle`
    const head = await enter(house, 'head')
    const page = await head.get(address)
    t.match(page, { status: 200, body: /完整案卷[^]*脱敏案卷/ })
    const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const take = async (form: Record<string, string>): Promise<{ statusCode: number, rawPayload: Buffer, body: string, headers: Record<string, unknown> }> => await app.inject({
      method: 'POST', url: address, payload: new URLSearchParams({ _csrf: token, ...form }).toString(), headers: { cookie: Array.from(head.cookies, ([name, value]) => `${name}=${value}`).join('; '), 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
    })
    t.match(await take({ form: 'full', reason: '归档' }), { statusCode: 422, body: /请选择打印页或者压缩包[^]*归档/ }, 'what was typed stays')
    t.match(await take({ form: 'all', shape: 'zip', reason: ' ' }), { statusCode: 422, body: /请选择完整案卷[^]*请写明理由/ })
    t.same(await db.selectFrom('audit_entry').select('seq').where('action', 'like', 'bundle.%').execute(), [], 'nothing left, nothing is written down')

    const zip = await take({ form: 'full', shape: 'zip', reason: '移送档案室归档' })
    t.match(zip.headers, { 'content-type': 'application/zip', 'content-disposition': `attachment; filename="${ref}-full.zip"` })
    const files = await unpack(zip.rawPayload)
    t.same([...files.keys()], ['index.html', 'style.css', 'SHA256SUMS.txt', 'files/01-现场_照片_.jpg', 'files/02-现场_照片_.jpg', 'files/03-CON.pdf'])
    for (const line of files.get('SHA256SUMS.txt')?.toString().trim().split('\n') ?? []) {
      const [sum, name = ''] = line.split('  ')
      t.equal(createHash('sha256').update(files.get(name) ?? '').digest('hex'), sum, name)
    }
    const index = files.get('index.html')?.toString() ?? ''
    for (const text of ['13800138000', '内部看法：证据不足', '演示收件员', '登记', 'files/01-现场_照片_.jpg', '移送档案室归档', '下载案卷压缩包']) t.match(index, text)
    t.notMatch(index, /<script|\/build\/|演示投诉人/, 'it is read without the portal, and never says who complained')

    const redacted = await take({ form: 'redacted', shape: 'zip', reason: '信息公开申请' })
    const outside = await unpack(redacted.rawPayload)
    t.same([...outside.keys()], ['index.html', 'style.css', 'SHA256SUMS.txt'], 'no file goes along')
    const shown = outside.get('index.html')?.toString() ?? ''
    t.match(shown, /他们扣了我的车〔已遮盖：[^〕]*〕，电话〔已遮盖：[^〕]*〕，身份证〔已遮盖：[^〕]*〕[^]*01-file\.jpg/)
    t.notMatch(shown, /13800138000|210102199003078316|A12345|内部看法|演示收件员|演示科长|现场|移送档案室|演示投诉人/)
    t.match(await take({ form: 'redacted', shape: 'print', reason: '信息公开申请' }), { statusCode: 200, body: /<html[^]*脱敏案卷[^]*data-print/ })

    const { id: fileId } = await db.selectFrom('attachment').select('id').where('complaint_id', '=', id).orderBy('at').executeTakeFirstOrThrow()
    const place = { ref, target: `file.${fileId}`, rendering: 'public' } as const
    await saveRedaction(app, STAFF.clerk, place, { spans: [], boxes: [], withheld: null, at: '' }, TODAY)
    t.equal((await unpack((await take({ form: 'redacted', shape: 'zip', reason: '信息公开申请' })).rawPayload)).size, 3, 'a redaction that nobody released lets nothing out')
    await releaseRedaction(app, app.files, STAFF.head, { ...place, at: TODAY }, TODAY)
    const released = await unpack((await take({ form: 'redacted', shape: 'zip', reason: '信息公开申请' })).rawPayload)
    t.same([...released.keys()].slice(3), ['files/01-附件1.jpg'], 'what was released goes along, under the name that was')
    await db.updateTable('attachment').set({ state: 'held' }).where('complaint_id', '=', id).execute()
    const held = await unpack((await take({ form: 'full', shape: 'zip', reason: '归档' })).rawPayload)
    t.equal(held.size, 3)
    t.match(held.get('index.html')?.toString() ?? '', /尚未完成病毒检查，未收入/)

    const entries = await db.selectFrom('audit_entry').select(['action', 'subject', 'actor_id']).where('action', 'like', 'bundle.%').orderBy('seq').execute()
    t.match(entries, [{ action: 'bundle.taken', subject: `${ref} full`, actor_id: STAFF.head.id }, { subject: `${ref} redacted` }, { action: 'bundle.printed', subject: `${ref} redacted` }, { action: 'bundle.taken' }, { action: 'bundle.taken' }, { action: 'bundle.taken' }])
    t.same((await db.selectFrom('event').select(['action', 'audience']).where('complaint_id', '=', id).where('action', '=', 'bundle_taken').execute()).map(({ audience }) => audience), Array.from({ length: 6 }, () => 'internal'))
    for (const who of ['clerk', 'auditor', 'admin', 'investigator', 'agency_handler', 'legal_reviewer'] as const) t.equal((await (await enter(house, who)).get(address)).status, 403, who)
    await givenSupervisors(app, { id }, clock.now)
    t.equal((await (await enter(house, 'investigator')).get(address)).status, 200, 'who examines the case may')
    t.equal((await head.get('/desk/complaints/TS00000000000/bundle')).status, 404)
  })
}

t.test('G-4: an end cut off with its anchors shows against a copy that somebody kept; the command says where and fails', async t => {
  const folder = t.testdir()
  const house = await givenHouse(t, 'sqlite', { DATABASE_URL: `sqlite:${folder}/test.db` })
  const { app, db, keys } = house
  await givenEntries(house, 5)
  await makeAnchor(db, keys, TODAY)
  const kept = path.join(folder, 'anchors.json')
  writeFileSync(kept, (await visitor(app).get(ROUTES.anchorFile)).body)
  const command = async (...args: string[]): Promise<{ code: number, output: string }> => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli/audit.ts', ...args], { env: { ...process.env, NODE_OPTIONS: '', SUNLIT_DATA: house.folder, DATABASE_URL: `sqlite:${folder}/test.db` } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { output += data.toString() })
    const [code] = await once(child, 'close') as [number]
    return { code, output }
  }
  t.match(await command('verify', '--anchors', kept), { code: 0, output: /审计记录完整：共6条，与2个锚点一致[^]*whole/ })
  await tamper(db, 'sqlite', sql`delete from audit_anchor`, sql`delete from audit_entry where seq > 2`)
  t.match(await command('verify'), { code: 0 }, 'within the database nothing tells of it')
  t.match(await command('verify', '--anchors', kept), { code: 1, output: /第3条至第5条：末尾被截断，2026-11-23[^]*Entries 3 to 5/ })
  t.match(await command('verify', '--anchors', `${folder}/test.db`), { code: 2, output: /不是从/ })
  t.match(await command('prove'), { code: 2, output: /用法/ })
})
