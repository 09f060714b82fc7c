import { parseArgs } from 'node:util'
import { keysFolder, packFolder } from '../config.ts'
import { seedCity } from '../demo/seed.ts'
import { isEmpty, readDemoState, writeDemoState } from '../demo/state.ts'
import { prepare } from '../prepare.ts'
import { loadKeys } from '../vault/keys.ts'
import { runCommand, UsageError, type CommandParts } from './command.ts'

// npm run seed -- --scale city|<number>: as many generated records as a city has, or a multiple of it, for the bench and for trying out.

const USAGE = '用法 usage: npm run seed -- --scale city|<1–100>'

function scaleOf (args: string[]): number {
  try {
    const { scale } = parseArgs({ args, options: { scale: { type: 'string', default: 'city' } } }).values
    const times = scale === 'city' ? 1 : Number(scale)
    if (times > 0 && times <= 100) return times
  } catch {}
  throw new UsageError(USAGE)
}

/** Generated records go only where everything is fictional. */
async function refuseReal ({ db }: CommandParts): Promise<void> {
  const state = await readDemoState(db)
  if (state === 'ready' || state === 'loading' || await isEmpty(db)) return
  throw new UsageError('此数据库存有真实数据，不能填入演示数据。请另建数据库（SUNLIT_DATA 或 DATABASE_URL）。\nThis database holds real records; generated ones do not go there. Name another one (SUNLIT_DATA or DATABASE_URL).')
}

await runCommand(async parts => {
  const began = performance.now()
  const scale = scaleOf(process.argv.slice(2))
  const { config, db } = parts
  const [folder, now, say] = [packFolder(config), new Date().toISOString(), console.log]
  await refuseReal(parts)
  const keys = await loadKeys(db, keysFolder(config), config.SUNLIT_SUITE)
  await prepare({ db, keys, folder, now, demo: config.SUNLIT_DEMO, say })
  await writeDemoState(db, 'ready') // first: whatever happens next, the site says that its data are fictional
  await seedCity({ db, folder, now, say }, scale)
  say(`  ${((performance.now() - began) / 1000).toFixed(1)} s`)
})
