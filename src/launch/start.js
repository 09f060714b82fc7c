// npm start: packages, style sheets and scripts, then the server. Settings come from the environment only.
import { runChild } from './child.js'
import { ensure } from './ensure.js'

const node = await ensure()
process.exitCode = await runChild(node, ['src/cli/build.ts']) || await runChild(node, ['src/server.ts'])
