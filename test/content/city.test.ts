import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import t from 'tap'
import { installPack } from '../../src/content/install.ts'
import { readPack } from '../../src/content/pack.ts'
import { createCalendar } from '../../src/domain/time/calendar.ts'
import { digestOf, keepVersions, readRevision } from '../../src/db/records.ts'
import type { Database } from '../../src/db/schema.ts'
import { ENGINES, openTestDatabase, type Teardown } from '../fixtures/engines.ts'
import { filesOf, textOf } from '../house/tree.ts'

const PACK = path.join(import.meta.dirname, '../../src/content/shenyang')
const NOW = '2026-11-23T02:00:00.000Z'
const LATER = '2026-11-24T02:00:00.000Z'

/** A copy of the pack in which one file says something else. */
function packWith (t: Teardown, file: string, change: (data: any) => unknown): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-pack-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  cpSync(PACK, folder, { recursive: true })
  const name = path.join(folder, file)
  writeFileSync(name, JSON.stringify(change(JSON.parse(readFileSync(name, 'utf8')))))
  return folder
}

async function publicTables (db: Kysely<Database>): Promise<unknown> {
  const tables = ['bureau', 'division', 'agency', 'agency_alias', 'prohibition', 'deadline_profile', 'calendar_day', 'record_version', 'setting'] as const
  const rows = await Promise.all(tables.map(async table => await db.selectFrom(table).selectAll().execute()))
  return rows.map(list => list.map(row => JSON.stringify(row)).sort())
}

