import type { App } from '../app.ts'
import { ROUTES } from '../paths.ts'
import { accountPages } from './account/accounts/pages.ts'
import { conflictPages } from './account/conflicts/pages.ts'
import { digestPages } from './account/digest/pages.ts'
import { habitPages } from './account/habits/pages.ts'
import { rightsPages } from './account/rights/pages.ts'
import { secondFactorPages } from './account/second-factor/pages.ts'
import { signInPages } from './account/sign-in/pages.ts'
import { bundlePages } from './case/bundle/pages.ts'
import { casework } from './case/casework/pages.ts'
import { clockPages } from './case/clocks/pages.ts'
import { contactDesk } from './case/contacts/pages.ts'
import { files } from './case/files/pages.ts'
import { followUp } from './case/follow-up/pages.ts'
import { identity } from './case/identity/pages.ts'
import { peoplePages } from './case/people/pages.ts'
import { priorityPages } from './case/priority/pages.ts'
import { relatedPages } from './case/related/pages.ts'
import { steps } from './case/steps/pages.ts'
import { bulkPages } from './day/bulk/pages.ts'
import { absencePages } from './day/absence/pages.ts'
import { entryPages } from './day/entry/pages.ts'
import { minePages } from './day/mine/pages.ts'
import { morePages } from './day/more/pages.ts'
import { patternPages } from './day/patterns/pages.ts'
import { quarantinePages } from './day/quarantine/pages.ts'
import { queuePages } from './day/queue/pages.ts'
import { reminderPages } from './day/reminders/pages.ts'
import { routingPages } from './day/routing/pages.ts'
import { savedViewPages } from './day/saved-views/pages.ts'
import { workloadPages } from './day/workload/pages.ts'
import { exhibitPages } from './examination/exhibits/pages.ts'
import { findings } from './examination/findings/pages.ts'
import { investigationPages } from './examination/investigation/pages.ts'
import { recordPages } from './examination/investigation/records.ts'
import { redactionPages } from './examination/redaction/pages.ts'
import { agencyDesk } from './letters/agencies/pages.ts'
import { approvalPages } from './letters/approvals/pages.ts'
import { proposalPages } from './letters/approvals/proposals.ts'
import { consequencePages } from './letters/consequences/pages.ts'
import { documents } from './letters/documents/pages.ts'
import { draftingPages } from './letters/drafting/pages.ts'
import { letterTypePages } from './letters/letter-types/pages.ts'
import { letterPages } from './letters/letters/pages.ts'
import { rectificationPages } from './letters/rectification/pages.ts'
import { registerPages } from './letters/register/pages.ts'
import { statementDesk } from './letters/statements/pages.ts'
import { auditPages } from './upkeep/audit/pages.ts'
import { codePages } from './upkeep/codes/pages.ts'
import { correctionDesk } from './upkeep/corrections/pages.ts'
import { missPages } from './upkeep/misses/pages.ts'
import { phrasePages } from './upkeep/phrases/pages.ts'

/** Pages that are open to a person who still has a one-time password. */
const BEFORE_CHANGE: readonly string[] = [ROUTES.password, ROUTES.signOut, ROUTES.signIn, ROUTES.signInCode, ROUTES.signInEnrolment]

/** The features of this wing, each with its own routes. */
const FEATURES = [
  absencePages,
  accountPages,
  agencyDesk,
  approvalPages,
  auditPages,
  bulkPages,
  bundlePages,
  casework,
  clockPages,
  codePages,
  conflictPages,
  consequencePages,
  contactDesk,
  correctionDesk,
  digestPages,
  documents,
  draftingPages,
  entryPages,
  exhibitPages,
  files,
  findings,
  followUp,
  habitPages,
  identity,
  investigationPages,
  letterPages,
  letterTypePages,
  minePages,
  missPages,
  morePages,
  patternPages,
  peoplePages,
  phrasePages,
  priorityPages,
  proposalPages,
  quarantinePages,
  queuePages,
  recordPages,
  rectificationPages,
  redactionPages,
  registerPages,
  relatedPages,
  reminderPages,
  rightsPages,
  routingPages,
  savedViewPages,
  secondFactorPages,
  signInPages,
  statementDesk,
  steps,
  workloadPages
]

/** The staff desk: every page needs a signed-in person with the right; never kept by a cache, never indexed. */
export async function desk (app: App): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-robots-tag', 'noindex, nofollow') })
  app.addHook('onRequest', async (request, reply) => {
    if (request.actor?.passwordTemporary !== true || BEFORE_CHANGE.includes(request.routeOptions.url ?? '')) return
    return await reply.redirect(request.path('password'), 303)
  })
  for (const feature of FEATURES) await app.register(feature)
}
