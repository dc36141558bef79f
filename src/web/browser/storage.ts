/** What is remembered in this browser and sent nowhere: ids of known skills, and the target. */
export interface Kept {
  known: string[]
  target: string | null
}

interface Storage {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
}

/** A browser may refuse to keep anything, and somebody else may have written there: then nothing is known. */
export const keptIn = (storage: () => Storage, track: string) => {
  const name = `curriculum:${track}`
  return {
    name,
    read: (): Kept => {
      try {
        const { known, target } = JSON.parse(storage().getItem(name) ?? '{}')
        return {
          known: Array.isArray(known) ? known.filter(one => typeof one === 'string') : [],
          target: typeof target === 'string' ? target : null,
        }
      } catch {
        return { known: [], target: null }
      }
    },
    write: (kept: Kept): void => {
      try {
        storage().setItem(name, JSON.stringify(kept))
      } catch {
        // The ticks stay as long as the page is open.
      }
    },
  }
}
