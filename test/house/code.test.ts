import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { MIGRATIONS } from '../../migrations/index.ts'
import { FILE_COLUMNS } from '../../src/complaints/case/storage/repository.ts'
import { DOCUMENTS, refreshBlocks } from '../../src/cli/docs-blocks.ts'
import { PLACES } from '../../src/vault/places.ts'
import { ENGINES, openTestDatabase } from '../fixtures/engines.ts'
import { filesOf, linesOf, ROOT, textOf } from './tree.ts'

/** Imports run from a later row to an earlier one, never back (style.md 3.2). Rows of one rank may use each other only inside one folder. */
const FLOORS = [
  ['errors', 'paths', 'settings', 'config', 'i18n', 'forms', 'pager', 'qr', 'views', 'assets'],
  ['domain'],
  ['db', 'vault', 'files', 'content'],
  ['plugins', 'log', 'mail'],
  ['catalogue'],
  ['complaints'],
  ['desk', 'agency'],
  ['admin', 'open'],
  ['app'],
  ['demo'],
  ['jobs', 'prepare'],
  ['server', 'cli']
]
const WINGS = ['catalogue', 'complaints', 'desk', 'agency', 'admin', 'open']
/** Wings so large that their features stand in groups; a house test counts both. */
const GROUPED = ['complaints', 'desk']
/** On the ground floor everybody may look at everybody; above it only these neighbours do. */
const NEIGHBOURS = new Set(['vault→db', 'files→db', 'content→db', 'files→vault', 'vault→files'])
/** Lists that are read like a table, however long. */
const TABLES = new Set(['src/paths.ts', 'src/db/schema.ts'])

/** There is nothing to compare where one engine is missing; the runner says that it is. */
const BOTH = ENGINES.length > 1 ? {} : { skip: 'only one engine is here' }

/** The composition root gives its type to the wings that it registers. */
const ITS_TYPE = /^import type \{ App \} from '[./]+\/app\.ts'$/gm

const sources = filesOf('src', '.ts')
const code = [...sources, ...filesOf('src', '.js'), ...filesOf('migrations', '.ts'), ...filesOf('bench', '.ts'), ...filesOf('test', '.ts')]

const roomOf = (file: string): string => (file.split('/')[1] ?? '').replace(/\.ts$/, '')
const floorOf = (room: string): number => FLOORS.findIndex(floor => floor.includes(room))

