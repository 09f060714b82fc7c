import { AwsV4Signer } from 'aws4fetch'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

/** An S3-compatible store: where it is, and whose keys open it. `style`: the bucket in the path, or in front of the host. `patience`: milliseconds without a sign of life. */
export interface S3Place {
  endpoint: string
  bucket: string
  prefix: string
  region: string
  style: 'path' | 'host'
  keyId: string
  secret: string
  patience?: number
}

/** One request. What is sent is opened anew for each try, with its length and SHA-256 (hex), which are signed. */
export interface Ask {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  key?: string
  query?: Record<string, string>
  body?: { open: () => Readable, size: number, sha256: string }
}

/** What a store refused, by the code that its answer names, or else by its status. */
export class S3Refusal extends Error {
  readonly code: string
  readonly status: number
  constructor (code: string, status: number) {
    super(`${status} ${code}`)
    this.name = 'S3Refusal'
    this.code = code
    this.status = status
  }
}

const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' // SHA-256 of no bytes
const PATIENCE = 6000 // three times that and the pauses pass before a browser gives up
const TRIES = 3
/** Not worth another try although the status says 5xx: the answer will be the same. */
const FINAL = new Set([501, 507])

/**
 * Sends a request, up to three times where it may pass by itself: no answer, an overloaded or failing server. All requests of ours may be repeated.
 * Errors: S3Refusal, or the system's (ECONNREFUSED, ETIMEDOUT …).
 */
export async function send (place: S3Place, ask: Ask): Promise<IncomingMessage> {
  for (let tried = 1; ; tried++) {
    try {
      return await sendOnce(place, ask)
    } catch (error) {
      const final = error instanceof S3Refusal && (FINAL.has(error.status) || (error.status < 500 && error.status !== 429))
      if (tried === TRIES || final) throw error
      await pause(100 * 4 ** tried) // 0.4 s, then 1.6 s
    }
  }
}

/** The pieces of an answer; waits for each no longer than the place's patience, however long the reader takes. */
export async function * piecesOf (answer: IncomingMessage, patience = PATIENCE): AsyncGenerator<Buffer> {
  const pieces = answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  try {
    for (;;) {
      const timer = setTimeout(() => { answer.destroy(tooSlow()) }, patience)
      const { done, value } = await pieces.next().finally(() => { clearTimeout(timer) })
      if (done === true) return
      yield value
    }
  } finally {
    answer.destroy()
  }
}

async function sendOnce (place: S3Place, ask: Ask): Promise<IncomingMessage> {
  const { size = 0, sha256 = NOTHING } = ask.body ?? {}
  const signer = new AwsV4Signer({
    method: ask.method, url: addressOf(place, ask), headers: { 'x-amz-content-sha256': sha256 }, service: 's3', region: place.region, accessKeyId: place.keyId, secretAccessKey: place.secret
  })
  const { url, headers } = await signer.sign()
  const answer = await exchange(url, { method: ask.method, headers: { ...Object.fromEntries(headers), 'content-length': String(size) }, timeout: place.patience ?? PATIENCE }, ask.body?.open())
  const status = answer.statusCode ?? 0
  if (status >= 200 && status < 300) return answer
  const told = await text(piecesOf(answer, place.patience)).catch(() => '')
  throw new S3Refusal(/<Code>(\w+)<\/Code>/.exec(told)?.[1] ?? `HTTP ${status}`, status)
}

async function exchange (url: URL, options: http.RequestOptions, body: Readable | undefined): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, options)
    outgoing.on('timeout', () => { outgoing.destroy(tooSlow()) }).on('error', reject).on('response', answer => {
      outgoing.setTimeout(0) // from here on piecesOf looks at the clock
      resolve(answer)
    })
    if (body === undefined) outgoing.end()
    else pipeline(body, outgoing, error => { if (error != null) reject(error) })
  })
}

/** The address of an object or, without a key, of the bucket. Keys are of letters, digits, `-`, `_` and `/`: nothing to be escaped. */
export function addressOf ({ endpoint, bucket, prefix, style }: S3Place, { key, query = {} }: Pick<Ask, 'key' | 'query'>): string {
  const url = new URL(endpoint)
  if (style === 'host') url.host = `${bucket}.${url.host}`
  const path = [style === 'path' ? bucket : '', key === undefined ? '' : prefix + key].filter(part => part !== '').join('/')
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`
  url.search = new URLSearchParams(query).toString()
  return url.href
}

function tooSlow (): Error {
  return Object.assign(new Error('no sign of life'), { code: 'ETIMEDOUT' })
}
