import type { App } from '../app.ts'
import { ROUTES } from '../paths.ts'
import { accountPages } from './accounts/pages.ts'
import { approvalPages } from './approvals/pages.ts'
import { proposalPages } from './approvals/proposals.ts'
import { auditPages } from './audit/pages.ts'
import { bundlePages } from './bundle/pages.ts'
import { casework } from './casework/pages.ts'
import { clockPages } from './clocks/pages.ts'
import { codePages } from './codes/pages.ts'
import { consequencePages } from './consequences/pages.ts'
import { contactDesk } from './contacts/pages.ts'
import { correctionDesk } from './corrections/pages.ts'
import { documents } from './documents/pages.ts'
import { draftingPages } from './drafting/pages.ts'
import { entryPages } from './entry/pages.ts'
import { exhibitPages } from './exhibits/pages.ts'
import { files } from './files/pages.ts'
import { followUp } from './follow-up/pages.ts'
import { findings } from './findings/pages.ts'
import { identity } from './identity/pages.ts'
import { investigationPages } from './investigation/pages.ts'
import { recordPages } from './investigation/records.ts'
import { letterPages } from './letters/pages.ts'
import { missPages } from './misses/pages.ts'
import { quarantinePages } from './quarantine/pages.ts'
import { patternPages } from './patterns/pages.ts'
import { peoplePages } from './people/pages.ts'
import { queuePages } from './queue/pages.ts'
import { rectificationPages } from './rectification/pages.ts'
import { redactionPages } from './redaction/pages.ts'
import { relatedPages } from './related/pages.ts'
import { registerPages } from './register/pages.ts'
import { reminderPages } from './reminders/pages.ts'
import { conflictPages } from './conflicts/pages.ts'
import { rightsPages } from './rights/pages.ts'
import { secondFactorPages } from './second-factor/pages.ts'
import { signInPages } from './sign-in/pages.ts'
import { steps } from './steps/pages.ts'

/** Pages that are open to a person who still has a one-time password. */
const BEFORE_CHANGE: readonly string[] = [ROUTES.password, ROUTES.signOut, ROUTES.signIn, ROUTES.signInCode, ROUTES.signInEnrolment]

/** The staff desk: every page needs a signed-in person with the right; never kept by a cache, never indexed. */
export async function desk (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex, nofollow') })
  app.addHook('onRequest', async (request, reply) => {
    if (request.actor?.passwordTemporary !== true || BEFORE_CHANGE.includes(request.routeOptions.url ?? '')) return
    return await reply.redirect(request.path('password'), 303)
  })
  for (const feature of [secondFactorPages, conflictPages, rightsPages]) await app.register(feature)
  await app.register(correctionDesk)
  for (const feature of [bundlePages, signInPages, accountPages, queuePages, quarantinePages, entryPages, casework, investigationPages, recordPages, exhibitPages, relatedPages, redactionPages, peoplePages, steps, findings, followUp, identity, documents, draftingPages, approvalPages, proposalPages, registerPages, files, auditPages, missPages, codePages, contactDesk, clockPages, reminderPages, letterPages, consequencePages, patternPages, rectificationPages]) await app.register(feature)
}
