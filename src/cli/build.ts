import path from 'node:path'
import { buildAssets } from '../assets/build.ts'
import { buildTemplates } from '../assets/templates.ts'

const root = path.resolve(import.meta.dirname, '../..')
const { built, files } = await buildAssets({ root, force: process.argv.includes('--force') })
const compiled = await buildTemplates(root)
if (compiled) console.log('Compiled the templates')
console.log(built ? `Built ${Object.keys(files).length} assets into public/build` : 'Assets are up to date')
