/** Every address once, without base path and language prefix. Routes register them, views and tests link through them. */
export const ROUTES = {
  home: '/',
  search: '/search',
  facet: '/facets/:list/:facet',
  facetFile: '/facets/:list/:facet/values.csv',
  matters: '/matters',
  matter: '/matters/:code',
  matterHistory: '/matters/:code/history',
  matterCompare: '/matters/:code/compare',
  matterVersion: '/matters/:code/versions/:version',
  matterOn: '/matters/:code/on/:date',
  changes: '/changes',
  agencies: '/agencies',
  agency: '/agencies/:slug',
  law: '/law',
  statute: '/law/:slug',
  article: '/law/:slug/:article',
  statuteOn: '/law/:slug/on/:date',
  lists: '/lists',
  list: '/lists/:list',
  listItem: '/lists/:list/:code',
  verify: '/verify',
  door: '/verify/door',
  cardCode: '/v/:code',
  officers: '/officers',
  officer: '/officers/:slug',
  prohibitions: '/prohibitions',
  prohibition: '/prohibitions/:no',
  industries: '/industries',
  industry: '/industries/:slug',
  industryCheck: '/industries/:slug/self-check',
  benchmarks: '/benchmarks',
  benchmark: '/benchmarks/:code',
  exemptions: '/exemptions',
  exemption: '/exemptions/:code',
  checkFine: '/check-fine',
  guide: '/guide',
  guideChannel: '/guide/which-channel',
  guideDeadlines: '/guide/deadlines',
  guideCalendar: '/guide/deadlines/calendar.ics',
  rights: '/guide/your-rights/:power',
  serviceStandard: '/service-standard',
  dueDateRule: '/due-dates/:rule',
  exportFile: '/exports/:list/:format',
  api: '/api',
  apiSpec: '/api/v1/openapi.json',
  apiIndex: '/api/v1',
  apiComplaints: '/api/v1/complaints',
  apiOfficer: '/api/v1/officers/:number',
  apiList: '/api/v1/:list',
  apiRecord: '/api/v1/:list/:code',
  feedAll: '/feeds/all',
  feedSearch: '/feeds/search',
  feedList: '/feeds/:list',
  feedRecord: '/feeds/:list/:code',
  sitemap: '/sitemap.xml',
  sitemapPart: '/sitemaps/:part',
  qr: '/qr/:list/:code',
  subscriptions: '/subscriptions',
  subscriptionSent: '/subscriptions/sent',
  subscriptionEnded: '/subscriptions/ended',
  subscriptionConfirm: '/subscriptions/confirmations/:token',
  subscription: '/subscriptions/:token',
  subscriptionEnd: '/subscriptions/:token/endings',
  corrections: '/corrections',
  correctionNew: '/corrections/new',
  data: '/data',
  anchors: '/data/anchors',
  anchorFile: '/data/anchors.json',
  dataset: '/data/:set',
  decisions: '/decisions',
  decisionRules: '/decisions/publication',
  decision: '/decisions/:code',
  privacy: '/privacy',
  about: '/about',
  complain: '/complain',
  complainStep: '/complain/draft/:step',
  complainUpload: '/complain/draft/evidence/files',
  complainSubmission: '/complain/submissions',
  complainDiscard: '/complain/discards',
  complainLater: '/complain/draft/later',
  complainExit: '/complain/exits',
  complainResume: '/complain/resume',
  complainForm: '/complain/form',
  receipt: '/complain/receipt',
  receiptPrint: '/complain/receipt/print',
  receiptCopy: '/complain/receipt/copy',
  receiptCheck: '/receipts/check',
  receiptKeys: '/receipts/key',
  receiptKey: '/receipts/key/:id',
  documentVerify: '/documents/verify',
  visits: '/visits',
  visitNew: '/visits/new',
  visitReceipt: '/visits/receipt',
  visitExit: '/visits/exits',
  visit: '/visits/:ref',
  visitAdditions: '/visits/:ref/additions',
  visitDeletions: '/visits/:ref/deletions',
  visitComplaints: '/visits/:ref/complaints',
  track: '/track',
  tracking: '/track/:ref',
  trackMessages: '/track/:ref/messages',
  trackLost: '/track/lost',
  trackLostCode: '/track/lost/code',
  trackLostNew: '/track/lost/new-code',
  trackIdentity: '/track/:ref/identity',
  trackRecord: '/track/:ref/record',
  trackMemberCodes: '/track/:ref/members',
  trackRequest: '/track/:ref/requests/:kind',
  trackExit: '/track/:ref/exits',
  trackContacts: '/track/:ref/contacts',
  trackContactCodes: '/track/:ref/contacts/:id/codes',
  trackContactChecks: '/track/:ref/contacts/:id/checks',
  trackContactNotices: '/track/:ref/contacts/:id/notices',
  noticeEnd: '/notices/:token',
  dueDate: '/track/:ref/clocks/:clock',
  trackReceipt: '/track/:ref/receipt',
  trackCopy: '/track/:ref/copy',
  trackDocument: '/track/:ref/documents/:id',
  trackFile: '/track/:ref/files/:id',
  signIn: '/desk/sign-in',
  signInCode: '/desk/sign-in/code',
  signInEnrolment: '/desk/sign-in/enrolment',
  recoveryCodes: '/desk/recovery-codes',
  signOut: '/desk/sign-out',
  desk: '/desk',
  queue: '/desk/queue',
  quarantine: '/desk/quarantine',
  complaint: '/desk/complaints/:ref',
  transitions: '/desk/complaints/:ref/transitions',
  claims: '/desk/complaints/:ref/claims',
  urgencyEndings: '/desk/complaints/:ref/urgency-endings',
  notes: '/desk/complaints/:ref/notes',
  messages: '/desk/complaints/:ref/messages',
  identityViews: '/desk/complaints/:ref/identity-views',
  deskContacts: '/desk/complaints/:ref/contacts',
  noticeRepeats: '/desk/complaints/:ref/contacts/:id/notices',
  codeReissues: '/desk/complaints/:ref/query-codes',
  letters: '/desk/letters',
  attachment: '/desk/complaints/:ref/files/:id',
  attachmentPicture: '/desk/complaints/:ref/files/:id/picture',
  attachmentOriginal: '/desk/complaints/:ref/files/:id/original',
  document: '/desk/complaints/:ref/documents/:id',
  documentFile: '/desk/complaints/:ref/documents/:id/document.docx',
  complaintClock: '/desk/complaints/:ref/clocks/:clock',
  caseClocks: '/desk/complaints/:ref/clocks',
  caseExtensions: '/desk/complaints/:ref/clocks/extensions',
  caseExtension: '/desk/complaints/:ref/clocks/extensions/:id',
  caseTasks: '/desk/complaints/:ref/clocks/tasks',
  reminders: '/desk/reminders',
  reminderEndings: '/desk/reminders/:id/endings',
  findings: '/desk/complaints/:ref/findings',
  entry: '/desk/new',
  entryResumption: '/desk/new/resumptions',
  entryRemoval: '/desk/new/removals',
  recusal: '/desk/complaints/:ref/recusals/:id',
  caseFlags: '/desk/complaints/:ref/flags',
  investigate: '/desk/complaints/:ref/investigate',
  investigateChecks: '/desk/complaints/:ref/investigate/checks',
  investigatePlan: '/desk/complaints/:ref/investigate/plan',
  investigatePlanEndings: '/desk/complaints/:ref/investigate/plan-endings',
  recordNew: '/desk/complaints/:ref/records/new',
  records: '/desk/complaints/:ref/records',
  record: '/desk/complaints/:ref/records/:id',
  recordSheet: '/desk/complaints/:ref/records/:id/sheet',
  recordSignatures: '/desk/complaints/:ref/records/:id/signatures',
  recordReturns: '/desk/complaints/:ref/records/:id/returns',
  recordAdditions: '/desk/complaints/:ref/records/:id/additions',
  exhibits: '/desk/complaints/:ref/exhibits',
  exhibitUploads: '/desk/complaints/:ref/exhibits/uploads',
  exhibitReliances: '/desk/complaints/:ref/exhibits/reliances',
  footage: '/desk/complaints/:ref/exhibits/footage',
  footageAnswers: '/desk/complaints/:ref/exhibits/footage-answers',
  footageSheet: '/desk/complaints/:ref/exhibits/footage/:no/sheet',
  related: '/desk/complaints/:ref/related',
  relatedEndings: '/desk/complaints/:ref/related/endings',
  relatedRefusals: '/desk/complaints/:ref/related/refusals',
  redact: '/desk/complaints/:ref/redact',
  redaction: '/desk/complaints/:ref/redact/:rendering/:target',
  redactionPicture: '/desk/complaints/:ref/redact/:rendering/:target/picture',
  redactionReleases: '/desk/complaints/:ref/redact/:rendering/:target/releases',
  consequences: '/desk/complaints/:ref/consequences',
  consequenceWithdrawals: '/desk/complaints/:ref/consequences/withdrawals',
  consequenceMeasures: '/desk/complaints/:ref/consequences/measures',
  consequenceMeasureEndings: '/desk/complaints/:ref/consequences/measure-endings',
  consequenceRecoveries: '/desk/complaints/:ref/consequences/recoveries',
  patterns: '/desk/patterns',
  rectification: '/desk/complaints/:ref/rectification',
  rectificationVerdicts: '/desk/complaints/:ref/rectification/verdicts',
  people: '/desk/complaints/:ref/people',
  bundle: '/desk/complaints/:ref/bundle',
  peopleAssignments: '/desk/complaints/:ref/people/assignments',
  peopleEndings: '/desk/complaints/:ref/people/endings',
  peopleAgency: '/desk/complaints/:ref/people/agency',
  caseLetters: '/desk/complaints/:ref/letters',
  caseLetterNew: '/desk/complaints/:ref/letters/new',
  caseLetter: '/desk/complaints/:ref/letters/:id',
  caseLetterSheet: '/desk/complaints/:ref/letters/:id/sheet',
  caseLetterEndings: '/desk/complaints/:ref/letters/:id/endings',
  caseLetterIssues: '/desk/complaints/:ref/letters/:id/issues',
  approvals: '/desk/approvals',
  approval: '/desk/approvals/:id',
  approvalDecisions: '/desk/approvals/:id/decisions',
  proposals: '/desk/proposals',
  proposal: '/desk/proposals/:id',
  proposalDecisions: '/desk/proposals/:id/decisions',
  register: '/desk/documents',
  registerFile: '/desk/documents/documents.csv',
  registered: '/desk/documents/:id',
  registeredDeliveries: '/desk/documents/:id/deliveries',
  registeredVoids: '/desk/documents/:id/voids',
  certificateCodes: '/desk/certificate-codes',
  certificateCodesOf: '/desk/certificate-codes/:slug',
  codeEndings: '/desk/certificate-codes/:slug/endings',
  deskCorrections: '/desk/corrections',
  deskCorrection: '/desk/corrections/:id',
  adminDeadlines: '/admin/deadlines',
  adminDeadline: '/admin/deadlines/:clock',
  adminDeadlineChanges: '/admin/deadlines/:clock/changes',
  adminCalendar: '/admin/calendar',
  adminCalendarPreviews: '/admin/calendar/previews',
  adminCalendarChanges: '/admin/calendar/changes',
  adminCalendarChange: '/admin/calendar/changes/:id',
  audit: '/desk/audit',
  auditFile: '/desk/audit/entries.csv',
  misses: '/desk/searches',
  missesFile: '/desk/searches/words.csv',
  sessions: '/desk/sessions',
  sessionEndings: '/desk/sessions/endings',
  password: '/desk/password',
  agencyItems: '/agency',
  agencyItem: '/agency/items/:id',
  agencyReceipts: '/agency/items/:id/receipts',
  agencyAnswers: '/agency/items/:id/answers',
  agencySignatures: '/agency/items/:id/signatures',
  agencyWithdrawals: '/agency/items/:id/objection-withdrawals',
  agencyExtensions: '/agency/items/:id/extensions',
  healthz: '/healthz',
  readyz: '/readyz'
} as const satisfies Record<string, `/${string}`>

