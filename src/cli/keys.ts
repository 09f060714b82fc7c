import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { keysFolder } from '../config.ts'
import { translate, type Values } from '../i18n/index.ts'
import { LOCALES } from '../paths.ts'
import { KEY_NAMES, loadKeys, type KeyName } from '../vault/keys.ts'
import { listKeys, makeKey, retireKeys, ROTATABLE, rotateKey, type Rotatable, type VaultParts } from '../vault/rotation.ts'
import { runCommand, UsageError } from './command.ts'

// npm run keys -- list | make | rotate | retire: exchanges keys while the portal runs (security.md E-5).

const both = (key: string, values?: Values, between = '\n'): string => LOCALES.map(locale => translate(locale, `keys_cli.${key}`, values)).join(between)
const say = (key: string, values?: Values): void => { console.log(both(key, values)) }

type Command = (parts: VaultParts, name: Rotatable) => Promise<void>

const COMMANDS: Readonly<Record<string, Command>> = {
  async make (parts, name) {
    const { id } = await makeKey(parts, name)
    say('made', { file: path.join(parts.folder, `${name}-${id}.key`), name })
  },
  async rotate (parts, name) {
    const { id, started, moved, broken } = await rotateKey(parts, name)
    say(started ? 'rotated' : 'finished', { name, id, moved })
    if (broken.length > 0) stopAt(broken)
    else say(name === 'signing' ? 'signing_next' : 'next', { name })
  },
  async retire (parts, name) {
    const { retired, left, broken, notBefore } = await retireKeys(parts, name)
    for (const id of retired) say('retired', { name, id })
    if (broken.length > 0) stopAt(broken)
    if (left > 0) stop('left', { left, name })
    else if (notBefore !== null) stop('not_before', { time: notBefore, name })
    else if (retired.length === 0) say('none', { name })
  }
}

/** Texts that no key opens, each by the place where it stands. */
function stopAt (broken: readonly string[]): void {
  stop('broken', { broken: broken.length })
  for (const place of broken) console.error(`  ${place}`)
}

function stop (key: string, values: Values): void {
  console.error(both(key, values))
  process.exitCode = 1
}

async function list ({ db, folder, now }: VaultParts): Promise<void> {
  const rows = await listKeys(db)
  for (const { name, id, state, made_at: madeAt, texts } of rows.sort((a, b) => KEY_NAMES.indexOf(a.name as KeyName) - KEY_NAMES.indexOf(b.name as KeyName))) {
    const days = Math.max(0, Math.floor((Date.parse(now) - Date.parse(madeAt)) / 86_400_000))
    console.log([name, id, both(`state.${state}`, {}, ' '), both('age', { days }, ' '), texts === null ? '' : both('texts', { texts }, ' ')].join('\t'))
  }
  const known = new Set(rows.flatMap(({ name, id }) => [`${name}.key`, `${name}-${id}.key`]))
  for (const file of existsSync(folder) ? readdirSync(folder) : []) if (!known.has(file)) say('stray', { file: path.join(folder, file) })
}

/** The name of a key that can be exchanged; for one that cannot, the reason. */
function rotatable (name: string | undefined): Rotatable {
  const found = ROTATABLE.find(known => known === name)
  if (found !== undefined) return found
  throw new UsageError(KEY_NAMES.some(known => known === name) ? both(`fixed.${name}`) : both('usage', { names: ROTATABLE.join('|') }))
}

await runCommand(async ({ config, db }) => {
  const [command = '', name] = process.argv.slice(2)
  const work = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined
  if (work === undefined && command !== 'list') throw new UsageError(both('usage', { names: ROTATABLE.join('|') }))
  const chosen = work === undefined ? undefined : rotatable(name)
  const folder = keysFolder(config)
  const parts = { db, keys: await loadKeys(db, folder, config.SUNLIT_SUITE), folder, now: new Date().toISOString() }
  if (work === undefined || chosen === undefined) await list(parts)
  else await work(parts, chosen)
})
