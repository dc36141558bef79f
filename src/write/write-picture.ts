import type { PictureWriteOptions, Transaction } from '../catalog.ts'
import { Failure } from '../errors.ts'
import { asSentence } from '../query/explain.ts'
import { picturesTooLarge, readPicture } from '../query/picture-file.ts'
import { checkPreconditions } from './preconditions.ts'

/** Creates or replaces a picture of an existing track, or removes it. */
export const putPicture = async (
  transaction: Transaction,
  track: string,
  path: string,
  bytes: Uint8Array | undefined,
  { by, fromFiles, ...preconditions }: PictureWriteOptions,
): Promise<{ created: boolean; etag: string }> => {
  const pictures = await transaction.pictures(track)
  const before = pictures.find(one => one.path === path)
  checkPreconditions(preconditions, `picture "${path}" of ${track}`, before && (() => [before.hash]))
  if (bytes === undefined && before === undefined)
    throw new Failure('NOT_FOUND', `There is no picture "${path}" in ${track}.`)
  const others = pictures.filter(one => one !== before)
  const author = { name: by, track, fromFiles }
  if (bytes === undefined) {
    await transaction.replacePictures(track, others, author)
    return { created: false, etag: '' }
  }
  const picture = readPicture(path, Buffer.from(bytes))
  if (typeof picture === 'string') throw unusable(picture)
  const all = [...others, picture].sort((one, other) => (one.path < other.path ? -1 : 1))
  const tooLarge = picturesTooLarge(all)
  if (tooLarge !== undefined) throw unusable(tooLarge)
  await transaction.replacePictures(track, all, author)
  return { created: before === undefined, etag: picture.hash }
}

const unusable = (message: string): Failure => new Failure('UNPROCESSABLE', asSentence(message))
