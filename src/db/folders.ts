import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { StartError } from './start-error.ts'

/** Makes a folder and those above it, its owner's alone. Throws StartError where that cannot be done. Step by step: Node's own recursive way never ends below /proc. */
export function makeFolder (folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) return
  if (found !== undefined) throw new StartError('folder_is_file', { file: folder })
  makeFolder(path.dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return // another process was quicker
    throw new StartError('folder_unwritable', { file: folder }, error)
  }
}
