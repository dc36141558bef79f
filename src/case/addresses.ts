import { parse as bytesOf, v5 } from 'uuid'
import { namespace } from '../model/keys.ts'

export const versions = ['v1p1', 'v1p0'] as const
export type Version = (typeof versions)[number]

/** Every address of CASE is below this. */
export const prefix = '/ims/case'

/** Where answers are read, and in which version of the standard. */
export interface Site {
  /** The address of the service, without a slash at its end. */
  origin: string
  version: Version
}

export const baseOf = ({ origin, version }: Site): string => `${origin}${prefix}/${version}`

/** What has an address of its own. */
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
 * The UUID (version 5) of something that CASE names and the curriculum does not, from a name that never changes. There
 * is a space in each of these names, which no qualified key has: so none is the id of something else.
 */
export const identify = (name: string): string => v5(name, bytes)
