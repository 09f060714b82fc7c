import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { App } from '../../../app.ts'
import { translator } from '../../../i18n/index.ts'
import type { Letter } from '../../../mail/outbox.ts'
import type { Locale } from '../../../paths.ts'
import type { Address } from './sealing.ts'

/** What letters need of the application. */
export type Sender = Pick<App, 'db' | 'keys' | 'site' | 'address'>

/** Where a letter goes, in which language; `fictional` ones never leave the house. */
export interface Addressee extends Address { locale: Locale, fictional: boolean }

interface Said { kind: 'news' | 'check' | 'lost', values?: Record<string, string | number>, unsubscribe?: string }

/** A letter as text or as short message; neither ever says anything of a complaint, nor that there is one. */
function letter ({ site: sites }: Sender, { channel, to, locale, fictional }: Addressee, { kind, values = {}, unsubscribe }: Said): Letter {
  const t = translator(locale)
  const site = sites[locale]
  const said = { site: site.name, bureau: site.bureauName, ...values }
  const text = channel === 'sms'
    ? `${site.demo ? t('letter.demo_sms') : ''}${t(`letter.${kind}_sms`, said)}` // a link at the end stands alone: telephones take what follows for a part of it
    : [t(`letter.${kind}`, said), '—', t('mail.foot', said), ...site.demo ? [t('layout.demo')] : []].join('\n\n')
  return { to, channel, subject: t(`letter.${kind}_subject`, said), text, ...unsubscribe === undefined ? {} : { unsubscribe }, ...fictional ? { fictional: true } : {} }
}

/** There is news; nothing else. */
export function newsLetter (app: Sender, to: Addressee, contactId: string): Letter {
  const token = endToken(app, contactId)
  const end = app.address(to.locale, 'noticeEnd', [token])
  return letter(app, to, { kind: 'news', values: { track: app.address(to.locale, 'track'), end }, unsubscribe: end })
}

/** The code that shows that the address is the complainant's. */
export function checkLetter (app: Sender, to: Addressee, code: string, minutes: number): Letter {
  return letter(app, to, { kind: 'check', values: { code, minutes } })
}

/** The code with which a new query code is made. */
export function lostLetter (app: Sender, to: Addressee, code: string, minutes: number): Letter {
  return letter(app, to, { kind: 'lost', values: { code, minutes } })
}

/** The secret in the address that ends notices: reckoned, not kept, so that a stolen database ends nobody's. */
function endToken ({ keys }: Pick<Sender, 'keys'>, contactId: string): string {
  return `${contactId}.${createHmac('sha256', keys.forms).update(`notices|${contactId}`).digest('base64url').slice(0, 22)}`
}

/** The contact that such a secret belongs to; null for one that was never given out. */
export function contactOf (app: Pick<Sender, 'keys'>, token: string): string | null {
  const [id = ''] = token.split('.')
  const [given, right] = [token, endToken(app, id)].map(text => createHash('sha256').update(text).digest())
  return timingSafeEqual(given as Buffer, right as Buffer) ? id : null
}
