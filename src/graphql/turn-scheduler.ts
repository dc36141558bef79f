/**
 * Spreads the nodes of one query over turns of the event loop, so that other requests are answered between them. The last one to wait
 * goes first: started parts of the result are finished before others start, which keeps memory small.
 */
export const createTurnScheduler = (perTurn: number) => {
  const waiting: { nodes: number; resume: () => void }[] = []
  let resolved = 0
  let stopped = false
  const turn = (): void => {
    resolved = 0
    while (waiting.length > 0 && resolved < perTurn) {
      const { nodes, resume } = waiting.pop() as (typeof waiting)[number] // the list is not empty
      resolved += nodes
      resume()
    }
    if (waiting.length > 0) setImmediate(turn)
  }
  return {
    /** Resolves when it is the turn of so many nodes; returns undefined if that is now. */
    waitForTurn: (nodes: number): Promise<void> | undefined => {
      if (waiting.length === 0 && resolved < perTurn) {
        resolved += nodes
        return undefined
      }
      if (waiting.length === 0) setImmediate(turn)
      return new Promise(resume => waiting.push({ nodes, resume }))
    },
    /** Calls back when nothing waits: all fields of a level have then requested their keys, and one look-up loads them. */
    whenIdle: (callback: () => void): void => {
      const check = (): void => {
        if (stopped) return
        if (waiting.length > 0) setImmediate(check)
        else callback()
      }
      void Promise.resolve().then(() => process.nextTick(check))
    },
    /** Drops everything that waits, so that its memory is free. */
    stop: (): void => {
      stopped = true
      waiting.length = 0
    },
  }
}
