import { posix } from 'node:path'
import { z } from 'zod'
import { fieldsOf } from '../model/fields.ts'
import { pictureFolder, picturePath } from '../model/picture.ts'
import { markupTypes } from '../model/text.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import {
  constructsIn,
  constructsInPlain,
  type MarkdownConstruct,
  mayHaveConstructs,
} from '../text/markdown-constructs.ts'
import type { Path } from './yaml/yaml-file.ts'

/** Something in a text that is not shown as its author meant it, with its position in the text. */
export interface MarkupWarning {
  index: number
  message: string
  /** The kind of a `Finding`. */
  kind: string
}

/** Finds tags in Markdown that are shown as text, and pictures that are neither among the files of the track nor on the web. */
export const checkMarkdown = (markdown: string, files: ReadonlySet<string>): MarkupWarning[] => {
  const opened = new Set<string>()
  return constructsIn(markdown).flatMap((construct): MarkupWarning[] => {
    const { index, type } = construct
    if (type === 'html') {
      const [, slash, name] = /^<(\/?)([\w-]*)/.exec(construct.source) as RegExpExecArray & [string, string, string] // HTML begins with a tag
      // The tag that closes an element is shown as text with the one that opens it.
      if (slash && opened.has(name)) return []
      opened.add(name)
      return [{ index, message: htmlMessage(construct.source), kind: 'HTML tags are shown as text' }]
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
    const path = picturePath(address)
    if (path !== undefined && files.has(path)) return []
    return [{ index, message: missingPicture(address, path, files), kind: "pictures are not in the track's folder" }]
  })
}

const missingPicture = (address: string, path: string | undefined, files: ReadonlySet<string>): string => {
  if (path === undefined)
    return `"${address}" is no picture of the track: put the file into the folder ${pictureFolder}, and write ${pictureFolder}${posix.basename(address)}`
  const meant = nearest(
    path,
    [...files].filter(file => file.startsWith(pictureFolder)),
  )
  return `there is no picture ${path} in the track's folder${didYouMean(meant, ': add the file, or write the whole address of a picture on the web')}`
}

const htmlMessage = (source: string): string =>
  `the tag ${source} is shown as text, because it is not one of the HTML tags that Markdown may have here: use Markdown, or put code between backticks`

/** Finds Markdown in a text in which only `` `code` `` is markup. */
export const checkPlain = (text: string): MarkupWarning[] =>
  constructsInPlain(text).map(construct => ({
    index: construct.index,
    message: `this text is plain, so ${describeConstruct(construct)} is shown as it is written: remove the Markdown, or put code between backticks`,
    kind: 'plain texts contain Markdown, which is shown as it is written',
  }))

const describeConstruct = (construct: MarkdownConstruct): string => {
  if (construct.type === 'emphasis') return `${construct.source}…${construct.source}`
  return `${construct.type === 'link' ? '[…]' : '![…]'}(${construct.address})`
}

/** A text with markup and its path in the value of a file. */
interface LocatedText {
  path: Path
  text: string
  markup: 'code' | 'markdown'
}

/** Returns the valid texts of a value of a file, at any depth, that may have constructs of Markdown. */
export const textsIn = (schema: z.ZodObject, value: unknown, path: Path = []): LocatedText[] =>
  typeof value !== 'object' || value === null
    ? []
    : fieldsOf(schema).flatMap(({ name, type }) => {
        const member = (value as Record<string, unknown>)[name] // any name may be read from an object
        if (Array.isArray(member))
          return member.flatMap((one, index) => textsOfField(type, one, [...path, name, index]))
        return textsOfField(type, member, [...path, name])
      })

const textsOfField = (type: z.ZodType, value: unknown, path: Path): LocatedText[] => {
  if (type instanceof z.ZodObject) return textsIn(type, value, path)
  // Tested first: few texts have constructs, and to validate all of them takes longer than to parse their Markdown.
  const markup = typeof value === 'string' && mayHaveConstructs(value) ? markupTypes.get(type)?.markup : undefined
  if (markup === undefined) return []
  const { success, data } = type.safeParse(value)
  return success ? [{ path, text: data as string, markup }] : [] // only texts have markup
}
