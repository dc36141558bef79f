import { isCollection, isPair, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { columnOf, endOf, newlineOf } from './edits.ts'
import { lineAt, offsetOf } from './positions.ts'
import type { YamlFile } from './yaml-file.ts'

export type Collection = YAMLSeq<Node> | YAMLMap<Node, Node>

/** The place of an item of a list or a field of a mapping, with the text around it that belongs to it. */
export interface Slot {
  start: number
  end: number
  /** Empty lines, comments and indentation before it. */
  leading: string
  /** The rest of its last line. */
  trailing: string
}

/** The new text of an item or field; `from` is its index before, undefined for a new one. */
export interface Part {
  from: number | undefined
  text: string
}

/** Returns the end of a node; for a block collection, the end of its last line, with the comment there. */
export const blockEndOf = (file: YamlFile, node: Node | null): number => {
  const end = endOf(file, node)
  if (!isCollection(node) || node.flow === true) return end
  const line = lineAt(file.text, end)
  return line.start + line.source.length
}

/** Returns the slot of each item. In a flow collection (`[…]`), an item has no text around it. */
export const slotsOf = (file: YamlFile, collection: Collection): Slot[] => {
  const column = columnOf(file, offsetOf(collection))
  let next = offsetOf(collection)
  return itemsOf(collection).map(item => {
    const end = blockEndOf(file, isPair(item) ? item.value : item)
    if (collection.flow === true) return { start: startOf(item), end, leading: '', trailing: '' }
    const start = isPair(item) ? startOf(item) : dashAt(file, next, column)
    const leading = file.text.slice(next, start)
    const line = lineAt(file.text, end)
    next = line.end + 1
    return { start, end, leading, trailing: file.text.slice(end, line.start + line.source.length) }
  })
}

const itemsOf = (collection: Collection): (Node | Pair<Node, Node>)[] => collection.items

const startOf = (item: Node | Pair<Node, Node>): number => offsetOf(isPair(item) ? item.key : item)

/** Returns the first dash in the column of a list; there may be comments above it. */
const dashAt = ({ text }: YamlFile, from: number, column: number): number =>
  text.indexOf('-', from + text.slice(from).search(new RegExp(`^(${' '.repeat(column)})?-`, 'm')))

/** Returns the text of a list or mapping with new parts. */
export const assemble = (file: YamlFile, collection: Collection, slots: Slot[], parts: Part[]): string =>
  collection.flow === true
    ? assembleFlow(file, collection, slots, parts)
    : assembleBlock(file, collection, slots, parts)

const assembleFlow = (file: YamlFile, collection: Collection, slots: Slot[], parts: Part[]): string => {
  const { text } = file
  const [first, last] = [slots[0], slots.at(-1)] as [Slot, Slot] // rewritten collections are not empty
  const between = (before: number | undefined, after: number | undefined): string => {
    const neighbours = before !== undefined && after === before + 1 ? slots.slice(before, after + 1) : []
    const [one, other] = neighbours
    return one === undefined || other === undefined ? ', ' : text.slice(one.end, other.start)
  }
  const inner = parts.map((part, index) => (index === 0 ? '' : between(parts[index - 1]?.from, part.from)) + part.text)
  return (
    text.slice(offsetOf(collection), first.start) + inner.join('') + text.slice(last.end, blockEndOf(file, collection))
  )
}

/** Joins parts that have lines of their own. If an empty line precedes every item but the first, it precedes a new one too. */
const assembleBlock = (file: YamlFile, collection: Collection, slots: Slot[], parts: Part[]): string => {
  const [, ...blanks] = slots.map(({ leading }) => leadingBlankLines(leading))
  const usual = blanks.every(blank => blank !== '') ? (blanks[0] ?? '') : ''
  const indentation = ' '.repeat(columnOf(file, offsetOf(collection)))
  const lines = parts.map(({ from, text }) => {
    const whole = from === undefined || from === 0 ? indentation + text : text
    return leadingBlankLines(whole) === '' ? usual + whole : whole
  })
  return lines.join(newlineOf(file)).trimStart()
}

const leadingBlankLines = (text: string): string => /^\s*\n/.exec(text)?.[0] ?? ''
