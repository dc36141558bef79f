import { posix } from 'node:path'
import { markdownPieces, noHtml } from '../model/markdown.ts'

/** What should not stand in a Markdown text: raw HTML, and pictures that are not there. */
export const checkMarkdown = (markdown: string, folder: string, files: ReadonlySet<string>): Mistake[] =>
  markdownPieces(markdown).flatMap(({ html, picture, index }): Mistake[] => {
    if (html !== undefined) return [{ index, severity: 'error', message: noHtml(html) }]
    if (picture === undefined || /^(https?:|data:)/i.test(picture) || files.has(pathOf(picture, folder))) return []
    return [
      {
        index,
        severity: 'warning',
        message: `there is no picture ${pathOf(picture, folder)} in the track's folder: write its whole address, or add the file`,
      },
    ]
  })

interface Mistake {
  index: number
  severity: 'error' | 'warning'
  message: string
}

const pathOf = (picture: string, folder: string): string => posix.normalize(posix.join(folder, picture))
