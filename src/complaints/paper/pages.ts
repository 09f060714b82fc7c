import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { CONSENTS } from '../../domain/process/consents.ts'
import { GROUNDS } from '../../domain/process/grounds.ts'
import { DEFAULT_IDENTITY_MODE, IDENTITY_MODES } from '../../domain/process/identity-modes.ts'
import { PARALLELS, PARALLEL_STAGES } from '../../domain/process/parallel.ts'
import { PAPER_ACTS } from '../../domain/time/remedies.ts'
import { ROUTES } from '../../paths.ts'
import type { Frame } from '../../views.ts'
import { COMPLAINT_KINDS, REPLY_WAYS } from '../filing/service.ts'
import { STEPS } from '../steps/schema.ts'

/** A line of the paper: boxes to tick, or room to write (`lines`). Its number is the same at the desk and on the paper. */
interface PaperField { no: string, label: string, options?: string[], lines?: number[] }
interface PaperPart { no: number, title: string, fields: PaperField[] }
/** What a page of the form asks, as key of its words, and either the choices' words and codes or the number of lines. */
type Asked = readonly [label: string, room: number | readonly [words: string, codes: readonly string[]]]

declare module '../../views.ts' {
  interface Views { 'complaints/paper/form': Frame & { parts: PaperPart[], consents: string[], version: string } }
}

const MODES = [DEFAULT_IDENTITY_MODE, ...Object.keys(IDENTITY_MODES).filter(mode => mode !== DEFAULT_IDENTITY_MODE)]

/** The pages of the form on paper, in their order; words and choices are those of the form itself. */
export const PAPER_STEPS: Readonly<Record<Exclude<typeof STEPS[number], 'check'>, readonly Asked[]>> = {
  target: [['target.agency', 1], ['target.officer', 2], ['target.decision', 1], ['target.plate', 1], ['target.inspection_code', 1]],
  what: [['what.kind', ['complaint_kind', COMPLAINT_KINDS]], ['what.ground', ['ground', Object.keys(GROUNDS)]], ['what.text', 10]],
  'when-where': [['when.date', 1], ['when.time', 1], ['when.place', 1]],
  rule: [['rule.matter', 1], ['rule.prohibition', 1]],
  effect: [['effect.cost', 3], ['effect.claim', 3]],
  elsewhere: [['elsewhere.kind', ['parallel', Object.keys(PARALLELS)]], ['elsewhere.stage', ['parallel_stage', PARALLEL_STAGES]], ['elsewhere.body', 1], ['elsewhere.act', ['act', PAPER_ACTS]], ['elsewhere.received', 1]],
  evidence: [['step.evidence', 3]],
  you: [['you.mode', ['identity_mode', MODES]], ['you.name', 1], ['you.phone', 1], ['you.email', 1], ['you.address', 1], ['you.org', 1], ['you.uscc', 1], ['you.agent_name', 1], ['you.group', 3], ['you.reply', ['reply_way', REPLY_WAYS]]]
}

/** The version of the paper's fields: it changes with their order, so that a filled-in sheet can be told from a later one. */
export function paperVersion (): string {
  return createHash('sha256').update(JSON.stringify(PAPER_STEPS)).digest('hex').slice(0, 8)
}

/** The form on paper (features.md B18): the same questions in the same order, for those who write by hand. */
export async function paperForm (app: App): Promise<void> {
  app.get(ROUTES.complainForm, { config: { permission: 'public' } }, async (request, reply) => await reply.page('complaints/paper/form', {
    title: request.t('paper_form.title'),
    section: 'complain',
    back: { href: request.path('complain') },
    parts: Object.entries(PAPER_STEPS).map(([step, asked], at) => partOf(request, step, at + 1, asked)),
    consents: Object.keys(CONSENTS).map(code => request.t(`consent.${code}`)),
    version: paperVersion()
  }, 'print'))
}

function partOf (request: FastifyRequest, step: string, no: number, asked: readonly Asked[]): PaperPart {
  return {
    no,
    title: request.t(`step.${step}`),
    fields: asked.map(([label, room], at): PaperField => ({
      no: `${no}.${at + 1}`,
      label: request.t(label),
      ...typeof room === 'number' ? { lines: Array.from({ length: room }, (_, line) => line) } : { options: room[1].map(code => request.t(`${room[0]}.${code}`)) }
    }))
  }
}
