import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Server } from './server.ts'

/** Starts a server so that `maxDelay` can read the delay of its event loop. */
export const withDelayMonitor = {
  messages: true,
  options: ['--import', fileURLToPath(new URL('event-loop-delay-child.ts', import.meta.url))],
}

/** Returns the longest delay of the event loop since the last call, in milliseconds. */
export const maxDelay = async ({ process: child }: Server): Promise<number> => {
  child.send('how long')
  const [{ longest }] = (await once(child, 'message')) as [{ longest: number }]
  return longest
}
