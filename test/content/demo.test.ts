import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import t from 'tap'
import { authenticate } from '../../src/complaints/case/correspondence/service.ts'
import { importRecords } from '../../src/admin/imports/service.ts'
import type { Database } from '../../src/db/schema.ts'
import { readDemoPack } from '../../src/demo/load.ts'
import { seedCity } from '../../src/demo/seed.ts'
import { isEmpty, readDemoState, writeDemoState } from '../../src/demo/state.ts'
import { localDate } from '../../src/domain/time/calendar.ts'
import { OFFICER_STATUSES, officerStatus, type CertificateStatus } from '../../src/domain/records/officer-status.ts'
import { STAFF_ROLES } from '../../src/domain/process/permissions.ts'
import { STATUSES } from '../../src/domain/process/workflow.ts'
import { prepare, type Prepared } from '../../src/prepare.ts'
import { loadKeys, type Keys } from '../../src/vault/keys.ts'
import { verifySecret } from '../../src/vault/passwords.ts'
import { ENGINES, openTestDatabase, type Engine, type Teardown } from '../fixtures/engines.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const PACK = path.join(ROOT, 'src/content/shenyang')
const NOW = '2026-11-23T02:00:00.000Z'
const COMPLAINTS = readDemoPack(PACK).cases.length
const silent = (): void => {}

function folderOf (t: Teardown): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-demo-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) })
  return folder
}

interface City { db: Kysely<Database>, keys: Keys, start: (demo?: 'auto' | 'off', now?: string) => Promise<Prepared> }

async function givenDatabase (t: Teardown, engine: Engine): Promise<City> {
  const folder = folderOf(t)
  const db = await openTestDatabase(t, engine)
  const keys = await loadKeys(db, path.join(folder, 'keys'))
  return { db, keys, start: async (demo = 'auto', now = NOW) => await prepare({ db, keys, folder: PACK, now, demo, say: silent }) }
}

