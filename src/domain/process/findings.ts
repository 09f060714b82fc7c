/** What the bureau found on one issue of a complaint (认定). Every issue needs one before the complaint can be answered. */
export const FINDINGS = {
  substantiated: { zh: '属实' },
  partly: { zh: '部分属实' },
  not: { zh: '不属实' },
  unable: { zh: '无法查实' },
  outside: { zh: '不属于监督范围' }
} as const
export type Finding = keyof typeof FINDINGS

/** Whether every issue has its finding; a complaint without an issue has nothing that could be answered. */
export function allFound (findings: ReadonlyArray<Finding | null>): boolean {
  return findings.length > 0 && findings.every(finding => finding !== null)
}

/** Whether something was found wrong that has to be put right. */
export function wrongFound (findings: ReadonlyArray<Finding | null>): boolean {
  return findings.some(finding => finding === 'substantiated' || finding === 'partly')
}
