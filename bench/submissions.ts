import { createHmac } from 'node:crypto'
import path from 'node:path'
import { openDatabase } from '../src/db/open.ts'
import { openSession, sessionId } from '../src/db/sessions.ts'
import { createDraft, prepareReceipt, saveDraft, type Answers } from '../src/complaints/form/filing/service.ts'
import { loadKeys } from '../src/vault/keys.ts'
import { latency, type Ask } from './load.ts'
import type { Running } from './servers.ts'
import { ms, type Line } from './table.ts'

const ANSWERS: Answers = {
  target: { notSure: ['agency'] },
  issues: [{ ground: 'G02', text: '演示：检查时没有出示证件，扣走货物没有开具清单，请核查。'.repeat(5) }],
  when: { date: '2026-01-05' },
  place: '演示路1号',
  parallel: { kind: 'none' },
  claim: '请求退还货物。',
  mode: 'confidential',
  identity: { name: '演示张三', phone: '13800000000' }
}

/** Drafts that stand at "check your answers": the query code is hashed there, as in life, so that sending itself is quick. */
async function givenDrafts (environment: Record<string, string>, count: number): Promise<Ask[]> {
  const data = environment['SUNLIT_DATA'] as string
  const db = await openDatabase(`sqlite:${path.join(data, 'sunlit.db')}`)
  const keys = await loadKeys(db, path.join(data, 'keys'))
  const asks: Ask[] = []
  try {
    for (let at = 0; at < count; at++) {
      const now = new Date(Date.now() - 60_000).toISOString()
      const id = await createDraft({ db, keys }, now)
      await saveDraft({ db, keys }, id, ANSWERS, now)
      await prepareReceipt({ db, keys }, id)
      const token = await openSession(db, 'draft', id, now)
      const form = createHmac('sha256', keys.forms).update(`form ${sessionId(token)}`).digest('base64url')
      asks.push({
        path: '/complain/submissions',
        method: 'POST',
        expect: 303,
        headers: { cookie: `sunlit-draft=${token}`, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ _csrf: form, pledge: 'yes' }).toString()
      })
    }
  } finally {
    await db.destroy()
  }
  return asks
}

/** Sends prepared drafts, eight at a time; each is on disk before its answer. */
export async function submissions (portal: Running, environment: Record<string, string>, count: number): Promise<Line> {
  const asks = await givenDrafts(environment, count)
  await latency(portal, asks.slice(0, 20), 2)
  const begun = performance.now()
  const found = await latency(portal, asks.slice(20), 8)
  const perSecond = (count - 20) * 1000 / (performance.now() - begun)
  return {
    what: `Complaint submitted, durable before the answer (${count - 20})`,
    measured: `${perSecond.toFixed(0)}/s, p50 ${ms(found.p50)}, p99 ${ms(found.p99)}${found.errors > 0 ? `, ${found.errors} errors` : ''}`,
    hold: '≥ 200/s, p99 ≤ 50 ms',
    held: perSecond >= 200 && found.p99 <= 50 && found.errors === 0
  }
}
