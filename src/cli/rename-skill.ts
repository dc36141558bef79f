import type { Command } from 'commander'
import { renameSkill } from '../content/rename-skill.ts'
import { runCommand } from './output.ts'
import { addFolderOption, contentFolder } from './settings.ts'

/** Adds `rename skill <old> <new>`, which changes a slug and all references to it. */
export const addRenameSkill = (program: Command): void => {
  const command = addFolderOption(
    program.command('rename').description('Change a slug').command('skill'),
    'the folder of the tracks, or of the track',
  )
    .description(
      'Renames a skill: its file, its place in roadmap.yaml and every field that refers to it, also in other tracks of the folder.\nThe old slug is noted under "formerly", so that ids stay the same, and old URLs and links in Markdown still work. Either all files are changed or none; comments and layout stay.',
    )
    .argument('<old>', 'the slug it has')
    .argument('<new>', 'the slug it gets')
    .option('--track <slug>', 'its track; not needed if the folder has only one')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s curriculum -- rename skill decorators decorating-functions --track python',
    )
    .action(async (from: string, to: string, { track, dir }: { track?: string; dir?: string }) =>
      runCommand(command, async () =>
        (await renameSkill(contentFolder(dir), { track, from, to })).map(path => `wrote ${path}`),
      ),
    )
}
