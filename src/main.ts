import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { addDiff } from './commands/diff.ts'
import { addExport } from './commands/export.ts'
import { addLoad } from './commands/load.ts'
import { addNewSkill } from './commands/new-skill.ts'
import { addRenameSkill } from './commands/rename-skill.ts'
import { addServe } from './commands/serve.ts'
import { addStats } from './commands/stats.ts'
import { addValidate } from './commands/validate.ts'
import { BadConfig } from './config.ts'

/** The command line. Results go to stdout, all else to stderr. */
const program = new Command('curriculum').description(packageJson.description).version(packageJson.version)

addServe(program)
addLoad(program)
addValidate(program)
addDiff(program)
addStats(program)
addExport(program)
addNewSkill(program)
addRenameSkill(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof BadConfig)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
