import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'
import type { Config } from '../config.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The page may ask for the camera; every other page has it switched off. */
    camera?: true
  }
}

/** Response headers of security.md H-1 to H-8; pages are private until a wing says that any cache may keep them. */
export default fp<{ config: Config }>(async (app, { config }) => {
  const https = config.SITE_ORIGIN.startsWith('https:')
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"]
      }
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' }
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', `camera=(${request.routeOptions.config.camera === true ? 'self' : ''}), geolocation=(), microphone=()`)
    reply.header('cache-control', 'no-store')
  })
}, { name: 'security' })
