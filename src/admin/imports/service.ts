import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { appendAudit } from '../../db/audit.ts'
import { raiseRevision, readRevision, type Publication } from '../../db/records.ts'
import type { Db } from '../../db/schema.ts'
import { inTransaction } from '../../db/open.ts'
import { LIST_NAMES, type ListName } from '../../domain/records/list-kinds.ts'
import { translate } from '../../i18n/index.ts'
import type { Keys } from '../../vault/keys.ts'
import { openAgencies } from './agencies/session.ts'
import { openBenchmarks } from './benchmarks/session.ts'
import { openExemptions } from './exemptions/session.ts'
import { openDecisions } from './decisions/session.ts'
import { openEntrustments } from './entrustments/session.ts'
import { ImportError } from './faults.ts'
import { openHotline } from './hotline/session.ts'
import { openListItems } from './lists/session.ts'
import { openMatters } from './matters/session.ts'
import { openOfficers } from './officers/session.ts'
import { makePlan, type Plan } from './plan.ts'
import { openSource } from './read/source.ts'
import { writeRejects } from './report/rejects.ts'
import type { ImportOptions, ImportParts, KindName, OnProgress, Report, Session, Source } from './schema.ts'
import { openStatutes } from './statutes/session.ts'

const BATCH = 100
/** The site goes on answering during an import: no longer than this at a stretch (security.md I-5). */
const STRETCH_MS = 30

type Open = (db: Db, options: ImportOptions, source: string, now: string, keys: Keys | undefined) => Promise<Session<unknown, unknown>>
const LISTS = Object.fromEntries(LIST_NAMES.map(name => [name, async (...args: Parameters<Open>) => await openListItems(args[0], name, args[1], args[2]) as Session<unknown, unknown>])) as Record<ListName, Open>
const OPEN: Record<KindName, Open> = {
  ...LISTS,
  matters: async (db, options, source) => await openMatters(db, options, source) as Session<unknown, unknown>,
  statutes: async (db, options, source) => await openStatutes(db, options, source) as Session<unknown, unknown>,
  officers: async (db, options) => await openOfficers(db, options) as Session<unknown, unknown>,
  agencies: async (db, options) => await openAgencies(db, options) as Session<unknown, unknown>,
  entrustments: async (db, options, source) => await openEntrustments(db, options, source) as Session<unknown, unknown>,
  decisions: async (db, options, source, now) => await openDecisions(db, options, source, now) as Session<unknown, unknown>,
  benchmarks: async (db, options, source) => await openBenchmarks(db, options, source) as Session<unknown, unknown>,
  hotline: async (db, _options, _source, now, keys) => {
    if (keys === undefined) throw new Error('complaints are sealed: their import needs the keys')
    return openHotline(db, keys, now) as Session<unknown, unknown>
  },
  exemptions: async (db, options, source) => await openExemptions(db, options, source) as Session<unknown, unknown>
}

/**
 * Imports records of one kind: reads and checks everything first, then writes all of it in one transaction or, when a row is rejected
 * and `partial` is not set, nothing. Throws ImportError when the file cannot be used at all. A second run changes nothing.
 * It gives way every 30 ms, but SQLite has one writer, and its commit of 22,000 matters takes 2 s: a server runs large imports in another process.
 */
export async function importRecords (parts: ImportParts, options: ImportOptions, onProgress: OnProgress = () => {}): Promise<Report> {
  const source = await openSource(options.input)
  const revision = await readRevision(parts.db, 'register')
  const session = await OPEN[options.kind](parts.db, options, source.name, parts.now, parts.keys)
  const breathe = breather()
  const plan = await makePlan(source, session, breathe, onProgress)
  const report = reportOf(options.kind, source, plan, session)
  if (options.rejects !== undefined && plan.rejected.length > 0) await writeRejects(options.rejects, plan, options.locale ?? 'zh-CN')
  const clean = plan.rejected.length === 0 || options.partial === true
  if (options.dryRun === true || !clean || plan.items.length === 0) return report
  const batchId = randomUUID()
  await inTransaction(parts.db, async trx => { await publish(trx, { parts, options, plan, session, report, batchId, revision, breathe, onProgress }) })
  return { ...report, written: true, batchId }
}

interface Publishing { parts: ImportParts, options: ImportOptions, plan: Plan, session: Session<unknown, unknown>, report: Report, batchId: string, revision: number, breathe: () => Promise<void>, onProgress: OnProgress }

async function publish (trx: Db, { parts, options, plan, session, report, batchId, revision, breathe, onProgress }: Publishing): Promise<void> {
  // First of all: the row lock makes imports follow one another, and what was compared must still be what is stored.
  await raiseRevision(trx, 'register')
  if (await readRevision(trx, 'register') !== revision + 1) throw new ImportError('changed_meanwhile', { key: report.file })
  const actor = parts.actor ?? { id: null, role: 'system', name: 'import' }
  const reason = options.reason ?? translate('zh-CN', 'imports.reason_default', { file: report.file })
  const publication: Publication = { at: parts.now, actor: actor.name, reason, batchId }
  await session.prepare?.(trx, publication)
  const total = plan.items.length
  while (plan.items.length > 0) {
    await session.store(trx, plan.items.splice(0, BATCH), publication, breathe) // what is written need not be remembered
    onProgress({ stage: 'write', done: total - plan.items.length, total })
    await breathe()
  }
  await session.finish?.(trx, publication, breathe)
  const { counts } = report
  await trx.insertInto('import_batch').values({ id: batchId, kind: report.kind, file_name: report.file, file_sha256: report.sha256, actor: actor.name, recorded_at: parts.now, new_count: counts.new, changed_count: counts.changed, unchanged_count: counts.unchanged, rejected_count: counts.rejected }).execute()
  if (parts.auditKey !== undefined) await appendAudit(trx, parts.auditKey, { at: parts.now, actorId: actor.id, role: actor.role, action: 'import.published', subject: `${report.kind} ${batchId} sha256:${report.sha256}`, result: 'done', requestId: batchId })
}

function reportOf (kind: KindName, source: Source, plan: Plan, session: Session<unknown, unknown>): Report {
  const { counts, faults, leftOut, header } = plan
  return { kind, file: source.name, sha256: source.sha256, encoding: source.encoding, counts, faults, leftOut, created: session.created?.() ?? { divisions: [], agencies: [] }, ignored: header.ignored, written: false, batchId: null }
}

function breather (): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < STRETCH_MS) return
    await setImmediate()
    since = performance.now()
  }
}
