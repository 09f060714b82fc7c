import path from 'node:path'
import Handlebars from 'handlebars'
import t from 'tap'
import { ACTIONS } from '../../src/domain/process/workflow.ts'
import { ERRORS } from '../../src/errors.ts'
import { LOCALES } from '../../src/paths.ts'
import { filesOf, textOf } from './tree.ts'

type Words = Record<string, string>
/** One use of the helper t: its literal words, whether more follow at run time, the values it hands over. */
interface Use { words: string[], open: boolean, values: string[] }

const [chinese, english] = LOCALES
const catalogue = (locale: string): Map<string, Words> => new Map(filesOf(`src/i18n/${locale}`, '.json').map(file => [path.basename(file), JSON.parse(textOf(file)) as Words]))
const zh = catalogue(chinese)
const en = catalogue(english)
const all = new Map([...zh.values()].flatMap(words => Object.entries(words)))
const views = filesOf('views', '.hbs')
// %{count} is filled by the browser's module, not by us.
const placeholders = (text: string): string[] => [...new Set([...text.matchAll(/(?<!%)\{(\w+)\}/g)].map(match => match[1] ?? ''))].sort()

t.test('both languages have the same files, keys and placeholders', async t => {
  t.same([...en.keys()], [...zh.keys()])
  for (const [file, words] of zh) {
    const other = en.get(file) ?? {}
    t.same(Object.keys(other).sort(), Object.keys(words).sort(), `keys of ${file}`)
    for (const [key, text] of Object.entries(words)) t.same(placeholders(other[key] ?? ''), placeholders(text), `${file} ${key}`)
  }
})

t.test('every sentence says something, in its own language', async t => {
  for (const [file, words] of zh) for (const [key, text] of Object.entries(words)) t.ok(typeof text === 'string' && text.trim() !== '', `zh ${file} ${key}`)
  for (const [file, words] of en) {
    for (const [key, text] of Object.entries(words)) {
      t.ok(typeof text === 'string' && text.trim() !== '', `en ${file} ${key}`)
      // A Chinese term may stand beside its translation; a sentence that was not translated may not.
      t.ok((text.match(/\p{Script=Han}/gu)?.length ?? 0) <= text.length / 2 || /language|locale|zh/i.test(key), `en ${file} ${key} is English`)
    }
  }
})

t.test('a key stands in one file only', async t => {
  const seen = [...zh.values()].flatMap(words => Object.keys(words))
  t.equal(new Set(seen).size, seen.length, seen.filter((key, index) => seen.indexOf(key) !== index).join(' '))
})

t.test('templates hold no sentence of their own', async t => {
  for (const file of views) t.notMatch(textOf(file).replace(/\{\{!--[^]*?--\}\}/g, ''), /\p{Script=Han}/u, file)
})

t.test('every key that a template speaks exists, and gets its values', async t => {
  for (const file of views) {
    for (const use of usesOf(Handlebars.parse(textOf(file)))) {
      const key = use.words.join('.')
      if (use.open) t.ok([...all.keys()].some(name => name.startsWith(`${key}.`)), `${file}: ${key}.…`)
      else t.same(placeholders(all.get(key) ?? '{unknown}').filter(name => !use.values.includes(name)), [], `${file}: ${key}`)
    }
  }
  t.same(usesOf(Handlebars.parse('{{> field label=(t "a" kind n=1)}}{{#if x}}{{t "b.c"}}{{/if}}')),
    [{ words: ['a'], open: true, values: ['n'] }, { words: ['b.c'], open: false, values: [] }])
})

t.test('every key that code speaks exists', async t => {
  for (const file of filesOf('src', '.ts')) {
    for (const [, key = ''] of textOf(file).matchAll(/(?:\b|\.)t\('([a-z][\w]*\.[\w.]+)'[,)]/g)) t.ok(all.has(key), `${file}: ${key}`)
  }
})

t.test('every failure has words', async t => {
  for (const code of Object.keys(ERRORS)) for (const key of [`error.${code}`, `error_help.${code}`]) t.ok(all.has(key), key)
})

t.test('every act in the audit log has words', async t => {
  const acts = filesOf('src', '.ts').flatMap(file => [...textOf(file).matchAll(/\baction: '([a-z_]+\.[a-z_]+)'/g)].map(([, act = '']) => act))
  t.ok(acts.length > 20)
  for (const act of [...acts, ...ACTIONS.map(action => `complaint.${action}`)]) {
    const short = act.replace(/^complaint\./, '')
    t.ok([`audit_action.${act}`, `action.${short}`, `event.${short}`].some(key => all.has(key)), act)
  }
})

/** All uses of the helper t in a template, nested ones included. */
function usesOf (node: unknown): Use[] {
  if (Array.isArray(node)) return node.flatMap(usesOf)
  if (node === null || typeof node !== 'object') return []
  const call = node as { path?: { original?: unknown }, params?: Array<{ type: string, value?: string }>, hash?: { pairs: Array<{ key: string }> } }
  const inner = Object.entries(node).flatMap(([name, value]) => name === 'loc' ? [] : usesOf(value))
  const params = call.params ?? []
  if (call.path?.original !== 't' || params[0]?.type !== 'StringLiteral') return inner
  const end = params.findIndex(param => param.type !== 'StringLiteral')
  const words = params.slice(0, end < 0 ? undefined : end).map(param => param.value ?? '')
  return [{ words, open: end >= 0, values: (call.hash?.pairs ?? []).map(pair => pair.key) }, ...inner]
}
