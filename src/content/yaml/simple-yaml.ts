/**
 * Parses the part of YAML that most files of a track consist of, many times as fast as the library, which builds a tree with
 * the place of each value. Returns undefined for everything else, so that the library parses or explains it: among others comments
 * after the first lines, escapes, texts of several lines other than `>-` and `|`, and all that an author may not have meant.
 */
export const parseSimpleYaml = (text: string): unknown => {
  if (/[\t\r\ufeff]/.test(text) || !text.endsWith('\n')) return undefined
  const lines = text.split('\n')
  let index = lines.findIndex(line => !line.startsWith('#'))

  /** Skips blank lines and returns the indentation of the next one; -1 at the end. */
  const indentation = (): number => {
    while (lines[index] === '') index++
    return indentationOf(lines[index])
  }

  const block = (indent: number): unknown => {
    if (indent > maxIndentation) return undefined
    return lines[index]?.startsWith('- ', indent) ? list(indent) : mapping(indent)
  }

  const mapping = (indent: number): unknown => {
    const fields: Record<string, unknown> = {}
    while (indentation() === indent) {
      const [, name, source] = field.exec(String(lines[index]).slice(indent)) ?? []
      if (name === undefined || name in fields || reserved.test(name)) return undefined
      index++
      const value = source === undefined ? valueBelow(indent) : valueBehind(source, indent)
      if (value === undefined) return undefined
      fields[name] = value
    }
    return fields
  }

  const list = (indent: number): unknown => {
    const items: unknown[] = []
    while (indentation() === indent && lines[index]?.startsWith('- ', indent)) {
      const source = String(lines[index]).slice(indent + 2)
      const hasFields = field.test(source)
      // The fields of an item begin in the column of the first.
      if (hasFields) lines[index] = ' '.repeat(indent + 2) + source
      else index++
      const item = hasFields ? block(indent + 2) : valueBehind(source, indent)
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  /** Parses the value on the lines below a field. The dashes of a list may be in the column of the field. */
  const valueBelow = (indent: number): unknown => {
    const below = indentation()
    return below > indent || (below === indent && lines[index]?.startsWith('- ', indent)) ? block(below) : undefined
  }

  /** Parses the value behind the colon of a field, or behind a dash, in this column. */
  const valueBehind = (source: string, indent: number): unknown => {
    if (source === '>-') return foldedText(indent)
    if (source === '|' || source === '|-') return literalText(indent, source === '|' ? '\n' : '')
    return source.startsWith('[') ? parseInlineList(source) : parseScalar(source)
  }

  const foldedText = (indent: number): string | undefined => {
    const [start, column] = [index, indentationOf(lines[index])]
    if (column <= indent) return undefined
    while (indentationOf(lines[index]) === column && !lines[index]?.endsWith(' ')) index++
    return index === start
      ? undefined
      : lines
          .slice(start, index)
          .map(line => line.slice(column))
          .join(' ')
  }

  const literalText = (indent: number, end: string): string | undefined => {
    const [start, column] = [index, indentationOf(lines[index])]
    if (column <= indent) return undefined
    while (lines[index] === '' || indentationOf(lines[index]) >= column) index++
    const text = lines.slice(start, index).map(line => line.slice(column))
    return `${text.join('\n').replace(/\n+$/, '')}${end}`
  }

  const value = indentation() === 0 ? block(0) : undefined
  indentation()
  return index === lines.length ? value : undefined
}

/** Deeper files are left to the library, which limits the nesting. */
const maxIndentation = 40

const indentationOf = (line = ''): number => line.search(/[^ ]/)

const field = /^([A-Za-z]\w*):(?: (.+))?$/

/** Plain texts that are no texts, in some spelling. */
const reserved = /^(null|true|false)$/i

const parseInlineList = (source: string): unknown => {
  if (source === '[]') return []
  if (!/^\[[^[\]{}:#"']+\]$/.test(source)) return undefined
  const items = source.slice(1, -1).split(', ').map(parseScalar)
  return items.some(item => item === undefined || (typeof item === 'string' && item.includes(','))) ? undefined : items
}

const parseScalar = (source: string): unknown => {
  if (/^(0|[1-9]\d{0,8})$/.test(source)) return Number(source)
  if (source === 'true' || source === 'false') return source === 'true'
  if (plainText.test(source)) return reserved.test(source) || /: |:$| #/.test(source) ? undefined : source
  return quotedText.exec(source)?.[2]
}

/** A text that begins with a letter, and is therefore neither a number nor anything with a meaning in YAML. */
const plainText = /^(\d+ )?\p{L}(.*[^ ])?$/u

/** A text in quotes that are not in the text, without escapes. */
const quotedText = /^(["'])((?:(?!\1)[^\\])*)\1$/
