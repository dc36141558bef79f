/** The progress that is stored in this browser only: ids of known skills, and the target. */
export interface StoredProgress {
  known: string[]
  target: string | null
}

interface Storage {
  getItem(storageKey: string): string | null
  setItem(name: string, value: string): void
}

/** Reads and writes progress. When the browser allows no storage, or the value is not ours, nothing is known. */
export const createStorage = (storage: () => Storage, track: string) => {
  const name = `curriculum:${track}`
  return {
    name,
    read: (): StoredProgress => {
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
    write: (progress: StoredProgress): void => {
      try {
        storage().setItem(name, JSON.stringify(progress))
      } catch {
        // The ticks then stay only until the page is closed.
      }
    },
  }
}
