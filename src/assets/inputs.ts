import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

const FOLDERS = ['src/assets', 'public/img']
const PACKAGES = ['govuk-frontend', '@ministryofjustice/frontend', 'sass', 'esbuild']

/** One hash over everything the built files are made of: our sources and the versions of the packages that take part. */
export async function digestInputs (root: string): Promise<string> {
  const parts: string[] = []
  for (const name of PACKAGES) parts.push(name, await packageVersion(root, name))
  for (const folder of FOLDERS) {
    for (const name of (await readdir(path.join(root, folder), { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name)).sort()) {
      parts.push(path.relative(root, name), sha(await readFile(name)))
    }
  }
  return sha(parts.join('\n'))
}

/** SHA-256 in hex. */
export function sha (content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

async function packageVersion (root: string, name: string): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }
  return manifest.version
}
