import { isDeepStrictEqual } from 'node:util'
import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import type { YamlFields, YamlValue } from '../file-values.ts'
import { columnOf, newlineOf } from './edits.ts'
import { formatBlock, formatField, formatInline, formatItem } from './format-value.ts'
import { assemble, blockEndOf, type Collection, type Part, type Slot, slotsOf } from './layout.ts'
import { offsetOf } from './positions.ts'
import type { YamlFile } from './yaml-file.ts'

/**
 * Returns the text of a file changed from the value `before` to the value `after`. Equal parts stay byte for byte, with
 * their comments, order and quotes. `before` has the file's items in the file's order.
 */
export const rewriteFile = (file: YamlFile, before: YamlValue, after: YamlValue): string => {
  const root = file.tree.contents as Node // a parsed file has contents
  const text = nestedRewrite(file, root, before, after)?.() ?? withNewlinesOf(file, formatBlock(after, 0))
  return file.text.slice(0, offsetOf(root)) + text + file.text.slice(blockEndOf(file, root))
}

/** Returns a function that rewrites a list or mapping part by part; undefined if it is, or will be, empty or of another type. */
const nestedRewrite = (
  file: YamlFile,
  node: Node,
  before?: YamlValue,
  after?: YamlValue,
): (() => string) | undefined => {
  if (isSeq<Node>(node) && isNonEmptyList(before) && isNonEmptyList(after))
    return () => rewriteList(file, node, before, after)
  if (isMap<Node, Node>(node) && isNonEmptyMapping(before) && isNonEmptyMapping(after))
    return () => rewriteFields(file, node, before, after)
  return undefined
}

const isNonEmptyList = (value: YamlValue | undefined): value is YamlValue[] => Array.isArray(value) && value.length > 0

const isNonEmptyMapping = (value: YamlValue | undefined): value is YamlFields =>
  typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0

/** An item of a list or a field of a mapping in the file. */
interface ExistingPart {
  slot: Slot
  node: Node
  before: YamlValue | undefined
}

const rewriteList = (file: YamlFile, list: YAMLSeq<Node>, before: YamlValue[], after: YamlValue[]): string => {
  const slots = slotsOf(file, list)
  const existingParts = slots.map(
    (slot, index): ExistingPart => ({ slot, node: list.items[index] as Node, before: before[index] }),
  ) // as many as slots
  const matched = matchItems(before, after)
  const parts = after.map((value, index): Part => {
    const from = matched[index]
    const format = (line: boolean) =>
      line ? formatInlineItem(list, value) : formatItem(value, columnOf(file, offsetOf(list)))
    return { from, text: rewritePart(file, list, format, value, from === undefined ? undefined : existingParts[from]) }
  })
  return assemble(file, list, slots, parts)
}

const formatInlineItem = (list: Collection, value: YamlValue): string =>
  list.flow === true ? formatInline(value, true) : `- ${formatInline(value, false)}`

const rewriteFields = (file: YamlFile, map: YAMLMap<Node, Node>, before: YamlFields, after: YamlFields): string => {
  const slots = slotsOf(file, map)
  const names = map.items.map(({ key }) => String(key))
  const parts = orderFields(names, before, after).map((name): Part => {
    const [place, value] = [names.indexOf(name), after[name] as YamlValue] // undefined only for a default that the file writes out
    const format = (line: boolean) =>
      line
        ? `${name}: ${formatInline(value, map.flow === true)}`
        : formatField(name, value, columnOf(file, offsetOf(map)))
    const [slot, node] = [slots[place], map.items[place]?.value]
    const old = slot && node ? { slot, node, before: before[name] } : undefined
    return { from: old && place, text: rewritePart(file, map, format, value, old) }
  })
  return assemble(file, map, slots, parts)
}

/** Orders the fields: existing ones, including written defaults, stay in place; new ones get their usual place. */
const orderFields = (names: string[], before: YamlFields, after: YamlFields): string[] => {
  const existing = names.filter(name => name in after || !(name in before))
  const wanted = Object.keys(after)
  for (const [index, name] of wanted.entries())
    if (!existing.includes(name)) existing.splice(existing.indexOf(wanted[index - 1] ?? '') + 1, 0, name)
  return existing
}

/** Returns the text of an item or field with the text around it. With a comment after it, it must stay in one line. */
const rewritePart = (
  file: YamlFile,
  within: Collection,
  format: (line: boolean) => string,
  after: YamlValue,
  old: ExistingPart | undefined,
): string => {
  const inFlow = within.flow === true
  if (old === undefined) return withNewlinesOf(file, format(inFlow))
  const { slot, node, before } = old
  const { start, end, leading, trailing } = slot
  if (isDeepStrictEqual(before, after)) return leading + file.text.slice(start, end) + trailing
  const nested = nestedRewrite(file, node, before, after)
  if (nested === undefined) return leading + withNewlinesOf(file, format(inFlow || trailing.trim() !== '')) + trailing
  return (
    leading +
    file.text.slice(start, offsetOf(node)) +
    nested() +
    file.text.slice(blockEndOf(file, node), end) +
    trailing
  )
}

const withNewlinesOf = (file: YamlFile, text: string): string => text.replaceAll('\n', newlineOf(file))

/** Returns the earlier index of each item of a list; undefined for a new item. */
const matchItems = (before: readonly YamlValue[], after: readonly YamlValue[]): (number | undefined)[] => {
  const free = new Set(before.keys())
  const take = (index: number | undefined): number | undefined =>
    index !== undefined && free.delete(index) ? index : undefined
  const named = after.map(item => take(indexByName(before, item)))
  const bySame = Map.groupBy(free, index => JSON.stringify(before[index]))
  const same = after.map((item, index) => named[index] ?? take(bySame.get(JSON.stringify(item))?.shift()))
  const matched: (number | undefined)[] = []
  // An item without a slug at the place of an earlier item is that item, changed.
  for (const [index, item] of after.entries()) {
    const place = index === 0 ? 0 : (matched[index - 1] ?? before.length) + 1
    matched.push(same[index] ?? (slugOf(item) === undefined ? take(place) : undefined))
  }
  return matched
}

const indexByName = (before: readonly YamlValue[], item: YamlValue): number | undefined => {
  const slug = slugOf(item)
  if (slug === undefined) return undefined
  const slugs = before.map(slugOf)
  return [slug, ...formerly(item)].map(name => slugs.indexOf(name)).find(index => index >= 0)
}

const slugOf = (item: YamlValue | undefined): string | undefined => {
  const slug = fieldOf(item, 'slug')
  return typeof slug === 'string' ? slug : undefined
}

const formerly = (item: YamlValue): string[] => {
  const names = fieldOf(item, 'formerly')
  return Array.isArray(names) ? names.map(String) : []
}

const fieldOf = (item: YamlValue | undefined, name: string): YamlValue | undefined =>
  typeof item === 'object' && !Array.isArray(item) ? item[name] : undefined
