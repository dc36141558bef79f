/**
 * Returns a Markdown text as a part of a larger one: its highest headings have this level, and nothing in it reaches beyond its
 * end, such as a code block or an HTML comment that is not closed. `id` distinguishes its footnotes from those of other parts, and
 * `urlOf` returns the URL that replaces the address of a link or picture, if any.
 */
export const embedMarkdown = (
  text: string,
  level: number,
  id: string,
  urlOf: (address: string) => string | undefined,
): string => {
  const output: string[] = []
  let fence: string | undefined
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const footnotes = new Set(lines.flatMap(line => /^ {0,3}\[\^([^\]\s]+)\]:/.exec(line)?.[1] ?? []))
  for (const written of lines) {
    const line =
      fence === undefined
        ? written
            .replace(/\[\^([^\]\s]+)\]/g, (mark, name) => (footnotes.has(name) ? `[^${id}-${name}]` : mark))
            .replace(address, (_, before, own) => `${before}${urlOf(own) ?? own}`)
        : written
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    const underline = /^ {0,3}(=+|--+)\s*$/.exec(line)?.[1]
    if (fence !== undefined) {
      output.push(line)
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined
    } else if (underline !== undefined && isParagraph(output.at(-1)))
      output.push(heading(underline.startsWith('=') ? 1 : 2, level, ` ${String(output.pop()).trim()}`))
    else {
      fence = mark
      const [, marks = '', title = ''] = /^ {0,3}(#{1,6})((?:[ \t].*)?)$/.exec(line) ?? []
      output.push(marks === '' ? line.replace(openEnded, '&lt;$1') : heading(marks.length, level, title))
    }
  }
  return `\n${[...output, ...(fence === undefined ? [] : [fence])].join('\n').trim()}\n`
}

/** The address of a link or picture, after the text that shows where it begins. */
const address = /(\]\(<?|\b(?:src|href)=["'])([^)\s>"']+)/g

const heading = (own: number, level: number, title: string): string =>
  `${'#'.repeat(Math.min(6, own + level - 1))}${title}`

/** Returns true for a line that an underline makes a heading. */
const isParagraph = (line = ''): boolean => /^ {0,3}[^\s#>|+*`~-]/.test(line) && !/^ {0,3}\d+[.)]\s/.test(line)

/** HTML that only ends with its own end mark (CommonMark, "HTML blocks", 1 to 5). */
const openEnded = /<(?=!|\?|(?:script|pre|style|textarea)\b)(.?)/gi
