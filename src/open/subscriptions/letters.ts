import type { App } from '../../app.ts'
import { translator, type Translate } from '../../i18n/index.ts'
import type { Letter } from '../../mail/outbox.ts'
import type { Locale } from '../../paths.ts'
import type { Publication } from '../feeds/service.ts'
import { nameOf, sentenceOf } from '../feeds/words.ts'
import type { Followed } from './scopes.ts'

interface Addressee { app: App, locale: Locale, to: string, followed: Pick<Followed, 'title' | 'filters' | 'href'> }

const what = (t: Translate, { title, filters }: Pick<Followed, 'title' | 'filters'>): string => filters.length === 0 ? title : t('mail.filtered', { title, filters: filters.join(t('ui.between')) })

function letter ({ app, locale, to, followed }: Addressee, kind: string, paragraphs: string[], unsubscribe?: string): Letter {
  const t = translator(locale)
  const site = app.site[locale]
  const foot = [t('mail.foot', { site: site.name, bureau: site.bureauName }), ...site.demo ? [t('layout.demo')] : []]
  return {
    to,
    subject: t(`mail.${kind}_subject`, { site: site.name, what: what(t, followed).slice(0, 80) }),
    text: [...paragraphs, '—', ...foot].join('\n\n'),
    ...unsubscribe === undefined ? {} : { unsubscribe }
  }
}

/** Asks whether the address really wants to follow something. */
export function confirmationLetter (to: Addressee, link: string): Letter {
  const t = translator(to.locale)
  return letter(to, 'confirm', [t('mail.confirm', { site: to.app.site[to.locale].name, what: what(t, to.followed) }), link, t('mail.confirm_hours'), t('mail.confirm_other')])
}

/** Somebody asked again for what the address follows already. */
export function knownLetter (to: Addressee, manage: string): Letter {
  const t = translator(to.locale)
  return letter(to, 'known', [t('mail.known', { what: what(t, to.followed) }), manage])
}

export interface Digest { changes: Publication[], more: boolean, manage: string, end: string }

/** What has changed since the last letter. */
export function digestLetter (to: Addressee, { changes, more, manage, end }: Digest): Letter {
  const t = translator(to.locale)
  const lines = changes.map(change => [
    t('feed.entry', { name: nameOf(t, change), version: change.version }), sentenceOf(to, change), to.app.address(to.locale, change.set.record, [...change.set.params, change.code])
  ].join('\n'))
  return letter(to, 'digest', [t('mail.digest', { what: what(t, to.followed), count: changes.length }), ...lines, ...more ? [`${t('mail.more')}\n${to.followed.href}`] : [], `${t('mail.manage')}\n${manage}`], end)
}
