import { setImmediate as breathe } from 'node:timers/promises'
import { ANCHORED, anchorText, type Anchor, type AnchorKeys } from './anchors.ts'
import { chainText, type AuditKey } from '../audit.ts'
import type { AuditEntryTable, Db } from '../schema.ts'

/**
 * One thing that is wrong, with the entries from–to that it concerns. `altered`: the entry does not follow from the one before it;
 * `missing`: entries are not there; `cut`: the end is gone up to where an anchor knew it; `anchor`: an anchor tells another hash;
 * `anchor_gone`: the chain tells of an anchor that is not there; `anchor_forged`: its signature is not ours.
 */
export interface AuditFault { kind: 'altered' | 'missing' | 'cut' | 'anchor' | 'anchor_gone' | 'anchor_forged', from: number, to: number, day?: string }

/** `rows`: entries read; `anchors`: how many were compared; `broken`: the first entry that does not follow; of very many faults only the first are kept, `found` counts all. */
export interface AuditCheck { rows: number, anchors: number, broken: number | null, faults: AuditFault[], found: number }

export interface CheckOptions { /** entries read at a time */ piece?: number, /** anchors that were kept elsewhere */ outside?: readonly Anchor[] }

const MOST = 100

/** What was seen so far of the chain. */
class Reading {
  rows = 0
  next = 1
  found = 0
  broken: number | null = null
  readonly faults: AuditFault[] = []
  #previous = ''

  add (fault: AuditFault): void {
    this.found++
    if (this.faults.length < MOST) this.faults.push(fault)
  }

  /** Takes in the next entry; gives whether it follows from the one before it. */
  follow (key: AuditKey, { hash, ...row }: AuditEntryTable): boolean {
    const follows = key.matches(hash, chainText(this.#previous, row))
    if (row.seq !== this.next) this.add({ kind: 'missing', from: this.next, to: row.seq - 1 })
    else if (!follows) this.add({ kind: 'altered', from: row.seq, to: row.seq })
    if (!follows) this.broken ??= row.seq
    this.rows++
    this.next = row.seq + 1
    this.#previous = hash
    return follows
  }
}

interface Anchors { bySeq: Map<number, Anchor[]>, days: Set<string> }

/**
 * Reads the whole chain, a piece at a time, and recomputes it; goes on behind a fault, so that all are named. Its end and its whole replacement
 * show against the anchors, and those that were kept outside the house hold whatever was done inside it.
 */
export async function verifyAudit (db: Db, keys: AnchorKeys, { piece = 1000, outside = [] }: CheckOptions = {}): Promise<AuditCheck> {
  const reading = new Reading()
  const anchors = await readAnchors(db, keys, reading, outside)
  for (;;) {
    const batch = await db.selectFrom('audit_entry').selectAll().where('seq', '>=', reading.next).orderBy('seq').limit(piece).execute()
    for (const row of batch) compare(reading, anchors, row, reading.follow(keys.audit, row))
    if (batch.length < piece) break
    await breathe()
  }
  for (const [seq, [anchor]] of anchors.bySeq) if (seq >= reading.next) reading.add({ kind: 'cut', from: reading.next, to: seq, day: anchor?.day ?? '' })
  const { rows, broken, faults, found } = reading
  return { rows, anchors: [...anchors.bySeq.values()].flat().length, broken, faults, found }
}

/** What the anchors say of an entry, and an entry of the anchors. */
function compare (reading: Reading, { bySeq, days }: Anchors, { seq, hash, action, subject }: AuditEntryTable, follows: boolean): void {
  for (const anchor of bySeq.get(seq) ?? []) if (anchor.hash !== hash) reading.add({ kind: 'anchor', from: seq, to: seq, day: anchor.day })
  if (action === ANCHORED && follows && !days.has(subject)) reading.add({ kind: 'anchor_gone', from: seq, to: seq, day: subject })
}

/** All anchors by the entry that they hold, and the days that have one here. Days are few: one row each. */
async function readAnchors (db: Db, keys: AnchorKeys, reading: Reading, outside: readonly Anchor[]): Promise<Anchors> {
  const own = await db.selectFrom('audit_anchor').selectAll().orderBy('day').execute()
  for (const anchor of own) {
    const ours = keys.signing.verify(anchor.key_id, anchorText(anchor), Buffer.from(anchor.signature, 'base64url'))
    if (!ours) reading.add({ kind: 'anchor_forged', from: anchor.seq, to: anchor.seq, day: anchor.day })
  }
  return { bySeq: Map.groupBy([...own, ...outside], anchor => anchor.seq), days: new Set(own.map(({ day }) => day)) }
}
