import { posix } from 'node:path'

/** What should not stand in a Markdown text: raw HTML, and pictures that are not there. */
export const checkMarkdown = (markdown: string, folder: string, files: ReadonlySet<string>): Mistake[] =>
  [...markdown.matchAll(pieces)].flatMap(({ groups, index }): Mistake[] => {
    if (groups?.html !== undefined)
      return [
        {
          index,
          severity: 'error',
          message: `raw HTML is not allowed here: use Markdown, or put code between backticks such as \`${groups.html}…\``,
        },
      ]
    const picture = groups?.picture
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

/**
 * One after the other: a fenced block, an escaped sign, code between backticks and an address in angle brackets, all of
 * which may hold what looks like HTML; then HTML itself, and pictures. Rather strict: `a <b` is no HTML yet, but becomes it with the next `>`.
 */
const pieces = new RegExp(
  [
    /^ {0,3}(?<fence>`{3,}|~{3,})[^\n`]*(?:\n(?! {0,3}\k<fence>)[^\n]*)*(?:\n {0,3}\k<fence>[`~]*)?/,
    /\\[^\n]/,
    /(?<!`)(?<ticks>`+)(?!`)(?:(?!\n\s*\n)[\s\S])*?(?<!`)\k<ticks>(?!`)/,
    /<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>]+)>/,
    /(?<html><[a-z/!?][^\s>]*)/,
    /!\[[^\]]*\]\(\s*<?(?<picture>[^)\s>#?]+)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gim',
)

const pathOf = (picture: string, folder: string): string => posix.normalize(posix.join(folder, picture))
