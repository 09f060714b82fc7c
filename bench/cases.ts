import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { openDatabase } from '../src/db/open.ts'
import type { Db } from '../src/db/schema.ts'
import { openSession } from '../src/db/sessions.ts'
import { GROUNDS } from '../src/domain/process/grounds.ts'
import { OPEN_STATUSES } from '../src/domain/process/workflow.ts'

const DAY = 86_400_000
const BATCH = 500

/** Complaints of many years, a fifth of them open, in the plain columns that lists read; what people wrote is empty. Returns the cookie of a clerk who is signed in. */
export async function givenCases (environment: Record<string, string>, count: number): Promise<string> {
  const db = await openDatabase(`sqlite:${path.join(environment['SUNLIT_DATA'] as string, 'sunlit.db')}`)
  try {
    const bureaus = (await db.selectFrom('bureau').select('id').orderBy('id').execute()).map(({ id }) => id)
    const agencies = (await db.selectFrom('agency').select('id').orderBy('id').limit(200).execute()).map(({ id }) => id)
    const staff = await givenHandlers(db, bureaus[0] ?? 1)
    const makes = { bureaus, agencies, staff, now: Date.now() }
    await db.transaction().execute(async trx => {
      for (let from = 0; from < count; from += BATCH) await insertBatch(trx, from, Math.min(BATCH, count - from), makes)
    })
    return `sunlit-staff=${await openSession(db, 'staff', String(staff[0]), new Date().toISOString())}`
  } finally {
    await db.destroy()
  }
}

async function givenHandlers (db: Db, bureau: number): Promise<number[]> {
  const rows = Array.from({ length: 12 }, (_, at) => ({
    username: `bench.${at}`, name: `演示员${at}`, role: at === 0 ? 'head' : 'clerk', bureau_id: bureau, card_no: null, password_hash: '', fictional: 1 as const, created_at: new Date().toISOString()
  }))
  return (await db.insertInto('account').values(rows).returning('id').execute()).map(({ id }) => id)
}

interface Makes { bureaus: number[], agencies: number[], staff: number[], now: number }

async function insertBatch (trx: Db, from: number, count: number, makes: Makes): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => complaintAt(from + at, makes))
  await trx.insertInto('complaint').values(rows).execute()
  await trx.insertInto('complaint_issue').values(rows.flatMap((row, at) => groundsAt(from + at).map((ground, no) => ({ complaint_id: row.id, no: no + 1, ground, sealed: '', finding: null, reasons_sealed: null })))).execute()
}

function complaintAt (at: number, { bureaus, agencies, staff, now }: Makes) {
  const open = at % 5 === 0
  const submitted = new Date(now - (open ? at % 90 : 30 + at % 2000) * DAY - at * 1000)
  const due = new Date(now + (at * 7 % 75 - 10) * DAY).toISOString().slice(0, 10)
  return {
    id: randomUUID(), ref: `TS${String(at * 7919 % 100_000_000_000).padStart(11, '0')}`, case_no: null, version: 1, status: open ? OPEN_STATUSES[at / 5 % OPEN_STATUSES.length] ?? 'accepted' : 'closed',
    outcome: null, bureau_id: bureaus[at % 3 === 0 ? 0 : at % bureaus.length] ?? 1, kind: 'complaint', source: at % 4 === 0 ? 'phone' : 'web', identity_mode: at % 6 === 0 ? 'anonymous' : 'confidential', parallel: 'none',
    agency_id: agencies[at * 31 % agencies.length] ?? null, occurred_on: null, refusal_code: null, handler_id: at % 10 === 0 ? null : staff[at * 13 % staff.length] ?? null, wrapped_key: '', sealed: '', code_hash: '',
    due_on: open ? due : null, due_clock: open ? 'handle' : null, due_from: open ? submitted.toISOString().slice(0, 10) : null, sort_on: open ? due : '9999-12-31',
    submitted_at: submitted.toISOString(), updated_at: submitted.toISOString(), closed_at: open ? null : new Date(submitted.getTime() + 20 * DAY).toISOString(),
    unread: (open && at % 15 === 0 ? 1 : 0) as 0 | 1, suspect: (open && at % 100 === 0 ? 1 : 0) as 0 | 1, urgent: (open && at % 70 === 0 ? 1 : 0) as 0 | 1, fictional: 1 as const, quarantine: null, text_digest: null
  }
}

/** One or two grounds. */
function groundsAt (at: number): string[] {
  const codes = Object.keys(GROUNDS)
  const [first = 'G01', second = 'G02'] = [codes[at % codes.length], codes[(at + 3) % codes.length]]
  return at % 3 === 0 ? [first, second] : [first]
}
