import type { FastifyRequest } from 'fastify'
import type { App } from '../../../app.ts'
import { CONSENTS } from '../../../domain/process/consents.ts'
import { ROUTES } from '../../../paths.ts'
import { drawQr, type QrDrawing } from '../../../qr.ts'
import type { Frame } from '../../../views.ts'
import { PAPER_STEPS, paperVersion, type Asked } from './service.ts'

/** A line of the paper: boxes to tick, or room to write (`lines`). Its number is the same at the desk and on the paper. */
interface PaperField { no: string, label: string, options?: string[], lines?: number[] }
interface PaperPart { no: number, title: string, fields: PaperField[] }
declare module '../../../views.ts' {
  interface Views { 'complaints/paper/form': Frame & { parts: PaperPart[], consents: string[], version: string, qr: QrDrawing } }
}

/** The form on paper (features.md B18): the same questions in the same order, for those who write by hand. */
export async function paperForm (app: App): Promise<void> {
  app.get(ROUTES.complainForm, { config: { permission: 'public' } }, async (request, reply) => await reply.page('complaints/paper/form', {
    title: request.t('paper_form.title'),
    section: 'complain',
    back: { href: request.path('complain') },
    parts: Object.entries(PAPER_STEPS).map(([step, asked], at) => partOf(request, step, at + 1, asked)),
    consents: Object.keys(CONSENTS).map(code => request.t(`consent.${code}`)),
    version: paperVersion(),
    qr: drawQr(app.address('zh-CN', 'entry', [], { source: 'letter', form: paperVersion() }))
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
