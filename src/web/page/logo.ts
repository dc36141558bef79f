import { readFileSync, statSync } from 'node:fs'
import { type CachedResponse, toCachedResponse } from '../../http/rendered-response.ts'
import { immutableHeaders } from './asset-files.ts'

/** The logo of the organisation in the header of the pages. */
export interface Logo {
  /** Its URL: absolute, or a path of this service without a leading slash. */
  url: string
  /** True if it has colors for dark color schemes itself. Any other logo gets a light ground there. */
  adapts: boolean
  /** The response for a file that the service serves. */
  file?: CachedResponse
  /** The file as a small picture, if it can be drawn. */
  picture?: LogoPicture | undefined
}

/** A logo as a PNG in a data URL, for pictures. */
export interface LogoPicture {
  url: string
  width: number
  height: number
}

/** The path under the service at which a file is served. */
export const logoPath = 'assets/logo'

const types = { png: 'image/png', svg: 'image/svg+xml', webp: 'image/webp', jpg: 'image/jpeg', jpeg: 'image/jpeg' }

/** In bytes: every visitor loads it. */
const maxSize = 512 * 1024

/** Reads the logo of a setting: a URL, or the path of a file. Returns what is wrong with a file that cannot be served, as a predicate. */
export const readLogo = (setting: string): { logo: Logo; problem?: undefined } | { problem: string } => {
  if (/^https?:\/\//i.test(setting)) {
    const url = URL.parse(setting)
    return url === null ? { problem: 'must be a complete URL' } : { logo: { url: url.href, adapts: false } }
  }
  const extension = /\.(\w+)$/.exec(setting)?.[1]?.toLowerCase() ?? ''
  if (!Object.hasOwn(types, extension))
    return { problem: 'must be the path of a PNG, SVG, WebP or JPEG file, or an https:// URL' }
  const type = types[extension as keyof typeof types]
  const body = readSmallFile(setting)
  if (typeof body === 'string') return { problem: body }
  if (!startsAs(type, body)) return { problem: `names a file that is no ${extension.toUpperCase()} picture` }
  const file = toCachedResponse({ body, type, compressed: type !== types.svg, headers }, null)
  return {
    logo: {
      url: `${logoPath}?${file.hash}`,
      adapts: type === types.svg && body.includes('prefers-color-scheme'),
      file,
    },
  }
}

/** An SVG runs no scripts, also when it is opened by itself. */
const headers = {
  ...immutableHeaders,
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'",
}

/** Returns the bytes of a file, or what is wrong with it. */
const readSmallFile = (path: string): Buffer | string => {
  try {
    return statSync(path).size > maxSize ? 'names a file of more than 512 KiB' : readFileSync(path)
  } catch (error) {
    return `names a file that cannot be read (${(error as NodeJS.ErrnoException).code})` // the system's errors have a code
  }
}

/** Returns true if the first bytes are those of the media type. */
const startsAs = (type: string, body: Buffer): boolean => {
  const start = body.toString('latin1', 0, 12)
  if (type === types.png) return start.startsWith('\x89PNG\r\n')
  if (type === types.jpg) return start.startsWith('\xff\xd8\xff')
  if (type === types.webp) return /^RIFF.{4}WEBP$/s.test(start)
  return /<svg[\s>]/.test(body.toString())
}
