import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import Handlebars from 'handlebars'
import os from 'node:os'
import path from 'node:path'
import t from 'tap'
import { buildAssets, loadManifest } from '../../src/assets/build.ts'
import { buildTemplates, usePrecompiled } from '../../src/assets/templates.ts'

const HOUSE = path.resolve(import.meta.dirname, '../..')
const BUDGET = 60_000 // design.md §8: CSS and JS of any page, compressed

/** A house with nothing but what the build reads, so that a test may change it. */
async function givenHouse (test: { teardown: (undo: () => Promise<void>) => void }): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'assets-'))
  test.teardown(async () => { await rm(root, { recursive: true, force: true }) })
  for (const folder of ['src/assets', 'public/img']) await cp(path.join(HOUSE, folder), path.join(root, folder), { recursive: true })
  await symlink(path.join(HOUSE, 'node_modules'), path.join(root, 'node_modules'))
  return root
}

const built = async (root: string, name: string) => await readFile(path.join(root, 'public/build', (await loadManifest(root))[name] ?? name), 'utf8')

await t.test('before the first build the manifest says what to run', async t => {
  await t.rejects(loadManifest(await givenHouse(t)), { message: /npm run build/ })
})

await t.test('builds once, again only when something changed, also from two processes at once', async t => {
  const root = await givenHouse(t)
  const [one, other] = await Promise.all([buildAssets({ root }), buildAssets({ root })])
  t.same(one.files, other.files, 'both writers agree')
  t.equal((await buildAssets({ root })).built, false, 'nothing is stale')

  const sheet = path.join(root, 'src/assets/styles/_colours.scss')
  await writeFile(sheet, (await readFile(sheet, 'utf8')).replace('#b8321f', '#a8321f'))
  const after = await buildAssets({ root })
  t.equal(after.built, true, 'a changed colour is seen')
  t.not(after.files['site.css'], one.files['site.css'], 'a new content has a new name')
  t.equal(after.files['seal.svg'], one.files['seal.svg'], 'an unchanged picture keeps its name')
  t.ok(await stat(path.join(root, 'public/build', one.files['site.css'] ?? '')), 'yesterday\'s page still finds its sheet')

  await rm(path.join(root, 'public/build', `${after.files['site.js'] ?? ''}`))
  t.equal((await buildAssets({ root })).built, true, 'a missing file is built again')
  await writeFile(path.join(root, 'public/build/manifest.json'), '{"inputs":')
  t.equal((await buildAssets({ root })).built, true, 'a torn manifest is built again')
  t.notOk((await readdir(path.join(root, 'public/build'))).some(name => name.endsWith('.tmp')), 'nothing is left aside')
})

await t.test('what readers download is small, ours and asks nobody else', async t => {
  const root = await givenHouse(t)
  const { files } = await buildAssets({ root })
  const css = await built(root, 'site.css')
  const js = await built(root, 'site.js')
  let bytes = 0
  for (const name of ['site.css', 'site.js']) bytes += (await stat(path.join(root, 'public/build', `${files[name] ?? ''}.gz`))).size
  t.ok(bytes <= BUDGET, `${bytes} bytes of CSS and JS compressed`)
  const finds = (text: string, pattern: RegExp) => text.match(pattern)?.map(found => found.slice(0, 80)) ?? []
  t.same(finds(css, /@font-face|GDS Transport|crown|@import|url\((?![\w-]+\.[0-9a-f]{10}\.svg\))[^)]*/gi), [], 'no font, crown, data or foreign address')
  t.equal(finds(css, /--govuk-brand-colour:\s*#1b2a3a/g).length, 1, 'the libraries took our ink')
  t.same(finds(css, /[^{}]*\{[^{}]*(#ffdd00|#fd0(?![0-9a-f]))/gi), [], 'and left their yellow')
  t.same(finds(js, /https?:\/\/(?!www\.w3\.org)\S*/g), [], 'modules call no foreign host')
  for (const [, picture = ''] of css.matchAll(/url\(([^)]+)\)/g)) t.ok(Object.values(files).includes(picture), `${picture} exists`)
})

t.test('templates compiled ahead give the same page, and a changed one is compiled anew', async t => {
  const root = t.testdir({ views: { 'a.hbs': '<p>{{name}}{{#if yes}}!{{/if}}</p>' } })
  t.equal(await buildTemplates(root), true)
  t.equal(await buildTemplates(root), false, 'nothing was stale')
  const ahead = Handlebars.create()
  let compiled = 0
  ahead.compile = new Proxy(ahead.compile, { apply: (compile, self, given: Parameters<typeof Handlebars.compile>) => { compiled++; return Reflect.apply(compile, self, given) as HandlebarsTemplateDelegate } })
  await usePrecompiled(ahead, root)
  t.equal(ahead.compile('<p>{{name}}{{#if yes}}!{{/if}}</p>')({ name: '<甲>', yes: true }), '<p>&lt;甲&gt;!</p>')
  t.equal(compiled, 0, 'not compiled when used')
  t.equal(ahead.compile('{{name}}, again')({ name: 'b' }), 'b, again')
  t.equal(compiled, 1, 'a template that the build does not know')
  await writeFile(path.join(root, 'views', 'a.hbs'), '<p>{{other}}</p>')
  t.equal(await buildTemplates(root), true)
})
