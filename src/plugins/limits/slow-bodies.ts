import fp from 'fastify-plugin'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/** A form is small: whoever takes longer to send one holds a connection on purpose (security.md P-1). Uploads have the server's own limit. */
const FORM_SECONDS = 20
/** While files are checked and stored nothing moves on the line; the server's own 30 s would cut it before the answer. */
const UPLOAD_SECONDS = 120

/** Ends the connection when the rest of the request does not come in time. */
function endLate (raw: IncomingMessage): void {
  const { socket } = raw // a request that was answered has let go of it
  const timer = setTimeout(() => { if (!raw.complete && socket instanceof Socket) socket.destroy() }, FORM_SECONDS * 1000).unref()
  const over = (): void => { clearTimeout(timer) }
  raw.once('end', over).once('close', over)
}

/** Ends requests whose body does not arrive in time. */
export default fp(async app => {
  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request
    if (raw.method !== 'POST') return
    // The upload alone takes longer; whoever else says that files come still sends a form.
    const uploads = request.routeOptions.config.ownFormCheck === true && request.headers['content-type']?.startsWith('multipart/') === true
    if (!uploads) endLate(raw)
    else if (raw.socket instanceof Socket) raw.socket.setTimeout(UPLOAD_SECONDS * 1000)
    // A refusal is answered without reading the body: the connection would stay open for the rest of it.
    reply.raw.once('finish', () => { if (!raw.complete) endLate(raw) })
  })
}, { name: 'slow-bodies' })
