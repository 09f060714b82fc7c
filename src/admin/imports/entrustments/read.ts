import type { Selectable } from 'kysely'
import type { EntrustmentTable } from '../../../db/schema.ts'
import { suspectPersonal } from '../../../domain/records/masking.ts'
import type { Cells } from '../cells/cells.ts'
import { readDate, readOne, readUrl, said } from '../cells/values.ts'
import { RECORD_STATUSES } from '../matters/columns.ts'
import type { Directory } from '../register/directory.ts'
import { agencyOfRow, placeRow } from '../register/place.ts'
import type { ImportOptions, Outcome } from '../schema.ts'

/** An entrustment as published and kept: the columns without id, version and time. */
export type EntrustmentState = Omit<Selectable<EntrustmentTable>, 'id' | 'version' | 'updated_at'>
export type EntrustmentChange = { [K in keyof EntrustmentState]?: EntrustmentState[K] | null } & { code: string }

/** The fields that the letter of entrustment must state (行政处罚法 20 二). */
const NEEDED = ['agent_name', 'basis', 'matters', 'valid_from', 'status'] as const

/** Reads one row; an entrustment is known by the number of its letter. */
export function readEntrustment (cells: Cells, directory: Directory, options: ImportOptions): Outcome<EntrustmentChange> {
  const code = cells.need('code')?.normalize('NFKC').replace(/\s/g, '')
  const division = placeRow(cells, directory, options)
  const principal = division === undefined ? undefined : agencyOfRow(cells, directory, division, options)
  const agent = cells.need('agent')
  const change = {
    principal_id: principal?.id,
    agent_name: agent,
    agent_id: agent === undefined || division === undefined ? undefined : directory.agency(division, agent)?.id ?? null,
    basis: cells.read('basis'),
    matters: cells.read('matters'),
    powers: cells.read('powers'),
    valid_from: readDate(cells, 'valid_from'),
    valid_to: readDate(cells, 'valid_to'),
    notice_url: readUrl(cells, 'notice_url'),
    status: readOne(cells, 'status', RECORD_STATUSES)
  }
  for (const field of ['matters', 'powers'] as const) if (suspectPersonal(change[field] ?? '').size > 0) cells.fault(field, 'personal_data', {}, '')
  if (code === undefined) return null
  return { key: code, change: { ...said(change), code } as EntrustmentChange }
}

/** The entrustment after the change; null with faults in the cells. */
export function mergeEntrustment (cells: Cells, change: EntrustmentChange, current: EntrustmentState | undefined, { source, fictional }: { source: string, fictional: boolean }): EntrustmentState | null {
  const blank = { agent_id: null, powers: null, valid_to: null, notice_url: null, status: 'in_force', source, fictional: fictional ? 1 : 0 }
  const state = { ...blank, ...current, ...change } as EntrustmentState
  for (const field of NEEDED) if ((state[field] ?? '') === '') cells.fault(field === 'agent_name' ? 'agent' : field, 'required')
  if (state.valid_to !== null && state.valid_from !== undefined && state.valid_to < state.valid_from) cells.fault('valid_to', 'end_before_start', { start: state.valid_from })
  if (state.agent_id !== null && state.agent_id === state.principal_id) cells.fault('agent', 'entrusted_to_itself')
  return cells.faults.length > 0 ? null : state
}
