import type { Command } from 'commander'
import { addItem, type NewItem } from '../content/add-item.ts'
import { createTrack, type NewTrack } from '../content/new-track.ts'
import { ExerciseKind } from '../model/exercise.ts'
import { PlanKind } from '../model/plan.ts'
import { ResourceKind } from '../model/resource.ts'
import { tiers } from '../model/tiers.ts'
import { outputOf, runCommand } from './output.ts'
import { addFolderOption, contentFolder } from './settings.ts'

/** Adds `new track`, which writes a complete small track, and `new <noun>`, which adds an item to a track. */
export const addNew = (program: Command): void => {
  const parent = program.command('new').description('Create a track, or something in a track')
  addNewTrack(parent)
  for (const noun of Object.keys(newItems) as NewItem['noun'][]) addNewItem(parent, noun) // the keys of the table
}

const addNewTrack = (parent: Command): void => {
  const command = addFolderOption(parent.command('track'), 'the folder of the tracks')
    .summary('a complete small track')
    .description(
      'Writes a folder with a small complete track: skills, a project, exercises and every other kind of file, each with comments.\nIt has no mistakes and can be served at once. Then replace its texts by yours.',
    )
    .usage('<slug> --title <title> [options]')
    .argument('[slug]', 'its name in addresses, at most 24 characters: lower-case words joined by hyphens')
    .option('--title <title>', 'what it teaches (required)')
    .addHelpText('after', '\nExample:\n  npm run -s curriculum -- new track web --title Web --dir ../tracks')
    .action((slug: string | undefined, { dir, title }: NewTrack & { dir?: string }) =>
      runCommand(command, async () => {
        const folder = contentFolder(dir)
        const written = await createTrack(folder, { slug, title })
        outputOf(command).writeErr(`to see it: CONTENT=${folder} npm run -s curriculum -- serve --watch\n`)
        return written.map(path => `wrote ${path}`)
      }),
    )
}

type ItemOptions = Omit<NewItem, 'noun' | 'slug' | 'skills'> & { dir?: string; skill?: string[] }

const addNewItem = (parent: Command, noun: NewItem['noun']): void => {
  const { summary, where, options, example } = newItems[noun]
  const command = addFolderOption(parent.command(noun), 'the folder of the tracks, or of the track')
    .summary(summary)
    .description(
      `${where} Comments and layout stay as they are.\nThen open the file and add what else belongs there: editors offer the fields.`,
    )
    .usage('<slug> --title <title> [options]')
    .argument(
      '[slug]',
      'its name in references and addresses, at most 50 characters: lower-case words joined by hyphens',
    )
    .option('--title <title>', 'its title (required)')
    .option('--track <slug>', 'its track; not needed if the folder has only one')
  for (const [flags, description] of options) command.option(flags, description)
  if (noun === 'exercise')
    command.option('--skill <slugs>', 'the skills that it practises, several by comma (required)', splitList)
  command
    .option('--after <slug>', 'place it after this one; without it, it comes last')
    .addHelpText('after', `\nExample:\n  npm run -s curriculum -- new ${noun} ${example}`)
    .action((slug: string | undefined, { dir, skill: skills, ...item }: ItemOptions) =>
      runCommand(command, async () =>
        (await addItem(contentFolder(dir), { ...item, noun, slug, skills })).map(path => `wrote ${path}`),
      ),
    )
}

const splitList = (given: string, before: string[] = []): string[] => [...before, ...given.split(',')]

const kindOption = (kinds: readonly string[]): [string, string] => ['--kind <kind>', `${kinds.join(', ')} (required)`]
const tierOption: [string, string] = ['--tier <tier>', `its tier, one of ${tiers.join(', ')}`]

const newItems: {
  [N in NewItem['noun']]: { summary: string; where: string; options: [string, string][]; example: string }
} = {
  category: {
    summary: 'a category of the roadmap',
    where: 'Adds a category to roadmap.yaml.',
    options: [['--parent <slug>', 'the category that it is a part of']],
    example: 'forms --title Forms --parent markup',
  },
  skill: {
    summary: 'a skill and its place in the roadmap',
    where:
      'Writes skills/<slug>.yaml and places the skill in its cell of roadmap.yaml, unless it is named there already.',
    options: [
      ['--category <slug>', 'its category; not needed with --after, or if roadmap.yaml names the skill already'],
      ['--tier <tier>', `its tier, one of ${tiers.join(', ')}; likewise`],
    ],
    example:
      'dataclasses --track python --title Dataclasses \\\n    --category language-proficiency --tier intermediate',
  },
  project: {
    summary: 'a project',
    where: 'Writes projects/<slug>.yaml and lists the project in track.yaml, unless it is listed there already.',
    options: [tierOption],
    example: 'portfolio --title Portfolio --tier beginner',
  },
  exercise: {
    summary: 'an exercise, an assignment or a quiz',
    where:
      'Writes exercises/<slug>.yaml and lists the exercise in track.yaml, unless it is listed there already; a quiz gets a first question.',
    options: [kindOption(ExerciseKind.options)],
    example: 'label-a-form --title "Label a form" --kind assignment --skill forms',
  },
  resource: {
    summary: 'a resource to learn from',
    where: 'Adds a resource to resources.yaml.',
    options: [kindOption(ResourceKind.options), ['--url <url>', 'its address']],
    example: 'html-standard --title "HTML Standard" --kind documentation \\\n    --url https://html.spec.whatwg.org/',
  },
  plan: {
    summary: 'a plan or a timeline',
    where: 'Adds a plan to plans.yaml.',
    options: [kindOption(PlanKind.options), tierOption],
    example: 'six-weeks --title "Six weeks" --kind plan',
  },
}
