import type { FastifyRequest } from 'fastify'
import { formatDate, formatDateTime, formatSize } from '../../../i18n/format.ts'
import type { Frame } from '../../../views.ts'
import { subjectOf, wordOf } from '../../upkeep/audit/service.ts'
import { isHan, linksOf, timelineOf, toldOf, type Item } from '../casework/present.ts'
import type { LetterSheet } from '../../../complaints/outcome/documents/service.ts'
import { letterOf } from '../../letters/documents/letter.ts'
import type { Bundle } from './service.ts'

interface Fact { key: string, value: string, lang?: string }

/** A bundle in words, for paper and for the archive alike; `href` leads to a file beside the page. */
export interface BundlePage extends Frame {
  ref: string, form: string, madeAt: string, facts: Fact[]
  issues: Array<{ no: number, ground: string, text: string, finding: string, reasons: string | null }>
  timeline: Item[], letters: Array<{ letter: LetterSheet, digest: string }>
  clocks: Array<{ name: string, from: string, due: string, state: string, basis: string }>
  files: Array<{ name: string, size: string, sha256: string, note: string, href: string | null }>
  log: Array<{ seq: number, at: string, who: string, what: string, subject: string, result: string }>
}

/** What the print page and index.html show. */
export function pageOf (request: FastifyRequest, { complaint, form, files, log }: Bundle, { now, linked }: { now: string, linked: boolean }): BundlePage {
  const { t, locale } = { t: (key: string, values = {}) => request.t(key, values), locale: request.locale }
  const fact = (key: string, value: string | null | undefined): Fact[] => value === null || value === undefined || value === '' ? [] : [{ key: t(key), value, ...isHan(value) ? { lang: 'zh-CN' } : {} }]
  return {
    title: t('bundle.of', { ref: complaint.ref }),
    ref: complaint.ref,
    form,
    madeAt: now,
    facts: [
      ...fact('bundle.case_no', complaint.caseNo),
      ...fact('bundle.status', t(`status.${complaint.status}`)),
      ...fact('bundle.submitted', formatDateTime(locale, complaint.submittedAt)),
      ...fact('bundle.bureau', locale === 'en' ? complaint.bureau.nameEn : complaint.bureau.name),
      ...fact('bundle.agency', (locale === 'en' ? complaint.agency?.nameEn : null) ?? complaint.agency?.name),
      ...fact('bundle.handler', complaint.handler?.name),
      ...linksOf(request, complaint).map(({ kind, name, lang }) => ({ key: t(`link_kind.${kind}`), value: name, ...lang === null ? {} : { lang } })),
      ...toldOf(request, complaint)
    ],
    issues: complaint.issues.map(({ no, ground, text, finding, reasons }) => ({ no, ground: t(`ground.${ground}`), text, finding: finding === null ? t('bundle.no_finding') : t(`finding.${finding}`), reasons })),
    timeline: timelineOf(request, complaint).reverse(),
    letters: complaint.documents.map(document => ({ letter: letterOf('zh-CN', document), digest: document.digest })),
    clocks: complaint.clocks.map(({ clock, startedAt, dueOn, pausedOn, stoppedOn, basis, basisEn }) => ({
      name: t(`clock.${clock}`),
      from: formatDateTime(locale, startedAt),
      due: formatDate(locale, dueOn),
      state: stoppedOn !== null ? t('bundle.stopped', { date: formatDate(locale, stoppedOn) }) : pausedOn !== null ? t('bundle.paused', { date: formatDate(locale, pausedOn) }) : t('bundle.running'),
      basis: locale === 'en' ? basisEn : basis
    })),
    files: files.map(({ name, size, sha256, state, path }) => ({
      name, size: formatSize(locale, size), sha256, note: t(`bundle_file.${path !== null ? 'included' : state === 'ready' ? 'left_out' : state}`), href: linked ? path : null
    })),
    log: log.map(line => ({ seq: line.seq, at: formatDateTime(locale, line.at), who: [line.actor, t(`role.${line.role}`)].filter(part => part !== null).join(' · '), what: wordOf(locale, line.action), subject: subjectOf(locale, line), result: t(`audit_result.${line.result}`) }))
  }
}
