/** The most levels of lists and objects within each other, in a body or a file: what reads parsed values is recursive. */
export const deepest = 64

export const tooDeep = `is nested more than ${deepest} levels deep`

/** Returns true where a parsed value has more levels. */
export const isDeep = (value: unknown, levels = deepest): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some(one => isDeep(one, levels - 1)))

/** An open list or object, and where the scan is in it. */
interface Level {
  isList: boolean
  index: number
  /** The offset of the last string: where another level begins in an object, its name. */
  name: number
}

/** Returns the path of the first value below the deepest level, undefined where there is none. */
export const deepPathIn = (text: string): PropertyKey[] | undefined => {
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
        if (levels.length > deepest)
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

/** The offset of the closing quotation mark of a string, or of the end of the text. */
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
