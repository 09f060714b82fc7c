import path from 'node:path'
import { buildAssets } from '../assets/build.ts'

const root = path.resolve(import.meta.dirname, '../..')
const { built, files } = await buildAssets({ root, force: process.argv.includes('--force') })
console.log(built ? `Built ${Object.keys(files).length} assets into public/build` : 'Assets are up to date')
