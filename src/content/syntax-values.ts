import { isCollection, isNode, isScalar, type Node, visit } from 'yaml'
import { quoted, signTrap } from './quoting.ts'
import type { Case, Explanation } from './syntax-case.ts'
import { layout, nextLineIsDeeper } from './syntax-layout.ts'
import { offsetOf } from './yaml-file.ts'

/** A sign that YAML takes for its own where the error is: the rest of the line, or of the item within brackets. */
export const signHere: Explanation = ({ offset, line }) => {
  const rest = line.source.slice(offset - line.start).trimEnd()
  const value = rest === line.value ? rest : rest.replace(/[,\]}].*/, '')
  return { offset, message: signTrap(value), echoes: false }
}

/** A sign at the beginning of the value, found only when YAML could not go on after it. */
export const signBefore: Explanation = ({ line }) => ({
  offset: line.start + line.lead.length,
  message: signTrap(line.value),
  echoes: false,
})

export const textGoesOn: Explanation = at => {
  const { line, offset } = at
  if (/^[*[{]/.test(line.value)) return signBefore(at)
  if (!/^["']/.test(line.value)) return layout(at)
  // Single quotes around a text with an apostrophe are meant as quotes; double ones are rather part of the text.
  const meant = line.value.startsWith("'") ? within(line.value) : line.value
  return { offset, message: `the quotes end before the text does: ${line.lead.trim()} ${quoted(meant)}`, echoes: false }
}

/** A text without the quotes around it. */
const within = (value: string): string => value.replace(/^(["'])(.*)\1$/, '$2')

export const colon: Explanation = at => {
  const { line } = at
  if (line.value.startsWith('? ')) return signBefore(at)
  const place = line.value.search(/:(\s|$)/)
  if (place < 0) return nextLineIsDeeper(at)
  const message = `a colon followed by a space begins a field, so a text that holds one stands in quotes: ${line.lead.trim()} ${quoted(line.value)}`
  return { offset: line.start + line.lead.length + place, message, echoes: false }
}

export const backslash: Explanation = ({ offset, line }) => ({
  offset,
  message: `a backslash has a meaning of its own in double quotes: use single quotes: ${quoted(within(line.value))}`,
  echoes: false,
})

export const openQuote: Explanation = at => {
  const offset = lastBefore(at, node => isScalar(node) && String(node.type).startsWith('QUOTE'))
  const quote = at.text.charAt(offset)
  return {
    offset,
    message: `the ${quote} that begins here never ends: put a ${quote} at the end of the text`,
    echoes: true,
  }
}

export const openBracket: Explanation = at => {
  const offset = lastBefore(at, node => isCollection(node) && node.flow === true)
  const [opening, closing] = at.text.charAt(offset) === '[' ? ['[', ']'] : ['{', '}']
  return {
    offset,
    message: `the ${opening} that stands here is never closed: put a ${closing} at its end`,
    echoes: true,
  }
}

const lastBefore = ({ tree, offset }: Case, wanted: (node: Node) => boolean): number => {
  let last = 0
  visit(tree, (_, node) => {
    if (isNode(node) && wanted(node) && offsetOf(node) < offset) last = offsetOf(node)
  })
  return last
}

export const comma: Explanation = ({ offset, error }) => ({
  offset,
  message: error.message.startsWith('Missing')
    ? 'a comma is missing between two items'
    : 'a comma too many: it separates two items, and there are none to separate here',
  echoes: false,
})
