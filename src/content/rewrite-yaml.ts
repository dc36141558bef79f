import { isDeepStrictEqual } from 'node:util'
import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Fields, Value } from './file-values.ts'
import { matchItems } from './match-items.ts'
import { freshBlock, freshField, freshItem, inline } from './new-yaml.ts'
import { columnOf, newlineOf } from './yaml/edits.ts'
import { assemble, type Collection, closeOf, type Part, type Slot, slotsOf } from './yaml/layout.ts'
import { offsetOf } from './yaml/positions.ts'
import type { YamlFile } from './yaml/yaml-file.ts'

/**
 * The text of a file that says `before`, made to say `after`: what says the same stays byte for byte, with its comments, its
 * order and its quotes. `before` has the file's own items, in its order.
 */
export const rewriteFile = (file: YamlFile, before: Value, after: Value): string => {
  const root = file.tree.contents as Node // a file that was read has one
  const text = inside(file, root, before, after)?.() ?? inNewlines(file, freshBlock(after, 0))
  return file.text.slice(0, offsetOf(root)) + text + file.text.slice(closeOf(file, root))
}

/** How to rewrite a list or group part by part; undefined where it is, or will be, none or empty. */
const inside = (file: YamlFile, node: Node, before?: Value, after?: Value): (() => string) | undefined => {
  if (isSeq<Node>(node) && isFilled(before) && isFilled(after)) return () => rewrittenList(file, node, before, after)
  if (isMap<Node, Node>(node) && isFields(before) && isFields(after))
    return () => rewrittenFields(file, node, before, after)
  return undefined
}

const isFilled = (value: Value | undefined): value is Value[] => Array.isArray(value) && value.length > 0

const isFields = (value: Value | undefined): value is Fields => typeof value === 'object' && !Array.isArray(value)

/** An item of a list or a field of a group as it stands in the file. */
interface Old {
  slot: Slot
  node: Node
  before: Value | undefined
}

const rewrittenList = (file: YamlFile, list: YAMLSeq<Node>, before: Value[], after: Value[]): string => {
  const slots = slotsOf(file, list)
  const olds = slots.map((slot, index): Old => ({ slot, node: list.items[index] as Node, before: before[index] })) // as many as slots
  const matched = matchItems(before, after)
  const parts = after.map((value, index): Part => {
    const from = matched[index]
    const fresh = (line: boolean) => (line ? itemInLine(list, value) : freshItem(value, columnOf(file, offsetOf(list))))
    return { from, text: partOf(file, list, fresh, value, from === undefined ? undefined : olds[from]) }
  })
  return assemble(file, list, slots, parts)
}

const itemInLine = (list: Collection, value: Value): string =>
  list.flow === true ? inline(value, true) : `- ${inline(value, false)}`

const rewrittenFields = (file: YamlFile, map: YAMLMap<Node, Node>, before: Fields, after: Fields): string => {
  const slots = slotsOf(file, map)
  const names = map.items.map(({ key }) => String(key))
  const parts = inOrder(names, before, after).map((name): Part => {
    const [place, value] = [names.indexOf(name), after[name] as Value] // or it is a default that was written
    const fresh = (line: boolean) =>
      line ? `${name}: ${inline(value, map.flow === true)}` : freshField(name, value, columnOf(file, offsetOf(map)))
    const [slot, node] = [slots[place], map.items[place]?.value]
    const old = slot && node ? { slot, node, before: before[name] } : undefined
    return { from: old && place, text: partOf(file, map, fresh, value, old) }
  })
  return assemble(file, map, slots, parts)
}

/** The fields that stay where they are, a default that is written out among them, and new ones where they usually stand. */
const inOrder = (names: string[], before: Fields, after: Fields): string[] => {
  const kept = names.filter(name => name in after || !(name in before))
  const wanted = Object.keys(after)
  for (const [index, name] of wanted.entries())
    if (!kept.includes(name)) kept.splice(kept.indexOf(wanted[index - 1] ?? '') + 1, 0, name)
  return kept
}

/** One item or field with what belongs to it. A comment behind it stays in its line, so the value has to. */
const partOf = (
  file: YamlFile,
  within: Collection,
  fresh: (line: boolean) => string,
  after: Value,
  old: Old | undefined,
): string => {
  const inFlow = within.flow === true
  if (old === undefined) return inNewlines(file, fresh(inFlow))
  const { slot, node, before } = old
  const { start, end, lead, tail } = slot
  if (isDeepStrictEqual(before, after)) return lead + file.text.slice(start, end) + tail
  const nested = inside(file, node, before, after)
  if (nested === undefined) return lead + inNewlines(file, fresh(inFlow || tail.trim() !== '')) + tail
  return lead + file.text.slice(start, offsetOf(node)) + nested() + file.text.slice(closeOf(file, node), end) + tail
}

const inNewlines = (file: YamlFile, text: string): string => text.replaceAll('\n', newlineOf(file))
