import type { Readable } from 'node:stream'
import type { App } from '../../../app.ts'
import { readAttachment } from '../../../complaints/case/attachments/service.ts'
import { recordBundle } from '../../../complaints/outcome/bundle/service.ts'
import { findById } from '../../../complaints/case/core/repository.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { listTargets, readRedactions, renderFile, renderText } from '../../../complaints/work/redaction/service.ts'
import { allows } from '../../../domain/process/permissions.ts'
import { coverDetected } from '../../../domain/records/redaction.ts'
import { AppError } from '../../../errors.ts'
import type { Clerk } from '../casework/actor.ts'
import { handles, listLog, type LogLine } from './repository.ts'
import type { BundleForm } from './schema.ts'

/** A file of a bundle; `path` is where it lies in the archive, null where it is only named. */
export interface BundleFile { id: string, name: string, size: number, sha256: string, at: string, state: string, path: string | null, open: () => Promise<Readable> }
export interface Bundle { complaint: Case, form: BundleForm['form'], files: BundleFile[], log: LogLine[] }

/** A case whose bundle this person may take: leaders any, a supervisor those that are theirs. Errors: `not_found`, `forbidden`. */
export async function findForBundle (app: App, clerk: Clerk, ref: string): Promise<Case> {
  const complaint = await findCase(app, ref, app.now(), clerk)
  if (!allows(clerk.role, 'complaint.assign') && !await handles(app.db, complaint.id, clerk.id)) throw new AppError('forbidden')
  return complaint
}

/** Puts a bundle together; who took it, in which form and why is written down before anything of it leaves. Errors as above. */
export async function takeBundle (app: App, clerk: Clerk, ref: string, wish: BundleForm): Promise<Bundle> {
  const { form } = wish
  const complaint = await findForBundle(app, clerk, ref)
  await recordBundle(app, clerk, complaint.id, wish, app.now())
  const fresh = await findForBundle(app, clerk, ref)
  const log = await listLog(app.db, ref)
  if (form === 'full') return { complaint: fresh, form, files: filesOf(app, fresh), log }
  return { complaint: await withReleased(app, fresh, redact(fresh)), form, files: await releasedFiles(app, fresh), log: log.map(line => ({ ...line, actor: null })) }
}

/** Files are named by their number first, so that two of one name do not cover each other. */
function filesOf (app: App, { id: complaintId, attachments }: Case): BundleFile[] {
  return attachments.map(({ id, name, size, sha256, at, state }, index) => ({
    id, name, size, sha256, at, state, path: state === 'ready' ? `files/${numbered(index)}-${safeName(name)}` : null, open: async () => await (await readAttachment(app, app.files, complaintId, id)).open()
  }))
}

/** Of the files those leave that were released for the public, as they were released; of the others nobody outside reads even the name. */
async function releasedFiles (app: App, { id: complaintId, attachments }: Case): Promise<BundleFile[]> {
  const files: BundleFile[] = []
  for (const [index, { id, name, size, sha256, at, state }] of attachments.entries()) {
    const released = state === 'ready' ? await renderFile(app, app.files, complaintId, id, 'public') : null
    if (released !== null) files.push({ ...released, id, at, state, path: `files/${numbered(index)}-${safeName(released.name)}` })
    else files.push({ id, name: `${numbered(index)}-file${extensionOf(name)}`, size, sha256, at, state, path: null, open: async () => { throw new AppError('not_found', { id }) } })
  }
  return files
}

const numbered = (index: number): string => String(index + 1).padStart(2, '0')

/** Where somebody released a text for the public, it stands as released instead of as the detectors leave it; what was withheld is withheld. */
async function withReleased (app: App, complaint: Case, redacted: Case): Promise<Case> {
  const row = await findById(app.db, complaint.id)
  const targets = await listTargets(app, row)
  const views = await readRedactions(app, row, targets)
  const shown = async (name: string, otherwise: string): Promise<string> => {
    const target = targets.find(({ target }) => target === name)
    const view = target === undefined ? undefined : views(target, 'public')
    if (view?.made === true && view.withheld !== null) return '■■■■'
    return view?.released === true ? await renderText(app, complaint.id, name, 'public') ?? otherwise : otherwise
  }
  const issues = await Promise.all(redacted.issues.map(async issue => ({ ...issue, text: await shown(`issue.${issue.no}`, issue.text), reasons: issue.reasons === null ? null : await shown(`reasons.${issue.no}`, issue.reasons) })))
  const messages = await Promise.all(redacted.messages.map(async message => ({ ...message, text: await shown(`message.${message.id}`, message.text) })))
  return { ...redacted, issues, messages, ...redacted.place === undefined ? {} : { place: await shown('place', redacted.place) } }
}

/** A name that every system takes: no separators, no controls, no dot or space at the end, not endless. Beginning with a number, it is no reserved one. */
export function safeName (name: string): string {
  const plain = name.normalize('NFC').replace(/[\\/:*?"<>|]|\p{Cc}|\p{Cf}|\p{Cs}/gu, '_').replace(/\s+/g, ' ')
  const extension = extensionOf(plain)
  const stem = [...plain.slice(0, plain.length - extension.length)].slice(0, 80).join('').replace(/[. ]+$/, '')
  return `${stem === '' ? 'file' : stem}${extension}`
}

const extensionOf = (name: string): string => /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0].toLowerCase() ?? ''

/** For outside: what staff wrote to each other is gone, nobody of them is named, and in what was typed the detectors' finds are blacked out. */
function redact (complaint: Case): Case {
  const { issues, target, rule, effect, paper, place, entry, parallelDetails, messages, events, documents } = complaint
  return {
    ...complaint,
    ...masked({ issues, target, rule, effect, place, parallelDetails }),
    ...paper === undefined ? {} : { paper: masked(paper) },
    ...entry === undefined ? {} : { entry: masked(entry) },
    handler: null,
    notes: [],
    messages: messages.map(message => ({ ...message, author: message.direction === 'out' ? complaint.bureau.name : null, text: coverDetected(message.text) })),
    events: events.filter(({ audience }) => audience !== 'internal').map(event => ({ ...event, actor: null, ...masked({ text: event.text, fields: event.fields }) })),
    documents: documents.map(document => ({ ...document, content: masked(document.content) }))
  }
}

/** Every text in a value, however deep, with its finds blacked out. */
function masked<T> (value: T): T {
  if (typeof value === 'string') return coverDetected(value) as T
  if (Array.isArray(value)) return value.map(item => masked<unknown>(item)) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked<unknown>(inner)])) as T
}
