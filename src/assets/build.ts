import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { digestInputs, sha } from './inputs.ts'

/** Logical name (site.css, site.js, seal.svg) → file name in public/build, which carries the hash of its content. */
export type AssetManifest = Readonly<Record<string, string>>
interface Built { inputs: string, files: Record<string, string> }
export interface BuildOptions { root: string, force?: boolean }

const DAY = 86_400_000

/**
 * Builds public/build from src/assets and public/img when anything it is made of has changed.
 * Two processes may build at once: every file is written aside and renamed, the manifest last.
 * Returns whether something was built. Errors of Sass or esbuild rise with their own message.
 */
export async function buildAssets ({ root, force = false }: BuildOptions): Promise<{ built: boolean, files: AssetManifest }> {
  const inputs = await digestInputs(root)
  const before = await readManifest(root)
  if (!force && before?.inputs === inputs && isComplete(root, before)) return { built: false, files: before.files }
  await mkdir(outputFolder(root), { recursive: true })
  const files = await writeAll(root)
  await put(path.join(outputFolder(root), 'manifest.json'), JSON.stringify({ inputs, files }, null, 2))
  await sweep(root, files)
  return { built: true, files }
}

/** The manifest of the last build; an error that says what to run when there is none. */
export async function loadManifest (root: string): Promise<AssetManifest> {
  const manifest = await readManifest(root)
  if (manifest === null) throw new Error('public/build/manifest.json is missing or unreadable: run `npm run build`')
  return Object.freeze(manifest.files)
}

async function writeAll (root: string): Promise<Record<string, string>> {
  const { compileEarly, compileModules, compileStyles } = await import('./compile.ts') // Sass costs 0.3 s to load: only when something is stale
  const files: Record<string, string> = {}
  const images = path.join(root, 'public/img')
  for (const name of (await readdir(images)).sort()) files[name] = await publish(root, name, await readFile(path.join(images, name)))
  // Styles name pictures by their plain name; the built sheet must ask for the hashed one.
  const css = (await compileStyles(root)).replaceAll(/url\(["']?([\w-]+\.svg)["']?\)/g, (found, name: string) => files[name] === undefined ? found : `url(${files[name]})`)
  files['site.css'] = await publish(root, 'site.css', Buffer.from(css))
  files['early.js'] = await publish(root, 'early.js', Buffer.from(await compileEarly(root)))
  files['site.js'] = await publish(root, 'site.js', Buffer.from(await compileModules(root)))
  return files
}

async function publish (root: string, name: string, content: Buffer): Promise<string> {
  const { name: stem, ext } = path.parse(name)
  const file = `${stem}.${sha(content).slice(0, 10)}${ext}`
  const target = path.join(outputFolder(root), file)
  await put(target, content)
  await put(`${target}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }))
  await put(`${target}.gz`, gzipSync(content, { level: 9 }))
  return file
}

async function put (target: string, content: string | Buffer): Promise<void> {
  const aside = `${target}.${randomUUID()}.tmp`
  await writeFile(aside, content)
  await rename(aside, target)
}

/** Removes what no manifest names any more, a day late: a page sent before the build may still ask for it. */
async function sweep (root: string, files: Record<string, string>): Promise<void> {
  const kept = new Set(Object.values(files).flatMap(file => [file, `${file}.br`, `${file}.gz`]))
  for (const name of await readdir(outputFolder(root))) {
    if (kept.has(name) || name === 'manifest.json') continue
    const file = path.join(outputFolder(root), name)
    const age = await stat(file).then(found => Date.now() - found.mtimeMs, () => 0)
    if (age > DAY) await rm(file, { force: true })
  }
}

async function readManifest (root: string): Promise<Built | null> {
  try {
    const found = JSON.parse(await readFile(path.join(outputFolder(root), 'manifest.json'), 'utf8')) as Partial<Built>
    return typeof found.inputs === 'string' && typeof found.files === 'object' ? { inputs: found.inputs, files: found.files } : null
  } catch {
    return null // absent, or cut off by a full disk: build again
  }
}

const isComplete = (root: string, { files }: Built) => Object.values(files).every(file => existsSync(path.join(outputFolder(root), file)))
const outputFolder = (root: string) => path.join(root, 'public/build')
