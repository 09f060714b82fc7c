import type { FastifyRequest } from 'fastify'
import { agenciesNamed } from '../../../complaints/form/naming/service.ts'
import { COMPLAINT_KINDS, listEligible } from '../../../complaints/allotment/routing/service.ts'
import type { Db } from '../../../db/schema.ts'
import { GROUNDS } from '../../../domain/process/grounds.ts'
import { SOURCES } from '../../../domain/process/sources.ts'
import { parseYuan } from '../../../domain/records/money.ts'
import { CHECKLIST } from '../../../domain/supervision/checklist.ts'
import { PRIORITIES } from '../../../domain/work/priorities.ts'
import type { RuleData } from '../../../domain/work/routing.ts'
import type { FieldFaults } from '../../../forms/field-errors.ts'
import type { Values } from '../../../i18n/index.ts'
import type { RuleForm } from './schema.ts'

interface Choice { value: string, label: string, selected: boolean, checked: boolean, lang?: string }
interface Named { id: number, name: string }
/** What numbers in rules stand for. */
export interface Names { agencies: ReadonlyMap<number, string>, people: ReadonlyMap<number, string>, divisions: ReadonlyMap<string, string> }

/** Reads a form as a rule; an agency is one whose name says exactly one. */
export async function readForm (db: Db, form: RuleForm): Promise<{ data: RuleData, faults: FieldFaults }> {
  const agency = await readAgency(db, (form.agency ?? '').trim())
  const fine = readFine((form.fine ?? '').trim())
  const keywords = (form.keywords ?? '').split(/[\s,，、;；]+/u).filter(word => word !== '')
  const supervisors = [...new Set([form.supervisor_1, form.supervisor_2].filter(id => id !== undefined))]
  const { region, grounds = [], source, kind, handler, priority, checks = [] } = form
  const suggest = handler !== undefined && form.suggest !== undefined
  return {
    faults: { ...agency.faults, ...fine.faults },
    data: {
      when: defined({ agency: agency.id, region, grounds: some(grounds), keywords: some(keywords), source, fineFrom: fine.fen, urgent: flag(form.urgent !== undefined), kind }),
      then: defined({ handler, suggest: flag(suggest), supervisors: some(supervisors), priority, checks: some(checks) })
    }
  }
}

async function readAgency (db: Db, text: string): Promise<{ id?: number, faults: FieldFaults }> {
  if (text === '') return { faults: {} }
  const [found, ...others] = await agenciesNamed(db, text)
  if (found === undefined) return { faults: { agency: { key: 'routing.no_agency' } } }
  if (others.length > 0) return { faults: { agency: { key: 'routing.many_agencies', values: { names: [found, ...others].slice(0, 5).map(({ name }) => name).join('；') } } } }
  return { id: found.id, faults: {} }
}

function readFine (text: string): { fen?: number, faults: FieldFaults } {
  const fen = text === '' ? null : parseYuan(text)
  if (fen !== null) return { fen, faults: {} }
  return { faults: text === '' ? {} : { fine: { key: 'routing.bad_fine' } } }
}

const flag = (on: boolean): true | undefined => on ? true : undefined

const some = <T>(list: T[]): T[] | undefined => list.length === 0 ? undefined : list

