import { parse as bytesOf, v5 } from 'uuid'
import { namespace } from '../model/keys.ts'

export const versions = ['v1p1', 'v1p0'] as const
export type Version = (typeof versions)[number]

/** The path prefix of all CASE endpoints. */
export const prefix = '/ims/case'

/** The base of the URIs in a response, and its version of the standard. */
export interface Site {
  /** The origin of the service, without a trailing slash. */
  origin: string
  version: Version
}

export const baseOf = ({ origin, version }: Site): string => `${origin}${prefix}/${version}`

/** The collections whose objects have a URI. */
export type Collection =
  | 'CFDocuments'
  | 'CFPackages'
  | 'CFItems'
  | 'CFAssociations'
  | 'CFConcepts'
  | 'CFSubjects'
  | 'CFItemTypes'
  | 'CFLicenses'
  | 'CFRubrics'

export const uriOf = (site: Site, collection: Collection, id: string): string => `${baseOf(site)}/${collection}/${id}`

const bytes = bytesOf(namespace)

/**
 * Returns the UUID (version 5) of an object that exists in CASE only, made from a stable name. Each such name contains a
 * space, which no qualified key does, so the id cannot be that of a noun.
 */
export const identify = (name: string): string => v5(name, bytes)

/** File names fixed by the standard. */
const discoveryFiles: Record<Version, string> = {
  v1p1: 'imscasev1p1_openapi3_v1p0.json',
  v1p0: 'imscasev1p0_openapi3_v1p0.json',
}

/** The path of a version's OpenAPI description. */
export const discoveryPath = (version: Version): string =>
  `${baseOf({ origin: '', version })}/discovery/${discoveryFiles[version]}`

/** Fields added in CASE 1.1. Its 1.0 schemas allow no other fields, so strict clients reject a package with any of these. */
export const fieldsNewIn11 = ['caseVersion', 'frameworkType', 'extensions', 'targetType']

/** Fields that may have several lines since 1.1. */
const singleLineFields = ['fullStatement', 'description']

/** Converts an object of CASE 1.1 to the requested version. */
export const toVersion = <T>({ version }: Site, object: T): T =>
  version === 'v1p1' ? object : (downgrade(object) as T) // fields may be fewer

const downgrade = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(downgrade)
  if (typeof value !== 'object' || value === null) return value
  const fields: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value))
    if (!fieldsNewIn11.includes(name))
      fields[name] = singleLineFields.includes(name) ? String(field).replace(/\s+/g, ' ') : downgrade(field)
  return fields
}
