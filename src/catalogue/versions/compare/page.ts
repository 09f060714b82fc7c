import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { formatDate } from '../../../i18n/format.ts'
import type { Frame } from '../../../views.ts'
import { officialName, type Label } from '../../lists/labels.ts'
import type { BasisView } from '../../matters/content/bases.ts'
import type { MatterContent } from '../../matters/content/content.ts'
import { findMatter, listSiblings, type MatterRecord } from '../../matters/repository.ts'
import { listVersions, type VersionRow } from '../repository.ts'
import type { CompareQuery } from '../schema.ts'
import { endOf, pickVersion, readVersion, trailOf, type Picked } from '../service.ts'
import { differencesOf, fineDifferencesOf, type Difference, type FineDifference } from './differences.ts'

interface Option { value: string, label: string, lang?: string | undefined }
interface SideView { code: string, version: number, at: string, until: string | null, agency: Label, href: string }

declare module '../../../views.ts' {
  interface Views {
    'catalogue/versions/compare': Frame & {
      code: string, name: string, sides: [SideView, SideView] | null, differences: Difference[], fines: FineDifference[], swapped: boolean, same: boolean
      from: string, to: string, other: string, versions: Option[], others: Option[], single: boolean
    }
  }
}

interface Asking { app: App, request: FastifyRequest, matter: MatterRecord }
interface Side { matter: MatterRecord, all: VersionRow[], row: VersionRow, content: MatterContent, bases: BasisView[] }

/** Two versions of a matter beside each other, or two agencies' versions of the same power. What was asked wrongly is said above the form. */
export async function showComparison ({ app, request, matter }: Asking, reply: FastifyReply, query: CompareQuery): Promise<string> {
  const asking = { app, request, matter }
  const all = await listVersions(app.db, matter.id)
  const other = query.with === undefined ? matter : await findMatter(app.db, query.with)
  const left = await sideOf(asking, matter, query.from ?? (query.with === undefined ? String(Math.max(1, matter.version - 1)) : String(matter.version)), all)
  const right = other === undefined ? 'with' : await sideOf(asking, other, query.to ?? String(other.version), other === matter ? all : await listVersions(app.db, other.id))
  const errors = [['from', left, query.from], ['to', right, query.to ?? query.with]] as const
  const faults = errors.flatMap(([field, side, asked]) => typeof side === 'string' ? [{ field: side === 'with' ? 'with' : field, text: faultText(request, side, asked, all) }] : [])
  if (faults.length > 0) reply.code(faults.some(fault => fault.field === 'with') ? 404 : 400)
  const compared = typeof left === 'string' || typeof right === 'string' ? null : inOrder(left, right)
  const title = request.t('compare.title', { name: matter.name })
  return await reply.page('catalogue/versions/compare', {
    title,
    ...trailOf(request, matter, request.t('compare.heading')),
    ...faults.length === 0 ? {} : { errors: faults },
    code: matter.code,
    name: matter.name,
    ...comparedView(request, compared),
    ...await formOf(asking, query, all)
  })
}

/** The earlier version stands first, whichever was asked for first. */
function inOrder (left: Side, right: Side): { sides: [Side, Side], swapped: boolean } {
  const swapped = left.matter.id === right.matter.id && left.row.version > right.row.version
  return { sides: swapped ? [right, left] : [left, right], swapped }
}

function comparedView (request: FastifyRequest, compared: ReturnType<typeof inOrder> | null) {
  if (compared === null) return { sides: null, differences: [], fines: [], swapped: false, same: false }
  const [before, after] = compared.sides
  const differences = differencesOf(request, before.content, after.content)
  const fines = fineDifferencesOf(request, before.bases, after.bases)
  const sides = compared.sides.map(side => sideView(request, side)) as [SideView, SideView]
  return { sides, differences, fines, swapped: compared.swapped, same: differences.length === 0 && fines.length === 0 }
}

function sideView (request: FastifyRequest, { matter, all, row, content }: Side): SideView {
  return { code: matter.code, version: row.version, at: row.recorded_at, until: endOf(all, row.version), agency: officialName(request, content.agency), href: request.path('matterVersion', [matter.code, row.version]) }
}

/** One side, or why it cannot be shown. A day to come has the present version. */
async function sideOf ({ app, request }: Asking, matter: MatterRecord, asked: string, all: VersionRow[]): Promise<Side | NonNullable<Picked['fault']>> {
  const picked = pickVersion(all, asked)
  if (picked.row === undefined) return picked.fault
  const day = /^\d+$/.test(asked) ? localDate(picked.row.recorded_at) : asked
  const read = await readVersion(app.db, request, matter, picked.row.version, day)
  return read === null ? 'none' : { matter, all, row: picked.row, ...read }
}

function faultText (request: FastifyRequest, fault: NonNullable<Picked['fault']> | 'with', asked: string | undefined, all: VersionRow[]): string {
  const first = all.at(-1)
  return request.t(`versions.fault_${fault}`, { asked: asked ?? '', first: first === undefined ? '' : formatDate(request.locale, first.recorded_at), count: all.length, present: all[0]?.version ?? 0 })
}

/** The form keeps what was asked, also what could not be answered. */
async function formOf ({ app, request, matter }: Asking, query: CompareQuery, all: VersionRow[]) {
  const siblings = matter.base_code === null ? [] : await listSiblings(app.db, matter.base_code, matter.id)
  const versions = all.slice(0, 200).map(row => ({ value: String(row.version), label: request.t('compare.option', { version: row.version, date: formatDate(request.locale, row.recorded_at) }) }))
  const kept = [query.from, query.to].filter(asked => asked !== undefined && !versions.some(option => option.value === asked)).map(asked => ({ value: asked ?? '', label: asked ?? '' }))
  return {
    from: query.from ?? (query.with === undefined ? String(Math.max(1, matter.version - 1)) : String(matter.version)),
    to: query.to ?? String(matter.version),
    other: query.with ?? '',
    versions: [...kept, ...versions],
    others: siblings.slice(0, 50).map(row => { const { label, lang } = officialName(request, row); return { value: row.code, label, lang } }),
    single: all.length < 2 && query.with === undefined
  }
}
