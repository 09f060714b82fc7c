import { createHmac, randomInt } from 'node:crypto'
import { generateSecret, generateSync, generateURI, verifySync } from 'otplib'

/** RFC 6238 with what every authenticator takes for granted: SHA-1, six digits, thirty seconds. */
const PERIOD = 30
/** Codes of the step before and after are taken too: clocks differ, and people type slowly (security.md L-1). */
const TOLERANCE = PERIOD
const RECOVERY_CODES = 10
/** Letters and digits that nobody mistakes for one another; ten of them are about 49 bits, and tries are counted. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789'

const seconds = (now: string): number => Math.floor(Date.parse(now) / 1000)

/** A new secret of 160 bits, as people type it into an authenticator: Base32. */
export function newTotpSecret (): string {
  return generateSecret()
}

/** The address that an authenticator reads from a QR code. */
export function totpAddress (secret: string, issuer: string, username: string): string {
  return generateURI({ issuer, label: username, secret })
}

/** The code of this moment; only for accounts that are made up. */
export function currentCode (secret: string, now: string): string {
  return generateSync({ secret, epoch: seconds(now) })
}

/** The step that a code belongs to, when it is one of now, the step before or the one after, and none of `last` or earlier; else null. */
export function stepOf (secret: string, code: string, { now, last }: { now: string, last: number | null }): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const result = verifySync({ secret, token: code, epoch: seconds(now), epochTolerance: TOLERANCE })
  if (!result.valid || !('timeStep' in result)) return null
  return last !== null && result.timeStep <= last ? null : result.timeStep
}

/** Codes for when the telephone is gone, as they are written down: two groups of five. */
export function newRecoveryCodes (): string[] {
  const group = (): string => Array.from({ length: 5 }, () => SIGNS[randomInt(SIGNS.length)]).join('')
  return Array.from({ length: RECOVERY_CODES }, () => `${group()}-${group()}`)
}

/** What is stored of a recovery code: it is random, so a keyed hash is enough. */
export function recoveryHash (pepper: Buffer, account: number, code: string): string {
  return createHmac('sha256', pepper).update(`recovery|${account}|${code}`).digest('base64url')
}

/** A code as it is compared: however it was typed. */
export function plainCode (typed: string): string {
  return typed.normalize('NFKC').toLowerCase().replace(/[^a-z0-9]/g, '')
}
