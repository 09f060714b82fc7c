/** Roles of staff accounts. An account has one role; a complaint also asks whether it is the account's to handle. */
export const STAFF_ROLES = ['clerk', 'investigator', 'approver', 'auditor', 'admin'] as const
export type StaffRole = (typeof STAFF_ROLES)[number]

/** Everybody who can stand in an event: the complainant (known by reference and query code), staff, and the system itself. */
export const ROLES = ['complainant', ...STAFF_ROLES, 'system'] as const
export type Role = (typeof ROLES)[number]

const CASEWORK: readonly Role[] = ['clerk', 'investigator', 'approver']

/**
 * Who may what, as noun.verb. `public` is everybody's, `account.own` every signed-in person's. The administrator and the auditor see
 * no content of complaints: they keep the house and the log (domain.md 10, three-way separation).
 */
export const PERMISSIONS = {
  public: [...ROLES],
  'account.own': [...STAFF_ROLES],
  'complaint.own': ['complainant'],
  'visit.own': ['complainant'],
  'complaint.enter': ['clerk', 'approver'],
  'complaint.list': CASEWORK,
  'complaint.read': CASEWORK,
  'complaint.claim': CASEWORK,
  'complaint.note': CASEWORK,
  'complaint.message': CASEWORK,
  'complaint.triage': ['clerk', 'approver'],
  'finding.record': CASEWORK,
  'code.reissue': ['clerk', 'approver'],
  'complaint.reply': CASEWORK,
  'recusal.decide': ['approver'],
  'complaint.close': [...CASEWORK, 'system'],
  'attachment.read': CASEWORK,
  'correction.decide': CASEWORK,
  'audit.read': ['auditor'],
  'letter.review': ['clerk', 'approver', 'admin'],
  'search.review': ['clerk', 'approver', 'admin'],
  'account.manage': ['admin'],
  'record.import': ['admin'],
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
