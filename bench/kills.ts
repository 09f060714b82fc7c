import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { createDraft, prepareReceipt, saveDraft, type Answers } from '../src/complaints/form/filing/service.ts'
import { verifyAudit } from '../src/db/chain/check.ts'
import { openDatabase } from '../src/db/open.ts'
import type { Database } from '../src/db/schema.ts'
import { openSession, sessionId } from '../src/db/sessions.ts'
import { loadKeys, type Keys } from '../src/vault/keys.ts'
import { startPortal, type Running } from './servers.ts'

const ANSWERS: Answers = {
  target: { notSure: ['agency'] },
  issues: [{ ground: 'G02', text: '演示：检查时没有出示证件，扣走货物没有开具清单，请核查。' }],
  when: { date: '2026-01-05' },
  parallel: { kind: 'none' },
  mode: 'anonymous'
}

/** One person at "check your answers": what the browser would send. */
interface Person { id: string, cookie: string, body: string }

/** What a run of kills found; `lost` and `doubled` must be empty. */
export interface Toll {
  kills: number, sent: number, acknowledged: number, unacknowledged: number
  /** acknowledged before the kill, but not stored after it */
  lost: string[]
  /** stored otherwise than once, or with anything but one event, one document and one running clock */
  doubled: string[]
  /** did not get its receipt after sending again */
  stranded: string[]
  /** from the kill to the first answer, in milliseconds */
  restarts: number[]
  auditHolds: boolean
}

interface Scene { portal: Running, db: Kysely<Database>, keys: Keys, environment: Record<string, string> }

/**
 * Kills the server `rounds` times in the middle of submissions and counts what became of them (security.md D-2, F-3, R-7). Half of the kills come
 * as soon as the first answer is there, half at any moment of the first fifth of a second.
 */
export async function killInSubmission (environment: Record<string, string>, rounds: number, people = 8): Promise<Toll> {
  const toll: Toll = { kills: 0, sent: 0, acknowledged: 0, unacknowledged: 0, lost: [], doubled: [], stranded: [], restarts: [], auditHolds: false }
  const portal = await startPortal(environment)
  const db = await openDatabase(environment['DATABASE_URL'] as string)
  const scene: Scene = { portal, db, environment, keys: await loadKeys(db, path.join(environment['SUNLIT_DATA'] as string, 'keys')) }
  try {
    for (let round = 0; round < rounds; round++) await killOnce(scene, await givenPeople(scene, people), toll, round)
    toll.auditHolds = (await verifyAudit(db, scene.keys)).broken === null
  } finally {
    await db.destroy()
    await scene.portal.stop()
  }
  return toll
}

async function givenPeople ({ db, keys }: Scene, count: number): Promise<Person[]> {
  const now = new Date(Date.now() - 60_000).toISOString()
  return await Promise.all(Array.from({ length: count }, async () => {
    const id = await createDraft({ db, keys }, now)
    await saveDraft({ db, keys }, id, ANSWERS, now)
    await prepareReceipt({ db, keys }, id)
    const token = await openSession(db, 'draft', id, now)
    const form = createHmac('sha256', keys.forms).update(`form ${sessionId(token)}`).digest('base64url')
    return { id, cookie: `sunlit-draft=${token}`, body: new URLSearchParams({ _csrf: form, pledge: 'yes' }).toString() }
  }))
}

/** Sends and says whether the receipt was promised. */
async function send ({ portal }: Scene, { cookie, body }: Person): Promise<boolean> {
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
  return await fetch(`${portal.origin}/complain/submissions`, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(20_000) })
    .then(answer => answer.status === 303 && /\/receipt$/.test(answer.headers.get('location') ?? ''), () => false)
}

async function killOnce (scene: Scene, people: Person[], toll: Toll, round: number): Promise<void> {
  const sending = people.map(async person => await send(scene, person))
  const moment = new Promise(resolve => setTimeout(resolve, Math.random() * 200))
  await (round % 2 === 0 ? Promise.race([Promise.any(sending), new Promise(resolve => setTimeout(resolve, 2000))]) : moment)
  process.kill(scene.portal.pid, 'SIGKILL')
  const answers = await Promise.all(sending)
  const begun = performance.now()
  scene.portal = await startPortal(scene.environment)
  toll.restarts.push(performance.now() - begun)
  toll.kills++
  toll.sent += people.length
  for (const [at, person] of people.entries()) await judge(scene, person, answers[at] === true, toll)
}

async function judge (scene: Scene, person: Person, acknowledged: boolean, toll: Toll): Promise<void> {
  acknowledged ? toll.acknowledged++ : toll.unacknowledged++
  const stored = await scene.db.selectFrom('complaint').select('id').where('id', '=', person.id).execute()
  if (acknowledged && stored.length !== 1) toll.lost.push(person.id)
  if (!await send(scene, person) || !await send(scene, person)) toll.stranded.push(person.id)
  if (!await isWhole(scene.db, person.id)) toll.doubled.push(person.id)
}

/** Stored exactly once, with all that belongs to it. */
async function isWhole (db: Kysely<Database>, id: string): Promise<boolean> {
  const [complaints, events, documents, clocks] = await Promise.all([
    db.selectFrom('complaint').select('id').where('id', '=', id).execute(),
    db.selectFrom('event').select('seq').where('complaint_id', '=', id).execute(),
    db.selectFrom('document').select('id').where('complaint_id', '=', id).execute(),
    db.selectFrom('clock').select('clock').where('complaint_id', '=', id).execute()
  ])
  return [complaints, events, documents, clocks].every(rows => rows.length === 1)
}

/** `node src/launch/run.js bench/kills.ts 50`: the long run, on a database of its own (`DATABASE_URL` names another). */
async function soak (rounds: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sunlit-kills-'))
  try {
    const environment = { SUNLIT_DATA: folder, SUNLIT_DEMO: 'off', SUNLIT_LOG: 'silent', DATABASE_URL: process.env['DATABASE_URL'] ?? `sqlite:${folder}/sunlit.db` }
    const toll = await killInSubmission(environment, rounds)
    const slowest = Math.max(...toll.restarts)
    process.stdout.write(`${toll.kills} kills, ${toll.sent} sent: ${toll.acknowledged} acknowledged, ${toll.unacknowledged} not; lost ${toll.lost.length}, doubled or torn ${toll.doubled.length}, without receipt ${toll.stranded.length}; slowest restart ${(slowest / 1000).toFixed(1)} s; audit chain ${toll.auditHolds ? 'holds' : 'BROKEN'}\n`)
    if (toll.lost.length + toll.doubled.length + toll.stranded.length > 0 || !toll.auditHolds) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === import.meta.filename) await soak(Number(process.argv[2] ?? 25))
