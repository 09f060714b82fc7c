import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { localDate } from '../../../domain/time/calendar.ts'
import { DEFAULT_IDENTITY_MODE } from '../../../domain/process/identity-modes.ts'
import { suspectPersonal } from '../../../domain/records/masking.ts'
import { PARALLELS } from '../../../domain/process/parallel.ts'
import { formatDate, formatSize } from '../../../i18n/format.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { byField } from '../../../forms/field-errors.ts'
import { consentFaults } from '../consents/service.ts'
import { missingAnswers, prepareReceipt, readDraft, type Answers, type Draft } from '../filing/service.ts'
import { remedyClock, type RemedyClock } from '../../case/remedies/service.ts'
import { versionsOf, type VersionShown } from '../naming/service.ts'
import { labelsOf, type Labels } from '../naming/repository.ts'
import { memberLines } from '../steps/person.ts'
import { STEPS, type StepForm, type StepName } from '../steps/schema.ts'
import { firstOpen } from '../steps/service.ts'
import { passagesOf, type Passage } from './preview.ts'
import { openAddress, prohibitionLabel, stepFrame, worded, type Row } from './views.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/wizard/check': Frame & {
      frame: { no: number, total: number, returning: boolean }, sections: Array<{ title: string, href: string, rows: Row[] }>, mode: string, asked: string[], personal: string | null, passages: Passage[], versions: VersionShown[], dated: boolean, form: StepForm, faults: Record<string, string>, barred: string | null, clock: RemedyClock | null
    }
  }
}

/** "Check your answers": everything once more, each with its way back, and what others would see. The query code is made here, so that sending is quick. */
export async function check (app: App): Promise<void> {
  app.get(ROUTES.complainStep.replace(':step', 'check'), { config: { permission: 'complaint.own', session: 'draft' } }, async (request, reply) => {
    const draft = await readDraft(app, request.session?.subject ?? '')
    if (draft.submittedAt !== null) return await reply.redirect(request.path('receipt'), 303)
    if (firstOpen(draft.answers) !== 'check') return await reply.redirect(openAddress(request, draft.answers), 303)
    await prepareReceipt(app, draft.id)
    const typed = draft.answers.typed?.['check']?.form
    const faults = typed === undefined ? [] : worded(request, consentFaults(draft.answers, typed))
    const errors = [...worded(request, missingAnswers(draft.answers, localDate(app.now()))).map(({ text }) => ({ field: '', text })), ...faults]
    const clock = await remedyClock(app.db, request, draft.answers, localDate(app.now()))
    const page = { ...stepFrame(request, 'check', false), clock, form: typed ?? {}, faults: byField(faults), passages: passagesOf(request, draft.answers), versions: await versionsOf(app.db, request, draft.answers), dated: draft.answers.when?.date !== undefined, ...summary(request, draft, await labelsOf(app.db, draft.answers)) }
    return await reply.page('complaints/wizard/check', errors.length === 0 ? page : { ...page, errors })
  })
}

function summary (request: FastifyRequest, draft: Draft, labels: Labels) {
  const { answers } = draft
  const { mode = DEFAULT_IDENTITY_MODE, parallel, issues = [] } = answers
  const rows = answerRows(request, draft, labels)
  return {
    sections: STEPS.filter(step => step !== 'check').map(step => ({ title: request.t(`step.${step}`), href: request.path('complainStep', [step], { return: 'check' }), rows: rows[step] })),
    mode,
    asked: issues.map(({ ground }) => request.t(`ground.${ground}`)),
    personal: personalIn(request, [...issues.map(issue => issue.text), answers.effect?.cost ?? '', answers.claim ?? '']),
    barred: parallel !== undefined && PARALLELS[parallel.kind].bars ? request.t(`parallel.${parallel.kind}`) : null
  }
}

/** The answers of each page in words, for reading. */
export function answerRows (request: FastifyRequest, { answers, attachments }: Pick<Draft, 'answers' | 'attachments'>, labels: Labels): Record<Exclude<StepName, 'check'>, Row[]> {
  const { issues = [], kind = 'complaint', urgent = false } = answers
  return {
    target: targetRows(request, answers, labels),
    what: [
      row(request, request.t('what.kind'), request.t(`complaint_kind.${kind}`)), ...urgent ? [row(request, request.t('case.urgent'), request.t('what.urgent'))] : [],
      ...issues.map(({ ground, text }, at) => row(request, request.t('what.issue', { no: at + 1 }), `${request.t(`ground.${ground}`)}\n${text}`))
    ],
    'when-where': whenRows(request, answers),
    rule: ruleRows(request, answers, labels),
    effect: [row(request, request.t('effect.cost'), answers.effect?.cost), row(request, request.t('effect.claim'), answers.claim)],
    elsewhere: elsewhereRows(request, answers),
    evidence: attachments.length === 0
      ? [row(request, request.t('step.evidence'), undefined)]
      : [row(request, request.t('step.evidence'), attachments.map(file => fileLine(request, file)).join('\n'))],
    you: youRows(request, answers)
  }
}