for (const engine of ENGINES) {
  t.test(`the city pack on ${engine}`, async t => {
    const db = await openTestDatabase(t, engine)
    await installPack(db, PACK, NOW)

    await t.test('brings the bureaus, the divisions and the agencies with their names', async t => {
      const pack = readPack(PACK)
      const bureaus = await db.selectFrom('bureau').selectAll().orderBy('id').execute()
      t.equal(bureaus.length, 14)
      t.equal(bureaus[0]?.parent_id, null)
      t.ok(bureaus.slice(1).every(bureau => bureau.parent_id === bureaus[0]?.id), 'districts stand under the city')
      t.equal((await db.selectFrom('division').selectAll().execute()).length, 14)
      const agencies = await db.selectFrom('agency').selectAll().execute()
      t.equal(agencies.length, pack.agencies.agencies.length + 13 * pack.agencies.districtAgencies.length)
      t.ok(agencies.filter(agency => agency.level === 'county').every(agency => agency.verified === 0), 'a name made from the pattern is not verified')
      const alias = await db.selectFrom('agency_alias').innerJoin('agency', 'agency.id', 'agency_id').select('agency.slug')
        .where('agency_alias.region_code', '=', '210102').where('alias', '=', '市场监督管理局').executeTakeFirst()
      t.equal(alias?.slug, 'market-regulation-210102')
    })

    await t.test('leaves what could not be verified empty', async t => {
      const rows = await db.selectFrom('prohibition').selectAll().orderBy('no').execute()
      t.same(rows.map(row => row.no), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      for (const row of rows.slice(6)) t.match(row, { title: null, summary: null, text_status: 'unverified', verified_at: null })
    })

    await t.test('knows the working days of the years with a notice, and says so where there is none', async t => {
      const rows = await db.selectFrom('calendar_day').select(['date', 'is_workday as isWorkday']).execute()
      const calendar = createCalendar(rows)
      t.equal(rows.length, 366 + 365 + 365)
      t.equal(calendar.isWorkday('2026-10-01'), false, 'National Day')
      t.equal(calendar.isWorkday('2026-10-10'), true, 'a Saturday worked in exchange')
      t.ok(calendar.covers('2026-12-31'))
      t.notOk(calendar.covers('2027-01-01'))
      t.match(calendar.addWorkingDays('2026-12-30', 1), { date: '2026-12-31', assured: true })
      t.equal(calendar.addWorkingDays('2026-12-30', 3).assured, false)
    })

    await t.test('changes nothing when it is installed again', async t => {
      const before = await publicTables(db)
      const revision = await readRevision(db, 'register')
      await installPack(db, PACK, LATER)
      t.same(await publicTables(db), before)
      t.equal(await readRevision(db, 'register'), revision)
    })

    await t.test('publishes a changed agency and a new name as the next version', async t => {
      const folder = packWith(t, 'agencies.json', data => {
        data.agencies[0].duties = '职责另有表述。'
        data.agencies[0].aliases.push('另一个名字')
        return data
      })
      await installPack(db, folder, LATER)
      const agency = await db.selectFrom('agency').select(['id', 'version', 'duties']).where('slug', '=', 'market-regulation').executeTakeFirstOrThrow()
      t.match(agency, { version: 2, duties: '职责另有表述。' })
      const versions = await db.selectFrom('record_version').select(['version', 'recorded_at']).where('kind', '=', 'agency').where('record_id', '=', agency.id).orderBy('version').execute()
      t.same(versions, [{ version: 1, recorded_at: NOW }, { version: 2, recorded_at: LATER }])
      t.ok(await db.selectFrom('agency_alias').selectAll().where('alias', '=', '另一个名字').executeTakeFirst())
      t.equal(await readRevision(db, 'register'), 2)
    })

    await t.test('does not undo what the bureau has published since', async t => {
      const { version: _version, ...row } = await db.selectFrom('prohibition').selectAll().where('no', '=', 7).executeTakeFirstOrThrow()
      const data = { ...row, title: '司法局录入的标题', text_status: 'title_only' as const }
      await db.transaction().execute(async trx => {
        await trx.updateTable('prohibition').set({ ...data, version: 2 }).where('no', '=', 7).execute()
        await keepVersions(trx, [{ kind: 'prohibition', id: 7, version: 2, data }], { at: LATER, actor: 'admin', reason: '', batchId: null })
      })
      await installPack(db, PACK, LATER)
      t.match(await db.selectFrom('prohibition').selectAll().where('no', '=', 7).executeTakeFirst(), { version: 2, title: '司法局录入的标题' })
    })

    await t.test('keeps a clock that the bureau has set', async t => {
      await db.updateTable('deadline_profile').set({ days: 45 }).where('clock', '=', 'handle').execute()
      await installPack(db, PACK, LATER)
      t.equal((await db.selectFrom('deadline_profile').select('days').where('clock', '=', 'handle').executeTakeFirst())?.days, 45)
    })

    await t.test('keeps the text of every version beside its digest', async t => {
      const versions = await db.selectFrom('record_version').select(['digest', 'data']).execute()
      t.same(versions.filter(version => digestOf(JSON.parse(version.data)) !== version.digest), [])
    })
  })

  t.test(`two processes that install at once on ${engine} install once`, async t => {
    const db = await openTestDatabase(t, engine)
    await Promise.all([installPack(db, PACK, NOW), installPack(db, PACK, NOW)])
    const twice = await db.selectFrom('record_version').select(['kind', 'record_id']).groupBy(['kind', 'record_id']).having(eb => eb.fn.countAll(), '>', 1).execute()
    t.same(twice, [])
  })
}

t.test('a faulty pack is named with file, place and rule, and nothing is written', async t => {
  const faults: Array<[string, (data: any) => unknown, RegExp]> = [
    ['city.json', data => ({ ...data, regionCode: '2101' }), /city\.json\/regionCode: .*"2101"/],
    ['city.json', ({ bureauName: _left, ...data }) => data, /city\.json: .*bureauName/],
    ['divisions.json', data => [...data, data[1]], /divisions\.json: 210102 stands there twice/],
    ['divisions.json', data => data.slice(0, -1), /city\.json: 210181 is not in divisions\.json/],
    ['agencies.json', data => ({ ...data, agencies: [{ ...data.agencies[0], level: 'town' }] }), /agencies\.json\/agencies\/0\/level: .*"town"/],
    ['synonyms.json', data => [...data, { words: ['餐馆'], terms: ['餐饮'] }], /synonyms\.json: 餐馆 stands there twice/],
    ['deadlines.json', data => ({ ...data, clocks: data.clocks.slice(1) }), /deadlines\.json: no length for urgent/],
    ['industries.json', data => ({ ...data, tags: data.tags.slice(1) }), /industries\.json: business is not among its tags/],
    ['prohibitions.json', data => data.map((item: object) => ({ ...item, textStatus: 'verified' })), /prohibitions\.json: number 1 says verified/]
  ]
  const db = await openTestDatabase(t, 'sqlite')
  for (const [file, change, message] of faults) {
    await t.rejects(installPack(db, packWith(t, file, change), NOW), { name: 'StartError', reason: 'pack_invalid', message })
  }
  const broken = packWith(t, 'city.json', data => data)
  writeFileSync(path.join(broken, 'city.json'), '{')
  await t.rejects(installPack(db, broken, NOW), { reason: 'pack_invalid', message: /city\.json: .*JSON/ })
  t.same(await db.selectFrom('bureau').selectAll().execute(), [])
})

t.test('no place of the city is named outside its pack', async t => {
  const { city, divisions } = readPack(PACK)
  const names = [city.cityName.replace(/市$/, ''), city.cityNameEn, city.bureauName, city.casePrefix, ...divisions.flatMap(division => [division.name, division.nameEn])]
  const files = [...filesOf('src', '.ts', '.json', '.js'), ...filesOf('views', '.hbs')].filter(file => !file.startsWith('src/content/shenyang/'))
  t.ok(files.length > 100)
  for (const file of files) {
    // A comment may give an example, and the title of a rule names its place.
    const text = textOf(file).replace(/\/\*[^]*?\*\/|(?<!:)\/\/.*|《[^》]*》/g, '')
    t.same(names.filter(name => text.includes(name)), [], file)
  }
})
