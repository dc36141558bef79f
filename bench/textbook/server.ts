import fastify from 'fastify'
import { openTextbook } from './database.ts'
import { addGraphql } from './graphql.ts'
import { addRest } from './rest.ts'

// The reference: the same answers from the same database, as the documentation of Fastify, Drizzle and mercurius would have them made.
const app = fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info' } })
const db = openTextbook(process.argv[2] as string) // whoever starts this names the file
addRest(app, db)
await addGraphql(app, db)
await app.listen({ port: Number(process.env.PORT), host: process.env.HOST ?? '127.0.0.1' })
