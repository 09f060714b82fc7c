import type { Db } from '../db/schema.ts'

/** off: a real database, never to be filled; loading: the demo city is being put in, or was cut off while it was; ready: it stands. */
export type DemoState = 'off' | 'loading' | 'ready'

/** What is remembered of the demo city; the password and the code open nothing but fictional records. */
export interface DemoNotes { password: string, tracking: { ref: string, code: string } | null }

/** What the database is; undefined as long as nothing was decided. */
export async function readDemoState (db: Db): Promise<DemoState | undefined> {
  return await read(db, 'demo') as DemoState | undefined
}

/** Remembers what the database is. */
export async function writeDemoState (db: Db, state: DemoState): Promise<void> {
  await write(db, 'demo', state)
}

/** What was remembered of the demo city; undefined where none was loaded. */
export async function readDemoNotes (db: Db): Promise<DemoNotes | undefined> {
  const text = await read(db, 'demo_notes')
  return text === undefined ? undefined : JSON.parse(text) as DemoNotes
}

/** Remembers the demo password and one demo complaint. */
export async function writeDemoNotes (db: Db, notes: DemoNotes): Promise<void> {
  await write(db, 'demo_notes', JSON.stringify(notes))
}

/** Whether anything was entered besides the pack. */
export async function isEmpty (db: Db): Promise<boolean> {
  for (const table of ['matter', 'statute', 'officer', 'decision', 'benchmark', 'exemption', 'account', 'complaint', 'draft', 'correction', 'subscription', 'import_batch'] as const) {
    if (await db.selectFrom(table).select(eb => eb.lit(1).as('one')).limit(1).executeTakeFirst() !== undefined) return false
  }
  return true
}

async function read (db: Db, name: string): Promise<string | undefined> {
  return (await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst())?.value
}

async function write (db: Db, name: string, value: string): Promise<void> {
  await db.insertInto('setting').values({ name, value }).onConflict(conflict => conflict.column('name').doUpdateSet({ value })).execute()
}
