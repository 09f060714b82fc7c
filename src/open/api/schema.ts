import Type, { type TSchema } from 'typebox'
import type { ListField } from '../../catalogue/lists/definition.ts'
import type { PublicSet } from '../../catalogue/register/service.ts'
import { translate } from '../../i18n/index.ts'

const Address = Type.String({ format: 'uri' })
const orNull = (type: 'string' | 'integer' | 'boolean', rest: object = {}): TSchema => Type.Unsafe({ type: [type, 'null'], ...rest })

const TYPES: Record<ListField['type'], (description: string) => TSchema> = {
  text: description => orNull('string', { description }),
  integer: description => orNull('integer', { description }),
  fen: description => orNull('integer', { description: `${description} (1/100 CNY)` }),
  date: description => orNull('string', { description: `${description} (YYYY-MM-DD)` }),
  instant: description => orNull('string', { description: `${description} (ISO 8601, UTC)` }),
  flag: description => orNull('boolean', { description }),
  texts: description => Type.Array(Type.String(), { description })
}

/** One record: the public fields of its set and nothing else, and the address of its page. */
export function recordSchema (set: PublicSet): TSchema {
  const fields = set.fields.map(field => [field.key, TYPES[field.type](translate('en', field.label))])
  return Type.Object({ ...Object.fromEntries(fields) as Record<string, TSchema>, url: Address }, { additionalProperties: false })
}

/** One page of a set. `next` is the address of the following page, null on the last. */
export function pageSchema (set: PublicSet): TSchema {
  return Type.Object({ total: Type.Integer(), data_on: Type.String({ description: 'Date of the last publication (YYYY-MM-DD, China)' }), next: Type.Unsafe({ type: ['string', 'null'] }), items: Type.Array(recordSchema(set)) }, { additionalProperties: false })
}

export const Problem = Type.Object({
  error: Type.String({ description: 'Stable code' }), message: Type.String(), help: Type.String(), id: Type.String({ description: 'Id of the request, for questions' })
}, { additionalProperties: false })

/** What every address may answer besides. */
export const PROBLEMS = {
  400: { description: 'A parameter makes no sense; the answer names it', ...Problem },
  404: { description: 'Nothing public at this address', ...Problem },
  429: { description: 'Too many requests; Retry-After says when to come back', ...Problem }
}

export const LIMIT = { usual: 20, most: 100 } as const

/** What may be asked of a set: the filters of its page, the cursor and the size of a page. */
export function querySchema (set: PublicSet) {
  const facets = set.list?.facets.map(facet => [facet.name, Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50, description: `${translate('en', `facet.${facet.name}`)}; several values: any of them` }))]) ?? []
  return Type.Object({
    ...set.list === null ? {} : { q: Type.Optional(Type.String({ maxLength: 100, description: 'Words, all of which must be found' })) },
    ...Object.fromEntries(facets) as Record<string, TSchema>,
    after: Type.Optional(Type.String({ maxLength: 200, description: 'Code after which the page begins: take it from `next`' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT.most, default: LIMIT.usual, description: 'Records on a page' }))
  }, { additionalProperties: false })
}

export const Index = Type.Object({
  documentation: Address,
  specification: Address,
  licence: Type.String(),
  sets: Type.Array(Type.Object({ name: Type.String(), title: Type.String(), rows: Type.Integer(), url: Address }, { additionalProperties: false }))
}, { additionalProperties: false })

/** One officer, by the number on the certificate; `officer` is null where nothing may be told. */
export const Verification = Type.Object({
  status: Type.String({ enum: ['valid', 'expiring', 'expired', 'suspended', 'not_found'] }),
  checked_at: Type.String(),
  data_at: orNull('string'),
  fictional: Type.Boolean(),
  officer: Type.Unsafe({ anyOf: [{ type: 'null' }, Type.Object({ name: Type.String(), agency: Type.String(), certificate_no: Type.String() }, { additionalProperties: false })] })
}, { additionalProperties: false })
