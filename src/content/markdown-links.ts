import { posix } from 'node:path'
import { schemas } from '../model/curriculum.ts'
import type { Document } from '../model/document.ts'
import { trackOf } from '../model/keys.ts'
import { skillLinkResolver } from '../model/skill.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { isOutward } from '../text/markdown.ts'
import { constructsIn } from '../text/markdown-constructs.ts'
import { type MarkupWarning, textsIn } from './check-markdown.ts'
import { fileKindList } from './file-kinds.ts'
import type { Finding } from './findings.ts'
import type { TrackFiles } from './read-track-files.ts'
import { findingIn, nodeAt, offsetInText, type YamlFile } from './yaml/yaml-file.ts'

export interface ExternalSkillLink {
  /** The key of the skill. */
  key: string
  file: YamlFile
  offset: number
}

/** Checks the links in Markdown: returns those to skills of other tracks, and a finding for each dead link. */
export const checkSkillLinks = (
  { slug, entries }: TrackFiles,
  { skills }: Document,
): { links: ExternalSkillLink[]; deadLinks: Finding[] } => {
  const resolveLink = skillLinkResolver(slug, skills)
  const slugs = skills.map(skill => skill.slug)
  const links: ExternalSkillLink[] = []
  const deadLinks: Finding[] = []
  for (const { noun } of fileKindList)
    for (const { file, path, values } of entries[noun])
      for (const { text, path: within, markup } of textsIn(schemas[noun], values)) {
        if (markup !== 'markdown') continue
        const found = sortLinks(text, resolveLink, slugs)
        const offsetOf = (index: number) => offsetInText(file, nodeAt(file, [...path, ...within]), index)
        for (const { index, ...warning } of found.warnings)
          deadLinks.push(findingIn(file, { offset: offsetOf(index), ...warning }))
        for (const { index, key } of found.links)
          if (trackOf(key) !== slug) links.push({ key, file, offset: offsetOf(index) })
      }
  return { links, deadLinks }
}

/** A link in Markdown to a skill, with its position in the text. */
interface SkillLink {
  index: number
  /** The key of the skill. */
  key: string
}

/** Sorts the links that lead neither to the web nor to an e-mail address: those that name a skill, and warnings about the others. */
const sortLinks = (
  markdown: string,
  resolveLink: (address: string) => string | undefined,
  skills: readonly string[],
): { links: SkillLink[]; warnings: MarkupWarning[] } => {
  const links: SkillLink[] = []
  const warnings: MarkupWarning[] = []
  for (const construct of constructsIn(markdown)) {
    if (construct.type !== 'link' || isOutward(construct.address)) continue
    const { index, address } = construct
    const key = resolveLink(address)
    if (key === undefined) warnings.push({ index, ...explainDeadLink(address, skills) })
    else links.push({ index, key })
  }
  return { links, warnings }
}

const explainDeadLink = (address: string, skills: readonly string[]): Omit<MarkupWarning, 'index'> => {
  const [scheme] = /^[a-z][a-z0-9+.-]*:/i.exec(address) ?? []
  if (scheme !== undefined)
    return deadLink(
      `an address that begins with "${scheme}" is shown as text: write an address that begins with https://, http:// or mailto:, or put code between backticks`,
    )
  const name = address.replace(/^#(skill-)?/, '')
  const suggestion = nearest(posix.basename(name).replace(/\.\w+$/, ''), skills)
  const otherwise = ': write a whole URL, https:// included, or the slug of a skill'
  return deadLink(`no skill is called "${address}"${didYouMean(suggestion, otherwise)}`)
}

/** Returns the warning about a link to a skill that is in none of the tracks. */
export const unknownSkillLink = (key: string): Omit<MarkupWarning, 'index'> =>
  deadLink(`no skill is called "${key}": load its track too, or write the key of an existing skill`)

const deadLink = (reason: string): Omit<MarkupWarning, 'index'> => ({
  message: `this link is broken: ${reason}`,
  kind: 'links are broken',
})
