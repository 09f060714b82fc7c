import type { FastifyRequest } from 'fastify'
import { suspectSpans } from '../../../domain/records/masking.ts'
import type { Answers } from '../filing/service.ts'
import type { AnsweredStep } from '../steps/schema.ts'

/** A piece of a text; `kind` names what it looks like, where it looks personal. */
export interface Piece { text: string, kind: string | null }
/** One text as the bureau reads it, and as an agency would at most: numbers covered, the complainant's own names left out. */
export interface Passage { label: string, href: string, pieces: Piece[], masked: string, personal: boolean, named: boolean }

interface Source { label: string, step: AnsweredStep, field: string, text: string }

const STAR = '＊'

/** What was typed in one's own words, each with what may tell who somebody is, and the way to change that very field. */
export function passagesOf (request: FastifyRequest, answers: Answers): Passage[] {
  const names = ownNames(answers)
  return sourcesOf(request, answers).filter(({ text }) => text !== '').map(({ label, step, field, text }) => {
    const pieces = piecesOf(text, names)
    return {
      label,
      href: `${request.path('complainStep', [step], { return: 'check' })}#${field}`,
      pieces,
      masked: pieces.map(piece => piece.kind === null ? piece.text : piece.kind === 'name' ? request.t('preview.complainant') : STAR.repeat(4)).join(''),
      personal: pieces.some(({ kind }) => kind !== null && kind !== 'name'),
      named: pieces.some(({ kind }) => kind === 'name')
    }
  })
}

function sourcesOf (request: FastifyRequest, { issues = [], target, place = '', effect, claim = '' }: Answers): Source[] {
  return [
    { label: request.t('target.officer'), step: 'target', field: 'officer', text: target?.officerText ?? '' },
    ...issues.map(({ text }, at): Source => ({ label: request.t('what.issue', { no: at + 1 }), step: 'what', field: `text_${at + 1}`, text })),
    { label: request.t('when.place'), step: 'when-where', field: 'place', text: place },
    { label: request.t('effect.cost'), step: 'effect', field: 'cost', text: effect?.cost ?? '' },
    { label: request.t('effect.claim'), step: 'effect', field: 'claim', text: claim }
  ]
}

/** Names that would tell an agency who complained; one character alone is no name. */
function ownNames ({ mode, identity, group }: Answers): string[] {
  if (mode === 'anonymous') return []
  const names = [identity?.name, identity?.org, identity?.agent?.name, ...(group?.members ?? []).map(({ name }) => name)]
  return names.filter((name): name is string => name !== undefined && name.length > 1)
}

function piecesOf (text: string, names: string[]): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const { start, end, kind } of [...suspectSpans(text), ...nameSpans(text, names)].sort((a, b) => a.start - b.start)) {
    if (start < at) continue
    if (start > at) pieces.push({ text: text.slice(at, start), kind: null })
    pieces.push({ text: text.slice(start, end), kind })
    at = end
  }
  return at < text.length ? [...pieces, { text: text.slice(at), kind: null }] : pieces
}

function nameSpans (text: string, names: string[]): Array<{ start: number, end: number, kind: 'name' }> {
  return names.flatMap(name => {
    const spans: Array<{ start: number, end: number, kind: 'name' }> = []
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) spans.push({ start: at, end: at + name.length, kind: 'name' })
    return spans
  })
}
