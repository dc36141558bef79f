import { slugOf } from '../model/keys.ts'
import { tiers } from '../model/tiers.ts'
import { type Format, scopeOptions } from './format.ts'
import { plainTitle } from './markup.ts'
import { groupByCategory } from './tree.ts'

/** Prerequisites as a flowchart that GitHub, GitLab and many wikis show. */
export const mermaid: Format = {
  name: 'mermaid',
  mediaType: 'text/vnd.mermaid; charset=utf-8',
  fileNameSuffix: '.mmd',
  description:
    'The prerequisites as a Mermaid flowchart, one box per category, within that of its parent; a whole track may be too large for some wikis.',
  options: scopeOptions,
  chunks: function* ({ selection }) {
    yield 'flowchart LR\n'
    let open = 0
    for (const { category, depth, cells } of groupByCategory(selection)) {
      for (; open > depth; open--) yield `${'  '.repeat(open)}end\n`
      open++
      const indent = '  '.repeat(open)
      yield `${indent}subgraph category_${nodeName(category.key)}["${label(category.title)}"]\n`
      for (const { tier, skills } of cells)
        for (const { key, title } of skills) yield `${indent}  ${skillNode(key)}["${label(title)}"]:::${tier}\n`
    }
    for (; open > 0; open--) yield `${'  '.repeat(open)}end\n`
    const selectedKeys = new Set(selection.skills.map(({ key }) => key))
    for (const { key, prerequisites } of selection.skills)
      for (const before of prerequisites)
        if (selectedKeys.has(before)) yield `  ${skillNode(before)} --> ${skillNode(key)}\n`
    for (const tier of tiers) yield `  classDef ${tier} ${colours[tier]}\n`
  },
}

const colours = {
  beginner: 'fill:#d8f3dc,stroke:#2d6a4f,color:#081c15',
  intermediate: 'fill:#fff3bf,stroke:#8a6d00,color:#332900',
  senior: 'fill:#ffd9d4,stroke:#9b2c1f,color:#3b0b05',
}

/** Node names have a prefix and no hyphens: Mermaid has reserved words, and hyphens form arrows. */
const nodeName = (key: string): string => slugOf(key).replaceAll('-', '_')
const skillNode = (key: string): string => `skill_${nodeName(key)}`

/**
 * Writes a label; other characters than letters, digits and harmless ones, and a list marker at the start, become entity
 * codes.
 */
const label = (title: string): string =>
  plainTitle(title).replace(
    /[^\p{L}\p{M}\p{N}\p{So} .,:'/=()!?-]|(?<=^\d+)[.)]|^-/gu,
    character => `#${character.codePointAt(0)};`,
  )
