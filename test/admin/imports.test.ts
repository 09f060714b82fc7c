import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { deflateRawSync } from 'node:zlib'
import type { Kysely } from 'kysely'
import t from 'tap'
import { ImportError } from '../../src/admin/imports/faults.ts'
import { harmless } from '../../src/domain/records/spreadsheet.ts'
import { errorLines, reportLines } from '../../src/admin/imports/report/print.ts'
import type { ImportOptions, RawRow, Report } from '../../src/admin/imports/schema.ts'
import { importRecords } from '../../src/admin/imports/service.ts'
import { xlsxRows } from '../../src/admin/imports/xlsx/rows.ts'
import { raiseRevision, readRevision, versionOn } from '../../src/db/records.ts'
import type { Database } from '../../src/db/schema.ts'
import { matchIds, queryRuns } from '../../src/db/text.ts'
import { articleOf, lawKey, parseNumeral } from '../../src/domain/records/citations.ts'
import { hasWord } from '../../src/i18n/index.ts'
import { LOCALES } from '../../src/paths.ts'
import { ENGINES, openInstalledDatabase, testDatabaseUrl, type Engine, type Teardown } from '../fixtures/engines.ts'

t.setTimeout(300_000) // the real lists on both engines, beside other test files
const run = promisify(execFile)
const ROOT = path.join(import.meta.dirname, '../..')
const NOW = '2026-11-23T02:00:00.000Z'
const HEAD = '事项编码,事项名称,执法类别,实施主体,行使层级,设定依据,依据条文,依据原文,处罚种类,别名,备注'
const FINE = 'T-1,对无照经营的处罚,行政处罚,市场监督管理局,市级、区县级,《无证无照经营查处办法》,第十三条,从事无照经营的，由市场监督管理部门予以处罚。,罚款、没收违法所得,无照摆摊,旧备注'
const PERMIT = 'T-2,食品经营许可,行政许可,沈阳市市场监督管理局,市级,《中华人民共和国食品安全法》,第三十五条第一款,,,,'

interface Desk { db: Kysely<Database>, folder: string, file: (name: string, content: string | Buffer) => string, load: (input: ImportOptions['input'], options?: Partial<ImportOptions>) => Promise<Report> }

async function givenDesk (t: Teardown, engine: Engine): Promise<Desk> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-import-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const db = await openInstalledDatabase(t, engine)
  const file = (name: string, content: string | Buffer): string => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
    return path.join(folder, name)
  }
  return { db, folder, file, load: async (input, options = {}) => await importRecords({ db, now: NOW }, { kind: 'matters', input, ...options }) }
}

const rules = (report: Report): string[] => report.faults.map(fault => fault.rule)
const refusal = async (work: Promise<unknown>): Promise<ImportError> => await work.then(() => { throw new TypeError('was accepted') }, (error: unknown) => {
  if (error instanceof ImportError) return error
  throw error
})

/** A ZIP file; `claim` says of a part that it unpacks to another size; `flags` 1 marks all as locked by a password. */
function zip (parts: Record<string, string | Buffer>, claim: Record<string, number> = {}, flags = 0): Buffer {
  const [locals, entries]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const [name, text] of Object.entries(parts)) {
    const [label, body] = [Buffer.from(name), deflateRawSync(text)]
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034B50, 0); local.writeUInt16LE(8, 8); local.writeUInt32LE(body.length, 18); local.writeUInt16LE(label.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014B50, 0); entry.writeUInt16LE(flags, 8); entry.writeUInt16LE(8, 10); entry.writeUInt32LE(body.length, 20); entry.writeUInt32LE(claim[name] ?? Buffer.byteLength(text), 24); entry.writeUInt16LE(label.length, 28); entry.writeUInt32LE(offset, 42)
    locals.push(local, label, body)
    entries.push(entry, label)
    offset += 30 + label.length + body.length
  }
  const end = Buffer.alloc(22)
  const directory = Buffer.concat(entries)
  end.writeUInt32LE(0x06054B50, 0); end.writeUInt16LE(entries.length / 2, 10); end.writeUInt32LE(directory.length, 12); end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

/** What every workbook holds around the XML of its first sheet, of which the end is left to the caller. */
function workbookParts (sheet: string): Record<string, string> {
  return {
    'xl/workbook.xml': '\uFEFF<?xml version="1.0"?><workbook xmlns:rel="r"><workbookPr/><sheets><sheet name="说明" sheetId="1" rel:id="rId1"/><sheet name="名册" sheetId="2" rel:id="rId2"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId2" Target="worksheets/sheet1.xml"/><Relationship Id=\'rId1\' Target="/xl/worksheets/sheet2.xml"/></Relationships>',
    'xl/worksheets/sheet2.xml': '<worksheet><sheetData/></worksheet>',
    'xl/worksheets/sheet1.xml': `<x:worksheet xmlns:x="m"><sheetData>${sheet}`
  }
}

