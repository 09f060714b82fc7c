/**
 * What a complainant is asked to agree to (个人信息保护法 14, 17, 29, 35). `version` names the wording at `consent.<code>` in the catalogue:
 * a changed wording is a new version, and a test holds both together. `own`: asked apart, never ticked beforehand, and may be refused.
 */
export const CONSENTS = {
  truth: { version: '2026-11-25' },
  data: { version: '2026-11-25' },
  sensitive: { version: '2026-11-25', own: true },
  summary: { version: '2026-11-25', own: true }
} as const satisfies Record<string, { version: string, own?: true }>
export type ConsentCode = keyof typeof CONSENTS
