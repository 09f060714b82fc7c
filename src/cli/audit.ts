import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import Type from 'typebox'
import { Check } from 'typebox/value'
import { keysFolder } from '../config.ts'
import { makeAnchor, type Anchor } from '../db/chain/anchors.ts'
import { verifyAudit } from '../db/chain/check.ts'
import { translate, type Values } from '../i18n/index.ts'
import { LOCALES } from '../paths.ts'
import { loadKeys } from '../vault/keys.ts'
import { runCommand, UsageError, type CommandParts } from './command.ts'

// npm run audit -- verify [--anchors FILE] | anchor: checks the audit chain from its first entry to its last (security.md G-4), or anchors this day.

const both = (key: string, values?: Values): string => LOCALES.map(locale => translate(locale, `audit_cli.${key}`, values)).join('\n')

/** What `/data/anchors.json` gives; kept by anybody, anywhere. */
const Published = Type.Object({ anchors: Type.Array(Type.Object({ day: Type.String(), seq: Type.Integer(), hash: Type.String() })) })

interface Wish { what: 'verify' | 'anchor', outside: Anchor[] }

function readWish (args: string[]): Wish {
  try {
    const { values: { anchors }, positionals: [what, ...more] } = parseArgs({ args, allowPositionals: true, options: { anchors: { type: 'string' } } })
    if (more.length === 0 && (what === 'verify' || (what === 'anchor' && anchors === undefined))) return { what, outside: anchors === undefined ? [] : readOutside(anchors) }
  } catch (error) {
    if (error instanceof UsageError) throw error
  }
  throw new UsageError(both('usage'))
}

function readOutside (file: string): Anchor[] {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (Check(Published, found)) return found.anchors
  } catch {}
  throw new UsageError(both('no_anchors', { file }))
}

async function run ({ config, db }: CommandParts, { what, outside }: Wish): Promise<void> {
  const keys = await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE)
  if (what === 'anchor') {
    console.log(both(await makeAnchor(db, keys, new Date().toISOString()) ? 'anchored' : 'anchored_before'))
    return
  }
  const { rows, anchors, faults, found } = await verifyAudit(db, keys, { outside })
  for (const { kind, from, to, day } of faults) console.error(both(from === to ? `fault.${kind}` : `faults.${kind}`, { from, to, day: day ?? '' }))
  if (found > faults.length) console.error(both('more', { count: found - faults.length }))
  console.log(both(found === 0 ? 'sound' : 'unsound', { rows, anchors, found }))
  if (found > 0) process.exitCode = 1
}

await runCommand(async parts => { await run(parts, readWish(process.argv.slice(2))) })
