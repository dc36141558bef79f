import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningService } from '../fixtures/service.ts'

/** Where a service listens, once it does; undefined where it ends instead. */
export const started = async (service: RunningService): Promise<string | undefined> => {
  let isOver = false
  void service.exit.then(() => {
    isOver = true
  })
  for (;;) {
    const ready = service.logLines().find(({ msg }) => msg === 'ready')
    if (ready !== undefined) return String(ready.address)
    if (isOver) return undefined
    await sleep(20)
  }
}
