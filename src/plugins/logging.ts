import fp from 'fastify-plugin'

/** One line per answer: method, route pattern, status, time, request id. Never an address bar, a body or a person. */
export default fp(async app => {
  // Who reads forms with files would write all headers into the log, the session's cookie among them.
  app.addHook('onRequest', async request => {
    if (request.headers['content-type']?.startsWith('multipart/') === true && ['trace', 'debug'].includes(request.log.level)) request.log.level = 'info'
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({ method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
  })
}, { name: 'logging' })
