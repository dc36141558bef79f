/** How far a long work is, in one line of a terminal that each step writes anew. */
export interface Progress {
  step(done: number, all: number): void
  /** Leaves the line empty. */
  clear(): void
}

/** A bar as wide as the terminal; nothing at all where it is none, and has no width. */
export const progressBar = (what: string, width: number | undefined, write: (text: string) => void): Progress => {
  if (width === undefined) return { step: () => {}, clear: () => {} }
  let drawn = ''
  return {
    step: (done, all) => {
      const count = ` ${done}/${all} ${what}`
      const room = Math.max(0, width - count.length - 3)
      const filled = Math.floor((room * done) / all)
      const line = `[${'#'.repeat(filled)}${' '.repeat(room - filled)}]${count}`
      if (line !== drawn) write(`\r${line}`)
      drawn = line
    },
    clear: () => {
      if (drawn !== '') write(`\r${' '.repeat(drawn.length)}\r`)
    },
  }
}
