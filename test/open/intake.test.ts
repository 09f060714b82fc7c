import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { issueKey, revokeKey } from '../../src/open/intake/service.ts'
import { givenHouse, TODAY, type House } from '../fixtures/app.ts'
import { ENGINES, type Engine, type Teardown } from '../fixtures/engines.ts'
import { givenAgency } from '../fixtures/register.ts'

const ITEM = {
  source_number: 'SY2026112300017', received_on: '2026-11-19', agency: '测试市市场监督管理局', occurred_on: '2026-11-18', place: '甲路一号',
  issues: [{ ground: 'G01', text: '来电人反映：两名执法人员进店检查时都没有出示执法证件，问了也不回答' }], identity_mode: 'confidential', name: '演示来电人', phone: '13800000001'
}

async function givenDoor (t: Teardown, engine: Engine, environment = {}) {
  const house = await givenHouse(t, engine, environment)
  const agency = await givenAgency(house.db, { slug: 'test-market', name: '测试市市场监督管理局' })
  const { id: bureauId } = await house.db.selectFrom('bureau').select('id').executeTakeFirstOrThrow()
  const key = await issueKey(house, { name: '12345热线', source: 'hotline_12345', bureauId }, TODAY)
  return { ...house, agency, key }
}

async function send ({ app }: House, secret: string, word: string, item: unknown, headers: Record<string, string> = {}) {
  const payload = typeof item === 'string' ? item : JSON.stringify(item)
  const answer = await app.inject({ method: 'POST', url: '/api/v1/complaints', headers: { accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${secret}`, ...word === '' ? {} : { 'idempotency-key': word }, ...headers }, payload })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>(), headers: answer.headers }
}

for (const engine of ENGINES) {
  t.test(`complaints from other systems, ${engine}`, async t => {
    const house = await givenDoor(t, engine)
    const { app, db, key } = house
    const count = async (): Promise<number> => (await db.selectFrom('complaint').select('id').execute()).length

    await t.test('A-5 G-2 E-4: a system with a key hands a complaint over: same rules, receipt and record, sealed, and nobody holds its query code', async t => {
      const { status, body } = await send(house, key.secret, 'first-000001', ITEM)
      t.equal(status, 201, JSON.stringify(body))
      t.match(body, { reference: String, submitted_at: TODAY, due_on: '2026-11-26', slip: String, track: /\/track$/ })
      const row = await db.selectFrom('complaint').selectAll().executeTakeFirstOrThrow()
      t.match(row, { ref: body['reference'], source: 'hotline_12345', received_on: '2026-11-19', entered_by: null, suspect: 0, identity_mode: 'confidential', agency_id: house.agency })
      t.match(await db.selectFrom('event').select(['action', 'actor_role']).executeTakeFirstOrThrow(), { action: 'submit', actor_role: 'system' })
      t.match(await db.selectFrom('audit_entry').select(['subject', 'role']).where('action', '=', 'complaint.handed_over').executeTakeFirstOrThrow(), { subject: `${row.ref} ${key.id}`, role: 'system' })
      t.match(await db.selectFrom('draft').select(['code_sealed', 'sealed']).executeTakeFirstOrThrow(), { code_sealed: null, sealed: '' })
      for (const table of ['complaint', 'complaint_issue', 'identity', 'api_request', 'api_key', 'event', 'document', 'draft'] as const) {
        const stored = JSON.stringify(await db.selectFrom(table).selectAll().execute())
        for (const secret of ['SY2026112300017', '演示来电人', '13800000001', '没有出示', key.secret]) t.notOk(stored.includes(secret), `${table} ${secret}`)
      }
    })

    await t.test('A-5 I-3: the same request is answered as the first time, other content under its word is refused, and so is its number under another word', async t => {
      const first = await send(house, key.secret, 'first-000001', ITEM)
      const again = await send(house, key.secret, 'first-000001', Object.fromEntries(Object.entries(ITEM).reverse()))
      t.same([again.status, again.body], [201, first.body], 'whatever the order of its members')
      t.match(await send(house, key.secret, 'first-000001', { ...ITEM, place: '乙路' }), { status: 409, body: { error: 'key_reused' } })
      const other = await send(house, key.secret, 'second-00001', { ...ITEM, source_number: ' SY 20261123 00017' })
      t.match(other, { status: 409, body: { error: 'already_filed' } })
      t.match(String(other.body['help']), String(first.body['reference']))
      t.equal(await count(), 1)
    })

    await t.test('A-5: sent ten times at once it is one complaint', async t => {
      const item = { ...ITEM, source_number: 'SY-AT-ONCE' }
      const answers = await Promise.all(Array.from({ length: 10 }, async () => await send(house, key.secret, 'at-once-0001', item)))
      t.same([...new Set(answers.map(({ status }) => status))], [201])
      t.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1)
      const words = await Promise.all(Array.from({ length: 5 }, async (_one, at) => await send(house, key.secret, `word-00000${at}`, { ...ITEM, source_number: 'SY-WORDS' })))
      t.same(words.map(({ status }) => status).sort(), [201, 409, 409, 409, 409])
      t.equal(await count(), 3)
    })

    await t.test('A-2 V-1: each fault is named with its field, and nothing is taken in', async t => {
      const before = await count()
      const rules = await send(house, key.secret, 'faults-00001', { ...ITEM, source_number: 'N1', received_on: '2026-11-30', occurred_on: '2026-02-30', issues: [{ ground: 'G02', text: '太短' }], phone: '12345', name: 'a\u0000b', other_procedure: 'litigation' }, { 'accept-language': 'en' })
      t.equal(rules.status, 422)
      t.same((rules.body['fields'] as Array<{ field: string }>).map(({ field }) => field).sort(), ['issues.0.text', 'name', 'occurred_on', 'other_stage', 'phone', 'received_on'])
      const schema = await send(house, key.secret, 'faults-00002', { issues: [{ ground: 'G98' }], nonsense: 1, constructor: {} })
      t.equal(schema.status, 422)
      for (const field of ['source_number', 'received_on', 'identity_mode', 'issues.0.ground', 'issues.0.text', 'nonsense']) t.ok((schema.body['fields'] as Array<{ field: string }>).some(fault => fault.field === field), field)
      for (const [word, item, headers, status] of [
        ['', ITEM, {}, 400], ['short', ITEM, {}, 400], ['hostile-0001', '{"source_number":', {}, 400], ['hostile-0001', '{"__proto__":{"a":1}}', {}, 400], ['hostile-0001', '[]', {}, 422], ['hostile-0001', 'null', {}, 422], ['hostile-0001', '"x"', {}, 422],
        ['hostile-0001', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 422], ['hostile-0001', '<a/>', { 'content-type': 'text/xml' }, 415], ['hostile-0001', JSON.stringify({ ...ITEM, claim: 'x'.repeat(300_000) }), {}, 413],
        ['hostile-0001', ITEM, { 'sec-fetch-site': 'cross-site' }, 403], ['hostile-0001', ITEM, { origin: 'https://elsewhere.example' }, 403]
      ] as const) t.equal((await send(house, key.secret, word, item, headers)).status, status, `${word} ${JSON.stringify(item).slice(0, 30)} ${JSON.stringify(headers)}`)
      t.equal(await count(), before)
    })

    await t.test('A-5: without a key, with a wrong one or a revoked one nothing is read', async t => {
      const { bureau_id: bureauId } = await db.selectFrom('api_key').select('bureau_id').executeTakeFirstOrThrow()
      const other = await issueKey(house, { name: '另一系统', source: 'hotline_12345', bureauId }, TODAY)
      t.ok(await revokeKey(house, other.id, TODAY))
      t.notOk(await revokeKey(house, other.id, TODAY))
      for (const authorization of ['', 'Bearer', `Bearer ${key.secret.slice(0, -1)}`, `Basic ${key.secret}`, `Bearer ${other.secret}`, `Bearer sunlit_${'a'.repeat(43)}`]) {
        const answer = await send(house, key.secret, 'no-key-00001', '{broken', { authorization })
        t.match(answer, { status: 401, body: { error: 'key_refused' }, headers: { 'www-authenticate': 'Bearer' } }, authorization)
      }
      await db.updateTable('api_key').set({ scope: 'something.else' }).where('id', '=', key.id).execute()
      t.equal((await send(house, key.secret, 'scope-000001', ITEM)).status, 401)
      await db.updateTable('api_key').set({ scope: 'complaint.submit' }).where('id', '=', key.id).execute()
    })

    await t.test('an answer is remembered for thirty days', async t => {
      house.clock.now = '2026-12-24T02:00:00.000Z'
      t.equal((await send(house, key.secret, 'later-000001', { ...ITEM, source_number: 'SY-LATER' })).status, 201)
      t.equal((await db.selectFrom('api_request').select('at').execute()).length, 1)
      t.match(await send(house, key.secret, 'first-000001', ITEM), { status: 409, body: { error: 'already_filed' } }, 'its number still stands')
    })

    await t.test('A-1: it stands in the description of the API with its key', async t => {
      const { paths } = (await app.inject('/api/v1/openapi.json')).json<{ paths: Record<string, Record<string, { security?: unknown }>> }>()
      t.same(paths['/api/v1/complaints']?.['post']?.security, [{ key: [] }])
    })
  })
}

t.test('A-5: a key has its limit, and so has an address', async t => {
  const house = await givenDoor(t, 'sqlite', { SUNLIT_RATE: '1' })
  for (let count = 0; count < 60; count++) await send(house, 'wrong', 'limit-000001', ITEM)
  t.equal((await send(house, house.key.secret, 'limit-000001', ITEM)).status, 429)
})

t.test('a key asked for before the portal ever ran is refused in plain words', async t => {
  const folder = t.testdir()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli/api-keys.ts', 'add', '--name', '12345热线'], { env: { ...process.env, NODE_OPTIONS: '', SUNLIT_DATA: folder } })
  let output = ''
  child.stderr.on('data', (data: Buffer) => { output += data.toString() })
  const [code] = await once(child, 'close') as [number]
  t.equal(code, 2)
  t.match(output, /请先启动一次系统[^]*start the portal once/)
})