function defined<T extends object> (given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** A rule as the fields of its form. */
export function formOf ({ when, then }: RuleData, names: Names): RuleForm {
  const [first, second] = then.supervisors ?? []
  return defined({
    agency: when.agency === undefined ? undefined : names.agencies.get(when.agency), region: when.region, grounds: when.grounds, keywords: when.keywords?.join('、'), source: when.source, fine: when.fineFrom === undefined ? undefined : String(when.fineFrom / 100), urgent: when.urgent === true ? '1' : undefined, kind: when.kind,
    handler: then.handler, suggest: then.suggest === true ? '1' : undefined, supervisor_1: first, supervisor_2: second, priority: then.priority, checks: then.checks
  }) as RuleForm
}

/** What rules name by number. */
export async function namesOf (db: Db, rules: ReadonlyArray<{ data: RuleData | null }>): Promise<Names> {
  const agencies = rules.flatMap(({ data }) => data?.when.agency ?? [])
  const people = rules.flatMap(({ data }) => [data?.then.handler ?? [], data?.then.supervisors ?? []].flat())
  const rows = agencies.length === 0 ? [] : await db.selectFrom('agency').select(['id', 'name']).where('id', 'in', agencies).execute()
  const accounts = people.length === 0 ? [] : await db.selectFrom('account').select(['id', 'name']).where('id', 'in', people).execute()
  const divisions = await db.selectFrom('division').select(['code', 'name']).orderBy('code').execute()
  const byId = (found: Named[]): Map<number, string> => new Map(found.map(({ id, name }) => [id, name]))
  return { agencies: byId(rows), people: byId(accounts), divisions: new Map(divisions.map(({ code, name }) => [code, name])) }
}

/** A rule in words: when, and what then. */
export function describe (request: FastifyRequest, { when, then }: RuleData, names: Names): { when: string[], then: string[] } {
  const t = (key: string, values?: Values): string => request.t(key, values)
  const line = (label: string, value: string): string => t('case.line', { label, value })
  const all = (values: readonly string[]): string => values.join(t('ui.between'))
  const told = <T>(value: T | undefined, words: (value: T) => string): string[] => value === undefined ? [] : [words(value)]
  const person = (id: number): string => names.people.get(id) ?? t('routing.gone')
  const conditions = [
    told(when.agency, id => line(t('queue.agency'), names.agencies.get(id) ?? t('routing.gone'))),
    told(when.region, code => line(t('routing.region'), names.divisions.get(code) ?? code)),
    told(when.grounds, codes => line(t('queue.ground'), all(codes.map(code => t(`ground.${code}`))))),
    told(when.keywords, words => line(t('routing.keywords'), all(words))),
    told(when.source, code => line(t('entry.source'), t(`source.${code}`))),
    told(when.fineFrom, fen => line(t('routing.fine'), t('routing.yuan', { yuan: fen / 100 }))),
    told(when.urgent, () => t('routing.urgent')),
    told(when.kind, code => line(t('case.kind'), t(`complaint_kind.${code}`)))
  ].flat()
  return {
    when: conditions.length === 0 ? [t('routing.every')] : conditions,
    then: [
      told(then.handler, id => line(t(then.suggest === true ? 'case_detail.routed_suggested' : 'case_detail.routed_handler'), person(id))),
      told(then.supervisors, ids => line(t('case_detail.routed_supervisors'), all(ids.map(person)))),
      told(then.priority, code => line(t('priority.title'), t(`priority.${code}`))),
      told(then.checks, codes => line(t('routing.checks'), all(codes.map(code => t(`check.${code}`)))))
    ].flat()
  }
}

/** The choices of the form. */
export async function optionsOf (db: Db, request: FastifyRequest, form: RuleForm, { bureauIds, names }: { bureauIds: readonly number[], names: Names }) {
  const coded = (prefix: string, codes: readonly string[], chosen: readonly string[]): Choice[] => codes.map(code => ({ value: code, label: request.t(`${prefix}.${code}`), selected: chosen.includes(code), checked: chosen.includes(code) }))
  const people = async (part: 'handler' | 'supervisor', chosen: number | undefined): Promise<Choice[]> => (await listEligible(db, part, bureauIds)).map(({ id, name, role, bureau }) => ({ value: String(id), label: `${name} · ${request.t(`role.${role}`)} · ${bureau}`, selected: id === chosen, checked: false, lang: 'zh-CN' }))
  return {
    regions: [...names.divisions].map(([code, name]) => ({ value: code, label: name, selected: code === form.region, lang: 'zh-CN' })),
    grounds: coded('ground', Object.keys(GROUNDS), form.grounds ?? []),
    sources: coded('source', Object.keys(SOURCES), [form.source ?? '']),
    kinds: coded('complaint_kind', COMPLAINT_KINDS, [form.kind ?? '']),
    handlers: await people('handler', form.handler),
    first: await people('supervisor', form.supervisor_1),
    second: await people('supervisor', form.supervisor_2),
    priorities: coded('priority', PRIORITIES, [form.priority ?? '']),
    checks: coded('check', Object.keys(CHECKLIST), form.checks ?? [])
  }
}
