/** Raw HTML and pictures in a Markdown text, and where they begin. */
export const markdownPieces = (text: string): { index: number; html?: string; picture?: string }[] =>
  [...text.matchAll(pieces)].map(({ groups, index }) => ({ index, ...groups }))

/** Why raw HTML cannot stay, and what can stand there. */
export const noHtml = (html: string): string =>
  `raw HTML is not allowed here: use Markdown, or put code between backticks such as \`${html}…\``

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
