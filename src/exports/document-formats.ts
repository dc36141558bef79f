import { itemsIn, type TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { nounsReferencedFirst } from '../model/document.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { type Format, scopeOptions } from './format.ts'

/** The same bytes as the document in REST, written one noun at a time. */
export const json: Format = {
  name: 'json',
  mediaType: 'application/json; charset=utf-8',
  fileNameSuffix: '.json',
  description: 'The whole track as one JSON document, with all fields.',
  options: [],
  chunks: function* ({ document }) {
    yield `{"track":${JSON.stringify(document.track)}`
    for (const [name, list] of listsByName(document)) {
      yield `,"${name}":[`
      for (const [index, one] of list.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(one)}`
      yield ']'
    }
    yield '}'
  },
}

export const yaml: Format = {
  name: 'yaml',
  mediaType: 'application/yaml',
  fileNameSuffix: '.yaml',
  description: 'The same document as YAML.',
  options: [],
  chunks: async ({ document }) => yamlChunks(document, (await import('yaml')).stringify),
}

const yamlChunks = function* (document: TrackDocument, stringify: typeof import('yaml').stringify): Iterable<string> {
  yield stringify({ track: document.track }, layout)
  for (const [name, list] of listsByName(document)) {
    yield list.length === 0 ? `${name}: []\n` : `${name}:\n`
    // Writes the item of a one-item list, and cuts off the line with the list's name.
    for (const one of list) yield stringify({ [name]: [one] }, layout).slice(name.length + 2)
  }
}

const layout = { lineWidth: 0, aliasDuplicateObjects: false }

const listsByName = (document: TrackDocument): [string, readonly Item[]][] =>
  nouns.flatMap(noun => (noun === 'track' ? [] : [[plurals[noun], itemsIn(document, noun)]]))

/** For programs that read line by line: a noun comes after those it refers to. */
export const ndjson: Format = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  fileNameSuffix: '.ndjson',
  description: 'One JSON object per line, `type` first, parents before children: for bulk imports.',
  options: scopeOptions,
  chunks: function* ({ selection }) {
    for (const noun of nounsReferencedFirst) for (const one of itemsIn(selection, noun)) yield line(noun, one)
  },
}

const line = (type: Noun, one: Item): string => `${JSON.stringify({ type, ...one })}\n`
