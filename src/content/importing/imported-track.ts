import type { Draft } from '../../model/document.ts'
import type { Noun } from '../../model/vocabulary.ts'

/** A file that is imported. */
export interface ImportedFile {
  /** Its path or URL, as it was given. */
  name: string
  bytes: Buffer
  /** The URL that it came from, after redirects; undefined for a file of this machine. */
  url?: URL
}

/** A place in an imported file. */
export interface Place {
  /** From 1. */
  line: number
  /** From 1, in UTF-16 code units. */
  column: number
}

/** The fields that a file gives for an item. All others keep their value, or get their default in a new item. */
export type ImportedFields<N extends Noun> = Partial<Omit<Draft<N>, 'slug' | 'formerly'>>

/**
 * An item as a file describes it. A reference in its fields is the `ref` of another item of the file, or names an item of the
 * track by its slug, key, external id, code or title.
 */
export interface ImportedItem<N extends Noun = Noun> {
  noun: N
  /** The name of the item in references of the file, unique in its noun. */
  ref: string
  place: Place
  /** The slug or key that the file gives it. Without one, a new item gets a slug from its title. */
  slug?: string | undefined
  fields: ImportedFields<N>
  /** Fields of a new item; an existing one keeps its own. */
  defaults?: ImportedFields<N>
  /** Lists whose entries are added to those of the item; a list in `fields` replaces them. */
  additions?: { [name: string]: readonly unknown[] }
  /** The places of fields that are not at the place of the item. */
  places?: { [name: string]: Place }
}

/** A message about a place in an imported file: something that could not be placed, or was assumed. */
export interface ImportNote extends Place {
  severity: 'error' | 'warning' | 'note'
  message: string
}

/** The content of an imported file. */
export interface ImportedTrack {
  /** Fields of the track; they are used where the track has no value yet. */
  track: ImportedFields<'track'>
  /** The items in the order of the file. */
  items: readonly ImportedItem[]
  /** The nouns of which the file has all items: pruning removes the others of these nouns. */
  complete: readonly Noun[]
  notes: readonly ImportNote[]
  /** The text of the file, if it is one: messages show its lines. */
  text?: string
}

/** Collects the items and notes of a file. */
export interface ItemCollector {
  readonly items: ImportedItem[]
  readonly notes: ImportNote[]
  add<N extends Noun>(item: ImportedItem<N>): void
  /** Returns the `ref` of a category by the titles from the top down to it. Categories that are not collected yet are added, with these fields. */
  category(path: readonly string[], place: Place, fields?: ImportedFields<'category'>): string
  /** Reports a part of the file that could not be placed. */
  unplaced(place: Place, reason: string): void
  /** Reports an assumption. */
  note(place: Place, message: string): void
}

export const collectItems = (): ItemCollector => {
  const items: ImportedItem[] = []
  const notes: ImportNote[] = []
  const categories = new Set<string>()
  const report =
    (severity: ImportNote['severity']) =>
    ({ line, column }: Place, message: string) => {
      notes.push({ severity, line, column, message })
    }
  const add = <N extends Noun>(item: ImportedItem<N>): void => {
    items.push(item as unknown as ImportedItem) // its noun decides the type of its fields
  }
  const category: ItemCollector['category'] = (path, place, fields = {}) => {
    const ref = path.map(normalizeTitle).join(' / ')
    if (categories.has(ref)) return ref
    const parent = path.length > 1 ? category(path.slice(0, -1), place) : null
    categories.add(ref)
    add({ noun: 'category', ref, place, fields: { ...fields, title: path.at(-1) as string, parent } }) // a path has at least one title
    return ref
  }
  return { items, notes, add, category, unplaced: report('warning'), note: report('note') }
}

/** Returns a title as titles are compared: without differences in case, white space and backticks. */
export const normalizeTitle = (title: string): string =>
  title
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s`]+/g, ' ')
    .trim()
