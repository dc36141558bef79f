import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Server } from './server.ts'

/** What a server is started with so that it can be asked how long it held its event loop. */
export const watched = {
  messages: true,
  options: ['--import', fileURLToPath(new URL('loop-delay.ts', import.meta.url))],
}

/** How long the event loop was held at most since this was last asked, in milliseconds. */
export const longestHold = async ({ process: child }: Server): Promise<number> => {
  child.send('how long')
  const [{ longest }] = (await once(child, 'message')) as [{ longest: number }]
  return longest
}
