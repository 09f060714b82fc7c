import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { App } from '../../../app.ts'
import { recordFinding, STEP_TEXT_LIMIT } from '../../../complaints/case/core/service.ts'
import { CITATION_LIMIT, REQUIRED_LIMIT, resolveRule, type Applied } from '../../../complaints/work/investigation/service.ts'
import { listProhibitions } from '../../../complaints/form/naming/repository.ts'
import { findCase, type Case } from '../../../complaints/case/reading/service.ts'
import { FINDINGS } from '../../../domain/process/findings.ts'
import { citeChinese } from '../../../domain/records/laws.ts'
import { CHECKLIST, checksFor } from '../../../domain/supervision/checklist.ts'
import { REDRESS, RULE_KINDS } from '../../../domain/supervision/rules.ts'
import { FINDABLE } from '../../../domain/process/workflow.ts'
import { AppError } from '../../../errors.ts'
import { byField, fieldErrors, type Fault } from '../../../forms/field-errors.ts'
import { ROUTES } from '../../../paths.ts'
import type { Frame } from '../../../views.ts'
import { clerkOf } from '../../case/casework/actor.ts'
import { refusalOf } from '../../case/casework/faults.ts'
import { caseFrame, type Item } from '../../case/casework/present.ts'
import { ComplaintParams } from '../../case/casework/schema.ts'
import { changesSince } from '../../case/steps/form.ts'
import { FindingForm, FindingQuery } from './schema.ts'

interface Visit { issue: number, typed?: Partial<Static<typeof FindingForm>>, faults: Fault[], stale: boolean }

declare module '../../../views.ts' {
  interface Views {
    'desk/findings/show': Frame & {
      complaint: Case, issue: Case['issues'][number], options: Array<{ value: string, label: string }>, finding: string, reasons: string, limit: number
      seen: number, faults: Record<string, string>, open: boolean, stale: boolean, changes: Item[], kept: { finding: string, reasons: string } | null, applied: ReturnType<typeof appliedOf>, prohibitions: Array<{ value: string, label: string }>
    }
  }
}

/** What was found on one issue, with reasons; every issue needs it before the answer (行政执法监督条例 28). */
export async function findings (app: App): Promise<void> {
  const config = { permission: 'finding.record', session: 'staff' } as const

  app.get(ROUTES.findings, { schema: { params: ComplaintParams, querystring: FindingQuery }, config }, async (request, reply) => {
    return await show(app, request, reply, { issue: request.query.issue, faults: [], stale: false })
  })

  app.post(ROUTES.findings, { schema: { params: ComplaintParams, body: FindingForm }, config, attachValidation: true }, async (request, reply) => {
    const typed = request.body
    const faults = fieldErrors(request, 'finding_form')
    if (faults.length > 0 && (typed.reasons ?? '') === '') faults.push({ field: 'reasons', text: request.t('step_missing.record_finding') })
    if (faults.length > 0) return await show(app, request, reply.code(422), { issue: Number(typed.issue), typed, faults, stale: false })
    const clerk = await clerkOf(app, request)
    try {
      const rule = await resolveRule(app.db, { ...typed, kind: typed.rule })
      await recordFinding(app, clerk, request.params.ref, { issue: typed.issue, finding: typed.finding, reasons: typed.reasons ?? '', rule, redress: typed.redress ?? [], required: typed.required ?? '', version: typed.version }, app.now())
    } catch (error) {
      const { status, code, faults } = refusalOf(request, error, 'reasons')
      return await show(app, request, reply.code(status), { issue: typed.issue, typed, faults, stale: code === 'stale_version' })
    }
    return await reply.redirect(request.path('complaint', [request.params.ref], { done: 'finding' }), 303)
  })
}

async function show (app: App, request: FastifyRequest, reply: FastifyReply, { issue: no, typed, faults, stale }: Visit): Promise<string> {
  const { ref } = request.params as { ref: string }
  const clerk = await clerkOf(app, request)
  const complaint = await findCase(app, ref, app.now(), clerk)
  const issue = complaint.issues.find(issue => issue.no === no)
  if (issue === undefined) throw new AppError('not_found', { ref, issue: no })
  return await reply.page('desk/findings/show', {
    ...caseFrame(request, ref, request.t('finding_form.title', { no })),
    errors: faults,
    faults: byField(faults),
    complaint,
    issue,
    options: Object.keys(FINDINGS).map(finding => ({ value: finding, label: request.t(`finding.${finding}`) })),
    finding: typed?.finding ?? issue.finding ?? '',
    reasons: typed?.reasons ?? issue.reasons ?? '',
    limit: STEP_TEXT_LIMIT,
    applied: appliedOf(request, issue, typed),
    prohibitions: (await listProhibitions(app.db)).map(({ no, title, titleEn }) => ({ value: String(no), label: request.t('finding_rule.prohibition_option', { no, title: (request.locale === 'en' ? titleEn : title) ?? request.t('ui.unverified') }) })),
    seen: complaint.events.at(-1)?.seq ?? 0,
    open: FINDABLE.includes(complaint.status),
    stale,
    changes: stale ? changesSince(request, complaint, typed?.seen) : [],
    kept: stale && issue.finding !== null ? { finding: request.t(`finding.${issue.finding}`), reasons: issue.reasons ?? '' } : null
  })
}

/** The rule, what is put right and what the agency has to do: as typed, else as kept. Citations that the ground's checklist rests on are offered. */
function appliedOf (request: FastifyRequest, { ground, applied }: Case['issues'][number], typed: Visit['typed']) {
  const given = typed ?? keptOf(applied)
  const redress: readonly string[] = [given.redress ?? []].flat()
  return {
    kinds: RULE_KINDS.map(kind => ({ value: kind, label: request.t(`finding_rule.${kind}`), hint: request.t(`finding_rule.${kind}_hint`) })),
    kind: given.rule ?? '',
    cite: given.cite ?? '',
    prohibition: String(given.prohibition ?? ''),
    redress: REDRESS.map(code => ({ value: code, label: request.t(`redress.${code}`), checked: redress.includes(code) })),
    required: given.required ?? '',
    suggestions: [...new Set(checksFor([ground]).flatMap(code => CHECKLIST[code].basis.map(citeChinese)))],
    limits: { cite: CITATION_LIMIT, required: REQUIRED_LIMIT }
  }
}

function keptOf ({ rule, redress, required }: Applied): NonNullable<Visit['typed']> {
  return {
    ...rule === null ? {} : { rule: rule.kind },
    ...rule !== null && 'cite' in rule ? { cite: rule.cite } : {},
    ...rule?.kind === 'prohibition' ? { prohibition: rule.no } : {},
    redress,
    ...required === null ? {} : { required }
  }
}
