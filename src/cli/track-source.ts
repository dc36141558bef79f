import type { Catalog, TrackDocument } from '../catalog.ts'
import type { Config } from '../config.ts'
import { Failure, Refused } from '../errors.ts'
import { nearest } from '../query/suggest.ts'
import { openFolder } from './content-folder.ts'
import { openDatabaseOf } from './open-database.ts'

/** Works with the tracks of a folder or, without one, with those of the database; what a format refuses is said as a command says it. */
export const withCatalog = async <T>(
  config: Config,
  from: string | undefined,
  work: (catalog: Catalog) => Promise<T>,
): Promise<T> => {
  const { catalog, close } = from === undefined ? openDatabaseOf(config) : await openFolder(from)
  return work(catalog).catch(refusal).finally(close)
}

const refusal = (failure: unknown): never => {
  throw failure instanceof Failure ? new Refused(failure.message) : failure
}

/** A track, or a refusal that names what it may have been meant for. */
export const documentOf = async (
  catalog: Catalog,
  track: string,
  from: string | undefined,
  read = catalog.document,
): Promise<TrackDocument> => {
  const document = await read(track)
  if (document !== undefined) return document
  const known = await catalog.keys('track')
  const meant = nearest(track, known)
  const where = from ?? 'the database'
  throw new Refused(
    `there is no track called "${track}" in ${where}${meant === undefined ? '' : `: did you mean "${meant}"?`}${known.length === 0 ? '; "load" brings one in' : ''}`,
  )
}
