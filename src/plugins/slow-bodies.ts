import fp from 'fastify-plugin'

/** A form is small: whoever takes longer to send one holds a connection on purpose (security.md P-1). Uploads have the server's own limit. */
const FORM_SECONDS = 20

/** Ends requests whose body does not arrive in time. */
export default fp(async app => {
  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request
    if (raw.method !== 'POST' || request.headers['content-type']?.startsWith('multipart/') === true) return
    const timer = setTimeout(() => { raw.socket.destroy() }, FORM_SECONDS * 1000)
    const over = (): void => { clearTimeout(timer) }
    raw.once('end', over).once('close', over)
    reply.raw.once('finish', over) // a refusal is answered without reading the body
  })
}, { name: 'slow-bodies' })
