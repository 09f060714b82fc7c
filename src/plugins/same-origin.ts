import fp from 'fastify-plugin'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Programs that are no browser may send this: its address or a header holds a secret. */
    program?: true
  }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const OWN = new Set(['same-origin', 'none'])

/**
 * Forged forms come from elsewhere: for methods that change something the browser must say that the form is ours.
 * Sec-Fetch-Site decides; without it (older browsers, plain http) Origin must be ours; with neither the request is refused.
 */
export default fp<{ config: Config }>(async (app, { config }) => {
  app.addHook('onRequest', async request => {
    if (SAFE.has(request.method) || request.is404) return // no route does anything then: 404 or 405 is the answer
    const site = request.headers['sec-fetch-site']
    if (typeof site === 'string') {
      if (!OWN.has(site)) throw new AppError('cross_origin')
      return
    }
    // A mail program that ends a subscription (RFC 8058) or a system with a key is no browser and says neither: the secret is all it needs.
    if (site === undefined && request.headers.origin === undefined && request.routeOptions.config.program === true) return
    const own = config.SITE_ORIGIN === '' ? `${request.protocol}://${request.host}` : config.SITE_ORIGIN
    if (request.headers.origin !== own) throw new AppError('cross_origin')
  })
}, { name: 'same-origin', dependencies: ['request'] })
