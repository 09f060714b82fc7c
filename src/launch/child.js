import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { ROOT } from './ensure.js'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP']

/**
 * Runs a Node program with this terminal; signals go through to it.
 * @param {{ bin: string, flags: string[] }} node
 * @param {string[]} args the file and what it is given
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code, 128 + number when a signal ended it
 */
export async function runChild (node, args, env = process.env) {
  const child = spawn(node.bin, [...node.flags, ...args], { cwd: ROOT, env, stdio: 'inherit' })
  const stop = passSignals(child)
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      stop()
      resolve(signal === null ? code : 128 + constants.signals[signal])
    })
  })
}

/** A terminal sends Ctrl-C to the child itself; passing it on would count as a second, impatient one. */
function passSignals (child) {
  const pass = signal => { if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal) }
  for (const signal of SIGNALS) process.on(signal, pass)
  return () => { for (const signal of SIGNALS) process.off(signal, pass) }
}
