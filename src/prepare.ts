import type { Kysely } from 'kysely'
import { installPack } from './content/install.ts'
import type { Database } from './db/schema.ts'
import type { FileStore } from './files/store.ts'
import type { Keys } from './vault/keys.ts'

export interface PrepareParts { db: Kysely<Database>, keys: Keys, files: FileStore, folder: string, now: string, demo: 'auto' | 'off', say: (line: string) => void }
export interface DemoAccount { username: string, password: string, role: string }

/** Brings a database to where the portal can serve: the city pack, and on an empty one the demo city. */
export async function prepare ({ db, folder, now }: PrepareParts): Promise<{ demo: boolean, accounts: DemoAccount[] }> {
  await installPack(db, folder, now)
  return { demo: false, accounts: [] }
}