async function count (db: Kysely<Database>, table: 'matter' | 'officer' | 'decision' | 'complaint' | 'account' | 'draft' | 'document'): Promise<number> {
  return (await db.selectFrom(table).select(eb => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
}

t.setTimeout(300_000) // the whole city on both engines, beside other test files

/** DEMO-…: one under its old code and its new one, and one that ended. */
const MADE_UP_MATTERS = 3

for (const engine of ENGINES) {
  t.test(`the demo city on ${engine}`, async t => {
    const { db, keys, start } = await givenDatabase(t, engine)
    const before = process.cpuUsage()
    const first = await start()
    const { user, system } = process.cpuUsage(before)

    await t.test('stands within ten seconds', async t => {
      // Of the processor: the clock on the wall depends on what else the machine does.
      t.ok(user + system < 10_000_000, `${((user + system) / 1_000_000).toFixed(1)} s`)
      t.equal(first.demo, true)
      t.equal(await readDemoState(db), 'ready')
    })

    await t.test('brings every matter of the pack, valid and in force', async t => {
      const matters = await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id').select(['matter.code', 'category', 'matter.status', 'matter.version']).where('matter.code', 'not like', 'DEMO-%').execute()
      t.ok(matters.length >= 300, `${matters.length} matters`)
      for (const category of ['penalty', 'permit', 'inspection', 'coercion']) t.ok(matters.some(matter => matter.category === category), category)
      t.ok(matters.every(matter => matter.status === 'in_force'))
      t.ok(matters.some(matter => matter.version >= 3), 'a few have a past')
      const bare = await db.selectFrom('matter').leftJoin('legal_basis', 'matter_id', 'matter.id').select('code').where('matter_id', 'is', null).execute()
      t.same(bare, [], 'each rests on a statute')
      const again = await importRecords({ db, now: NOW }, { kind: 'matters', input: path.join(PACK, 'matters.csv') })
      t.match(again.counts, { new: 0, changed: 0, unchanged: matters.length, rejected: 0 })
    })

    await t.test('marks every made-up person, business and complaint as fictional', async t => {
      for (const table of ['officer', 'decision', 'complaint', 'account'] as const) {
        t.same(await db.selectFrom(table).select('id').where('fictional', '=', 0).execute(), [], table)
        t.ok(await count(db, table) > 0, table)
      }
      const officers = await db.selectFrom('officer').select(['name', 'certificate_no']).execute()
      t.same(officers.filter(officer => !officer.name.startsWith('演示·') || !officer.certificate_no.startsWith('DEMO')), [])
      t.equal(new Set(officers.map(officer => officer.name)).size, officers.length, 'no name twice')
      const decisions = await db.selectFrom('decision').select(['number', 'party_name', 'facts']).where('status', '!=', 'withdrawn').execute()
      t.same(decisions.filter(row => !row.number.startsWith('演示') || !/虚构|\*\*$/.test(row.party_name) || !row.facts.startsWith('演示数据')), [])
    })

    await t.test('shows each state of a certificate with the first numbers', async t => {
      const rows = await db.selectFrom('officer').select(['status', 'valid_from as validFrom', 'valid_to as validTo']).orderBy('id').execute()
      const states = rows.map(row => officerStatus({ ...row, status: row.status as CertificateStatus }, localDate(NOW)))
      t.same(states.slice(0, 4), ['valid', 'expiring', 'expired', 'suspended'])
      for (const state of OFFICER_STATUSES) if (state !== 'not_found') t.ok(states.filter(one => one === state).length > 1, state)
    })

    await t.test('has complaints in every status, with numbers without gaps', async t => {
      const rows = await db.selectFrom('complaint').select(['status', 'case_no', 'submitted_at', 'due_on', 'closed_at']).execute()
      t.equal(rows.length, COMPLAINTS)
      for (const status of STATUSES) t.ok(rows.some(row => row.status === status), status)
      t.ok(rows.every(row => row.submitted_at < NOW), 'all of them in the past')
      t.ok(rows.some(row => row.due_on !== null && row.due_on < localDate(NOW) && row.closed_at === null), 'some are overdue')
      const numbers = rows.flatMap(row => row.case_no === null ? [] : [Number(/(\d+)号$/.exec(row.case_no)?.[1])]).sort((a, b) => a - b)
      const series = await db.selectFrom('number_series').selectAll().execute()
      t.ok(numbers.length > 5 && series.length > 0)
      const events = await db.selectFrom('event').select('at').where('at', '>', NOW).execute()
      t.same(events, [], 'nothing lies in the future')
    })

    await t.test('gives one password for its accounts and one complaint to follow', async t => {
      t.same(first.accounts.map(account => account.role).sort(), [...STAFF_ROLES, 'investigator', 'admin'].sort(), 'one for each role, a second supervisor and a second administrator')
      const row = await db.selectFrom('account').select('password_hash').where('username', '=', 'clerk').executeTakeFirstOrThrow()
      t.ok(await verifySecret(row.password_hash, first.accounts[0]?.password ?? '', keys.pepper))
      const { ref, code } = first.tracking ?? { ref: '', code: '' }
      t.match(await authenticate({ db, keys }, ref, code), { ref })
    })

    await t.test('is not made twice, and stays a demo whatever the setting says', async t => {
      const before = await count(db, 'document')
      t.same(await start('auto', '2026-11-24T02:00:00.000Z'), first)
      t.same(await start('off'), first)
      t.equal(await count(db, 'complaint'), COMPLAINTS)
      t.equal(await count(db, 'document'), before)
    })

    await t.test('is made again from the start where loading was cut off', async t => {
      await writeDemoState(db, 'loading')
      const again = await start()
      t.equal(again.demo, true)
      t.not(again.tracking?.ref, first.tracking?.ref)
      t.equal(await count(db, 'complaint'), COMPLAINTS)
      t.equal(await count(db, 'draft'), COMPLAINTS)
      t.equal(await count(db, 'officer'), 400)
      const orphans = await db.selectFrom('record_version').leftJoin('officer', 'officer.id', 'record_id').select('record_id').where('kind', '=', 'officer').where('officer.id', 'is', null).execute()
      t.same(orphans, [])
    })

    await t.test('grows to any size, and growing again adds nothing', async t => {
      const parts = { db, folder: PACK, now: NOW, say: silent }
      await seedCity(parts, 0.06)
      t.equal(await count(db, 'matter'), 1320 + MADE_UP_MATTERS)
      t.equal(await count(db, 'officer'), 400 + 1380)
      await seedCity(parts, 0.06)
      t.equal(await count(db, 'matter'), 1320 + MADE_UP_MATTERS)
      t.equal(await count(db, 'officer'), 400 + 1380)
      const districts = await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'agency_id').select('matter.code').where('level', '=', 'county').whereRef('agency.region_code', '=', 'matter.region_code').execute()
      t.ok(districts.length > 500, 'districts hold them too')
    })
  })

  t.test(`what is real is never filled with a demo on ${engine}`, async t => {
    const { db, start } = await givenDatabase(t, engine)
    t.ok(await isEmpty(db))
    t.same(await start('off'), { demo: false, accounts: [], tracking: null })
    t.equal(await count(db, 'matter'), 0)
    t.ok((await db.selectFrom('agency').select('id').execute()).length > 100, 'the pack is there')
    await start('auto')
    t.equal(await count(db, 'officer'), 0, 'a forgotten setting brings no demo')

    const other = await givenDatabase(t, engine)
    await other.start('off')
    await other.db.deleteFrom('setting').where('name', '=', 'demo').execute()
    await importRecords({ db: other.db, now: NOW }, { kind: 'matters', input: path.join(PACK, 'matters.csv') })
    t.match(await other.start('auto'), { demo: false })
    t.equal(await count(other.db, 'account'), 0, 'nor into one with records of its own')
  })
}
