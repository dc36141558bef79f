import { posix } from 'node:path'
import { schemas } from '../model/curriculum.ts'
import type { Document } from '../model/document.ts'
import { trackOf } from '../model/keys.ts'
import { skillLinkResolver } from '../model/skill-links.ts'
import { nearest } from '../query/suggest.ts'
import { constructsIn, isOutward } from '../text/markdown.ts'
import { type Remark, textsIn } from './check-markdown.ts'
import { kindList } from './file-kinds.ts'
import type { Finding } from './findings.ts'
import type { TrackFiles } from './read-track-files.ts'
import { findingIn, nodeAt, offsetInside, type YamlFile } from './yaml/yaml-file.ts'

export interface OutwardLink {
  /** The key of the skill. */
  key: string
  file: YamlFile
  offset: number
}

/** The links in Markdown to skills of other tracks, and a finding for each link that leads nowhere. */
export const linksIn = (
  { slug, entries }: TrackFiles,
  { skills }: Document,
): { links: OutwardLink[]; dead: Finding[] } => {
  const skillNamed = skillLinkResolver(slug, skills)
  const slugs = skills.map(skill => skill.slug)
  const links: OutwardLink[] = []
  const dead: Finding[] = []
  for (const { noun } of kindList)
    for (const { file, path, values } of entries[noun])
      for (const { text, path: within, markup } of textsIn(schemas[noun], values)) {
        if (markup !== 'markdown') continue
        const found = checkLinks(text, skillNamed, slugs)
        const offsetOf = (index: number) => offsetInside(file, nodeAt(file, [...path, ...within]), index)
        for (const { index, ...remark } of found.remarks)
          dead.push(findingIn(file, { offset: offsetOf(index), ...remark }))
        for (const { index, key } of found.links)
          if (trackOf(key) !== slug) links.push({ key, file, offset: offsetOf(index) })
      }
  return { links, dead }
}

/** A link in Markdown to a skill, with its position in the text. */
interface SkillLink {
  index: number
  /** The key of the skill. */
  key: string
}

/** Sorts the links in Markdown that do not lead to the web or an e-mail address: those that name a skill, and remarks about the others, which lead nowhere. */
const checkLinks = (
  markdown: string,
  skillNamed: (address: string) => string | undefined,
  skills: readonly string[],
): { links: SkillLink[]; remarks: Remark[] } => {
  const links: SkillLink[] = []
  const remarks: Remark[] = []
  for (const construct of constructsIn(markdown)) {
    if (construct.type !== 'link' || isOutward(construct.address)) continue
    const { index, address } = construct
    const key = skillNamed(address)
    if (key === undefined) remarks.push({ index, ...leadsNowhere(address, skills) })
    else links.push({ index, key })
  }
  return { links, remarks }
}

const leadsNowhere = (address: string, skills: readonly string[]): Omit<Remark, 'index'> => {
  const [scheme] = /^[a-z][a-z0-9+.-]*:/i.exec(address) ?? []
  if (scheme !== undefined)
    return deadLink(
      `an address that begins with "${scheme}" is shown as text: write an address that begins with https://, http:// or mailto:, or put code between backticks`,
    )
  const name = address.replace(/^#(skill-)?/, '')
  const meant = nearest(posix.basename(name).replace(/\.\w+$/, ''), skills)
  const cure =
    meant === undefined
      ? 'write a whole address, https:// included, or the slug of a skill'
      : `did you mean "${meant}"?`
  return deadLink(`no skill is called "${address}": ${cure}`)
}

/** Says that a link leads to a skill that is in none of the tracks. */
export const unknownSkill = (key: string): Omit<Remark, 'index'> =>
  deadLink(`no skill is called "${key}": load its track too, or write the key of a skill that is there`)

const deadLink = (reason: string): Omit<Remark, 'index'> => ({
  message: `this link leads nowhere: ${reason}`,
  kind: 'links lead nowhere',
})
