import type { FastifyError } from 'fastify'
import type { App } from '../app.ts'
import { AppError } from '../errors.ts'
import { sweepReady } from './case/attachments/service.ts'
import { isClockSteady } from './case/storage/steady-clock.ts'
import { actions } from './following/actions/pages.ts'
import { contacts } from './following/contacts/pages.ts'
import { copy } from './following/copy/pages.ts'
import { demandAnswers } from './following/demands/pages.ts'
import { disclosure } from './following/disclosure/pages.ts'
import { entrances } from './following/entrance/pages.ts'
import { notices } from './following/notices/pages.ts'
import { proof } from './following/proof/pages.ts'
import { lost } from './following/reissue/pages.ts'
import { tracking } from './following/tracking/pages.ts'
import { drafts } from './form/drafts/pages.ts'
import { guardEntries } from './form/entry/guard.ts'
import { files } from './form/evidence/downloads.ts'
import { evidence } from './form/evidence/pages.ts'
import { sweepDrafts } from './form/filing/service.ts'
import { members } from './form/members/pages.ts'
import { paperForm } from './form/paper/pages.ts'
import { privacy } from './form/privacy/pages.ts'
import { receipt } from './form/receipt/pages.ts'
import { start } from './form/start/pages.ts'
import { check } from './form/wizard/check.ts'
import { wizard } from './form/wizard/pages.ts'
import { documentCheck } from './outcome/documents/pages.ts'
import { visits } from './visits/diary/pages.ts'
import { sweepVisits } from './visits/notes/service.ts'

const SWEEP_MS = 10 * 60_000

/** The features of this wing, each with its own routes. */
const FEATURES = [
  actions,
  check,
  contacts,
  copy,
  demandAnswers,
  disclosure,
  documentCheck,
  drafts,
  entrances,
  evidence,
  files,
  lost,
  members,
  notices,
  paperForm,
  privacy,
  proof,
  receipt,
  start,
  tracking,
  visits,
  wizard
]

/** Complaining and tracking: private pages, never kept by a cache, never indexed. */
export async function complaints (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex') })
  guardEntries(app)
  // A form sent after its session ended leads to the page that explains it, like a page opened then.
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const ended = error instanceof AppError && ['not_signed_in', 'draft_gone'].includes(error.code)
    if (!ended || await request.holdsWords()) throw error // what was typed comes back with the explanation
    const kind = request.routeOptions.config.session
    if (error.details['kind'] === 'staff') return await reply.redirect(request.path('signIn'), 303)
    if (kind === 'visit') return await reply.redirect(request.path('visits', [], { expired: 1 }), 303)
    if (kind === 'lost') return await reply.redirect(request.path('trackLost', [], { expired: 1 }), 303)
    if (kind === 'receipt') return await reply.redirect(request.path('track', [], { receipt: 1 }), 303)
    return await reply.redirect(request.path(kind === 'track' ? 'track' : 'complain', [], { expired: 1 }), 303)
  })
  for (const feature of FEATURES) await app.register(feature)
  sweepInTime(app)
}

/** Unsent complaints leave when their time is over, query codes half an hour after they were made, private notes after their sixty days, also when nobody comes. */
function sweepInTime (app: App): void {
  const timer = setInterval(async () => { await sweepAll(app) }, SWEEP_MS)
  timer.unref()
  app.addHook('onClose', async () => { clearInterval(timer) })
}

/** One round of it; none while the clock may be wrong (security.md D-6). What fails is in the log and does not keep back the others. */
export async function sweepAll (app: App): Promise<void> {
  const failed = (error: Error): void => { app.log.error({ err: { type: error.name, message: error.message } }, 'sweep') }
  const steady = await isClockSteady(app.db, app.now()).catch(failed)
  if (steady === false) app.log.warn('the clock jumped ahead: nothing is destroyed for a day')
  if (steady !== true) return
  await Promise.all([sweepDrafts(app, app.files, app.now()), sweepVisits(app, app.now()), sweepReady(app, app.files, app.now())].map(async swept => { await swept.catch(failed) }))
}
