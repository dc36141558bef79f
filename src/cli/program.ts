import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { BadConfig } from '../config.ts'
import { endQuietly } from './output.ts'

type Add = (program: Command) => void

/** Each command brings a part of the program along: only the one that is asked for is loaded, and all where none is. */
const commands: Record<string, () => Promise<Add>> = {
  serve: async () => (await import('./serve.ts')).addServe,
  load: async () => (await import('./load.ts')).addLoad,
  validate: async () => (await import('./validate.ts')).addValidate,
  diff: async () => (await import('./diff.ts')).addDiff,
  stats: async () => (await import('./stats.ts')).addStats,
  export: async () => (await import('./export.ts')).addExport,
  backup: async () => (await import('./backup.ts')).addBackup,
  restore: async () => (await import('./backup.ts')).addRestore,
  moodle: async () => (await import('./moodle.ts')).addMoodle,
  canvas: async () => (await import('./canvas.ts')).addCanvas,
  keys: async () => (await import('./keys.ts')).addKeys,
  new: async () => (await import('./new-skill.ts')).addNewSkill,
  rename: async () => (await import('./rename-skill.ts')).addRenameSkill,
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
