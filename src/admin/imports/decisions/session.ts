import { canonical, versionOn, type Publication } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { findDecisionStates, loadPublicationRules, type DecisionState } from '../../../catalogue/publication/repository.ts'
import { publishDecisions } from '../../../catalogue/publication/service.ts'
import { AppError } from '../../../errors.ts'
import { ImportError } from '../faults.ts'
import { loadDirectory, type Directory } from '../register/directory.ts'
import { writeMade } from '../register/place.ts'
import type { ImportOptions, Item, Session } from '../schema.ts'
import { DECISION_COLUMNS } from './columns.ts'
import { readDecision, type DecisionChange } from './read.ts'
import { mergeDecision, type DecisionContext } from './state.ts'

/** Everything that an import of decisions needs to know. */
export async function openDecisions (db: Db, options: ImportOptions, source: string, now: string): Promise<Session<DecisionState, DecisionChange>> {
  const directory = await loadDirectory(db)
  const matters = await db.selectFrom('matter').select(['code', 'id']).execute()
  const context: DecisionContext = { rules: await loadPublicationRules(db), today: localDate(now), matterIds: new Map(matters.map(row => [row.code, row.id])), fictional: options.fictional === true, source }
  return {
    columns: DECISION_COLUMNS,
    parse: cells => readDecision(cells, directory, options),
    find: async numbers => await findDecisionStates(db, numbers),
    merge: (cells, change, current) => mergeDecision(cells, change, current, context),
    same: (a, b) => canonical({ ...a, source: '' }) === canonical({ ...b, source: '' }),
    prepare: async (trx, publication) => { await writeMade(trx, directory, publication) },
    store: async (trx, items, publication, breathe) => {
      const settled: Array<Item<DecisionState>> = []
      for (const item of items) { settled.push({ ...item, state: await settle(trx, item.state, directory) }); await breathe() }
      await publish(trx, settled, publication)
    },
    created: () => ({ divisions: directory.madeDivisions, agencies: directory.madeAgencies.map(agency => agency.name) })
  }
}

/** The matter in the version in force on the day of the decision; none where the register did not have it yet. */
async function settle (trx: Db, state: DecisionState, directory: Directory): Promise<DecisionState> {
  const then = state.matter_id === null ? undefined : await versionOn(trx, 'matter', state.matter_id, state.decided_on)
  return { ...state, agency_id: directory.realId(state.agency_id), matter_version: then?.version ?? null }
}

async function publish (trx: Db, items: Array<Item<DecisionState>>, publication: Publication): Promise<void> {
  try {
    await publishDecisions(trx, items, publication)
  } catch (error) {
    if (error instanceof AppError && error.code === 'stale_version') throw new ImportError('changed_meanwhile', { key: String(items[0]?.key) })
    throw error
  }
}
