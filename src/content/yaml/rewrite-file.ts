import { isDeepStrictEqual } from 'node:util'
import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Fields, Value } from '../file-values.ts'
import { columnOf, newlineOf } from './edits.ts'
import { freshBlock, freshField, freshItem, inline } from './format-value.ts'
import { assemble, type Collection, closeOf, type Part, type Slot, slotsOf } from './layout.ts'
import { offsetOf } from './positions.ts'
import type { YamlFile } from './yaml-file.ts'

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

/** For each item of a list, which of the items it had before it was; undefined where it is new. */
const matchItems = (before: readonly Value[], after: readonly Value[]): (number | undefined)[] => {
  const free = new Set(before.keys())
  const take = (index: number | undefined): number | undefined =>
    index !== undefined && free.delete(index) ? index : undefined
  const named = after.map(item => take(indexByName(before, item)))
  const bySame = Map.groupBy(free, index => JSON.stringify(before[index]))
  const same = after.map((item, index) => named[index] ?? take(bySame.get(JSON.stringify(item))?.shift()))
  const matched: (number | undefined)[] = []
  // One that stands where another stood is that one, changed; what has a name would have kept it.
  for (const [index, item] of after.entries()) {
    const place = index === 0 ? 0 : (matched[index - 1] ?? before.length) + 1
    matched.push(same[index] ?? (slugOf(item) === undefined ? take(place) : undefined))
  }
  return matched
}

const indexByName = (before: readonly Value[], item: Value): number | undefined => {
  const slug = slugOf(item)
  if (slug === undefined) return undefined
  const slugs = before.map(slugOf)
  return [slug, ...formerly(item)].map(name => slugs.indexOf(name)).find(index => index >= 0)
}

const slugOf = (item: Value | undefined): string | undefined => {
  const slug = fieldOf(item, 'slug')
  return typeof slug === 'string' ? slug : undefined
}

const formerly = (item: Value): string[] => {
  const names = fieldOf(item, 'formerly')
  return Array.isArray(names) ? names.map(String) : []
}

const fieldOf = (item: Value | undefined, name: string): Value | undefined =>
  typeof item === 'object' && !Array.isArray(item) ? item[name] : undefined
