import { isCollection, isPair, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { columnOf, endOf, newlineOf } from './edits.ts'
import { lineAt, offsetOf } from './positions.ts'
import type { YamlFile } from './yaml-file.ts'

export type Collection = YAMLSeq<Node> | YAMLMap<Node, Node>

/** Where an item of a list or a field of a group stands, and what of the text around it belongs to it. */
export interface Slot {
  start: number
  end: number
  /** Empty lines, comments and indentation before it. */
  lead: string
  /** What follows in its last line. */
  tail: string
}

/** One item or field as it will be; `from` is its place before, undefined where it is new. */
export interface Part {
  from: number | undefined
  text: string
}

/** Where the text of a node ends; of one that has lines of its own, with the end of the last: a comment there is about what stands in it. */
export const closeOf = (file: YamlFile, node: Node | null): number => {
  const end = endOf(file, node)
  if (!isCollection(node) || node.flow === true) return end
  const line = lineAt(file.text, end)
  return line.start + line.source.length
}

/** In brackets every item is nothing but itself, elsewhere it has lines of its own. */
export const slotsOf = (file: YamlFile, collection: Collection): Slot[] => {
  const column = columnOf(file, offsetOf(collection))
  let next = offsetOf(collection)
  return itemsOf(collection).map(item => {
    const end = closeOf(file, isPair(item) ? item.value : item)
    if (collection.flow === true) return { start: beginOf(item), end, lead: '', tail: '' }
    const start = isPair(item) ? beginOf(item) : dashAt(file, next, column)
    const lead = file.text.slice(next, start)
    const line = lineAt(file.text, end)
    next = line.end + 1
    return { start, end, lead, tail: file.text.slice(end, line.start + line.source.length) }
  })
}

const itemsOf = (collection: Collection): (Node | Pair<Node, Node>)[] => collection.items

const beginOf = (item: Node | Pair<Node, Node>): number => offsetOf(isPair(item) ? item.key : item)

/** The first dash in the column of a list; above it there may be comments. */
const dashAt = ({ text }: YamlFile, from: number, column: number): number =>
  text.indexOf('-', from + text.slice(from).search(new RegExp(`^(${' '.repeat(column)})?-`, 'm')))

/** The text of a list or group from its first letter to its last, made of other parts. */
export const assemble = (file: YamlFile, collection: Collection, slots: Slot[], parts: Part[]): string =>
  collection.flow === true ? inBrackets(file, collection, slots, parts) : inLines(file, collection, slots, parts)

const inBrackets = (file: YamlFile, collection: Collection, slots: Slot[], parts: Part[]): string => {
  const { text } = file
  const [first, last] = [slots[0], slots.at(-1)] as [Slot, Slot] // what is rewritten held something
  const between = (before: number | undefined, after: number | undefined): string => {
    const neighbours = before !== undefined && after === before + 1 ? slots.slice(before, after + 1) : []
    const [one, other] = neighbours
    return one === undefined || other === undefined ? ', ' : text.slice(one.end, other.start)
  }
  const inner = parts.map((part, index) => (index === 0 ? '' : between(parts[index - 1]?.from, part.from)) + part.text)
  return (
    text.slice(offsetOf(collection), first.start) + inner.join('') + text.slice(last.end, closeOf(file, collection))
  )
}

/** Where every item but the first follows an empty line, so does a new one. */
const inLines = (file: YamlFile, collection: Collection, slots: Slot[], parts: Part[]): string => {
  const [, ...blanks] = slots.map(({ lead }) => blankLinesOf(lead))
  const usual = blanks.every(blank => blank !== '') ? (blanks[0] ?? '') : ''
  const indentation = ' '.repeat(columnOf(file, offsetOf(collection)))
  const lines = parts.map(({ from, text }) => {
    const whole = from === undefined || from === 0 ? indentation + text : text
    return blankLinesOf(whole) === '' ? usual + whole : whole
  })
  return lines.join(newlineOf(file)).trimStart()
}

const blankLinesOf = (text: string): string => /^\s*\n/.exec(text)?.[0] ?? ''
