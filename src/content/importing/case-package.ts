import { z } from 'zod'
import { Refused } from '../../errors.ts'
import { decodeText } from './decode-text.ts'
import type { ImportedFile, Place } from './imported-track.ts'

const text = z.string().optional().catch(undefined)
const texts = z
  .union([z.array(z.string()), z.string().transform(one => [one])])
  .default([])
  .catch([])

/** The objects of CASE 1.0 and 1.1, as far as they are imported. Providers differ in everything that is not required here. */
const Link = z.looseObject({
  title: text,
  identifier: z.string().trim().min(1),
  uri: text,
  targetType: text,
})
export type CaseLink = z.infer<typeof Link>

const OptionalLink = Link.optional().catch(undefined)

const Document = z.looseObject({
  identifier: z.string().trim().min(1),
  title: text,
  description: text,
  notes: text,
  language: text,
  version: text,
  licenseURI: OptionalLink,
  CFPackageURI: OptionalLink,
})
export type CaseDocument = z.infer<typeof Document>

const Extensions = z
  .looseObject({ key: text, optional: z.boolean().optional().catch(undefined) })
  .optional()
  .catch(undefined)

const Item = z.looseObject({
  identifier: z.string().trim().min(1),
  fullStatement: z.string().trim().min(1),
  abbreviatedStatement: text,
  CFItemType: text,
  humanCodingScheme: text,
  conceptKeywords: texts,
  conceptKeywordsURI: OptionalLink,
  notes: text,
  educationLevel: texts,
  statusEndDate: text,
  extensions: Extensions,
})
export type CaseItem = z.infer<typeof Item> & { place: Place }

const Association = z.looseObject({
  associationType: z.string(),
  sequenceNumber: z.coerce.number().optional().catch(undefined),
  originNodeURI: Link,
  destinationNodeURI: Link,
})
export type CaseAssociation = z.infer<typeof Association> & { place: Place }

const Rubric = z.looseObject({
  title: text,
  CFRubricCriteria: z
    .array(
      z.looseObject({ description: text, position: z.number().optional().catch(undefined), CFItemURI: OptionalLink }),
    )
    .default([]),
})
export type CaseRubric = z.infer<typeof Rubric> & { place: Place }

const Package = z.looseObject({
  CFDocument: z.unknown().optional(),
  CFItems: z.array(z.unknown()),
  CFAssociations: z.array(z.unknown()).default([]),
  CFRubrics: z.array(z.unknown()).default([]),
})

export interface CasePackage {
  document: CaseDocument | undefined
  items: CaseItem[]
  associations: CaseAssociation[]
  rubrics: CaseRubric[]
  /** The objects that lack a required field. */
  invalid: { place: Place; message: string }[]
  text: string
}

/** Parses a package; refuses other documents. */
export const parsePackage = (file: ImportedFile): CasePackage => {
  const text = decodeText(file)
  const value = parseJson(file.name, text)
  const { data } = Package.safeParse(unwrap(value))
  if (data === undefined) throw refuseOther(file.name, value)
  const places = placesOf(text)
  const invalid: CasePackage['invalid'] = []
  const read = <T>(name: ListName, schema: z.ZodType<T>): (T & { place: Place })[] => {
    const objects = places[name].values()
    return data[name].flatMap(one => {
      const { value: place = { line: 1, column: 1 } } = isObject(one) ? objects.next() : {}
      const { data: object, error } = schema.safeParse(one)
      if (error === undefined) return [{ ...object, place }]
      invalid.push({ place, message: `${names[name]} without a valid ${error.issues[0]?.path.join('.') || 'value'}` })
      return []
    })
  }
  return {
    document: Document.safeParse(data.CFDocument).data,
    items: read('CFItems', Item),
    associations: read('CFAssociations', Association),
    rubrics: read('CFRubrics', Rubric),
    invalid,
    text,
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

const names = { CFItems: 'an item', CFAssociations: 'an association', CFRubrics: 'a rubric' }
type ListName = keyof typeof names

/** Parses JSON without null values: CASE has none, but providers do. */
export const parseJson = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''), (_, value: unknown) => value ?? undefined)
  } catch (error) {
    throw new Refused(`${name} is not a CASE package: it is not JSON (${(error as Error).message})`) // JSON.parse throws no others
  }
}

const unwrap = (value: unknown): unknown =>
  z.object({ CFPackage: z.object({}).loose() }).safeParse(value).data?.CFPackage ?? value

/** Explains a document of CASE that is no package. */
const refuseOther = (name: string, value: unknown): Refused => {
  const documents = parseList(value)
  if (documents !== undefined) return new Refused(`${name} is a list of ${listDocuments(documents)}`)
  return new Refused(
    Document.extend({ CFPackageURI: Link }).safeParse(value).success
      ? `${name} is the description of a framework without its items: import its package, at the address of its CFPackageURI`
      : `${name} is not a CASE package: it has no CFItems`,
  )
}

export const parseList = (value: unknown): CaseDocument[] | undefined =>
  z.object({ CFDocuments: z.array(Document) }).safeParse(value).data?.CFDocuments

const listDocuments = (documents: readonly CaseDocument[]): string =>
  `${documents.length} frameworks: import one of them by the address of its package${documents
    .map(
      ({ title, identifier, CFPackageURI }) => `\n  ${title ?? 'without a title'}: ${CFPackageURI?.uri ?? identifier}`,
    )
    .join('')}`

/** Returns the places of the objects in the lists of a package. */
const placesOf = (text: string): Record<ListName, Place[]> => {
  const places: Record<ListName, Place[]> = { CFItems: [], CFAssociations: [], CFRubrics: [] }
  /** The open arrays and objects; an array by the name before it. */
  const open: (string | undefined)[] = []
  let [name, line, lineStart]: [string | undefined, number, number] = [undefined, 1, 0]
  for (const { 0: token, index } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]|\n/g))
    if (token === '\n') {
      line += 1
      lineStart = index + 1
    } else if (token === '{') {
      places[open.at(-1) as ListName]?.push({ line, column: index - lineStart + 1 }) // undefined for other names
      open.push(undefined)
    } else if (token === '[') {
      open.push(name)
      name = undefined
    } else if (token === '}' || token === ']') {
      open.pop()
      name = undefined
    } else name = token.slice(1, -1)
  return places
}

/** Returns the address of the package of the only framework in a list of a provider; undefined for any other document. */
export const onlyPackageIn = (file: ImportedFile): string | undefined => {
  if (file.url === undefined || !/\/CFDocuments$/.test(file.url.pathname)) return undefined
  const documents = parseList(parseJson(file.name, decodeText(file))) ?? []
  const [document] = documents
  return document === undefined || documents.length > 1
    ? undefined
    : new URL(`CFPackages/${encodeURIComponent(document.identifier)}`, file.url).href
}
