// node src/launch/run.js [node flags] FILE [arguments]
import { runChild } from './child.js'
import { ensure } from './ensure.js'

const args = process.argv.slice(2)
if (args.length === 0) {
  console.error('Usage: node src/launch/run.js FILE [arguments]')
  process.exit(2)
}
const file = args.find(arg => !arg.startsWith('-')) ?? ''
process.exitCode = await runChild(await ensure({ dev: !file.startsWith('src/') }), args)