function fileLine (request: FastifyRequest, { name, size, description }: Draft['attachments'][number]): string {
  return request.t(description === '' ? 'check.file' : 'check.file_described', { name, size: formatSize(request.locale, size), description })
}

function row (request: FastifyRequest, key: string, value: string | null | undefined, lang?: string): Row {
  return { key, value: value === undefined || value === null || value === '' ? request.t('check.not_given') : value, ...lang === undefined ? {} : { lang } }
}

/** A record by its name, or the words that were typed instead; no row where there is neither. */
function recordRow (request: FastifyRequest, key: string, known: string | null, typed: string | undefined): Row[] {
  const lines = [...known === null ? [] : [known, request.t('check.registered')], ...typed === undefined ? [] : [typed, request.t('check.unmatched')]]
  return lines.length === 0 ? [] : [row(request, request.t(key), lines.join('\n'))]
}

function targetRows (request: FastifyRequest, { target = {} }: Answers, labels: Labels): Row[] {
  if (target.notSure !== undefined) return [row(request, request.t('target.agency'), request.t('check.unsure'))]
  const officers = labels.officers.map(({ label }) => label).join('\n')
  const typed = (['plate', 'inspectionCode'] as const).flatMap(field => target[field] === undefined ? [] : [row(request, request.t(field === 'plate' ? 'target.plate' : 'target.inspection_code'), target[field])])
  return [
    ...recordRow(request, 'target.agency', labels.agency, target.agencyText),
    ...recordRow(request, 'target.officer', officers === '' ? null : officers, target.officerText),
    ...recordRow(request, 'target.decision', labels.decision, target.decisionText),
    ...typed
  ]
}

function ruleRows (request: FastifyRequest, { rule = {} }: Answers, labels: Labels): Row[] {
  const rows = [
    ...recordRow(request, 'rule.matter', labels.matter, rule.matterText),
    ...labels.prohibition === null ? [] : [row(request, request.t('rule.prohibition'), prohibitionLabel(request, labels.prohibition))],
    ...recordRow(request, 'rule.benchmark', labels.benchmark, undefined),
    ...recordRow(request, 'rule.exemption', labels.exemption, undefined)
  ]
  return rows.length === 0 ? [row(request, request.t('rule.matter'), request.t('check.unsure'))] : rows
}

function whenRows (request: FastifyRequest, { when = {}, place, prompts = {} }: Answers): Row[] {
  const date = [when.date === undefined ? '' : formatDate(request.locale, when.date), when.about === undefined ? '' : request.t('check.about_date', { about: when.about }), when.time ?? '']
  return [row(request, request.t('when.date'), date.filter(part => part !== '').join('\n')), row(request, request.t('when.place'), place),
    ...Object.entries(prompts).map(([code, answer]) => row(request, request.t(`prompt.${code}`), request.t(`prompt_answer.${answer}`)))]
}

function elsewhereRows (request: FastifyRequest, { parallel, paper }: Answers): Row[] {
  return [...parallelRows(request, parallel), row(request, request.t('elsewhere.act'), paper === undefined || paper.act === 'none' ? request.t('elsewhere.no_paper') : request.t(`act.${paper.act}`)),
    ...paper?.receivedOn === undefined ? [] : [row(request, request.t('elsewhere.received'), formatDate(request.locale, paper.receivedOn))]]
}

function parallelRows (request: FastifyRequest, parallel: Answers['parallel']): Row[] {
  if (parallel === undefined) return [row(request, request.t('elsewhere.kind'), undefined)]
  const rows = [row(request, request.t('elsewhere.kind'), request.t(`parallel.${parallel.kind}`))]
  if (parallel.body !== undefined) rows.push(row(request, request.t('elsewhere.body'), parallel.body))
  if (parallel.stage !== undefined) rows.push(row(request, request.t('elsewhere.stage'), request.t(`parallel_stage.${parallel.stage}`)))
  if (parallel.decisionOn !== undefined) rows.push(row(request, request.t('elsewhere.decision'), formatDate(request.locale, parallel.decisionOn)))
  return rows
}

function youRows (request: FastifyRequest, { mode = DEFAULT_IDENTITY_MODE, identity, group, reply = 'online' }: Answers): Row[] {
  const fields = ['name', 'phone', 'email', 'address', 'org', 'uscc'] as const
  const known = fields.flatMap(field => identity?.[field] === undefined ? [] : [row(request, request.t(`you.${field}`), identity[field])])
  const agent = identity?.agent === undefined ? [] : [row(request, request.t('you.agent_name'), memberLines([identity.agent]))]
  const members = group === undefined ? [] : [row(request, request.t('you.members'), memberLines(group.members))]
  return [row(request, request.t('you.mode'), request.t(`identity_mode.${mode}`)), ...known, ...agent, ...members, row(request, request.t('you.reply'), request.t(`reply_way.${reply}`))]
}

/** What looks like an ID, telephone or card number in running text, by its kinds; null when nothing does. */
function personalIn (request: FastifyRequest, texts: string[]): string | null {
  const kinds = new Set(texts.flatMap(text => [...suspectPersonal(text)]))
  return kinds.size === 0 ? null : [...kinds].map(kind => request.t(`personal_kind.${kind}`)).join(request.t('ui.between'))
}
