import Type, { type Static, type TSchema } from 'typebox'
import { LEAST_TEXT, LIMITS } from '../../complaints/form/steps/service.ts'
import { GROUNDS, type GroundCode } from '../../domain/process/grounds.ts'
import { IDENTITY_MODES, type IdentityMode } from '../../domain/process/identity-modes.ts'
import { PARALLELS, PARALLEL_STAGES, type Parallel } from '../../domain/process/parallel.ts'
import { translate } from '../../i18n/index.ts'
import { Problem } from '../api/schema.ts'

const oneOf = <T extends string>(values: readonly T[], description: string) => Type.Unsafe<T>({ type: 'string', enum: values, description })
const text = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))
const named = (codes: readonly string[], words: string): string => codes.map(code => `${code}: ${translate('en', `${words}.${code}`)}`).join('; ')
const keysOf = <T extends string>(table: Record<T, unknown>): T[] => Object.keys(table) as T[]

const Issue = Type.Object({
  ground: oneOf<GroundCode>(keysOf(GROUNDS), named(keysOf(GROUNDS), 'ground')),
  text: Type.String({ maxLength: 2000, description: `What happened, in the complainant's words; at least ${LEAST_TEXT} characters` })
}, { additionalProperties: false })

/** A complaint as another system hands it over: the answers of the public form, and the number that it has there. No files: they follow over the counter. */
export const Item = Type.Object({
  source_number: Type.String({ minLength: 1, maxLength: 100, description: 'Number of the item at its source; each is taken in once' }),
  source_body: text(100, 'The body that sent it on, where that is not the holder of the key'),
  received_on: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'The day on which this bureau received it (YYYY-MM-DD, China); the period for acceptance runs from it' }),
  kind: Type.Optional(oneOf(['complaint', 'report', 'suggestion'], 'complaint unless said')),
  urgent: Type.Optional(Type.Boolean({ description: 'Whether the conduct still goes on and cannot wait' })),
  agency: text(LIMITS.agency, 'The body complained of; its full name ties the complaint to the register'),
  officer: text(LIMITS.officer, 'Officers, one a line: certificate number, name or description'),
  decision: text(LIMITS.decision, 'Number of the decision'),
  plate: text(LIMITS.plate, 'Number plate of the official car'),
  issues: Type.Array(Issue, { minItems: 1, maxItems: 10, description: 'What is complained of, each thing by itself' }),
  occurred_on: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'The day on which it happened; this or occurred_about is needed' })),
  occurred_about: text(LIMITS.about, 'When it happened, where the day is not known'),
  time: text(LIMITS.time, 'Time of day'),
  place: text(LIMITS.place, 'Where it happened'),
  matter: text(LIMITS.matter, 'The enforcement matter, by name or code'),
  cost: text(LIMITS.cost, 'What it cost'),
  claim: text(LIMITS.claim, 'What is asked for'),
  other_procedure: Type.Optional(oneOf<Parallel>(keysOf(PARALLELS), 'Another procedure on the same dispute; none unless said')),
  other_stage: Type.Optional(oneOf(PARALLEL_STAGES, 'How far it has come; needed with every procedure but none')),
  other_body: text(LIMITS.body, 'Where it is'),
  identity_mode: oneOf<IdentityMode>(keysOf(IDENTITY_MODES), 'Who may know the complainant: anonymous stores nothing of the person; the other two need a name and a telephone number or an e-mail address'),
  name: text(LIMITS.name, 'Name of the complainant'),
  org: text(LIMITS.org, 'Name of the enterprise'),
  uscc: text(18, 'Unified social credit code of the enterprise'),
  phone: text(30, 'Telephone number of the complainant'),
  email: text(LIMITS.email, 'E-mail address of the complainant'),
  address: text(LIMITS.address, 'Postal address of the complainant'),
  reply: Type.Optional(oneOf(['online', 'phone', 'email', 'post', 'none'], 'How the answer is wanted besides the tracking page; online unless said'))
}, { additionalProperties: false })
export type Item = Static<typeof Item>

export const Headers = Type.Object({
  'idempotency-key': Type.String({ pattern: '^[\\x21-\\x7E]{8,100}$', description: 'A text of your own for this complaint, such as a UUID. The same text with the same content is answered as the first time, for 30 days' })
})

export const Taken = Type.Object({
  reference: Type.String({ description: 'Reference of the complaint (受理编号); tell it to the complainant' }),
  submitted_at: Type.String({ description: 'When it was taken in (ISO 8601, UTC)' }),
  due_on: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'By when acceptance is decided (YYYY-MM-DD, China)' }),
  slip: Type.String({ description: 'Signed slip: proof of what was taken in and when, checked at receipt_check' }),
  receipt_check: Type.String({ format: 'uri' }),
  track: Type.String({ format: 'uri', description: 'Where the complainant follows it. The query code is not handed to other systems: the complainant gets one at the counter, or by the telephone number or e-mail address that stands in the complaint' })
}, { additionalProperties: false })
export type Taken = Static<typeof Taken>

const Faulty = Type.Object({ ...Problem.properties, fields: Type.Array(Type.Object({ field: Type.String({ description: 'For instance issues.0.text' }), text: Type.String() }, { additionalProperties: false })) }, { additionalProperties: false })

const problem = (description: string, schema: TSchema = Problem): TSchema => ({ description, ...schema })
export const REFUSALS = {
  400: problem('Not JSON, or no proper Idempotency-Key'),
  401: problem('No valid key'),
  409: problem('The source number was taken in before, or the Idempotency-Key was used for other content'),
  413: problem('More than 256 KB'),
  415: problem('Not application/json'),
  422: problem('The content does not meet the rules of the form; nothing was taken in', Faulty),
  429: problem('Too many requests; Retry-After says when to come back'),
  503: problem('Busy; send the same again with the same Idempotency-Key')
}
