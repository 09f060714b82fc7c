import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { canonical } from '../../../db/records.ts'
import type { Db } from '../../../db/schema.ts'
import { EXEMPTION_TYPES, MATCHES } from '../../../domain/records/benchmarks.ts'
import { codesOf } from '../../../domain/records/enumerations.ts'
import { readLines } from '../benchmarks/read.ts'
import type { Cells } from '../cells/cells.ts'
import { checkState } from '../cells/check.ts'
import { readOne, said } from '../cells/values.ts'
import { DISCRETION_STATE, loadKnown, mergeCommon, readCode, readCommon, type Known } from '../discretion/read.ts'
import { matterKeys, storeDiscretion, type Kind } from '../discretion/store.ts'
import { writeMade } from '../register/place.ts'
import type { Current, ImportOptions, Outcome, Session } from '../schema.ts'
import { EXEMPTION_COLUMNS } from './columns.ts'

/** An exemption as it is published and kept. */
const ExemptionState = Type.Object({
  ...DISCRETION_STATE,
  type: Type.Enum(codesOf(EXEMPTION_TYPES)),
  match: Type.Enum(codesOf(MATCHES)),
  conditions: Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { minItems: 1, maxItems: 20 }),
  measures: Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength: 2000 })])
})
export type ExemptionState = Static<typeof ExemptionState>
const check = Compile(ExemptionState)
type ExemptionChange = Record<string, unknown>

/** Everything that an import of exemptions needs to know. */
export async function openExemptions (db: Db, options: ImportOptions, source: string): Promise<Session<ExemptionState, ExemptionChange>> {
  const known = await loadKnown(db, options, source)
  return {
    columns: EXEMPTION_COLUMNS,
    parse: cells => readExemption(cells, known),
    find: async codes => await findExemptions(db, codes),
    merge: (cells, change, current) => mergeExemption(cells, change, current, known),
    same: (a, b) => canonical({ ...a, source: '' }) === canonical({ ...b, source: '' }),
    prepare: async (trx, publication) => { await writeMade(trx, known.directory, publication) },
    store: async (trx, items, publication) => {
      await storeDiscretion(trx, KIND, items.map(item => ({ ...item, state: { ...item.state, agency_id: known.directory.realId(item.state.agency_id) } })), publication)
    },
    created: () => ({ divisions: known.directory.madeDivisions, agencies: known.directory.madeAgencies.map(agency => agency.name) })
  }
}

function readExemption (cells: Cells, known: Known): Outcome<ExemptionChange> {
  const code = readCode(cells)
  const type = readOne(cells, 'type', EXEMPTION_TYPES)
  const conditions = cells.need('conditions') === undefined ? undefined : readLines(cells, 'conditions')
  const change = { ...readCommon(cells, known), type, conditions, match: readOne(cells, 'match', MATCHES), measures: cells.read('measures') }
  return code === undefined ? null : { key: code, change: { ...said(change), code } }
}

function mergeExemption (cells: Cells, change: ExemptionChange, current: ExemptionState | undefined, known: Known): ExemptionState | null {
  for (const field of ['type', 'match']) if (change[field] === null) cells.fault(field, 'required')
  const state = { match: 'all', measures: null, ...mergeCommon(cells, change, current, known) } as Record<string, unknown>
  if (state['type'] === undefined) cells.fault('type', 'required')
  return cells.faults.length === 0 && checkState(cells, check, state) ? state as ExemptionState : null
}

const KIND: Kind<ExemptionState> = {
  name: 'exemption',
  columns: ({ matters: _, bases, conditions, ...columns }) => ({ ...columns, bases: JSON.stringify(bases), conditions: JSON.stringify(conditions) }),
  words: ({ type, list_name: list, list_version: version, conditions, measures }) => [EXEMPTION_TYPES[type].zh, ...EXEMPTION_TYPES[type].aliases, list ?? '', version ?? '', ...conditions, measures ?? '']
}

async function findExemptions (db: Db, codes: string[]): Promise<Map<string, Current<ExemptionState>>> {
  const rows = await db.selectFrom('exemption').selectAll().where('code', 'in', codes).execute()
  const matters = await matterKeys(db, 'exemption', rows.map(row => row.id))
  return new Map(rows.map(({ id, version, updated_at: _, bases, conditions, ...columns }) => [columns.code, {
    id,
    version,
    state: { ...columns, bases: JSON.parse(bases) as ExemptionState['bases'], conditions: JSON.parse(conditions) as string[], matters: matters.get(id) ?? [] } as ExemptionState
  }]))
}
