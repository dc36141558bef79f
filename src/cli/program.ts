import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { BadConfig } from '../config.ts'
import { commands } from './commands.ts'
import { exitOnClosedPipe } from './output.ts'

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
