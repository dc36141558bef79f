import type { Command } from 'commander'
import { addSkill, type NewSkill } from '../content/add-skill.ts'
import { tiers } from '../model/tiers.ts'
import { runCommand } from './output.ts'

/** Adds `new skill <slug>`, which writes a skill's file and its line in the roadmap. */
export const addNewSkill = (program: Command): void => {
  const command: Command = program
    .command('new')
    .description('Create a file')
    .command('skill')
    .description(
      'Writes skills/<slug>.yaml and places the skill last in its cell of roadmap.yaml, unless it is named there already; comments and layout stay as they are.\nThen open the new file and write its summary, outcomes and examples: editors offer the fields.',
    )
    .argument('<slug>', 'its name in references and addresses: lower-case words joined by hyphens')
    .requiredOption('--track <slug>', 'the track it belongs to')
    .requiredOption('--title <title>', 'what is learnt, as people read it')
    .option('--category <slug>', 'its category; not needed if roadmap.yaml names the skill already')
    .option('--tier <tier>', `one of ${tiers.join(', ')}; likewise`)
    .option('--dir <dir>', 'the folder of the tracks, or of the track', './seed')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s curriculum -- new skill dataclasses --track python --title Dataclasses \\\n    --category language-proficiency --tier intermediate',
    )
    .action(async (slug: string, { dir, ...skill }: Omit<NewSkill, 'slug'> & { dir: string }) =>
      runCommand(command, async () => (await addSkill(dir, { slug, ...skill })).map(path => `wrote ${path}`)),
    )
}
