import { isUtf8 } from 'node:buffer'
import { Refused } from '../../errors.ts'
import type { ImportedFile } from './imported-track.ts'

/** Decodes a text file: UTF-8, UTF-16 with a byte order mark, or else Windows-1252. Refuses a binary file. */
export const decodeText = ({ name, bytes }: Pick<ImportedFile, 'name' | 'bytes'>): string => {
  const text = decode(bytes)
  if (text.includes('\0')) throw new Refused(`${name} is not a text file`)
  return text
}

const decode = (bytes: Buffer): string => {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Every byte is a character there, so what programs of the West write in no Unicode encoding stays readable.
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Returns true for bytes that `decodeText` reads as Windows-1252. */
export const isWindows1252 = (bytes: Buffer): boolean =>
  !isUtf8(bytes) && !['\xff\xfe', '\xfe\xff'].includes(bytes.toString('latin1', 0, 2))
