import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('writer-child.ts', import.meta.url))

/** Another process that writes to the database of a server. */
export interface Writer {
  /** Resolves when the version is on the disk. */
  write(version: number): Promise<void>
  stop(): Promise<void>
}

export const startWriter = (database: string, skills: number): Writer => {
  const child = fork(script, [database, String(skills)])
  return {
    write: async version => {
      child.send(version)
      await once(child, 'message')
    },
    stop: async () => {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
