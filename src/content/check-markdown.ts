import { posix } from 'node:path'
import { nearest } from '../query/suggest.ts'
import { constructsIn, isOutward } from '../text/markdown.ts'

/** Something in a text that readers do not see as its author meant it, with its position in the text. */
export interface Remark {
  index: number
  message: string
  /** As of a `Finding`. */
  kind: string
}

/** Finds in Markdown what is not shown as meant: HTML tags, and pictures that are not there or not of the web. */
export const checkMarkdown = (markdown: string, folder: string, files: ReadonlySet<string>): Remark[] => {
  const opened = new Set<string>()
  return constructsIn(markdown).flatMap((construct): Remark[] => {
    const { index, type } = construct
    if (type === 'html') {
      const [, slash, name] = /^<(\/?)([\w-]*)/.exec(construct.source) as RegExpExecArray & [string, string, string] // HTML begins with a tag
      // The tag that closes an element is shown as text with the one that opens it.
      if (slash && opened.has(name)) return []
      opened.add(name)
      return [{ index, message: htmlIsText(construct.source), kind: 'HTML tags are shown as text' }]
    }
    if (type !== 'picture') return []
    const { address } = construct
    if (/^(https?:\/\/|data:image\/(png|jpeg|gif|webp);)/i.test(address)) return []
    const [scheme] = /^[a-z][a-z0-9+.-]*:/i.exec(address) ?? []
    if (scheme !== undefined)
      return [
        {
          index,
          message: `a picture with an address that begins with "${scheme}" is shown as its description: write an address that begins with https://`,
          kind: 'pictures have an address that is not of the web',
        },
      ]
    const path = posix.normalize(posix.join(folder, address))
    if (files.has(path)) return []
    return [
      {
        index,
        message: `there is no picture ${path} in the track's folder: write its whole address, or add the file`,
        kind: "pictures are not in the track's folder",
      },
    ]
  })
}

const htmlIsText = (source: string): string =>
  `HTML is shown as text, so ${source} appears as it is written: use Markdown, or put code between backticks`

/** Finds Markdown in a text in which only `` `code` `` is markup. */
export const checkPlain = (text: string): Remark[] =>
  constructsIn(text).flatMap(construct =>
    construct.type === 'html'
      ? []
      : [
          {
            index: construct.index,
            message: `this text is plain, so ${inWords(construct)} is shown as it is written: take the Markdown out, or put code between backticks`,
            kind: 'pieces of Markdown stand in plain texts, and are shown as they are written',
          },
        ],
  )

const inWords = (construct: Exclude<ReturnType<typeof constructsIn>[number], { type: 'html' }>): string => {
  if (construct.type === 'emphasis') return `${construct.source}…${construct.source}`
  return `${construct.type === 'link' ? '[…]' : '![…]'}(${construct.address})`
}

/** A link in Markdown to a skill, with its position in the text. */
export interface SkillLink {
  index: number
  /** The key of the skill. */
  key: string
}

/** Sorts the links in Markdown that do not lead to the web or an e-mail address: those that name a skill, and remarks about the others, which lead nowhere. */
export const checkLinks = (
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
