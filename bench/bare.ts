import Fastify from 'fastify'
import { readFileSync } from 'node:fs'

const body = readFileSync(process.env['BENCH_FILE'] as string)
const app = Fastify()
app.get('/healthz', async () => ({ status: 'ok' }))
app.get('/*', async (_request, reply) => await reply.type('text/html; charset=utf-8').send(body))
app.post('/*', async (_request, reply) => await reply.type('text/html; charset=utf-8').send(body))
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) => { done(null, {}) })
await app.listen({ host: process.env['HOST'] as string, port: Number(process.env['PORT']) })
process.on('SIGTERM', () => { app.close().then(() => process.exit(0), () => process.exit(1)) })
