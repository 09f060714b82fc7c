import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError, mailFolder, type Config } from '../config.ts'
import { makeFolder } from '../db/folders.ts'
import { SendFault, type Transport } from './transport.ts'

/** A gateway that has not answered by then: nobody knows what it did. */
const TIMEOUT_MS = 15_000

/** The way of short messages that the settings name. The secret is read once, at the start: a missing file is found then. */
export function openSms (config: Config): Transport {
  if (config.SUNLIT_SMS === 'file') return textFiles(mailFolder(config))
  return gateway(config.SUNLIT_SMS, config.SUNLIT_SMS_SECRET === '' ? null : secretIn(config.SUNLIT_SMS_SECRET))
}

function secretIn (file: string): string {
  try {
    const secret = readFileSync(file, 'utf8').trim()
    if (/^[\x21-\x7e]+$/.test(secret)) return secret
  } catch { /* said below, like an empty one */ }
  throw new ConfigError([{ name: 'SUNLIT_SMS_SECRET', value: file, rule: 'must name a readable file that holds one secret in ASCII' }])
}

/** One text file for each message; a second one of the same id is the same message. */
export function textFiles (folder: string): Transport {
  return {
    async send (id, { to, text }) {
      makeFolder(folder)
      await writeFile(path.join(folder, `${id}.sms.txt`), `${to}\n\n${text}\n`, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw new SendFault('again', error.code ?? 'file')
      })
    },
    close: () => undefined
  }
}

/** A gateway that takes `{ id, to, text }` as JSON; `id` also as Idempotency-Key, so that it can tell a second copy. */
function gateway (url: string, secret: string | null): Transport {
  const headers = { 'content-type': 'application/json', ...secret === null ? {} : { authorization: `Bearer ${secret}` } }
  return {
    async send (id, { to, text }) {
      const response = await fetch(url, {
        method: 'POST', redirect: 'manual', headers: { ...headers, 'idempotency-key': id }, body: JSON.stringify({ id, to, text }), signal: AbortSignal.timeout(TIMEOUT_MS)
      }).catch((error: Error) => { throw faultOf(error) })
      await response.body?.cancel().catch(() => undefined)
      if (!response.ok) throw new SendFault(ABOUT_THE_MESSAGE.has(response.status) ? 'never' : 'again', `sms_${response.status}`)
    },
    close: () => undefined
  }
}

/** Refusals that another try would not change; any other answer speaks of our settings or of the gateway's state. */
const ABOUT_THE_MESSAGE = new Set([400, 404, 409, 410, 413, 422])

/** What fails before a connection stands has told the gateway nothing. */
const BEFORE_SENDING = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])

/** Never names a number. */
function faultOf (error: Error): SendFault {
  const { code = error.name } = (error.cause ?? {}) as { code?: string }
  return new SendFault(BEFORE_SENDING.has(code) ? 'again' : 'unsure', `sms_${code.toLowerCase()}`)
}