/** The project files that a file imports, types included. */
function importsOf (file: string): string[] {
  const found = textOf(file).replace(ITS_TYPE, '').matchAll(/^\s*(?:import|export)\s(?:[^'"=(]*?\sfrom\s*)?['"](\.{1,2}\/[^'"]+)['"]|\bimport\(\s*['"](\.{1,2}\/[^'"]+)['"]/gm)
  return [...found].map(match => path.posix.join(path.posix.dirname(file), match[1] ?? match[2] ?? ''))
}

function importFault (from: string, to: string): string | undefined {
  if (to.startsWith('migrations/')) return roomOf(from) === 'db' ? undefined : 'only db reads the migrations'
  if (!to.startsWith('src/')) return 'src uses only src'
  const [room, target] = [roomOf(from), roomOf(to)]
  if (floorOf(room) < 0) return `the room ${room} has no floor in this test`
  if (room === target) return featureFault(from, to)
  if (WINGS.includes(room) && target === 'plugins') return 'wings see decorators, not plugins'
  if (room === 'domain') return target === 'errors' ? undefined : 'domain uses errors alone'
  if (floorOf(target) > floorOf(room)) return 'uphill'
  if (floorOf(target) === floorOf(room) && floorOf(room) > 0 && !NEIGHBOURS.has(`${room}→${target}`)) return 'neighbours on one floor'
  if (WINGS.includes(room) && WINGS.includes(target) && !/\/(repository|service)\.ts$|^src\/catalogue\/lists\//.test(to)) return 'from another wing only repository and service'
  return undefined
}

/** The feature that a file of a wing belongs to: its folder, in a large wing below the folder of its group. */
function featureOf (file: string): string | undefined {
  const [, wing = '', ...rest] = path.posix.dirname(file).split('/')
  return WINGS.includes(wing) ? rest.slice(0, GROUPED.includes(wing) ? 2 : 1).join('/') || undefined : undefined
}

/** Inside a wing a feature uses another feature's repository and service, never its pages, api or schema. */
function featureFault (from: string, to: string): string | undefined {
  const feature = featureOf(from)
  return feature !== undefined && feature !== featureOf(to) && /\/(pages|api)\.ts$/.test(to) ? 'pages and api belong to their feature' : undefined
}

t.test('imports run downhill', async t => {
  for (const file of sources) {
    const faults = importsOf(file).flatMap(to => importFault(file, to)?.concat(`: ${to}`) ?? [])
    t.same(faults, [], file)
  }
  t.equal(importFault('src/domain/time/clocks.ts', 'src/db/open.ts'), 'domain uses errors alone')
  t.equal(importFault('src/db/open.ts', 'src/desk/day/queue/pages.ts'), 'uphill')
  t.equal(importFault('src/desk/day/queue/pages.ts', 'src/plugins/view.ts'), 'wings see decorators, not plugins')
  t.equal(importFault('src/desk/day/queue/pages.ts', 'src/complaints/form/wizard/pages.ts'), 'from another wing only repository and service')
})

t.test('migrations and the launcher stand alone', async t => {
  for (const file of filesOf('migrations', '.ts')) t.notOk(importsOf(file).some(to => !to.startsWith('migrations/')), file)
  for (const file of filesOf('src/launch', '.js')) {
    t.notOk(importsOf(file).some(to => !to.startsWith('src/launch/')), file)
    t.notMatch(textOf(file), /from '(?!node:|\.)/, `${file} uses built-ins only`)
  }
})

t.test('the list of migrations is the folder', async t => {
  const files = filesOf('migrations', '.ts').map(file => path.basename(file, '.ts')).filter(name => /^\d{4}_/.test(name))
  t.same(Object.keys(MIGRATIONS), files)
})

t.test('both engines have the same tables', BOTH, async t => {
  const shapes: Array<Record<string, string[]>> = []
  for (const engine of ENGINES) {
    const db = await openTestDatabase(t, engine)
    const tables = (await db.introspection.getTables()).filter(table => !table.name.includes('_search')) // how each engine searches is its own
    shapes.push(Object.fromEntries(tables.map(table => [table.name, table.columns.map(column => `${column.name} ${/int/i.test(column.dataType) ? 'integer' : 'text'}${column.isNullable ? '' : ' not null'}`).sort()])))
  }
  const [sqlite = {}, postgres = {}] = shapes
  t.ok(Object.keys(sqlite).length > 25)
  t.same(postgres, sqlite)
})

t.test('U-7: whoever sweeps stored files knows every column that names one', async t => {
  const db = await openTestDatabase(t, 'sqlite')
  const columns = (await db.introspection.getTables()).find(table => table.name === 'attachment')?.columns.map(column => column.name) ?? []
  const others = ['complaint_id', 'author_id', 'message_id'] // name something else than a file
  t.same(columns.filter(name => /(^|_)id$/.test(name) && !others.includes(name)).sort(), FILE_COLUMNS.map(({ id }) => id).sort(), 'else its files are lost after a day')
})

t.test('files stay small', async t => {
  for (const file of [...sources, ...filesOf('src', '.js'), ...filesOf('bench', '.ts')]) if (!TABLES.has(file)) t.ok(linesOf(file) <= 250, `${file} has at most 250 lines`)
  for (const file of filesOf('views', '.hbs')) t.ok(linesOf(file) <= 120, `${file} has at most 120 lines`)
  for (const file of TABLES) t.ok(existsSync(path.join(ROOT, file)), `${file} is still there`)
})

const foldersIn = (folder: string): string[] => readdirSync(path.join(ROOT, folder), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name)

t.test('folders stay small', async t => {
  const folders = Map.groupBy(code.filter(file => file.startsWith('src/')), file => path.posix.dirname(file))
  for (const [folder, files] of folders) {
    const limit = featureOf(files[0] ?? '') === undefined ? 18 : 5
    t.ok(files.length <= limit, `${folder} holds at most ${limit} files`)
  }
  for (const wing of GROUPED) {
    for (const group of foldersIn(`src/${wing}`)) {
      t.notOk(code.some(file => path.posix.dirname(file) === `src/${wing}/${group}`), `src/${wing}/${group} holds features, no files`)
      t.ok(foldersIn(`src/${wing}/${group}`).length <= 13, `src/${wing}/${group} holds at most 13 features`)
    }
  }
})

t.test('what is unfinished or switched off does not come in', async t => {
  // Put together here, so that this file does not find itself.
  const banned = ['(?:\\/\\/|\\s\\*|--) .*\\b(?:TO' + 'DO|FIX' + 'ME)\\b', 'as ' + 'any\\b', '@ts-' + '(?:ignore|nocheck|expect-error)', 'eslint-' + 'disable', '\\bt(?:\\.test)?\\.' + '(?:only|skip|todo)\\(', '^\\s*debug' + 'ger\\b']
  for (const file of code) for (const pattern of banned) t.notMatch(textOf(file), new RegExp(pattern, 'm'), `${file}: ${pattern}`)
  // The helper `jsonld` writes data blocks: escaped, and never run.
  for (const file of filesOf('views', '.hbs')) t.notMatch(textOf(file), /<script>|<style|\sstyle="|\son[a-z]+="|https?:\/\/(?!www\.w3\.org)/, `${file}: inline code or a foreign host`)
  for (const file of code.filter(name => !/^(src\/(cli|launch)|bench|test\/launch)\//.test(name))) t.notMatch(textOf(file), /\bconsole\.(log|error|warn)\(/, `${file}: console`)
})

t.test('one file alone reads the environment', async t => {
  for (const file of sources) if (!/^src\/(server|cli\/[\w-]+)\.ts$/.test(file)) t.notMatch(textOf(file), /process\.env/, file)
})

t.test('every package is pinned to one version', async t => {
  const manifest = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>
  for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, version] of Object.entries(manifest[group] ?? {})) t.match(version, /^(npm:[^@]+@)?\d+\.\d+\.\d+$/, name)
  }
  t.notMatch(textOf('package-lock.json'), /"resolved": "http/, 'the lock file names no registry')
})

t.test('the generated blocks of the READMEs are fresh (npm run docs)', async t => {
  const all = DOCUMENTS.map(file => textOf(file))
  for (const [index, file] of DOCUMENTS.entries()) t.equal(refreshBlocks(all[index] ?? ''), all[index], file)
  for (const name of ['settings', 'workflow', 'diagram']) t.ok(all.some(text => text.includes(`<!-- begin ${name} -->`)), `one of them shows ${name}`)
  t.match(refreshBlocks('<!-- begin settings -->\n<!-- end settings -->'), /\| `PORT` \| `3000` \|/)
  t.throws(() => refreshBlocks('<!-- begin nothing -->\n<!-- end nothing -->'), /no block is called nothing/)
})

t.test('the top level holds what the plan says', async t => {
  const plan = ['README.md', 'bench', 'migrations', 'package-lock.json', 'package.json', 'public', 'src', 'test', 'tsconfig.json', 'views']
  const ignored = ['node_modules', 'data']
  t.same(readdirSync(ROOT).filter(name => !name.startsWith('.') && !ignored.includes(name) && !name.endsWith('.log')).sort(), plan)
})

/** Files that seal or open with a key from outside the database itself. Whoever joins them adds the column to `PLACES`, else rotation would lose it. */
const ROOT_KEY_USERS = [
  'src/catalogue/corrections/service.ts',
  'src/complaints/allotment/absence/handover.ts',
  'src/complaints/case/ledger/sealing.ts',
  'src/complaints/following/contacts/sealing.ts',
  'src/complaints/following/reissue/service.ts',
  'src/complaints/outcome/consequences/patterns.ts',
  'src/complaints/visits/notes/service.ts',
  'src/complaints/work/conflicts/service.ts',
  'src/desk/account/digest/service.ts',
  'src/desk/account/second-factor/service.ts',
  'src/mail/outbox.ts',
  'src/open/subscriptions/service.ts'
]

t.test('E-5: everything that a key outside the database opens is moved when that key is exchanged', async t => {
  const listed = new Set(Object.values(PLACES).flat().map(({ table, column }) => `${table}.${column}`))
  const db = await openTestDatabase(t, 'sqlite')
  const tables = await db.introspection.getTables()
  for (const table of tables) {
    if (table.columns.some(({ name }) => name === 'wrapped_key')) t.ok(listed.has(`${table.name}.wrapped_key`), `${table.name}.wrapped_key is in src/vault/places.ts`)
  }
  for (const place of listed) t.ok(tables.some(({ name, columns }) => columns.some(column => `${name}.${column.name}` === place)), `${place} is there`)
  const users = sources.filter(file => !file.startsWith('src/vault/') && /\bkeys\.(identity|content|visits)\b/.test(textOf(file)))
  t.same(users, ROOT_KEY_USERS, 'a new user of keys.identity, keys.content or keys.visits has added its columns to src/vault/places.ts, and itself here')
})
