import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { endQuietly } from './commands/answer.ts'
import { BadConfig } from './config.ts'

type Add = (program: Command) => void

/** Each command brings a part of the program along: only the one that is asked for is loaded, and all where none is. */
const commands: Record<string, () => Promise<Add>> = {
  serve: async () => (await import('./commands/serve.ts')).addServe,
  load: async () => (await import('./commands/load.ts')).addLoad,
  validate: async () => (await import('./commands/validate.ts')).addValidate,
  diff: async () => (await import('./commands/diff.ts')).addDiff,
  stats: async () => (await import('./commands/stats.ts')).addStats,
  export: async () => (await import('./commands/export.ts')).addExport,
  backup: async () => (await import('./commands/backup.ts')).addBackup,
  restore: async () => (await import('./commands/backup.ts')).addRestore,
  moodle: async () => (await import('./commands/moodle.ts')).addMoodle,
  canvas: async () => (await import('./commands/canvas.ts')).addCanvas,
  keys: async () => (await import('./commands/keys.ts')).addKeys,
  new: async () => (await import('./commands/new-skill.ts')).addNewSkill,
  rename: async () => (await import('./commands/rename-skill.ts')).addRenameSkill,
}

/** The command line. Results go to stdout, all else to stderr. */
const program = new Command('curriculum')
  .description(packageJson.description)
  .version(packageJson.version)
  // What stands behind a command is the command's: `export` has a `--version` of its own.
  .enablePositionalOptions()

const asked = commands[process.argv[2] ?? '']
for (const command of asked === undefined ? Object.values(commands) : [asked]) (await command())(program)

// A log has to say that nobody reads it.
if (process.argv[2] !== 'serve') process.stdout.on('error', endQuietly)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof BadConfig)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
