import { stringify } from 'yaml'
import { answersIn, type TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { nounsReferencedFirst } from '../model/document.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import type { Format } from './format.ts'
import { scopeOptions } from './options.ts'

/** The same bytes as the document has over REST, written a noun at a time. */
export const json: Format = {
  name: 'json',
  mediaType: 'application/json; charset=utf-8',
  ending: '.json',
  description: 'The whole track as one JSON document, with everything that is known of it.',
  options: [],
  chunks: function* ({ whole }) {
    yield `{"track":${JSON.stringify(whole.track)}`
    for (const [name, list] of listsOf(whole)) {
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
  ending: '.yaml',
  description: 'The same document as YAML.',
  options: [],
  chunks: function* ({ whole }) {
    yield stringify({ track: whole.track }, layout)
    for (const [name, list] of listsOf(whole)) {
      yield list.length === 0 ? `${name}: []\n` : `${name}:\n`
      // A list of one in its place, without the line that names the list.
      for (const one of list) yield stringify({ [name]: [one] }, layout).slice(name.length + 2)
    }
  },
}

const layout = { lineWidth: 0, aliasDuplicateObjects: false }

const listsOf = (whole: TrackDocument): [string, readonly Answer[]][] =>
  nouns.flatMap(noun => (noun === 'track' ? [] : [[plurals[noun], answersIn(whole, noun)]]))

/** For programs that read a line at a time: a noun comes after those it refers to. */
export const ndjson: Format = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  ending: '.ndjson',
  description: 'One JSON object a line, its `type` first, parents before what belongs to them: for bulk imports.',
  options: scopeOptions,
  chunks: function* ({ chosen }) {
    for (const noun of nounsReferencedFirst) for (const one of answersIn(chosen, noun)) yield line(noun, one)
  },
}

const line = (type: Noun, one: Answer): string => `${JSON.stringify({ type, ...one })}\n`
