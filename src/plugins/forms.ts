import formbody from '@fastify/formbody'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AppError } from '../errors.ts'
import { FORBIDDEN } from '../forms/characters.ts'

type Fields = Record<string, string | string[]>

function cleanValue (value: unknown): string {
  const text = String(value).replace(/\r\n?/g, '\n').normalize('NFC').trim()
  if (FORBIDDEN.test(text)) throw new AppError('bad_request', { why: 'characters' })
  return text
}

/** Trims every field and drops the blank ones, so that "optional" in a schema means what it says. */
export function cleanFields (given: unknown): Fields {
  const cleaned = Object.create(null) as Fields // a field may be called __proto__
  for (const [name, value] of Object.entries(given ?? {})) {
    const values = (Array.isArray(value) ? value : [value]).map(cleanValue).filter(text => text !== '')
    if (values.length > 0) cleaned[name] = Array.isArray(value) ? values : values[0] as string
  }
  return cleaned
}

interface Shape { type?: unknown, anyOf?: Shape[], properties?: Record<string, Shape> }

const takesMany = ({ type, anyOf = [] }: Shape): boolean => type === 'array' || anyOf.some(takesMany)

/** Of a field that the form has once, what was said first: a page that is shown again could not hold two. */
function firstSaid (fields: Fields, { properties = {} }: Shape): Fields {
  for (const [name, value] of Object.entries(fields)) {
    const shape = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (Array.isArray(value) && shape !== undefined && !takesMany(shape)) fields[name] = value[0] ?? ''
  }
  return fields
}

/** Form bodies, query strings and parts of the address reach the schemas clean. */
export default fp(async app => {
  app.removeContentTypeParser(['application/json', 'text/plain']) // pages take forms alone; these would pass by the cleaning
  await app.register(formbody, { bodyLimit: 262_144 })
  app.addHook('preValidation', async (request: FastifyRequest) => {
    if (Object.values(request.params ?? {}).some(value => FORBIDDEN.test(String(value)))) throw new AppError('not_found')
    request.query = cleanFields(request.query)
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) request.body = firstSaid(cleanFields(request.body), (request.routeOptions.schema?.body ?? {}) as Shape)
    // A form sent without any body is a form with nothing filled in: its page says what is missing.
    if ((request.body ?? null) === null && request.routeOptions.schema?.body !== undefined) request.body = {}
  })
  // A route that shows faults of its form itself (attachValidation) does not thereby serve an address that is none.
  app.addHook('preHandler', async request => {
    if (request.validationError?.validationContext === 'params') throw new AppError('not_found')
  })
}, { name: 'forms' })
