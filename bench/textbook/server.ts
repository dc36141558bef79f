import fastify from 'fastify'
import { openTextbook } from './database.ts'
import { addGraphql } from './graphql.ts'
import { addRest } from './rest.ts'

// The reference: the same responses from the same database, built as the documentation of Fastify, Drizzle and mercurius shows.
const app = fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info' } })
const db = openTextbook(process.argv[2] as string) // servers.ts passes the file
app.get('/readyz', () => 'ready')
addRest(app, db)
await addGraphql(app, db)
await app.listen({ port: Number(process.env.PORT), host: process.env.HOST ?? '127.0.0.1' })
