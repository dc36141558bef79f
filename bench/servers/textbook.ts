import { fileURLToPath } from 'node:url'
import { type Server, startServer } from './server.ts'

const server = fileURLToPath(new URL('../textbook/server.ts', import.meta.url))

export const startTextbook = (database: string): Promise<Server> => startServer({ run: [server, database] })
