import { fileHandedOver, findHandedOver, readHandedOver, type Entered, type HandedOver } from '../../../complaints/form/entry/service.ts'
import type { Db } from '../../../db/schema.ts'
import type { FieldFaults } from '../../../forms/field-errors.ts'
import type { Keys } from '../../../vault/keys.ts'
import { translate } from '../../../i18n/index.ts'
import type { Cells } from '../cells/cells.ts'
import { dateIn, readFlag, readOne } from '../cells/values.ts'
import type { Current, Outcome, Session } from '../schema.ts'
import { HOTLINE_COLUMNS, ITEM_GROUNDS, ITEM_KINDS } from './columns.ts'

const SOURCE = 'hotline_12345'
/** A row becomes a complaint; one whose number is known already has, and nothing of it is changed. */
type Filed = Entered | 'filed'
type Read = { answers: Entered } | { faults: FieldFaults }

/** Items of the 12345 hotline as complaints: the same rules and the same filing as for those that the hotline sends one by one. */
export function openHotline (db: Db, keys: Keys, now: string): Session<Filed, HandedOver> {
  const parts = { db, keys }
  const items = new Map<string, HandedOver>()
  const reads = new Map<string, Read>()
  return {
    columns: HOTLINE_COLUMNS,
    parse: cells => {
      const outcome = readItem(cells)
      if (outcome !== null && 'change' in outcome) items.set(outcome.key, outcome.change)
      return outcome
    },
    // Reading asks the register, as the form does: all rows of a batch, before they are compared.
    find: async numbers => {
      const known = new Map<string, Current<Filed>>()
      for (const key of numbers) {
        const item = items.get(key)
        items.delete(key)
        if (item === undefined) continue
        if (await findHandedOver(parts, { source: SOURCE, number: item.source_number ?? '' }) !== undefined) known.set(key, { id: 0, version: 1, state: 'filed' })
        else reads.set(key, await readHandedOver(parts, item, now))
      }
      return known
    },
    merge: (cells, item, current) => {
      if (current !== undefined) return 'filed'
      const key = keyOf(item.source_number ?? '')
      const read = reads.get(key)
      reads.delete(key)
      if (read !== undefined && 'answers' in read) return read.answers
      const { reply: _follows, ...faults } = read?.faults ?? {} // the way of the answer is ours: its fault is that of the number
      for (const [field, { key: words, values = {} }] of Object.entries(faults)) cells.fault(COLUMN_OF[field] ?? field, words, values as Record<string, string | number>)
      return null
    },
    same: (before, after) => before === after,
    store: async (trx, batch, publication, breathe) => {
      for (const { state } of batch) {
        if (state !== 'filed') await fileHandedOver({ db: trx, keys }, state, now, publication.batchId ?? '')
        await breathe()
      }
    }
  }
}

const COLUMN_OF: Readonly<Record<string, string>> = { 'issues.0.text': 'text', 'issues.0.ground': 'ground', occurred_about: 'occurred_on', identity_mode: 'confidential' }

const keyOf = (number: string): string => number.normalize('NFKC').replace(/\s/g, '').toUpperCase()

/** One item; who is not named, or called 匿名, complains anonymously, and everybody else confidentially unless the list says that it is not wanted. */
function readItem (cells: Cells): Outcome<HandedOver> {
  const number = cells.need('source_number')
  const receivedOn = dayIn(cells.need('received_on'))
  if (receivedOn === null) cells.fault('received_on', 'date')
  const texts = Object.fromEntries((['agency', 'officer', 'place', 'claim', 'phone', 'email', 'address', 'org'] as const).flatMap(field => { const text = cells.read(field); return typeof text === 'string' ? [[field, text]] : [] }))
  const name = cells.read('name') ?? '匿名'
  const issue = { ground: readOne(cells, 'ground', ITEM_GROUNDS) ?? 'G99', text: cells.need('text') ?? '' }
  const open = readFlag(cells, 'confidential') === 0
  const item: HandedOver = {
    source: SOURCE, ...texts, issues: [issue], kind: readOne(cells, 'kind', ITEM_KINDS) ?? 'complaint', urgent: readFlag(cells, 'urgent') === 1, ...whenIn(cells),
    ...number === undefined ? {} : { source_number: number }, ...typeof receivedOn === 'string' ? { received_on: receivedOn } : {},
    ...name === '匿名' ? { identity_mode: 'anonymous' } : { identity_mode: open ? 'named' : 'confidential', name, reply: 'phone' in texts ? 'phone' : 'online' }
  }
  return number === undefined ? null : { key: keyOf(number), change: item }
}

/** The day of a cell that may hold a time too; null when it holds none. */
function dayIn (text: string | undefined): string | null | undefined {
  return text === undefined ? undefined : dateIn(text.split(/[ T]/)[0] ?? '')
}

/** When it happened: a day, or the words of the list; where it says nothing, the account has to. */
function whenIn (cells: Cells): { occurred_on: string } | { occurred_about: string } {
  const text = cells.read('occurred_on')
  if (typeof text !== 'string') return { occurred_about: translate('zh-CN', 'intake.when_in_text') }
  const day = dayIn(text)
  return typeof day === 'string' ? { occurred_on: day } : { occurred_about: text }
}
