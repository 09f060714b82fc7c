import { daysBetween } from '../time/calendar.ts'
import type { Enumeration } from './enumerations.ts'

/** What the issuing organ says of a certificate (证件状态). */
export const CERTIFICATE_STATUSES = {
  valid: { zh: '有效', aliases: ['正常', '在用'] },
  suspended: { zh: '暂扣', aliases: ['暂停', '停用'] },
  cancelled: { zh: '注销', aliases: ['已注销'] },
  revoked: { zh: '吊销', aliases: ['已吊销', '收回'] },
  expired: { zh: '过期', aliases: ['已过期', '失效'] }
} as const satisfies Enumeration
export type CertificateStatus = keyof typeof CERTIFICATE_STATUSES

/** Which certificate it is (证件类型). */
export const CERTIFICATE_TYPES = {
  enforcement: { zh: '行政执法证', aliases: ['执法证', '行政执法证件'] },
  supervision: { zh: '行政执法监督证', aliases: ['执法监督证', '监督证'] },
  other: { zh: '其他法定证件', aliases: ['其他', '人民警察证'] }
} as const satisfies Enumeration

/** What a person at the door is told. `expired` means outside the printed period, also before its first day. */
export const OFFICER_STATUSES = ['valid', 'expiring', 'expired', 'suspended', 'not_found'] as const
export type OfficerStatus = (typeof OFFICER_STATUSES)[number]

/** How many days before the end a certificate is called expiring; it is fully valid until then. */
const EXPIRING_DAYS = 30

export interface CertificateRecord { status: CertificateStatus, validFrom: string | null, validTo: string | null }

/** The state of a certificate on a date in China; the last printed day is still valid. Without a record: not found. */
export function officerStatus (record: CertificateRecord | null, today: string): OfficerStatus {
  if (record === null) return 'not_found'
  if (['suspended', 'cancelled', 'revoked'].includes(record.status)) return 'suspended'
  if (record.status === 'expired' || (record.validFrom !== null && record.validFrom > today)) return 'expired'
  if (record.validTo === null) return 'valid'
  const left = daysBetween(today, record.validTo)
  if (left < 0) return 'expired'
  return left <= EXPIRING_DAYS ? 'expiring' : 'valid'
}
