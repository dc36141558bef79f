import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cache } from '../data.ts'
import { type Server, startServer } from './server.ts'

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url))

/** Returns the options of Node in `npm start`. */
const startOptions = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return scripts.start.split(' ').filter((word: string) => word.startsWith('--'))
}

/**
 * Starts our service as `npm start` does, on an existing database. Only the rate limit is so high that nothing reaches it;
 * requests are counted nevertheless.
 */
export const startOurs = (
  database: string,
  environment: Record<string, string> = {},
  { messages = false, options = [], probePath }: { messages?: boolean; options?: string[]; probePath?: string } = {},
): Promise<Server> => {
  const content = join(cache, 'no-content')
  mkdirSync(content, { recursive: true })
  return startServer({
    run: [...startOptions(), ...options, main, 'serve'],
    messages,
    ...(probePath !== undefined && { probePath }),
    environment: {
      DATABASE_URL: `file:${database}`,
      CONTENT: content,
      DRAIN_SECONDS: '0',
      RATE_LIMIT_PER_MINUTE: '1000000000',
      ...environment,
    },
  })
}
