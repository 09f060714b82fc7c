import type { App } from '../../app.ts'
import { translator } from '../../i18n/index.ts'
import type { Letter } from '../../mail/outbox.ts'
import type { Locale } from '../../paths.ts'
import type { Publication } from '../feeds/service.ts'
import { nameOf, sentenceOf } from '../feeds/words.ts'
import type { Followed } from './scopes.ts'

interface Addressee { app: App, locale: Locale, to: string, followed: Pick<Followed, 'names' | 'href'> }
interface Said { kind: string, what: string, paragraphs: string[], unsubscribe?: string }

function letter ({ app, locale, to }: Addressee, { kind, what, paragraphs, unsubscribe }: Said): Letter {
  const t = translator(locale)
  const site = app.site[locale]
  const foot = [t('mail.foot', { site: site.name, bureau: site.bureauName }), ...site.demo ? [t('layout.demo')] : []]
  return {
    to,
    subject: t(`mail.${kind}_subject`, { site: site.name, what: what.slice(0, 80) }),
    text: [...paragraphs, '—', ...foot].join('\n\n'),
    ...unsubscribe === undefined ? {} : { unsubscribe }
  }
}

/** Asks whether the address really wants to follow something. */
export function confirmationLetter (to: Addressee, link: string): Letter {
  const t = translator(to.locale)
  const what = to.followed.names.asked
  return letter(to, { kind: 'confirm', what, paragraphs: [t('mail.confirm', { site: to.app.site[to.locale].name, what }), link, t('mail.confirm_hours'), t('mail.confirm_other')] })
}

/** Somebody asked again for what the address follows already. */
export function knownLetter (to: Addressee, manage: string): Letter {
  const t = translator(to.locale)
  const what = to.followed.names.confirmed
  return letter(to, { kind: 'known', what, paragraphs: [t('mail.known', { what }), manage] })
}

export interface Digest { changes: Publication[], more: boolean, manage: string, end: string }

/** What has changed since the last letter. */
export function digestLetter (to: Addressee, { changes, more, manage, end }: Digest): Letter {
  const t = translator(to.locale)
  const lines = changes.map(change => [
    t('feed.entry', { name: nameOf(t, change), version: change.version }), sentenceOf(to, change), to.app.address(to.locale, change.set.record, [...change.set.params, change.code])
  ].join('\n'))
  const what = to.followed.names.confirmed
  const rest = more ? [`${t('mail.more')}\n${to.followed.href}`] : []
  return letter(to, { kind: 'digest', what, paragraphs: [t('mail.digest', { what, count: changes.length }), ...lines, ...rest, `${t('mail.manage')}\n${manage}`], unsubscribe: end })
}
