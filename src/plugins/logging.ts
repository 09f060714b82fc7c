import fp from 'fastify-plugin'

/** One line per answer: method, route pattern, status, time, request id. Never an address bar, a body or a person. */
export default fp(async app => {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({ method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
  })
}, { name: 'logging' })
