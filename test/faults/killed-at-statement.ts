import Sqlite from 'better-sqlite3'

/** Imported before a program, this ends it as a power cut would, just before its statement of the number in KILLED_AT. */
const fatal = Number(process.env.KILLED_AT)
let statements = 0

for (const name of ['prepare', 'exec', 'pragma'] as const) {
  const given = Sqlite.prototype[name] as (...args: unknown[]) => unknown // each takes a text, and what else it takes is passed on
  Object.assign(Sqlite.prototype, {
    [name](this: unknown, ...args: unknown[]) {
      statements += 1
      if (statements === fatal) process.kill(process.pid, 'SIGKILL')
      return given.apply(this, args)
    },
  })
}
