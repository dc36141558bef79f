import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { BadConfig } from '../config.ts'
import { Failure, Refused } from '../errors.ts'
import { commands } from './commands.ts'
import { exitOnClosedPipe } from './output.ts'

/** The command line. Results go to stdout, everything else to stderr. */
const program = new Command('curriculum')
  .description(packageJson.description)
  .version(packageJson.version)
  // Options after a command belong to the command: `export` has its own `--version`.
  .enablePositionalOptions()

// For `serve`, stdout is the log, which handles a closed pipe itself.
if (process.argv[2] !== 'serve') process.stdout.on('error', exitOnClosedPipe)

const requestedCommand = commands[process.argv[2] ?? '']
try {
  for (const command of requestedCommand === undefined ? Object.values(commands) : [requestedCommand])
    (await command())(program)
  await program.parseAsync()
} catch (error) {
  if (![BadConfig, Failure, Refused].some(kind => error instanceof kind)) throw error
  process.stderr.write(`${(error as Error).message}\n`) // one of these three
  process.exitCode = 1
}
