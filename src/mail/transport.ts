import { createTransport, type SendMailOptions } from 'nodemailer'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { mailFolder, mailSender, type Config } from '../config.ts'
import { makeFolder } from '../db/folders.ts'
import type { Letter } from './outbox.ts'
import { openSms, textFiles } from './sms.ts'

/** Hands a letter over. Throws SendFault. */
export interface Transport { send: (id: string, letter: Letter) => Promise<void>, close: () => void }

/** What became of a letter: again: it was not taken and may be tried later; never: it was refused for good; unsure: the line broke after it was handed over. */
export class SendFault extends Error {
  readonly outcome: 'again' | 'never' | 'unsure'
  constructor (outcome: SendFault['outcome'], why: string) {
    super(why)
    this.name = 'SendFault'
    this.outcome = outcome
  }
}

interface Failure { code?: string, responseCode?: number, command?: string }

/** The commands whose refusal is about this letter; any other (greeting, TLS, sign-in, sender) is about our own settings, and may be mended. */
const ABOUT_THE_LETTER = new Set(['RCPT TO', 'DATA'])

/** The transport that the settings name, for each way; what is fictional never leaves the house. */
export function openTransport (config: Config, sender: string): Transport {
  const from = { name: sender, address: mailSender(config) }
  const files = { email: fileTransport(mailFolder(config), from), sms: textFiles(mailFolder(config)) }
  const ways = { email: config.SUNLIT_MAIL === 'file' ? files.email : smtpTransport(config.SUNLIT_MAIL, from), sms: openSms(config) }
  return {
    async send (id, letter) { await (letter.fictional === true ? files : ways)[letter.channel ?? 'email'].send(id, letter) },
    close: () => { for (const way of Object.values(ways)) way.close() }
  }
}

type From = { name: string, address: string }

function messageOf (id: string, from: From, { to, subject, text, unsubscribe }: Letter): SendMailOptions {
  return {
    from,
    to: { name: '', address: to },
    subject,
    text,
    messageId: `<${id}@${from.address.split('@')[1] ?? 'localhost'}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...unsubscribe === undefined ? {} : { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
    }
  }
}

/** Writes letters as they travel. */
function composer (from: From): (id: string, letter: Letter) => Promise<Buffer> {
  const writer = createTransport({ streamTransport: true, buffer: true })
  return async (id, letter) => (await writer.sendMail(messageOf(id, from, letter)) as { message: Buffer }).message
}

/** One file for each letter; a second one of the same id is the same letter. */
function fileTransport (folder: string, from: From): Transport {
  const compose = composer(from)
  return {
    async send (id, letter) {
      makeFolder(folder)
      await writeFile(path.join(folder, `${id}.eml`), await compose(id, letter), { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw new SendFault('again', error.code ?? 'file')
      })
    },
    close: () => undefined
  }
}

function smtpTransport (url: string, from: From): Transport {
  const compose = composer(from)
  const server = createTransport(url, { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 } as object)
  return {
    async send (id, letter) {
      let handedOver = false
      const raw = Readable.from([await compose(id, letter)]).once('end', () => { handedOver = true })
      await server.sendMail({ envelope: { from: from.address, to: letter.to }, raw }).catch((error: Failure) => { throw faultOf(error, handedOver) })
    },
    close: () => { server.close() }
  }
}

/** A server's refusal of the letter is a refusal; silence after the whole text was sent leaves open whether it was taken. Never names an address. */
function faultOf ({ code = 'smtp', responseCode, command = '' }: Failure, handedOver: boolean): SendFault {
  if (responseCode !== undefined) return new SendFault(responseCode >= 500 && ABOUT_THE_LETTER.has(command) ? 'never' : 'again', `smtp_${responseCode}`)
  return new SendFault(handedOver ? 'unsure' : 'again', code.toLowerCase())
}
