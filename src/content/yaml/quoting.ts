/** What YAML takes a sign for when a value begins with it. */
export const signs: Record<string, string> = {
  '`': 'is kept for later versions of YAML',
  '@': 'is kept for later versions of YAML',
  '%': 'begins an instruction to the reader of the file',
  '*': 'repeats something that was named before',
  '&': 'gives a name to what follows',
  '!': 'says of what type the value is',
  '|': 'announces a text on the lines below',
  '>': 'announces a text on the lines below',
  '[': 'begins a list',
  '{': 'begins a group of fields',
  '-': 'begins an item of a list',
  '?': 'announces a field name of several lines',
  ',': 'separates the items of a list',
}

/** Why a text that begins with a sign of YAML's own must be quoted, and how it then looks. */
export const signTrap = (text: string): string => {
  const sign = text.charAt(0)
  return `"${sign}" at the beginning of a value ${signs[sign]}: put the whole text in quotes: ${quoted(text)}`
}

/** The text in quotes that need the fewest escapes: double ones, or single ones where it holds a double quote or a backslash. */
export const quoted = (text: string): string => (/["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`)
