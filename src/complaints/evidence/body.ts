import type { Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { once } from 'node:events'

/** For how long what still comes of a refused upload is read and thrown away. */
const DRAIN_MS = 10_000

/**
 * The parts of an upload. When reading stops early, because something of it is refused or cannot be stored, the rest is passed over before the answer:
 * a connection that is closed while the browser still sends shows an error of the line instead of the page that explains.
 */
export async function * partsOf (request: FastifyRequest): AsyncGenerator<Multipart> {
  try {
    yield * request.parts()
  } finally {
    const { raw } = request
    if (!raw.readableEnded && !raw.destroyed) {
      raw.resume()
      await Promise.race([once(raw, 'close'), once(raw, 'end'), once(AbortSignal.timeout(DRAIN_MS), 'abort')]).catch(() => undefined)
    }
  }
}
