import { readFileSync } from 'node:fs'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'

// The limit: each response of a file as a constant, sent by Fastify with its own logging and nothing else.
interface Written {
  method: 'GET' | 'HEAD' | 'POST'
  path: string
  status: number
  type: string
  etag: string
  body: string
}

const constants: Written[] = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) // limit.ts passes the file
const app = fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info' } })
for (const { method, path, status, type, etag, body } of constants) {
  const bytes = Buffer.from(body, 'base64')
  const handler =
    status === 304
      ? (_: FastifyRequest, reply: FastifyReply) => reply.code(304).header('etag', etag).send()
      : (_: FastifyRequest, reply: FastifyReply) => reply.header('content-type', type).send(bytes)
  app.route({ method: method === 'HEAD' ? 'GET' : method, url: path, handler })
}
await app.listen({ port: Number(process.env.PORT), host: process.env.HOST ?? '127.0.0.1' })
