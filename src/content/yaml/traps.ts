import { type Document, isAlias, isNode, isPair, isScalar, isSeq, type Node, Scalar, visit } from 'yaml'
import { isBlank, lineAt, offsetOf, type Problem, rangeOf } from './positions.ts'

/**
 * Finds valid YAML that an author did not mean: empty values, and values lost to a character with a meaning in YAML.
 * Replaces aliases by their own text, so that none is expanded and the rest of the file can still be checked.
 */
export const findTraps = (text: string, tree: Document): Problem[] => {
  const problems: Problem[] = []
  visit(tree, (_, node) => {
    if (isAlias(node)) {
      problems.push({ offset: offsetOf(node), message: explainIndicator(textFrom(text, node, offsetOf(node))) })
      const itself = new Scalar(`*${node.source}`)
      itself.range = rangeOf(node)
      return itself
    }
    for (const trap of traps) problems.push(...trap(text, node))
    return undefined
  })
  return problems
}

type Trap = (text: string, node: unknown) => Problem[]

const emptyField: Trap = (text, node) => {
  if (!isPair(node) || !isNode(node.key) || !isUnset(node.value)) return []
  const name = String(node.key)
  const lostText = commentAsValue(text, offsetOf(node.value))
  if (lostText !== undefined) return [{ ...lostText, message: `${lostText.message}: ${name}: ${lostText.quotedText}` }]
  return [
    { offset: offsetOf(node.key), message: `"${name}" has no value: write one after the colon, or remove the line` },
  ]
}

const emptyItem: Trap = (text, node) => {
  if (!isSeq(node)) return []
  return node.items.filter(isUnset).map(item => {
    const lostText = commentAsValue(text, offsetOf(item))
    if (lostText !== undefined) return { ...lostText, message: `${lostText.message}: - ${lostText.quotedText}` }
    return {
      offset: offsetOf(item) - 1,
      message: 'this item has no value: write one after the dash, or remove the line',
    }
  })
}

const isUnset = (node: unknown): node is Node =>
  isScalar(node) && isBlank(node) && node.anchor === undefined && node.tag === undefined

const commentAsValue = (text: string, offset: number): (Problem & { quotedText: string }) | undefined => {
  const swallowedText = /^[ \t]*(#.*)/.exec(text.slice(offset, lineAt(text, offset).end))?.[1]?.trimEnd()
  if (swallowedText === undefined) return undefined
  const message = 'everything after # is a comment, so there is no value here: put a text that begins with # in quotes'
  return { offset: text.indexOf('#', offset), message, quotedText: quoteText(swallowedText) }
}

/** An anchor (`&name`) or a tag (`!name`). */
const anchorOrTag: Trap = (text, node) => {
  if (!isNode(node)) return []
  const indicator = node.anchor === undefined ? node.tag && '!' : `&${node.anchor}`
  if (indicator === undefined) return []
  const offset = text.lastIndexOf(indicator, offsetOf(node))
  return [{ offset, message: explainIndicator(textFrom(text, node, offset)) }]
}

/** Finds a text such as "C #1", which YAML cuts at the `#`. A real comment has a space after the `#`. */
const comment: Trap = (text, node) => {
  if (!isScalar(node) || typeof node.value !== 'string' || node.type !== 'PLAIN') return []
  const end = rangeOf(node)[1]
  const lostText = /^[ \t]+#[^\s#].*/.exec(text.slice(end, lineAt(text, end).end))?.[0].trimEnd()
  if (lostText === undefined) return []
  const whole = quoteText(`${node.source}${lostText}`)
  const message = `"${lostText.trim()}" is taken for a comment: put the whole text in quotes: ${whole}; or, if it is a comment, write a space after #`
  return [
    { kind: 'texts may be cut off at a #, which begins a comment in YAML', offset: text.indexOf('#', end), message },
  ]
}

/** Finds an item that YAML reads as a continuation of the text above, because its dash is indented further. */
const swallowedItem: Trap = (text, node) => {
  if (!isScalar(node) || node.type !== 'PLAIN') return []
  const item = /\n[ \t]*(-[ \t].*)/.exec(text.slice(offsetOf(node), rangeOf(node)[1]))?.[1]
  if (item === undefined) return []
  const message = `the line "${item}" below this one is indented further, so YAML reads both as one text: begin all items of a list in the same column, or put the whole text in quotes`
  return [{ offset: offsetOf(node), message }]
}

const traps: Trap[] = [emptyField, emptyItem, anchorOrTag, comment, swallowedItem]

/** Returns the text from an offset to the end of the node or of the line. */
const textFrom = (text: string, node: Node, offset: number): string =>
  text.slice(offset, Math.min(rangeOf(node)[1], lineAt(text, offset).end)).trimEnd()

/** The meaning of characters at the beginning of a YAML value. */
const indicatorMeanings: Record<string, string> = {
  '`': 'is reserved by YAML',
  '@': 'is reserved by YAML',
  '%': 'begins a directive',
  '*': 'begins an alias, which repeats a value that has an anchor',
  '&': 'begins an anchor, a name for the value',
  '!': 'begins a tag, the type of the value',
  '|': 'begins a text on the lines below',
  '>': 'begins a text on the lines below',
  '[': 'begins a list',
  '{': 'begins a group of fields',
  '-': 'begins an item of a list',
  '?': 'begins a field name of several lines',
  ',': 'separates the items of a list',
}

/** Explains why a text that begins with a special character needs quotes, and shows the quoted text. */
export const explainIndicator = (text: string): string => {
  const indicator = text.charAt(0)
  return `"${indicator}" at the beginning of a value ${indicatorMeanings[indicator]}: put the whole text in quotes: ${quoteText(text)}`
}

/** Quotes a text: with double quotes, or with single ones if it contains a double quote or a backslash. */
export const quoteText = (text: string): string =>
  /["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`