export type RouteName = keyof typeof ROUTES
export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** Chinese lives at the root, English under /en. */
const PREFIX: Record<Locale, string> = { 'zh-CN': '', en: '/en' }

export type Query = Record<string, string | number | undefined | null | ReadonlyArray<string | number>>
export type PathTo = (locale: Locale, name: RouteName, params?: ReadonlyArray<string | number>, query?: Query) => string

/** Builds addresses under `basePath`; parameters fill the pattern in order, empty query values are left out. */
export function createPaths (basePath: string): PathTo {
  return (locale, name, params = [], query) => {
    let at = 0
    const path = ROUTES[name].replace(/:\w+/g, () => encodeURIComponent(String(params[at++] ?? '')))
    return withBase(basePath, locale, path) + queryString(query)
  }
}

/** Puts base path and language prefix before a site path such as `/matters`. */
export function withBase (basePath: string, locale: Locale, path: string): string {
  const full = `${basePath}${PREFIX[locale]}${path}`
  return full.length > 1 && path === '/' && full !== '/' ? full.replace(/\/$/, '') : full
}

/** Repeats a key for each value of a list; leaves out what is empty. Returns '' or '?…'. */
function queryString (query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value as ReadonlyArray<string | number> : [value as string | number | undefined | null]) {
      if (item !== undefined && item !== null && item !== '') search.append(key, String(item))
    }
  }
  return search.size === 0 ? '' : `?${search.toString()}`
}

export interface SitePath { locale: Locale, path: string }

/** Splits a requested address into language and site path; null when it lies outside the base path. */
export function readPath (basePath: string, url: string): SitePath | null {
  if (!url.startsWith(basePath)) return null
  const rest = url.slice(basePath.length)
  if (rest !== '' && !/^[/?]/.test(rest)) return null
  const english = /^\/en(?=[/?]|$)/.test(rest)
  const path = english ? rest.slice('/en'.length) : rest
  return { locale: english ? 'en' : 'zh-CN', path: path === '' || path.startsWith('?') ? `/${path}` : path }
}

const PATTERNS = Object.values(ROUTES).map(pattern => new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`))

/** Is this path an address of the portal at all? Then a miss is a wrong method, not an unknown page. */
export function isKnownPath (path: string): boolean {
  return PATTERNS.some(pattern => pattern.test(path))
}
