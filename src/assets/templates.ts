import Handlebars from 'handlebars'
import { existsSync, globSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { sha } from './inputs.ts'

/**
 * How every template is compiled. A partial sees its parameters alone: a page's `title` or `error` must not leak into a field. Nor is
 * its output indented like its call: in a text area that would change what somebody typed.
 */
export const COMPILE_OPTIONS = { explicitPartialContext: true, preventIndent: true } as const

type Specifications = Readonly<Record<string, TemplateSpecification>>

const outputOf = (root: string): string => path.join(root, '.cache', 'templates.js')

async function readSources (root: string): Promise<string[]> {
  const folder = path.join(root, 'views')
  return await Promise.all(globSync('**/*.hbs', { cwd: folder }).sort().map(async file => await readFile(path.join(folder, file), 'utf8')))
}

/** Compiles all templates ahead, each under the hash of its source, so that no first visitor waits for it. Returns whether anything was stale. */
export async function buildTemplates (root: string): Promise<boolean> {
  const sources = await readSources(root)
  const stamp = sha([Handlebars.VERSION, JSON.stringify(COMPILE_OPTIONS), ...sources.map(sha)].join('\n'))
  const target = outputOf(root)
  if (existsSync(target) && (await readFile(target, 'utf8')).startsWith(`// ${stamp}\n`)) return false
  const entries = sources.map(source => `${JSON.stringify(sha(source))}: ${String(Handlebars.precompile(source, { ...COMPILE_OPTIONS }))}`)
  await mkdir(path.dirname(target), { recursive: true })
  const aside = `${target}.${process.pid}.tmp`
  await writeFile(aside, `// ${stamp}\nexport default {\n${[...new Set(entries)].join(',\n')}\n}\n`)
  await rename(aside, target)
  return true
}

/** What was compiled ahead; nothing where nothing was built, and then templates are compiled when first used. */
async function loadSpecifications (root: string): Promise<Specifications> {
  const file = outputOf(root)
  if (!existsSync(file)) return {}
  const module = await import(pathToFileURL(file).href) as { default: Specifications }
  return module.default
}

/** Makes an engine take a template that was compiled ahead where its source is the same. */
export async function usePrecompiled (engine: typeof Handlebars, root: string): Promise<void> {
  const specifications = await loadSpecifications(root)
  const compile = engine.compile.bind(engine)
  engine.compile = (source: string, options?: CompileOptions) => {
    const ready = specifications[sha(source)]
    return ready === undefined ? compile(source, options) : engine.template(ready)
  }
}
