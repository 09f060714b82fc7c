import { existsSync } from 'node:fs'
import path from 'node:path'
import { Obstacle } from './obstacle.js'

// better-sqlite3 13 asks for Node-API 10 and crashes without a word on a Node that has less.
const NODE_API = 10

/**
 * The Node that runs the application: this one if it is new enough, else the packaged Node 24.
 * @param {string} modules the node_modules folder
 * @returns {{ bin: string, flags: string[] }}
 */
export function findNode (modules) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if ((major > 22 || (major === 22 && minor >= 12)) && Number(process.versions.napi) >= NODE_API) {
    return { bin: process.execPath, flags: stripping(major, minor) }
  }
  const windows = process.platform === 'win32'
  const bin = path.join(modules, `node-${windows ? 'win' : process.platform}-${process.arch}`, 'bin', windows ? 'node.exe' : 'node')
  if (existsSync(bin)) return { bin, flags: stripping(24, 0) }
  throw new Obstacle(`Node ${process.version} is too old: 22.14 or newer is needed, and no packaged Node fits ${process.platform} ${process.arch}.\n` +
    'Install the current LTS of Node (https://nodejs.org), then start again.')
}

/** Types are stripped without a flag since 22.18 and 23.6; the notice about it is not for our readers. */
function stripping (major, minor) {
  const old = (major === 22 && minor < 18) || (major === 23 && minor < 6)
  return [...(old ? ['--experimental-strip-types'] : []), '--disable-warning=ExperimentalWarning']
}
