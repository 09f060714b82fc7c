import type { FastifyReply, FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import type { App } from '../../../app.ts'
import { writeArchive, type Entry } from '../../../files/archive.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import { clerkOf } from '../casework/actor.ts'
import { ComplaintParams } from '../casework/schema.ts'
import { partFrame, type PartFrame } from '../parts/frame.ts'
import { BundleForm, FORMS, REASON_LIMIT, SHAPES } from './schema.ts'
import { findForBundle, takeBundle, type Bundle } from './service.ts'
import { pageOf, type BundlePage } from './views.ts'

interface Option { value: string, label: string, hint: string, checked: boolean }

declare module '../../../views.ts' {
  interface Views {
    'desk/bundle/ask': PartFrame & { forms: Option[], shapes: Option[], typed: string, limit: number, faults: Record<string, string> }
    'desk/bundle/print': BundlePage
  }
}

const config = { permission: 'complaint.export', session: 'staff' } as const

/** A case as one print page or one archive, for a reason that is written down; never who complained. */
export async function bundlePages (app: App): Promise<void> {
  app.get(ROUTES.bundle, { schema: { params: ComplaintParams }, config }, async (request, reply) => await ask(app, request, reply, { form: '', shape: '', reason: '' }))

  app.post(ROUTES.bundle, { schema: { params: ComplaintParams, body: BundleForm }, config: { ...config, limit: 'export' }, attachValidation: true }, async (request, reply) => {
    const faults = fieldErrors(request, 'bundle')
    if (faults.length > 0) return await ask(app, request, reply.code(422), { form: '', shape: '', reason: '', ...request.body as Partial<BundleForm> }, faults)
    const bundle = await takeBundle(app, await clerkOf(app, request), request.params.ref, request.body)
    if (request.body.shape === 'print') return await reply.page('desk/bundle/print', pageOf(request, bundle, { now: app.now(), linked: false }), 'print')
    const index = await reply.page('desk/bundle/print', pageOf(request, bundle, { now: app.now(), linked: true }), 'bundle')
    return await reply.type('application/zip').header('content-disposition', `attachment; filename="${request.params.ref}-${bundle.form}.zip"`).send(writeArchive(entriesOf(app, bundle, index)))
  })
}

async function ask (app: App, request: FastifyRequest, reply: FastifyReply, typed: Record<'form' | 'shape' | 'reason', string>, errors: Fault[] = []): Promise<string> {
  const { ref } = request.params as { ref: string }
  const complaint = await findForBundle(app, await clerkOf(app, request), ref)
  const options = (field: 'form' | 'shape', values: readonly string[]): Option[] => values.map(value => ({ value, label: request.t(`bundle_${field}.${value}`), hint: request.t(`bundle_${field}_hint.${value}`), checked: typed[field] === value }))
  return await reply.page('desk/bundle/ask', {
    ...partFrame(request, complaint, 'bundle', app.now()), forms: options('form', FORMS), shapes: options('shape', SHAPES), typed: typed.reason, limit: REASON_LIMIT, faults: byField(errors), errors
  })
}

/** The archive: the page, the files, and their digests in the form that `sha256sum -c` checks. */
function entriesOf (app: App, { files }: Bundle, index: string): Entry[] {
  const at = app.now()
  const included = files.filter(({ path }) => path !== null)
  const sums = [`${createHash('sha256').update(index).digest('hex')}  index.html`, ...included.map(({ sha256, path }) => `${sha256}  ${path ?? ''}`)]
  return [
    { path: 'index.html', at, text: index },
    { path: 'style.css', at, text: STYLE },
    { path: 'SHA256SUMS.txt', at, text: `${sums.join('\n')}\n` },
    ...included.map(file => ({ path: file.path ?? '', at: file.at, size: file.size, open: file.open }))
  ]
}

/** The archive is read without the portal: a few lines make it legible on a screen and on paper. */
const STYLE = `body { max-width: 190mm; margin: 2em auto; padding: 0 1em; color: #1a1a1a; font: 16px/1.7 "Songti SC", SimSun, "Noto Serif CJK SC", serif; }
table { width: 100%; border-collapse: collapse; } th, td { padding: .3em .5em; border: 1px solid #999; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
dt { font-weight: 700; } dd { margin: 0 0 .5em; white-space: pre-line; } .sl-text, .sl-bundle__text { white-space: pre-line; } .sl-letter { margin: 1em 0; padding: 1em; border: 1px solid #999; }
.sl-letter__title, .sl-letter__issuer, .sl-letter__number { text-align: center; } .sl-letter__sign { text-align: right; } ol { padding-left: 1.2em; }
.govuk-visually-hidden { position: absolute; clip: rect(0 0 0 0); width: 1px; height: 1px; overflow: hidden; }
`
