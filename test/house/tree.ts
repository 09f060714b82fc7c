import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.join(import.meta.dirname, '../..')

/** Paths of all files under a folder of the project, relative to its root, with forward slashes. */
export function filesOf (folder: string, ...endings: string[]): string[] {
  if (!existsSync(path.join(ROOT, folder))) return []
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && (endings.length === 0 || endings.some(ending => entry.name.endsWith(ending))))
    .map(entry => path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter(name => !name.startsWith('public/build/'))
    .sort()
}

export function textOf (file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}

export function linesOf (file: string): number {
  return textOf(file).trimEnd().split('\n').length
}
