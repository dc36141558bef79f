import { z } from 'zod'
import { Duration } from './duration.ts'
import { identityFields, mentionFields } from './identity.ts'
import { Key, keyOf, refTo, trackOf } from './keys.ts'
import { Code, listOf, Markdown, orNull, Text, Title, Url } from './text.ts'
import { LearningKind, Tier } from './vocabulary.ts'

/** A target type of Open Badges 3.0, section B.1.2 (AlignmentTargetType), extensions included. */
export const AlignmentTarget = z
  .string()
  .max(100)
  .regex(
    /^(ceasn:Competency|ceterms:Credential|CFItem|CFRubric|CFRubricCriterion|CFRubricCriterionLevel|CTDL|ext:[A-Za-z0-9.|_-]+)$/,
    'must be ceasn:Competency, ceterms:Credential, CFItem, CFRubric, CFRubricCriterion, CFRubricCriterionLevel, CTDL, or begin with ext:',
  )

export const Sample = z
  .strictObject({
    label: Title.meta({ description: 'The text of the link.' }),
    url: z
      .string()
      .min(1)
      .max(2_000)
      .regex(
        /^(https?:\/\/\S+|(?![a-z][a-z0-9+.-]*:|\/\/)[^\s<>"]+)$/i,
        'must be an https address or a file name such as test_variable.py',
      )
      .meta({
        description: 'An address, or a reference relative to the `sampleBase` of its source (RFC 3986, section 4.2).',
        examples: ['test_variable.py'],
      }),
  })
  .meta({ id: 'Sample', description: 'Code to look at.' })

export const Alignment = z
  .strictObject({
    framework: Title.meta({ description: 'The name of the framework.', examples: ['ESCO'] }),
    code: orNull(Code).meta({ description: 'The code of the target in its framework.' }),
    title: orNull(Title).meta({ description: 'The name of the target.' }),
    url: orNull(Url).meta({ description: 'The URL that identifies the target.' }),
    type: orNull(AlignmentTarget).meta({ description: 'The kind of target: a `targetType` of Open Badges 3.0.' }),
  })
  .meta({ id: 'SkillAlignment', description: 'An equal or similar entry of another framework, such as ESCO or SFIA.' })

/** Returns the code and the title of the target; the name of the framework if it has neither. */
export const alignmentLabel = ({ framework, code, title }: z.infer<typeof Alignment>): string =>
  [code, title].filter(part => part !== null).join(' ') || framework

export const Skill = z
  .strictObject({
    ...identityFields,
    category: refTo('category').meta({
      description: 'Key of its category.',
      examples: ['python.language-proficiency'],
    }),
    tier: Tier,
    code: orNull(Code).meta({ description: 'The code that the institution gives it.', examples: [null] }),
    title: Title.meta({ description: 'The name of the skill.', examples: ['Decorators'] }),
    summary: orNull(Text).meta({ description: 'The skill in one or two sentences.' }),
    kind: LearningKind.default('practical').meta({ description: 'Practical or theoretical.' }),
    optional: z.boolean().default(false).meta({ description: 'True if a learner may skip it.' }),
    duration: orNull(Duration).meta({ description: 'The time that a learner needs for it.' }),
    outcomes: listOf(Text).meta({ description: 'Things that a learner can do afterwards, a sentence each.' }),
    examples: listOf(Title).meta({ description: 'Terms, modules and commands that belong to it.' }),
    sample: orNull(Sample).meta({ description: 'Code to look at.' }),
    notes: orNull(Markdown).meta({
      description:
        'Longer notes in Markdown, with the HTML elements that GitHub renders; other tags are shown as text. A link such as `[Cargo](cargo)` names a skill by its slug or key.',
    }),
    prerequisites: listOf(refTo('skill')).meta({ description: 'Keys of the skills that come directly before it.' }),
    dependents: z
      .array(refTo('skill'))
      .max(20_000)
      .readonly()
      .meta({ description: 'Keys of the skills it comes directly before.' }),
    related: listOf(refTo('skill')).meta({
      description: 'Keys of skills worth a look beside it; one edge a pair, served on both sides.',
    }),
    resources: listOf(refTo('resource')).meta({ description: 'Keys of the resources to learn it from.' }),
    projects: z
      .array(refTo('project'))
      .max(20_000)
      .readonly()
      .meta({ description: 'Keys of the projects that exercise it.' }),
    exercises: z
      .array(refTo('exercise'))
      .max(20_000)
      .readonly()
      .meta({ description: 'Keys of the exercises that practise it.' }),
    alignments: listOf(Alignment).meta({ description: 'Its counterparts in other frameworks.' }),
    sameAs: listOf(refTo('skill')).meta({ description: 'Keys of equal skills in other tracks.' }),
    replacedBy: orNull(refTo('skill')).meta({ description: 'Key of the skill that takes its place.' }),
    ...mentionFields,
  })
  .meta({ id: 'Skill', description: 'Something a learner can do or understand: a cell of the matrix.' })
export type Skill = z.infer<typeof Skill>

/** Returns the title of a skill after its code. */
export const codeAndTitle = ({ code, title }: Pick<Skill, 'code' | 'title'>): string =>
  code === null ? title : `${code} ${title}`

/** Returns the URL of a skill's sample; a relative one is resolved against the first `sampleBase` of the skill's sources. */
export const sampleUrl = (
  { url }: NonNullable<Skill['sample']>,
  mentions: Skill['mentions'],
  sampleBaseOf: (source: string) => string | null | undefined,
): URL | null => {
  const bases = mentions.map(({ source }) => sampleBaseOf(source))
  return URL.parse(
    url,
    bases.find(base => typeof base === 'string'),
  )
}

/** A step of a learning path: the skill and what it unlocks. */
export const LearningStep = Skill.extend({
  unlocks: z
    .array(refTo('skill'))
    .max(20_000)
    .meta({ description: 'Keys of the skills it is a direct prerequisite of, among those still to be learnt.' }),
}).meta({ id: 'LearningStep', description: 'A skill to learn next or on the way to others, with what it unlocks.' })

/**
 * Creates a function that returns the key of the skill that a link in Markdown names, such as `[Cargo](cargo)`: by its slug,
 * an earlier slug or a key. A key of another track is returned unchecked, since that track may be elsewhere. A file name is not a key.
 */
export const skillLinkResolver = (
  track: string,
  skills: readonly { slug: string; formerly: readonly string[] }[],
): ((address: string) => string | undefined) => {
  const keys = new Map(
    skills.flatMap(({ slug, formerly }) => [...formerly, slug].map(name => [keyOf(track, name), keyOf(track, slug)])),
  )
  return address => {
    if (!Key.safeParse(address).success || /\.(ya?ml|md|html?)$/.test(address)) return undefined
    const key = address.includes('.') ? address : keyOf(track, address)
    return trackOf(key) === track ? keys.get(key) : key
  }
}
