import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { importRecords } from '../admin/imports/service.ts'
import { makeCodes } from '../catalogue/codes/service.ts'
import { addMisses } from '../catalogue/misses/repository.ts'
import { readChecked } from '../content/pack.ts'
import type { Database } from '../db/schema.ts'
import { addDays, localDate } from '../domain/time/calendar.ts'
import { LIST_NAMES } from '../domain/records/list-kinds.ts'
import type { FileStore } from '../files/store.ts'
import { StartError } from '../db/start-error.ts'
import type { Keys } from '../vault/keys.ts'
import { askForAccounts, newDemoPassword, openAccounts } from './accounts.ts'
import { fileComplaints } from './complaints.ts'
import { makeDecisions } from './decisions.ts'
import { importDiscretion } from './discretion.ts'
import { listEmployers, makeOfficer, publishOfficers } from './officers.ts'
import { around, seededRandom } from './random.ts'
import { fileCorrections } from './corrections.ts'
import { keepPhrases, keepRules, keepViews } from './upkeep.ts'
import { clearDemo } from './reset.ts'
import { DemoPack } from './schema.ts'
import { writeDemoNotes, writeDemoState, type DemoNotes } from './state.ts'
import { importStages } from './versions.ts'

export interface DemoParts { db: Kysely<Database>, keys: Keys, folder: string, now: string, say: (line: string) => void, files?: FileStore | undefined }

const OFFICERS = 400
const DECISIONS = 150
const SEED = 20_220_701

/** The fictional part of a city pack, checked. */
export function readDemoPack (folder: string): DemoPack {
  return readChecked(folder, 'demo.json', DemoPack)
}

/**
 * Fills a database with the demo city. The state `loading` stands from the first to the last moment, and nobody is served before it is
 * `ready`: whatever a process that was killed left behind is cleared and made again.
 */
export async function loadDemo (parts: DemoParts): Promise<DemoNotes> {
  const { db, keys, folder, now, say } = parts
  const began = performance.now()
  const pack = readDemoPack(folder)
  await clearDemo(db)
  await writeDemoState(db, 'loading')
  say('  演示城市载入中 loading the demo city …')
  await importStages(db, folder, pack, now)
  const matters = await importMatters(parts)
  await importDiscretion(db, folder, now)
  await importLists(parts)
  await importEntrustments(parts)
  await noteDemoMisses(db, pack, now)
  await publishPeople({ db, keys }, pack, now)
  // Codes for all of them, so that each state of a certificate can be scanned too.
  await makeCodes({ db, keys }, { id: null, role: 'system', requestId: 'demo' }, { subject: 'demo', everybody: true }, now)
  const password = newDemoPassword()
  await openAccounts(db, keys, pack, password, now)
  await askForAccounts(db, keys, pack, now)
  await keepRules({ db, keys }, pack, addDays(localDate(now), -200) + 'T01:00:00.000Z')
  const notes = { password, tracking: await fileComplaints({ db, keys }, pack, now, parts.files) }
  await fileCorrections({ db, keys }, pack, now)
  await keepPhrases({ db, keys }, pack, now)
  await keepViews({ db, keys }, pack, now)
  await writeDemoNotes(db, notes)
  await writeDemoState(db, 'ready')
  say(`  ${matters} 事项 matters, ${OFFICERS} 人员 officers, ${DECISIONS} 决定 decisions, ${pack.cases.length} 投诉 complaints (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  return notes
}

/** Made-up searches in vain, so that the page of the staff lives. */
async function noteDemoMisses (db: Kysely<Database>, pack: DemoPack, now: string): Promise<void> {
  await db.transaction().execute(async trx => {
    for (const [at, { words, count }] of pack.misses.entries()) await addMisses(trx, addDays(localDate(now), -at), new Map([[words, count]]), pack.misses.length)
  })
}

/** The pack's matters, through the same import as anybody's. Throws StartError when a row is rejected. */
export async function importMatters ({ db, folder, now }: Pick<DemoParts, 'db' | 'folder' | 'now'>): Promise<number> {
  const report = await importRecords({ db, now }, { kind: 'matters', input: path.join(folder, 'matters.csv') })
  const fault = report.faults[0]
  if (fault !== undefined) throw new StartError('pack_invalid', { why: `matters.csv ${JSON.stringify(fault)}` })
  return report.counts.read
}

/** Made-up entrustments of the city’s agencies; a pack may have none. Throws StartError when a row is rejected. */
async function importEntrustments ({ db, folder, now }: DemoParts): Promise<void> {
  const input = path.join(folder, 'demo-entrustments.csv')
  if (!existsSync(input)) return
  const fault = (await importRecords({ db, now }, { kind: 'entrustments', input, fictional: true })).faults[0]
  if (fault !== undefined) throw new StartError('pack_invalid', { why: `demo-entrustments.csv ${JSON.stringify(fault)}` })
}

/** The pack's lists, each in a file of its name; a city may have none of a kind. Throws StartError when a row is rejected. */
async function importLists ({ db, folder, now }: DemoParts): Promise<void> {
  for (const kind of LIST_NAMES) {
    const input = path.join(folder, 'lists', `${kind}.csv`)
    if (!existsSync(input)) continue
    const fault = (await importRecords({ db, now }, { kind, input })).faults[0]
    if (fault !== undefined) throw new StartError('pack_invalid', { why: `${kind}.csv ${JSON.stringify(fault)}` })
  }
}

async function publishPeople ({ db, keys }: Pick<DemoParts, 'db' | 'keys'>, pack: DemoPack, now: string): Promise<void> {
  const publication = { at: now, actor: 'demo', reason: pack.officers.area, batchId: null }
  await db.transaction().execute(async trx => {
    const employers = await listEmployers(trx)
    await publishOfficers(trx, Array.from({ length: OFFICERS }, (_one, at) => makeOfficer(pack, around(employers, at), at, { now })), publication)
    await makeDecisions(trx, pack, DECISIONS, { publication, auditKey: keys.audit, random: seededRandom(SEED) })
  })
}
