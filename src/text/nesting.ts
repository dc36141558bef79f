/** The maximum nesting of lists and objects in a body or a file. It bounds the recursion of the code that reads parsed values. */
export const maxNesting = 64

export const tooDeep = `is nested more than ${maxNesting} levels deep`

/** Returns true if a parsed value is nested deeper. */
export const isTooDeep = (value: unknown, levels = maxNesting): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some(one => isTooDeep(one, levels - 1)))

/** A list or object that the scan is in, and the position in it. */
interface Level {
  isList: boolean
  index: number
  /** The offset of the last string; in an object, the name of the member whose value begins. */
  name: number
}

/** Returns the path of the first value in a JSON text that is nested too deep; undefined if there is none. */
export const findTooDeepPath = (text: string): PropertyKey[] | undefined => {
  const levels: Level[] = []
  let level: Level = { isList: true, index: 0, name: 0 } // around the whole body
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        level.name = at
        at = endOfString(text, at)
        break
      case comma:
        level.index += 1
        break
      case openList:
      case openObject:
        levels.push(level)
        if (levels.length > maxNesting)
          return levels.slice(1).map(({ isList, index, name }) => (isList ? index : stringAt(text, name)))
        level = { isList: text[at] === '[', index: 0, name: at }
        break
      case closeList:
      case closeObject:
        level = levels.pop() ?? level
    }
  }
  return undefined
}

const [quote, backslash, comma, openList, closeList, openObject, closeObject] = [
  0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d,
]

/** Returns the offset of the closing quotation mark of a string, or the end of the text if there is none. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1
  for (let code = text.charCodeAt(at); code !== quote && at < text.length; code = text.charCodeAt(at))
    at += code === backslash ? 2 : 1
  return at
}

const stringAt = (text: string, start: number): string => {
  const source = text.slice(start, endOfString(text, start) + 1)
  try {
    return JSON.parse(source)
  } catch {
    return source
  }
}
