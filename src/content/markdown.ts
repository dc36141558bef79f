import { posix } from 'node:path'
import { constructsIn } from '../markdown.ts'
import { nearest } from '../suggest.ts'

/** Something in a text that readers do not see as its author meant it, with its position in the text. */
export interface Remark {
  index: number
  message: string
  /** As of a `Finding`. */
  kind: string
}

/** Finds in Markdown what is not shown as meant: HTML tags, and pictures that are not there. */
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
    const path = posix.normalize(posix.join(folder, construct.address))
    if (/^(https?:|data:)/i.test(construct.address) || files.has(path)) return []
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

/** Finds links in Markdown that lead nowhere. A link leads to a web address, to a place on the page, or to the skill that it names. */
export const checkLinks = (
  markdown: string,
  skillNamed: (address: string) => string | undefined,
  skills: readonly string[],
): Remark[] =>
  constructsIn(markdown).flatMap(construct => {
    if (construct.type !== 'link') return []
    const { index, address } = construct
    if (/^([a-z][a-z0-9+.-]*:|#)/i.test(address) || skillNamed(address) !== undefined) return []
    const meant = nearest(posix.basename(address).replace(/\.\w+$/, ''), skills)
    const cure =
      meant === undefined
        ? 'write a whole address, https:// included, or the slug of a skill'
        : `did you mean "${meant}"?`
    const message = `this link leads nowhere: no skill is called "${address}": ${cure}`
    return [{ index, message, kind: 'links lead nowhere' }]
  })
