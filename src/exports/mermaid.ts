import { slugOf } from '../model/keys.ts'
import { tiers } from '../model/vocabulary.ts'
import type { Format } from './format.ts'
import { nameOf } from './markup.ts'
import { scopeOptions } from './options.ts'
import { branches } from './tree.ts'

/** What comes before what, as a drawing that GitHub, GitLab and many wikis show. */
export const mermaid: Format = {
  name: 'mermaid',
  mediaType: 'text/vnd.mermaid; charset=utf-8',
  ending: '.mmd',
  description:
    'The prerequisites as a Mermaid flowchart, a box a category; a whole track may be more than a wiki draws.',
  options: scopeOptions,
  chunks: function* ({ chosen }) {
    yield 'flowchart LR\n'
    for (const { category, cells } of branches(chosen)) {
      yield `  subgraph category_${nodeName(category.key)}["${label(category.title)}"]\n`
      for (const { tier, skills } of cells)
        for (const { key, title } of skills) yield `    ${skillNode(key)}["${label(title)}"]:::${tier}\n`
      yield '  end\n'
    }
    const drawn = new Set(chosen.skills.map(({ key }) => key))
    for (const { key, prerequisites } of chosen.skills)
      for (const before of prerequisites) if (drawn.has(before)) yield `  ${skillNode(before)} --> ${skillNode(key)}\n`
    for (const tier of tiers) yield `  classDef ${tier} ${colours[tier]}\n`
  },
}

const colours = {
  beginner: 'fill:#d8f3dc,stroke:#2d6a4f,color:#081c15',
  intermediate: 'fill:#fff3bf,stroke:#8a6d00,color:#332900',
  senior: 'fill:#ffd9d4,stroke:#9b2c1f,color:#3b0b05',
}

/** Hyphens mean arrows, and some words mean something of their own: so a name has neither, nor stands alone. */
const nodeName = (key: string): string => slugOf(key).replaceAll('-', '_')
const skillNode = (key: string): string => `skill_${nodeName(key)}`

/** Whatever is not a letter, a digit or harmless is written by its number, and so is what would begin a list. */
const label = (title: string): string =>
  nameOf(title).replace(/[^\p{L}\p{M}\p{N}\p{So} .,:'/=()!?-]|(?<=^\d+)[.)]|^-/gu, sign => `#${sign.codePointAt(0)};`)
