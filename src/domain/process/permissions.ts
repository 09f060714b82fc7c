/** Roles of the bureau's people, the government's and the public offices' beside it (domain.md 10). An account has one role; a complaint also asks whether it is the account's to handle. */
export const BUREAU_ROLES = ['clerk', 'triager', 'investigator', 'legal_reviewer', 'head', 'approver', 'government', 'assistant', 'steward', 'publisher', 'auditor', 'admin'] as const
/** Roles of a supervised agency's people: who deals with what the bureau sends, and who signs for the agency. */
export const AGENCY_ROLES = ['agency_handler', 'agency_leader'] as const
/** Everybody with an account. */
export const STAFF_ROLES = [...BUREAU_ROLES, ...AGENCY_ROLES] as const
export type StaffRole = (typeof STAFF_ROLES)[number]

/** Everybody who can stand in an event: the complainant (known by reference and query code), staff, and the system itself. */
export const ROLES = ['complainant', ...STAFF_ROLES, 'system'] as const
export type Role = (typeof ROLES)[number]

/** Who may have a case in hand. */
export const CASEWORK: readonly Role[] = ['clerk', 'triager', 'investigator', 'head', 'approver']
const READERS: readonly Role[] = [...CASEWORK, 'legal_reviewer']
const TRIAGE: readonly Role[] = ['clerk', 'triager', 'head', 'approver']
const SUPERVISORS: readonly Role[] = ['investigator', 'head', 'approver']
const LEADERS: readonly Role[] = ['head', 'approver']

/**
 * Who may what, as noun.verb. `public` is everybody's, `account.own` every signed-in person's. The administrator and the auditor see
 * no content of complaints: they keep the house and the log (domain.md 10, three-way separation). The government's office sees what is
 * proposed to it, a supervised agency what was sent to it, neither of them the case.
 */
export const PERMISSIONS = {
  public: [...ROLES],
  'account.own': [...STAFF_ROLES],
  'complaint.own': ['complainant'],
  'visit.own': ['complainant'],
  'complaint.enter': [...TRIAGE, 'assistant'],
  'complaint.list': READERS,
  'complaint.read': READERS,
  'complaint.claim': CASEWORK,
  'complaint.note': READERS,
  'complaint.message': CASEWORK,
  'complaint.triage': TRIAGE,
  'complaint.assign': LEADERS,
  'view.manage': LEADERS,
  'complaint.delegate': ['triager', ...LEADERS],
  'complaint.investigate': SUPERVISORS,
  'complaint.suspend': LEADERS,
  'complaint.export': SUPERVISORS,
  'extension.request': CASEWORK,
  'extension.decide': LEADERS,
  'finding.record': SUPERVISORS,
  'letter.draft': SUPERVISORS,
  'letter.approve': ['legal_reviewer', ...LEADERS],
  'letter.sign': ['approver'],
  'letter.configure': LEADERS,
  'phrase.manage': ['legal_reviewer', ...LEADERS],
  'government.decide': ['government'],
  'objection.decide': LEADERS,
  'agency.item': [...AGENCY_ROLES],
  'agency.sign': ['agency_leader'],
  'code.reissue': TRIAGE,
  'complaint.reply': CASEWORK,
  'recusal.decide': LEADERS,
  'decision.withdraw': LEADERS,
  'pattern.review': LEADERS,
  'complaint.close': [...CASEWORK, 'system'],
  'redaction.make': CASEWORK,
  'redaction.release': ['triager', 'legal_reviewer', ...SUPERVISORS],
  'statement.moderate': ['publisher'],
  'attachment.read': READERS,
  'correction.decide': [...CASEWORK, 'steward'],
  'audit.read': ['auditor'],
  'letter.review': ['clerk', 'head', 'approver', 'admin'],
  'routing.manage': [...LEADERS, 'admin'],
  'search.review': ['clerk', 'head', 'approver', 'steward', 'admin'],
  'account.manage': ['admin'],
  'record.import': ['steward', 'admin'],
  'code.manage': ['admin'],
  'calendar.manage': ['admin'],
  'deadline.manage': ['admin']
} as const satisfies Record<string, readonly Role[]>
export type Permission = keyof typeof PERMISSIONS

/** Whether a role holds a permission; nobody in particular (null) holds only `public`. */
export function allows (role: Role | null, permission: Permission): boolean {
  if (role === null) return permission === 'public'
  return (PERMISSIONS[permission] as readonly Role[]).includes(role)
}
