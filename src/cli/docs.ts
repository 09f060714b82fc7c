import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { DOCUMENTS, refreshBlocks } from './docs-blocks.ts'

// npm run docs: writes the generated blocks of the READMEs anew.
for (const file of DOCUMENTS.filter(name => existsSync(name))) {
  const before = readFileSync(file, 'utf8')
  const after = refreshBlocks(before)
  if (after !== before) writeFileSync(file, after)
  console.log(`${file}: ${after === before ? 'already fresh' : 'refreshed'}`)
}
