/**
 * Who may know the complainant, from the least disclosure to the most. `sealed` says whether an identity is stored at all (encrypted,
 * away from the complaint); `nameable` whether the handlers may tell the agency who complained when the case cannot be cleared otherwise.
 * The system itself shows an agency nothing in any mode.
 */
export const IDENTITY_MODES = {
  anonymous: { sealed: false, nameable: false },
  confidential: { sealed: true, nameable: false },
  named: { sealed: true, nameable: true }
} as const
export type IdentityMode = keyof typeof IDENTITY_MODES

export const DEFAULT_IDENTITY_MODE: IdentityMode = 'confidential'

const ORDER = Object.keys(IDENTITY_MODES)

/** Whether the complainant may change from one mode to another: only toward more disclosure, as what was told cannot be taken back. */
export function mayChangeMode (from: IdentityMode, to: IdentityMode): boolean {
  return ORDER.indexOf(to) > ORDER.indexOf(from)
}
