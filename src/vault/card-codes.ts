import { createHash, createHmac } from 'node:crypto'

/** A certificate at one turn: with every card that is issued anew, and every code that was lost, the turn goes up. */
export interface CardTurn { officerId: number, certificateNo: string, turn: number }

/** What a code looks like: 128 bits in 22 characters. */
const SHAPE = /^[A-Za-z0-9_-]{21}[AQgw]$/

/** The code that stands on a certificate. It is derived, so that it can be printed again, and cannot be guessed or derived without the key. */
export function cardCode (key: Buffer, { officerId, certificateNo, turn }: CardTurn): string {
  return createHmac('sha256', key).update(JSON.stringify(['card', officerId, certificateNo, turn])).digest().subarray(0, 16).toString('base64url')
}

/** What is stored of a code: enough to find it again, not enough to print it. Null for a text that cannot be one. */
export function cardCodeId (code: string): string | null {
  return SHAPE.test(code) ? createHash('sha256').update(code).digest('base64url') : null
}
