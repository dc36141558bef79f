import { isContent } from '../model/file-name.ts'
import { maxPicturesSize, type PictureFile, pictureFolder, pictureTypeOf } from '../model/picture.ts'
import { contentHash } from '../text/content-hash.ts'
import { svgProblem } from '../text/svg-safety.ts'

/** Returns true for a file in the folder of pictures. */
export const isPictureFile = (path: string): boolean => path.startsWith(pictureFolder)

/** Returns the picture in a file, or a sentence about what is wrong with the file. */
export const readPicture = (path: string, bytes: Buffer): PictureFile | string => {
  const mediaType = pictureTypeOf(path)
  if (mediaType === undefined)
    return 'pictures are PNG, JPEG, WebP, GIF and SVG files: convert it, or move it out of images/'
  if (path.length > 200) return 'the path of a picture has at most 200 characters: give it a shorter name'
  if (/[\p{Cc}\\]/u.test(path)) return 'the name of a picture has no backslash and no control character: rename it'
  if (!path.split('/').every(name => name !== '' && isContent(name)))
    return 'no name in the path of a picture may be empty, or one that is ignored in a folder, such as .a, a~ or node_modules: rename it'
  const content = signatures.find(({ matches }) => matches(bytes))?.mediaType
  if (content !== mediaType)
    return content === undefined
      ? `this is no ${nameOf(mediaType)} picture, although its name says so: export it again`
      : `this is ${content === 'image/svg+xml' ? 'an' : 'a'} ${nameOf(content)} picture: rename it so that its name ends in .${nameOf(content).toLowerCase()}`
  const problem = mediaType === 'image/svg+xml' ? svgProblem(bytes.toString('utf8')) : undefined
  if (problem !== undefined) return problem
  return { path: path.normalize('NFC'), mediaType, size: bytes.length, hash: contentHash(bytes), bytes }
}

/** Returns a sentence if pictures are too large together. */
export const picturesTooLarge = (pictures: readonly PictureFile[]): string | undefined => {
  const size = pictures.reduce((sum, one) => sum + one.size, 0)
  return size <= maxPicturesSize
    ? undefined
    : `the pictures of a track have at most 64 MiB together, and these have ${Math.ceil(size / 1024 / 1024)}: make them smaller`
}

const nameOf = (mediaType: string): string => mediaType.replace(/^image\/|\+xml$/g, '').toUpperCase()

const startsWith = (bytes: Buffer, at: number, text: string): boolean =>
  bytes.toString('latin1', at, at + text.length) === text

/** The first bytes of each format (the signatures of the WHATWG MIME Sniffing Standard, section 6.1; SVG by its root element). */
const signatures: { mediaType: string; matches: (bytes: Buffer) => boolean }[] = [
  { mediaType: 'image/png', matches: bytes => startsWith(bytes, 0, '\x89PNG\r\n\x1a\n') },
  { mediaType: 'image/jpeg', matches: bytes => startsWith(bytes, 0, '\xff\xd8\xff') },
  { mediaType: 'image/gif', matches: bytes => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6)) },
  { mediaType: 'image/webp', matches: bytes => startsWith(bytes, 0, 'RIFF') && startsWith(bytes, 8, 'WEBPVP') },
  { mediaType: 'image/svg+xml', matches: bytes => svgStart.test(bytes.toString('utf8', 0, 4096)) },
]

/** The start of an element `svg`; the parser checks the rest. */
const svgStart = /<(\w+:)?svg[\s/>]/
