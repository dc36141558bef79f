/**
 * Spreads what one query answers over turns of the event loop: so many nodes are answered in one, what is more waits for the
 * next, and others have theirs between. What waits last goes first: what was begun is ended before more is begun, so
 * that little is held meanwhile.
 */
export const createTurnScheduler = (perTurn: number) => {
  const waiting: { nodes: number; go: () => void }[] = []
  let answered = 0
  let stopped = false
  const turn = (): void => {
    answered = 0
    while (waiting.length > 0 && answered < perTurn) {
      const { nodes, go } = waiting.pop() as (typeof waiting)[number] // there is one
      answered += nodes
      go()
    }
    if (waiting.length > 0) setImmediate(turn)
  }
  return {
    /** Waits for its turn; undefined where that is now. */
    pace: (nodes: number): Promise<void> | undefined => {
      if (waiting.length === 0 && answered < perTurn) {
        answered += nodes
        return undefined
      }
      if (waiting.length === 0) setImmediate(turn)
      return new Promise(go => waiting.push({ nodes, go }))
    },
    /** Calls back when nothing waits for its turn: so all of a level have said what they need, and one look-up finds it. */
    afterAll: (go: () => void): void => {
      const look = (): void => {
        if (stopped) return
        if (waiting.length > 0) setImmediate(look)
        else go()
      }
      void Promise.resolve().then(() => process.nextTick(look))
    },
    /** Drops whatever waits: nothing that was begun goes on, and its memory is free. */
    stop: (): void => {
      stopped = true
      waiting.length = 0
    },
  }
}
