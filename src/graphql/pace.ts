/** So many nodes are answered in one turn of the event loop; what is more waits for the next, and others have theirs between. */
const perTurn = 300

/** Waits for its turn; undefined where that is now. */
export type Pace = (nodes: number) => Promise<void> | undefined

/** Spreads what one query answers over turns, in the order in which it is asked. */
export const pacer = (): Pace => {
  const waiting: { nodes: number; go: () => void }[] = []
  let answered = 0
  const turn = (): void => {
    answered = 0
    while (waiting.length > 0 && answered < perTurn) {
      const { nodes, go } = waiting.shift() as (typeof waiting)[number] // there is one
      answered += nodes
      go()
    }
    if (waiting.length > 0) setImmediate(turn)
  }
  return nodes => {
    if (waiting.length === 0 && answered < perTurn) {
      answered += nodes
      return undefined
    }
    if (waiting.length === 0) setImmediate(turn)
    return new Promise(go => waiting.push({ nodes, go }))
  }
}
