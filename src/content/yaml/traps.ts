import { type Document, isAlias, isNode, isPair, isScalar, isSeq, type Node, Scalar, visit } from 'yaml'
import { isBlank, lineAt, offsetOf, type Problem, rangeOf } from './positions.ts'

/**
 * What YAML allows and an author did not mean: values that are empty, or were swallowed by a sign of YAML's own.
 * An alias is replaced by its own text, so that nothing is ever expanded and the rest of the file can still be checked.
 */
export const findTraps = (text: string, tree: Document): Problem[] => {
  const problems: Problem[] = []
  visit(tree, (_, node) => {
    if (isAlias(node)) {
      problems.push({ offset: offsetOf(node), message: signTrap(restOf(text, node, offsetOf(node))) })
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
  const swallowed = swallowedBy(text, offsetOf(node.value))
  if (swallowed !== undefined) return [{ ...swallowed, message: `${swallowed.message}: ${name}: ${swallowed.mended}` }]
  return [
    { offset: offsetOf(node.key), message: `"${name}" has no value: write one after the colon, or take the line out` },
  ]
}

const emptyItem: Trap = (text, node) => {
  if (!isSeq(node)) return []
  return node.items.filter(isUnset).map(item => {
    const swallowed = swallowedBy(text, offsetOf(item))
    if (swallowed !== undefined) return { ...swallowed, message: `${swallowed.message}: - ${swallowed.mended}` }
    return {
      offset: offsetOf(item) - 1,
      message: 'this item has no value: write one after the dash, or take the line out',
    }
  })
}

const isUnset = (node: unknown): node is Node =>
  isScalar(node) && isBlank(node) && node.anchor === undefined && node.tag === undefined

const swallowedBy = (text: string, offset: number): (Problem & { mended: string }) | undefined => {
  const comment = /^[ \t]*(#.*)/.exec(text.slice(offset, lineAt(text, offset).end))?.[1]?.trimEnd()
  if (comment === undefined) return undefined
  const message = 'everything after # is a comment, so there is no value here: put a text that begins with # in quotes'
  return { offset: text.indexOf('#', offset), message, mended: quoted(comment) }
}

/** An anchor (`&name`) or a tag (`!name`). */
const property: Trap = (text, node) => {
  if (!isNode(node)) return []
  const sign = node.anchor === undefined ? node.tag && '!' : `&${node.anchor}`
  if (sign === undefined) return []
  const offset = text.lastIndexOf(sign, offsetOf(node))
  return [{ offset, message: signTrap(restOf(text, node, offset)) }]
}

/** A comment begins wherever a `#` follows a space; people write a space after theirs, a text such as "C #1" does not. */
const comment: Trap = (text, node) => {
  if (!isScalar(node) || typeof node.value !== 'string' || node.type !== 'PLAIN') return []
  const end = rangeOf(node)[1]
  const swallowed = /^[ \t]+#[^\s#].*/.exec(text.slice(end, lineAt(text, end).end))?.[0].trimEnd()
  if (swallowed === undefined) return []
  const whole = quoted(`${node.source}${swallowed}`)
  const message = `"${swallowed.trim()}" is taken for a comment: put the whole text in quotes: ${whole}; or, if it is a comment, write a space after #`
  return [
    { kind: 'texts may go on behind a #, which YAML takes for a comment', offset: text.indexOf('#', end), message },
  ]
}

/** A dash that stands further to the right than the text above goes on with that text. */
const swallowedItem: Trap = (text, node) => {
  if (!isScalar(node) || node.type !== 'PLAIN') return []
  const item = /\n[ \t]*(-[ \t].*)/.exec(text.slice(offsetOf(node), rangeOf(node)[1]))?.[1]
  if (item === undefined) return []
  const message = `the line "${item}" below this one is indented further, so YAML reads both as one text: begin all items of a list in the same column, or put the whole text in quotes`
  return [{ offset: offsetOf(node), message }]
}

const traps: Trap[] = [emptyField, emptyItem, property, comment, swallowedItem]

/** From an offset to the end of the node, at most of the line. */
const restOf = (text: string, node: Node, offset: number): string =>
  text.slice(offset, Math.min(rangeOf(node)[1], lineAt(text, offset).end)).trimEnd()

/** What YAML takes a sign for when a value begins with it. */
const signs: Record<string, string> = {
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
