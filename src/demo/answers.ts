import type { Db } from '../db/schema.ts'
import { addDays } from '../domain/time/calendar.ts'
import type { Answers, Rule, Target } from '../complaints/form/filing/service.ts'
import { nameOf } from './officers.ts'
import type { DemoPack, Story } from './schema.ts'

/** What a fictional complainant enters for a story; records that a pack's story names and the register lacks are left to words. */
export async function answersOf (db: Db, pack: DemoPack, story: Story, { at, date }: { at: number, date: string }): Promise<Answers> {
  const { when, mode } = story
  return {
    target: await targetOf(db, story, at),
    rule: await ruleOf(db, story),
    issues: story.issues,
    when: {
      ...when.days === undefined ? {} : { date: addDays(date, -when.days) },
      ...when.about === undefined ? {} : { about: when.about },
      ...when.time === undefined ? {} : { time: when.time }
    },
    place: story.place,
    parallel: story.parallel ?? { kind: 'none' },
    claim: story.claim,
    ...story.urgent === true ? { urgent: true } : {},
    ...story.prompts === undefined ? {} : { prompts: story.prompts },
    ...story.paper === undefined ? {} : { paper: { act: story.paper.act, receivedOn: addDays(date, -story.paper.days) } },
    mode,
    ...mode === 'anonymous' ? {} : { identity: { name: nameOf(pack.names, at * 7), email: pack.complainants.email } }
  } as Answers
}

async function targetOf (db: Db, story: Story, at: number): Promise<Target> {
  const agency = story.agency === undefined ? undefined : await db.selectFrom('agency').select('id').where('slug', '=', story.agency).executeTakeFirst()
  const officer = story.officer === true && agency !== undefined ? await nth(db, 'officer', agency.id, at) : undefined
  const decision = story.decision === true && agency !== undefined ? await nth(db, 'decision', agency.id, at) : undefined
  return {
    ...agency === undefined ? {} : { agencyId: agency.id },
    ...story.agencyText === undefined ? {} : { agencyText: story.agencyText },
    ...officer === undefined ? {} : { officerIds: [officer] },
    ...decision === undefined ? {} : { decisionId: decision },
    ...story.notSure === undefined ? {} : { notSure: story.notSure }
  }
}

async function ruleOf (db: Db, { matter, prohibition }: Story): Promise<Rule> {
  const known = matter === undefined ? undefined : await db.selectFrom('matter').select('id').where('code', '=', matter).executeTakeFirst()
  return { ...known === undefined ? {} : { matterId: known.id }, ...prohibition === undefined ? {} : { prohibitionNo: prohibition } }
}

/** One of an agency's fictional officers or decisions, another one for each story. */
async function nth (db: Db, table: 'officer' | 'decision', agencyId: number, at: number): Promise<number | undefined> {
  const rows = await db.selectFrom(table).select('id').where('agency_id', '=', agencyId).where('fictional', '=', 1).orderBy('id').execute()
  return rows[at % Math.max(rows.length, 1)]?.id
}
