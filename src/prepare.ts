import type { Kysely } from 'kysely'
import { installPack } from './content/install.ts'
import { alone } from './db/alone.ts'
import type { Database } from './db/schema.ts'
import { loadDemo, readDemoPack } from './demo/load.ts'
import { isEmpty, readDemoNotes, readDemoState, writeDemoState, type DemoNotes } from './demo/state.ts'
import type { FileStore } from './files/store.ts'
import type { Keys } from './vault/keys.ts'

export interface PrepareParts { db: Kysely<Database>, keys: Keys, folder: string, now: string, demo: 'auto' | 'off', say: (line: string) => void, files?: FileStore }
export interface DemoAccount { username: string, password: string, role: string }
/** `demo` says whether every page must show that the data are fictional; `tracking` opens one demo complaint. */
export interface Prepared { demo: boolean, accounts: DemoAccount[], tracking: { ref: string, code: string } | null }

/**
 * Brings a database to where the portal can serve: the city pack, and on an empty one the demo city. Of two processes that start at once
 * one does it and the other waits; what a killed process left half done is made good. Throws StartError.
 */
export async function prepare (parts: PrepareParts): Promise<Prepared> {
  return await alone(parts.db, async () => {
    await installPack(parts.db, parts.folder, parts.now)
    const notes = await demoNotes(parts)
    const demo = await readDemoState(parts.db) === 'ready'
    if (!demo || notes === undefined) return { demo, accounts: [], tracking: null }
    const { accounts } = readDemoPack(parts.folder)
    return { demo, accounts: accounts.map(({ username, role }) => ({ username, role, password: notes.password })), tracking: notes.tracking }
  }, () => { parts.say('  另一进程正在准备数据库，请稍候 another process is preparing the database, waiting …') })
}

/**
 * A database that was first opened with SUNLIT_DEMO=off, or that anything real was entered into, is never filled: a forgotten setting must
 * not put known passwords into it. One that is a demo city stays one, whatever the setting says now.
 */
async function demoNotes (parts: PrepareParts): Promise<DemoNotes | undefined> {
  const { db } = parts
  const state = await readDemoState(db) ?? (parts.demo === 'auto' && await isEmpty(db) ? 'loading' : 'off')
  if (state === 'loading') return await loadDemo(parts)
  if (state === 'ready') return await readDemoNotes(db)
  await writeDemoState(db, 'off')
  return undefined
}