const workbook = (rows: string, parts: Record<string, string> = {}): Buffer => zip({ ...workbookParts(rows), ...parts })
async function rowsOf (file: string): Promise<RawRow[]> {
  const rows: RawRow[] = []
  for await (const row of xlsxRows(file)) rows.push(row)
  return rows
}
const inline = (...texts: string[]): string => texts.map(text => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')

for (const engine of ENGINES) {
  t.test(`on ${engine}`, async t => {
    await t.test('a list is published with bases, versions, search terms and a batch; a second run changes nothing', async t => {
      const { db, file, load } = await givenDesk(t, engine)
      const list = file('list.csv', `\uFEFF${HEAD}\r\n${FINE}\r\n${PERMIT}\r\n`)
      const before = await readRevision(db, 'register')
      const dry = await load(list, { dryRun: true })
      t.match(dry.counts, { read: 2, new: 2, rejected: 0 })
      t.equal(await readRevision(db, 'register'), before, 'a dry run writes nothing')
      const report = await load(list, { reason: '首次公布' })
      t.same(report.counts, dry.counts, 'a dry run counts what the import then does')
      const fine = await db.selectFrom('matter').selectAll().where('code', '=', 'T-1').executeTakeFirstOrThrow()
      t.match(fine, { version: 1, category: 'penalty', levels: 'city county', penalty_kinds: 'fine confiscation', region_code: '210100', source: 'list.csv', status: 'in_force', updated_at: NOW })
      t.match(await db.selectFrom('legal_basis').selectAll().where('matter_id', '=', fine.id).execute(), [{ seq: 0, law_name: '无证无照经营查处办法', law_key: '无证无照经营查处办法', article: '第十三条', article_no: 13 }])
      t.match(await db.selectFrom('legal_basis').select(['law_key', 'article_no']).where('article', '=', '第三十五条第一款').executeTakeFirst(), { law_key: '食品安全法', article_no: 35 })
      for (const words of ['无照摆摊', '无照', '没收违法所得', '无证无照经营查处办法', 'T-1', '市场监督管理局']) t.same((await matchIds(db, 'matter_search', queryRuns(words), 9).execute()).some(row => row.rowid === fine.id), true, words)
      const batch = await db.selectFrom('import_batch').selectAll().executeTakeFirstOrThrow()
      t.match(batch, { id: report.batchId, kind: 'matters', file_name: 'list.csv', file_sha256: report.sha256, new_count: 2, changed_count: 0 })
      const version = await versionOn(db, 'matter', fine.id, '2026-11-23')
      t.match(version, { version: 1, reason: '首次公布', batch_id: batch.id })
      t.match(JSON.parse(version?.data ?? ''), { code: 'T-1', bases: [{ article_no: 13 }] })
      const after = await readRevision(db, 'register')
      t.equal(after, before + 1)
      t.match((await load(list)).counts, { new: 0, changed: 0, unchanged: 2 })
      t.match((await load(file('renamed.csv', `${HEAD}\n${FINE}\n`))).counts, { changed: 0, unchanged: 1 }, 'another file name is no change')
      t.equal(await readRevision(db, 'register'), after)
      t.equal((await db.selectFrom('import_batch').selectAll().execute()).length, 1)
    })

    await t.test('a blank cell changes nothing, [清空] clears, what is missing from the file stays', async t => {
      const { db, file, load } = await givenDesk(t, engine)
      await load(file('a.csv', `${HEAD}\n${FINE}\n${PERMIT}\n`))
      const report = await load(file('b.csv', '事项编码,事项名称,执法类别,实施主体,备注,处罚种类,设定依据,依据条文\nT-1,对无照经营的行政处罚,行政处罚,市监局,[清空],,《无证无照经营查处办法》,第十三条\n'))
      t.match(report.counts, { changed: 1, new: 0 })
      const fine = await db.selectFrom('matter').selectAll().where('code', '=', 'T-1').executeTakeFirstOrThrow()
      t.match(fine, { version: 2, name: '对无照经营的行政处罚', note: null, penalty_kinds: 'fine confiscation', aliases: '无照摆摊' })
      t.match(await db.selectFrom('legal_basis').select('quoted_text').where('matter_id', '=', fine.id).execute(), [{ quoted_text: /无照经营的/ }], 'the text of the same article stays')
      t.same((await db.selectFrom('record_version').select('version').where('kind', '=', 'matter').where('record_id', '=', fine.id).orderBy('version').execute()).map(row => row.version), [1, 2])
      t.equal((await db.selectFrom('matter').select('code').execute()).length, 2)
      t.same(rules(await load(file('c.csv', `${HEAD}\n${FINE.replace('对无照经营的处罚', '[清空]')}\n`))), ['required'])
    })

    await t.test('one rejected row holds everything back, unless the good rows may go ahead', async t => {
      const { db, file, folder, load } = await givenDesk(t, engine)
      const list = file('list.csv', `${HEAD}\n${FINE}\nT-3,坏行,行政魔法,市场监督管理局,市级,,,,,,"=cmd|' /c calc'!A1"\n${PERMIT}\n`)
      const rejects = path.join(folder, 'out/rejected.csv')
      const report = await load(list, { rejects })
      t.match(report, { written: false, counts: { new: 2, rejected: 1 } })
      t.match(report.faults, [{ row: 3, column: '执法类别', value: '行政魔法', rule: 'unknown_value' }, { row: 3, column: '备注', rule: 'formula' }])
      t.same(await db.selectFrom('matter').select('code').execute(), [])
      const back = readFileSync(rejects, 'utf8')
      t.match(back, /^\uFEFF事项编码.*退回原因,原文件行号\r\n/)
      t.match(back, /T-3,坏行,行政魔法/)
      t.match(back, /"?'=cmd/, 'what a spreadsheet would run is text')
      t.notMatch(back, /T-1/)
      t.match(await load(list, { partial: true }), { written: true, counts: { new: 2, rejected: 1 } })
      t.equal((await db.selectFrom('import_batch').select('rejected_count').executeTakeFirstOrThrow()).rejected_count, 1)
    })

    await t.test('an interrupted import leaves nothing behind', async t => {
      const { db, file } = await givenDesk(t, engine)
      const list = file('list.csv', `${HEAD}\n${FINE.replace('市场监督管理局', '某新设局')}\n`)
      await t.rejects(importRecords({ db, now: NOW }, { kind: 'matters', input: list, createAgencies: true }, ({ stage }) => { if (stage === 'write') throw new Error('power cut') }), /power cut/)
      for (const table of ['matter', 'legal_basis', 'import_batch'] as const) t.same(await db.selectFrom(table).selectAll().execute(), [], table)
      t.equal(await db.selectFrom('agency').select('id').where('name', '=', '某新设局').executeTakeFirst(), undefined)
      const others: Array<Promise<void>> = []
      const error = await refusal(importRecords({ db, now: NOW }, { kind: 'matters', input: list, createAgencies: true }, ({ stage }) => { if (stage === 'read') others.push(raiseRevision(db, 'register')) }))
      t.equal(error.code, 'changed_meanwhile', 'what was compared must still be what is stored')
      await Promise.all(others)
    })

    await t.test('an agency is known by name, alias and division; an unknown one is explained or made', async t => {
      const { db, file, load } = await givenDesk(t, engine)
      const head = '事项编码,事项名称,执法类别,实施主体,行政区划,部门编码'
      const known = await load(file('a.csv', `${head}\nA-1,甲,行政检查,区司法局,210102,\nA-2,乙,行政检查,沈阳市司法局,210100,\nA-3,丙,行政检查,司法局,和平区,\n`))
      t.same(rules(known), [])
      const names = await db.selectFrom('matter').innerJoin('agency', 'agency.id', 'matter.agency_id').select(['code', 'agency.name', 'matter.region_code', 'levels']).orderBy('code').execute()
      t.match(names, [{ name: /和平区.*司法局/, region_code: '210102', levels: 'county' }, { name: '沈阳市司法局', levels: 'city' }, { region_code: '210102' }])
      t.equal(names[0]?.name, names[2]?.name)
      const other = file('b.csv', `${head}\nB-1,甲,行政确认,区没有局,511602000000,12210100123456789R\nB-2,乙,公共服务,区没有局,511602,\nB-3,丙,行政奖励,区没有局,511602,\n`)
      t.same(rules(await load(other)), ['division_unknown', 'division_unknown'])
      t.same(rules(await load(file('c.csv', `${head}\nB-1,甲,行政确认,不存在的局,210100,\n`))), ['agency_unknown'])
      const made = await load(other, { createAgencies: true })
      t.match(made, { written: true, counts: { new: 2, leftOut: 1, rejected: 0 }, created: { divisions: ['511602'], agencies: ['区没有局'] }, leftOut: [{ row: 3, value: '公共服务', rule: 'not_enforcement' }] })
      t.match(await db.selectFrom('agency').selectAll().where('region_code', '=', '511602').execute(), [{ name: '区没有局', level: 'county', verified: 0, uscc: '12210100123456789R' }])
      t.match((await load(other)).counts, { unchanged: 2, leftOut: 1 })
    })

    await t.test('agencies: what is known is completed, codes are checked, names stay unique', async t => {
      const { db, file, load } = await givenDesk(t, engine)
      const head = '执法主体名称,统一社会信用代码,主体类别,层级,职责,电话,是否垂直管理,别名'
      const list = file('a.csv', `${head}\n沈阳市司法局,11210100000000001M,行政机关,市级,负责行政执法监督。,024-12345678,否,\n沈阳新区管理委员会,,授权组织,市级,,,是,新区管委会、管委会\n`)
      t.match(await load(list, { kind: 'agencies' }), { faults: [], counts: { changed: 1, new: 1 } })
      t.match(await db.selectFrom('agency').selectAll().where('name', '=', '沈阳市司法局').executeTakeFirst(), { uscc: '11210100000000001M', phone: '024-12345678', version: 2 })
      t.match((await load(list, { kind: 'agencies' })).counts, { unchanged: 2 })
      t.match(await load(file('m.csv', '事项编码,事项名称,执法类别,实施主体\nA-1,甲,行政检查,管委会\n')), { written: true }, 'an alias is found')
      const bad = await load(file('b.csv', `${head}\n甲局,11210100000000001X,行政机关,市级,,,否,\n乙局,,神秘机构,市级,,12,也许,\n丙局,,,,,,,管委会\n`), { kind: 'agencies' })
      t.same(rules(bad), ['uscc', 'unknown_value', 'phone', 'flag', 'name_taken'])
    })

    await t.test('officers: only public fields are read, dates and numbers are checked', async t => {
      const { db, file, folder, load } = await givenDesk(t, engine)
      const head = '姓名,执法证号,工作单位,证件类型,执法类别,有效期限,证件状态,身份证号,手机'
      const list = file('a.csv', `${head}\n张三,21010000001,市场监督管理局,行政执法证,行政处罚、行政检查,2024-01-01至2028-12-31,有效,210102199001011234,13800000000\n`)
      const report = await load(list, { kind: 'officers', fictional: true })
      t.match(report, { written: true, ignored: ['身份证号', '手机'] })
      const officer = await db.selectFrom('officer').selectAll().executeTakeFirstOrThrow()
      t.match(officer, { name: '张三', certificate_no: '21010000001', categories: 'penalty inspection', valid_from: '2024-01-01', valid_to: '2028-12-31', status: 'valid', fictional: 1 })
      t.notMatch(JSON.stringify(await db.selectFrom('record_version').selectAll().where('kind', '=', 'officer').execute()), /210102199001011234|13800000000/)
      await load(file('b.csv', `${head}\n张三,２１０１００００００１,市场监督管理局,,,,暂扣,,\n`), { kind: 'officers' })
      t.match(await db.selectFrom('officer').selectAll().execute(), [{ slug: officer.slug, version: 2, status: 'suspended', valid_to: '2028-12-31', fictional: 1 }])
      const rejects = path.join(folder, 'r.csv')
      const bad = await load(file('c.csv', `${head}\n李四,12,市场监督管理局,,,,,210102199001011234,\n王五,21010000002,市场监督管理局,,,2028-01-01至2024-01-01,,,\n赵六,21010000003,市场监督管理局,,,从来不,,,\n张三,21010000004,市场监督管理局,,,,,,\n张三,21010000004,市场监督管理局,,,,,,\n`), { kind: 'officers', rejects })
      t.same(bad.faults.map(fault => [fault.row, fault.column, fault.rule]), [[2, '执法证号', 'certificate'], [4, '有效期限', 'period'], [6, '执法证号', 'duplicate'], [3, '有效期限', 'end_before_start']])
      t.notMatch(readFileSync(rejects, 'utf8'), /210102199001011234/, 'personal data are not handed on')
    })

    await t.test('statutes: articles with chapters, 之一 and annexes; a newer text puts the older one beside it', async t => {
      const { db, file, load, folder } = await givenDesk(t, engine)
      const text = (body: string): string => `# 中华人民共和国试验法\n\n2020年1月1日 第十三届全国人民代表大会第三次会议通过\n\n<!-- INFO END -->\n\n## 第一章 总 则\n\n第一条 为了试验，制定本法。\n\n第二款在此。\n\n### 第一节 细则\n\n第二条之一 ${body}\n\n## 附 则\n\n第一百二十二条 自公布之日起施行。\n\n附件：\n一览表\n`
      file('laws/试验法(2020-01-01).md', text('甲乙丙。'))
      const laws = path.join(folder, 'laws')
      t.match(await load(laws, { kind: 'statutes' }), { written: true, counts: { new: 1 } })
      const statute = await db.selectFrom('statute').selectAll().executeTakeFirstOrThrow()
      t.match(statute, { name: '中华人民共和国试验法', law_key: '试验法', level: 'law', text_date: '2020-01-01', article_count: 3, version: 1 })
      const articles = await db.selectFrom('statute_article').select(['article_no', 'sub_no', 'label', 'chapter', 'body']).orderBy('seq').execute()
      t.same(articles, [
        { article_no: 1, sub_no: 0, label: '第一条', chapter: '第一章 总则', body: '为了试验，制定本法。\n第二款在此。' },
        { article_no: 2, sub_no: 1, label: '第二条之一', chapter: '第一章 总则 › 第一节 细则', body: '甲乙丙。' },
        { article_no: 122, sub_no: 0, label: '第一百二十二条', chapter: '附则', body: '自公布之日起施行。' },
        { article_no: 0, sub_no: 0, label: '附件', chapter: null, body: '附件：\n一览表' }
      ])
      t.equal((await matchIds(db, 'article_search', queryRuns('甲乙'), 9).execute()).length, 1)
      file('laws/试验法(2020-01-01).md', '')
      rmSync(path.join(laws, '试验法(2020-01-01).md'))
      file('laws/试验法(2024-05-01).md', text('丁戊己。'))
      t.match((await load(laws, { kind: 'statutes' })).counts, { new: 1, unchanged: 0 })
      t.match(await db.selectFrom('statute').select(['text_date', 'version']).execute(), [{ text_date: '2024-05-01', version: 2 }])
      t.match(await db.selectFrom('statute_text').select(['text_date', 'version']).execute(), [{ text_date: '2020-01-01', version: 1 }])
      t.equal((await matchIds(db, 'article_search', queryRuns('甲乙'), 9).execute()).length, 0, 'the old text is no longer found')
      t.equal((await matchIds(db, 'article_search', queryRuns('戊己'), 9).execute()).length, 1)
      t.match((await load(laws, { kind: 'statutes' })).counts, { unchanged: 1 })
      rmSync(path.join(laws, '试验法(2024-05-01).md'))
      file('laws/试验法(2020-01-01).md', text('甲乙丙。'))
      t.match(await load(laws, { kind: 'statutes' }), { counts: { unchanged: 1, rejected: 0 } }, 'the older text is known')
      file('laws/无日期.md', text('甲'))
      file('laws/无标题(2020-01-01).md', '第一条 没有标题。')
      file('laws/无标记(2020-01-01).md', '# 甲法\n第一条 没有标记。')
      file('laws/无条文(2020-01-01).md', '# 甲法\n<!-- INFO END -->\n序言。')
      file('laws/乱码(2020-01-01).md', Buffer.from([0x23, 0x20, 0xFF, 0xFE]))
      t.same(rules(await load(laws, { kind: 'statutes' })).sort(), ['encoding', 'statute_articles', 'statute_date', 'statute_mark', 'statute_title'])
      t.equal((await db.selectFrom('record_version').select('version').where('kind', '=', 'statute').execute()).length, 2)
    })
  })
}

t.test('every way in which a cell can be wrong is explained', async t => {
  const { file, load } = await givenDesk(t, 'sqlite')
  const head = '事项编码,事项名称,执法类别,实施主体,行使层级,法定时限,时限单位,承诺时限,设定依据,依据条文,依据原文,办事指南链接,关联禁令,事项状态,行政区划'
  const titles = head.split(',')
  const good: Record<string, string> = { 事项编码: 'X-1', 事项名称: '甲', 执法类别: '行政许可', 实施主体: '司法局' }
  const cases: Array<[Record<string, string>, string, string]> = [
    [{ 事项编码: '' }, '事项编码', 'required'],
    [{ 事项编码: 'X 1/../2' }, '事项编码', 'code_shape'],
    [{ 事项名称: '' }, '事项名称', 'required'],
    [{ 事项名称: '甲'.repeat(1001) }, '事项名称', 'too_long'],
    [{ 事项名称: '甲'.repeat(100_000) }, '事项名称', 'too_long'],
    [{ 事项名称: '甲\0乙' }, '事项名称', 'nul'],
    [{ 事项名称: '甲\u202E乙' }, '事项名称', 'control_characters'],
    [{ 事项名称: '甲\u0007乙' }, '事项名称', 'control_characters'],
    [{ 事项名称: '甲\uFFFD乙' }, '事项名称', 'replacement_character'],
    [{ 事项名称: '=1+1' }, '事项名称', 'formula'],
    [{ 事项名称: '@SUM(A1)' }, '事项名称', 'formula'],
    [{ 事项名称: '-cmd' }, '事项名称', 'formula'],
    [{ 事项名称: '+1+SUM(A1)' }, '事项名称', 'formula'],
    [{ 执法类别: '行政魔法' }, '执法类别', 'unknown_value'],
    [{ 实施主体: '不存在的局' }, '实施主体', 'agency_unknown'],
    [{ 行使层级: '市级、星球级' }, '行使层级', 'unknown_value'],
    [{ 法定时限: '很久' }, '法定时限', 'term'],
    [{ 法定时限: '20' }, '时限单位', 'unit_missing'],
    [{ 法定时限: '20', 时限单位: '个工作日', 承诺时限: '5日' }, '承诺时限', 'units_differ'],
    [{ 法定时限: '20个工作日', 承诺时限: '30' }, '承诺时限', 'promise_longer'],
    [{ 依据条文: '第一条' }, '设定依据', 'law_missing'],
    [{ 设定依据: '《甲法》；《乙法》', 依据条文: '第一条' }, '依据条文', 'bases_articles'],
    [{ 设定依据: '《甲法》；《乙法》', 依据条文: '第一条；第二条', 依据原文: '只有一段' }, '依据原文', 'bases_quotes'],
    [{ 办事指南链接: 'javascript:alert(1)' }, '办事指南链接', 'url'],
    [{ 关联禁令: '11' }, '关联禁令', 'prohibition'],
    [{ 事项状态: '迷失' }, '事项状态', 'unknown_value'],
    [{ 行政区划: '999999' }, '行政区划', 'division_unknown']
  ]
  const quoted = (cells: Record<string, string>): string => titles.map(title => `"${(cells[title] ?? '').replaceAll('"', '""')}"`).join(',')
  for (const [cells, column, rule] of cases) {
    const report = await load(file('bad.csv', `${head}\n${quoted({ ...good, ...cells })}\n`))
    t.match(report.faults, [{ row: 2, column, rule }], `${column} ${rule}`)
    t.equal(report.faults.length, 1, rule)
    t.ok((report.faults[0]?.value.length ?? 0) <= 60, 'the value is shortened')
    for (const locale of LOCALES) t.notMatch(reportLines(locale, report, { kind: 'matters', input: '' }, 1).join('\n'), /\{\w+\}|undefined/, `${rule} in ${locale}`)
  }
  t.same(rules(await load(file('bad.csv', `${head}\nX-1,甲,行政许可\n${head.replaceAll(/[^,]+/g, 'x')},x\n`))), ['ragged', 'ragged'])
  const twice = await load(file('bad.csv', `${head}\n${quoted(good)}\n\n${quoted(good)}\n`))
  t.match(twice.faults, [{ row: 4, rule: 'duplicate', values: { first: 2 } }])
})

t.test('what is right is read in all its spellings', async t => {
  const { db, file, load } = await givenDesk(t, 'sqlite')
  const report = await load(file('a.csv', [
    '附件1：沈阳市行政执法事项清单（2026年版）,,,,,,,,',
    '权力编码,权力名称,职权类别,责任部门,行使层级,法律依据,条款内容,法定办结时限,承诺办结时限',
    'S-1,甲,处罚,市监局,市级/区县级,《甲法》第三条第一款、第十二条之一；《乙法（试行）》,,20个工作日,10',
    'S-2,乙,ＣＦ,沈阳市市场监督管理局,市,《中国人民解放军实施《中华人民共和国药品管理法》办法》第二条,原文,,',
    'S-3,丙,行政强制措施,市场监管局,县级,《丙法》第一条、第二条,"第一条原文\n第二条原文",3日,'
  ].join('\n')))
  t.same(rules(report), [])
  const bases = await db.selectFrom('legal_basis').innerJoin('matter', 'matter.id', 'matter_id').select(['code', 'law_name', 'law_key', 'article', 'article_no', 'quoted_text']).orderBy('code').orderBy('seq').execute()
  t.same(bases.map(row => Object.values(row)), [
    ['S-1', '甲法', '甲法', '第三条第一款', 3, null],
    ['S-1', '甲法', '甲法', '第十二条之一', 12, null],
    ['S-1', '乙法（试行）', '乙法(试行)', null, null, null],
    ['S-2', '中国人民解放军实施《中华人民共和国药品管理法》办法', '中国人民解放军实施药品管理法办法', '第二条', 2, '原文'],
    ['S-3', '丙法', '丙法', '第一条', 1, '第一条原文'],
    ['S-3', '丙法', '丙法', '第二条', 2, '第二条原文']
  ])
  t.match(await db.selectFrom('matter').select(['category', 'levels', 'statutory_days', 'promise_days', 'day_unit']).orderBy('code').execute(), [
    { category: 'penalty', levels: 'city county', statutory_days: 20, promise_days: 10, day_unit: 'working_days' },
    { category: 'penalty', levels: 'city' },
    { category: 'coercion', levels: 'county', statutory_days: 3, day_unit: 'days' }
  ])
})

t.test('tables are read in every usual encoding and separator', async t => {
  const { file, load } = await givenDesk(t, 'sqlite')
  const rows = [HEAD.split(','), FINE.split(','), PERMIT.split(',')]
  // 事项编码,… as spreadsheets in China write it; Node can decode GB18030 but not encode it, so the bytes are looked up.
  const lookup = new Map<string, [number, number]>()
  for (let high = 0x81; high <= 0xFE; high++) for (let low = 0x40; low <= 0xFE; low++) lookup.set(new TextDecoder('gb18030').decode(Buffer.from([high, low])), [high, low])
  const gb18030 = (text: string): Buffer => Buffer.from(Array.from(text).flatMap(character => character < '\x80' ? [character.charCodeAt(0)] : lookup.get(character) ?? []))
  const text = (separator: string): string => rows.map(row => row.join(separator)).join('\r\n')
  const files: Record<string, Buffer> = {
    'utf-8': Buffer.from(text(',')),
    'utf-8 with mark': Buffer.from(`\uFEFF${text(',')}`),
    tab: Buffer.from(text('\t')),
    semicolon: Buffer.from(text(';')),
    gb18030: gb18030(text(',')),
    'utf-16': Buffer.from(`\uFEFF${text('\t')}`, 'utf16le')
  }
  for (const [name, content] of Object.entries(files)) {
    const report = await load(file('x.csv', content))
    t.same([report.faults, report.counts.read, report.counts.new + report.counts.unchanged], [[], 2, 2], name)
  }
  t.equal((await load(file('x.csv', gb18030(text(','))))).encoding, 'gb18030')
})

t.test('a file that cannot be used is refused with the place and the remedy', async t => {
  const { file, folder, load } = await givenDesk(t, 'sqlite')
  const parts = workbookParts('</sheetData></x:worksheet>')
  const cases: Array<[string, string | Buffer, Partial<Record<string, unknown>>]> = [
    ['empty.csv', '', { code: 'empty' }],
    ['header.csv', '甲,乙\n1,2\n', { code: 'no_header', values: { first: '甲、乙' } }],
    ['picture.xlsx', Buffer.from([0xFF, 0xD8, 0xFF, 0xE0, 0, 16]), { code: 'not_a_table' }],
    ['missing.csv', '事项编码,事项名称,实施主体\nA,甲,乙\n', { code: 'column_missing', values: { row: 1, columns: '执法类别' } }],
    ['twice.csv', '事项编码,事项名称,执法类别,事项类型,实施主体\n', { code: 'column_twice', values: { column: '事项类型', other: '执法类别' } }],
    ['quote.csv', `${HEAD}\nA,"甲,行政处罚\n`, { code: 'csv_quote' }],
    ['bytes.csv', Buffer.concat([Buffer.from(`\uFEFF${HEAD}\n${FINE}\n`), Buffer.from([0xE4, 0xBA])]), { code: 'encoding', values: { line: 3 } }],
    ['bytes2.csv', Buffer.concat([Buffer.from(`${HEAD}\n`), Buffer.from([0xFF, 0xFF, 0x0A])]), { code: 'encoding', values: { line: 2 } }],
    ['old.xls', Buffer.from([0xD0, 0xCF, 0x11, 0xE0, 0, 0]), { code: 'old_excel' }],
    ['plain.xlsx', zip({ 'a.txt': 'x' }), { code: 'xlsx_broken' }],
    ['cut.xlsx', Buffer.from('PK\x03\x04 and nothing more'), { code: 'xlsx_broken' }],
    ['macro.xlsx', zip({ 'xl/workbook.xml': '<x/>', 'xl/vbaProject.bin': 'x' }), { code: 'xlsx_macro' }],
    ['links.xlsx', zip({ 'xl/workbook.xml': '<x/>', 'xl/externalLinks/externalLink1.xml': 'x' }), { code: 'xlsx_links' }],
    ['bomb.xlsx', zip({ 'xl/workbook.xml': '<x/>' }, { 'xl/workbook.xml': 50_000_000 }), { code: 'xlsx_ratio' }],
    ['huge.xlsx', zip({ 'xl/workbook.xml': '<x/>' }, { 'xl/workbook.xml': 200_000_000 }), { code: 'xlsx_too_big' }],
    ['entity.xlsx', zip({ 'xl/_rels/workbook.xml.rels': '<!DOCTYPE x [<!ENTITY a "b">]><x/>', 'xl/workbook.xml': '<x/>' }), { code: 'xlsx_broken', values: { why: 'DOCTYPE' } }],
    ['strange-entity.xlsx', workbook('<row><c t="inlineStr"><is><t>&a;</t></is></c></row>'), { code: 'xlsx_broken' }],
    ['unfinished.xlsx', workbook('<row><c><v>1'), { code: 'xlsx_broken' }],
    ['more-than-said.xlsx', zip(parts, { 'xl/worksheets/sheet1.xml': 20 }), { code: 'xlsx_broken' }],
    ['locked.xlsx', zip(parts, {}, 1), { code: 'xlsx_broken', values: { why: 'ZIP: password' } }],
    ['not-utf8.xlsx', zip({ ...parts, 'xl/worksheets/sheet1.xml': Buffer.from([0x3C, 0x78, 0xE4, 0xBA, 0x3E]) }), { code: 'xlsx_broken' }]
  ]
  for (const [name, content, expected] of cases) {
    const error = await refusal(load(file(name, content)))
    t.match(error, expected, name)
    for (const locale of LOCALES) t.notMatch(errorLines(locale, error), /\{\w+\}|undefined/, `${name} in ${locale}`)
  }
  t.match(await refusal(load(path.join(folder, 'nowhere.csv'))), { code: 'no_file' })
  mkdirSync(path.join(folder, 'nothing'))
  t.match(await refusal(load(path.join(folder, 'nothing'), { kind: 'statutes' })), { code: 'no_statutes' })
})

t.test('workbooks: text, numbers, dates and rich text are read; formulas and rounded numbers are not', async t => {
  const { db, folder, file, load } = await givenDesk(t, 'sqlite')
  const name = file('roster.xlsx', workbook(`
    <row r="1">${inline('沈阳市行政执法人员名册')}</row>
    <row r="2">${inline('姓名', '执法证号', '工作单位', '有效期起', '有效期止', '执法区域')}</row>
    <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3"><v>21010000001</v></c><c r="C3" t="str"><v>司法局</v></c><c r="D3" s="1"><v>45292.5</v></c><c r="E3" t="d"><v>2028-12-31T00:00:00</v></c><c r="F3" t="s"><v>1</v></c></row>
    <row r="4"><c r="A4" t="str"><f>A1</f><v>李四</v></c>${inline('21010000002', '司法局')}</row>
    <row r="5"><c r="B5"><v>123456789012345680</v></c>${inline('司法局')}<c r="A5" t="inlineStr"><is><t><![CDATA[王五]]></t></is></c></row>
    <row r="6">${inline('赵六', '21010000003')}<c t="e"><v>#N/A</v></c></row><row r="7"><c r="ZZ7"/></row></sheetData></x:worksheet>`, {
    'xl/sharedStrings.xml': '<sst><si><t>张三</t><rPh sb="0" eb="1"><t>zhang</t></rPh></si><si><r><t>沈阳</t></r><r><rPr><b/></rPr><t xml:space="preserve">市 &amp; &lt;区&#x3E;</t></r></si></sst>',
    'xl/styles.xml': '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
  }))
  const rejects = path.join(folder, 'rejected.xlsx')
  const report = await load(name, { kind: 'officers', partial: true, rejects })
  t.match(report, { encoding: 'xlsx', written: true, counts: { new: 1, rejected: 3 } })
  t.same(report.faults.map(fault => [fault.row, fault.column, fault.rule]), [[4, '姓名', 'formula'], [5, '执法证号', 'rounded_number'], [6, '工作单位', 'error_cell']])
  t.match(await db.selectFrom('officer').selectAll().execute(), [{ name: '张三', certificate_no: '21010000001', valid_from: '2024-01-01', valid_to: '2028-12-31', area: '沈阳市 & <区>' }])
  const back = await rowsOf(rejects)
  t.same(back.map(({ cells }) => [cells[0], cells.at(-1)]), [['姓名', back[0]?.cells.at(-1)], ['李四', '4'], ['王五', '5'], ['赵六', '6']])
  t.match(back[1]?.cells[6], /公式/)
})

t.test('Chinese in a workbook comes through whole wherever its pieces are cut', async t => {
  const { file } = await givenDesk(t, 'sqlite')
  const texts = Array.from({ length: 20_000 }, (_, at) => `第${at}项：𠮷野家&amp;市场监督管理局`)
  const name = file('long.xlsx', workbook(`${texts.map(text => `<row>${inline(text)}</row>`).join('')}</sheetData></x:worksheet>`))
  const rows = await rowsOf(name)
  t.same([rows.length, rows.findIndex(({ cells }, at) => cells[0] !== texts[at]?.replace('&amp;', '&'))], [20_000, -1])
})

t.test('what is handed back is never run by a spreadsheet', async t => {
  for (const cell of ['=1', '+1', '-1', '@x', '\tx', '\rx', '＝1']) t.equal(harmless(cell).startsWith("'"), true, JSON.stringify(cell))
  t.equal(harmless('甲\0乙'), '甲乙')
  t.equal(harmless('甲=乙'), '甲=乙')
})

t.test('citations: Chinese numerals, articles and the key of a law', async t => {
  for (const [text, number] of [['一', 1], ['十', 10], ['十二', 12], ['二十', 20], ['一百零三', 103], ['一百一十二', 112], ['一千二百三十四', 1234], ['一千零五', 1005], ['122', 122], ['１２', 12], ['甲', null], ['', null]] as const) t.equal(parseNumeral(text), number, text)
  t.same(articleOf('第一百二十二条第一款'), { article: 122, sub: 0 })
  t.same(articleOf('第十二条之一'), { article: 12, sub: 1 })
  t.same(articleOf('依照第 3 条'), null)
  t.equal(articleOf('第一款'), null)
  t.equal(lawKey('《中华人民共和国行政处罚法》'), '行政处罚法')
  t.equal(lawKey('食品安全法（2021年修正）'), '食品安全法')
  t.equal(lawKey('律师事务所管理办法（试行）'), '律师事务所管理办法(试行)')
})

t.test('every rule and refusal has words', async t => {
  const folder = path.join(ROOT, 'src/admin/imports')
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts')).map(name => readFileSync(path.join(folder, name), 'utf8')).join('\n')
  const spoken = [
    ...[...code.matchAll(/\.fault\((?:[^()']|'\w*'|\([^()]*\))*?, '(\w+)'/g)].map(match => `import_rule.${match[1]}`),
    ...[...code.matchAll(/(?:leftOut|rule): '(\w+)'/g)].map(match => `import_rule.${match[1]}`),
    ...[...code.matchAll(/new ImportError\((?:[^()']*\? )?'(\w+)'/g)].map(match => `import_error.${match[1]}`)
  ]
  t.ok(spoken.length > 50, `${spoken.length} uses`)
  for (const key of new Set(spoken)) for (const locale of LOCALES) t.ok(hasWord(locale, key), `${key} in ${locale}`)
})

t.test('the command tells its verdict by its exit code', async t => {
  const { file, folder } = await givenDesk(t, 'sqlite')
  const env = { ...process.env, SUNLIT_DATA: folder, DATABASE_URL: await testDatabaseUrl(t, 'sqlite', folder), LC_ALL: 'zh_CN.UTF-8', INIT_CWD: folder }
  const command = async (...args: string[]): Promise<{ code: number, out: string, err: string }> => {
    try {
      const { stdout, stderr } = await run(process.execPath, ['src/cli/import.ts', ...args], { cwd: ROOT, env })
      return { code: 0, out: stdout, err: stderr }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number, stdout: string, stderr: string }
      return { code, out: stdout, err: stderr }
    }
  }
  t.match(await command('matters', file('good.csv', `${HEAD}\n${FINE}\n`)), { code: 0, out: /新增 +1\n[^]*批次号/ })
  t.match(await command('matters', file('bad.csv', `${HEAD}\n${FINE.replace('行政处罚', '戏法')}\n`), '--lang', 'en'), { code: 1, out: /Rejected +1\n[^]*Row 2, 执法类别, "戏法"[^]*nothing was written/ })
  t.match(await command('matters', 'nowhere.csv'), { code: 2, err: /找不到文件/, out: '' })
  t.match(await command('wizards', 'x.csv', '--lang', 'en'), { code: 2, err: /Usage: npm run import/ })
  t.match(await command('matters', 'x.csv', '--fast'), { code: 2, err: /--fast[^]*用法/ })
})

const INPUT = process.env['SUNLIT_INPUT'] ?? path.join(ROOT, '../shared/data')
const REAL = existsSync(path.join(INPUT, 'penalty-matters.csv')) || process.env['CI'] === 'true' ? {} : { skip: 'no real input beside the project (SUNLIT_INPUT is not set)' }

for (const engine of ENGINES) {
  t.test(`the real lists come in whole on ${engine}`, { ...REAL, timeout: 240_000 }, async t => {
    const { db, load } = await givenDesk(t, engine)
    const penalties = path.join(INPUT, 'penalty-matters.csv')
    t.match(await load(penalties, { division: '210100', createAgencies: true }), { written: true, faults: [], counts: { read: 3761, new: 3761, rejected: 0, leftOut: 0 } })
    t.match(await load(penalties, { division: '210100' }), { written: false, counts: { unchanged: 3761, rejected: 0 } })
    t.match(await load(path.join(INPUT, 'service-items.csv'), { division: '511602', createAgencies: true }), { written: true, faults: [], counts: { read: 1135, new: 787, leftOut: 348, rejected: 0 } })
    t.match(await load(path.join(INPUT, 'statutes'), { kind: 'statutes' }), { written: true, faults: [], counts: { read: 446, new: 446 } })
    const orphans = await db.selectFrom('legal_basis').select('matter_id').where(eb => eb.not(eb.exists(
      eb.selectFrom('statute').innerJoin('statute_article', 'statute_id', 'statute.id').select('statute.id').whereRef('statute.law_key', '=', 'legal_basis.law_key').whereRef('statute_article.article_no', '=', 'legal_basis.article_no')))).execute()
    t.same(orphans, [], 'every article that a matter rests on has its text')
  })
}
