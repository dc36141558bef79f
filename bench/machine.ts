import { createRequire } from 'node:module'
import { cpus, release, totalmem, type } from 'node:os'

/** Returns what the figures depend on besides our code. */
export const describeMachine = (): Record<string, string> => ({
  processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${type()} ${release()}`,
  node: process.version,
  ...Object.fromEntries(['fastify', 'mercurius', 'drizzle-orm', 'better-sqlite3'].map(name => [name, versionOf(name)])),
})

const { dependencies }: { dependencies: Record<string, string> } = createRequire(import.meta.url)('../package.json')
const versionOf = (name: string): string => dependencies[name] ?? 'unknown'
