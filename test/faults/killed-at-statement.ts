import Sqlite from 'better-sqlite3'

/** Preloaded into a program, this kills it just before the SQL statement whose number is in KILLED_AT. */
const killAt = Number(process.env.KILLED_AT)
let statements = 0

for (const name of ['prepare', 'exec', 'pragma'] as const) {
  const original = Sqlite.prototype[name] as (...args: unknown[]) => unknown // each takes a text; other arguments are passed on
  Object.assign(Sqlite.prototype, {
    [name](this: unknown, ...args: unknown[]) {
      statements += 1
      if (statements === killAt) process.kill(process.pid, 'SIGKILL')
      return original.apply(this, args)
    },
  })
}
