import { z } from 'zod'

/** The media type of each kind of picture, by the extension of its file. */
export const pictureTypes = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
} as const

type PictureType = (typeof pictureTypes)[keyof typeof pictureTypes]

/** The folder of pictures within the folder of a track. */
export const pictureFolder = 'images/'

/** The largest picture, in bytes. */
export const maxPictureSize = 2 * 1024 * 1024

/** The largest total of all pictures of a track, in bytes: they are in memory together while the track is loaded or exported. */
export const maxPicturesSize = 64 * 1024 * 1024

export const Picture = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'Its path in the folder of the track.', examples: ['images/call-stack.png'] }),
    mediaType: z.enum(Object.values(pictureTypes)).meta({ description: 'Its media type.' }),
    size: z.int().min(0).max(maxPictureSize).meta({ description: 'Its size in bytes.' }),
    hash: z.string().max(64).meta({ description: 'A hash of its bytes: its ETag, without quotation marks.' }),
  })
  .meta({ id: 'Picture', description: 'A picture of a track, served at `/tracks/{slug}/files/{path}`.' })
export type Picture = z.infer<typeof Picture>

/** A picture with its bytes. */
export interface PictureFile extends Picture {
  bytes: Buffer
}

/** Returns the media type of a picture by the extension of its path; undefined if it has none of the extensions. */
export const pictureTypeOf = (path: string): PictureType | undefined => {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase()
  return extension !== undefined && Object.hasOwn(pictureTypes, extension)
    ? pictureTypes[extension as keyof typeof pictureTypes]
    : undefined
}

/** Returns the path of the picture that an address in Markdown names, such as `../images/a%20b.png`; undefined for other addresses. */
export const picturePath = (address: string): string | undefined => {
  const path = /^(?:\.{0,2}\/)?(images\/[^?#]+)/.exec(address)?.[1]
  return path === undefined ? undefined : decodePath(path)?.normalize('NFC')
}

const decodePath = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** Returns the path of a picture's URL. */
export const pictureUrl = (track: string, path: string): string => `/tracks/${track}/files/${encodePath(path)}`

/** Encodes a path of names as a part of a URL. */
export const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** Returns true if two lists have the same pictures in the same order. */
export const hasSamePictures = (one: readonly Picture[], other: readonly Picture[]): boolean =>
  one.length === other.length &&
  one.every(({ path, hash }, index) => path === other[index]?.path && hash === other[index].hash)
