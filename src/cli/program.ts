import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { BadConfig } from '../config.ts'
import { exitOnClosedPipe } from './output.ts'

type AddCommand = (program: Command) => void

/** The commands. Only the module of the requested command is loaded, or all of them for the help. */
const commands: Record<string, () => Promise<AddCommand>> = {
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

/** The command line. Results go to stdout, everything else to stderr. */
const program = new Command('curriculum')
  .description(packageJson.description)
  .version(packageJson.version)
  // Options after a command belong to the command: `export` has its own `--version`.
  .enablePositionalOptions()

const requestedCommand = commands[process.argv[2] ?? '']
for (const command of requestedCommand === undefined ? Object.values(commands) : [requestedCommand])
  (await command())(program)

// For `serve`, stdout is the log, which handles a closed pipe itself.
if (process.argv[2] !== 'serve') process.stdout.on('error', exitOnClosedPipe)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof BadConfig)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
