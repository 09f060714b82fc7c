import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'
import path from 'node:path'
import { siteAddress, type Config } from '../config.ts'

const PUBLIC = path.join(import.meta.dirname, '..', '..', 'public')

/** Built files carry their content's hash in the name and may be kept for a year; pictures for a day. */
export default fp<{ config: Config }>(async (app, { config }) => {
  await app.register(async scope => {
    scope.addHook('onRoute', route => { route.config = { ...route.config, permission: 'public' } })
    await scope.register(fastifyStatic, { root: path.join(PUBLIC, 'build'), prefix: '/build/', preCompressed: true, immutable: true, maxAge: '1y', decorateReply: false, index: false })
    await scope.register(fastifyStatic, { root: path.join(PUBLIC, 'img'), prefix: '/img/', maxAge: '1d', decorateReply: false, index: false })
    scope.get('/robots.txt', { config: { permission: 'public' } }, async (_request, reply) =>
      await reply.type('text/plain').send(`User-agent: *\nDisallow: /desk\nDisallow: /track\nDisallow: /officers\nDisallow: /verify\nDisallow: /complain/\nDisallow: /subscriptions\nSitemap: ${siteAddress(config)}/sitemap.xml\n`))
  })
}, { name: 'static', dependencies: ['errors'] })
