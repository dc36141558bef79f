import { type Random, random } from './client.ts'

/** A way to damage a database file. */
export interface Damage {
  name: string
  apply(file: Buffer): Buffer
}

/** SQLite's default page size, in bytes. */
const pageSize = 4096

/** Damages after which the database cannot be opened. */
export const destructiveDamages: Damage[] = [
  { name: 'a header of noise', apply: file => withNoise(file, 0, 100) },
  { name: 'noise after the magic string of the header', apply: file => withNoise(file, 16, 84) },
  { name: 'a first page of noise', apply: file => withNoise(file, 0, pageSize) },
  { name: 'noise in the whole file', apply: file => withNoise(file, 0, file.length) },
  { name: 'a text', apply: () => Buffer.from('This is not a database.\n'.repeat(1_000)) },
  { name: 'half a file', apply: file => file.subarray(0, Math.floor(file.length / 2)) },
  { name: 'a file truncated in its third page', apply: file => file.subarray(0, 2 * pageSize + 1_000) },
  { name: 'no last page', apply: file => file.subarray(0, file.length - pageSize) },
]

/** Returns damages with noise in one random page after the first, each in another page. */
export const randomNoisyPages = (file: Buffer, times: number): Damage[] => {
  const pick = random(5)
  const pages = Array.from({ length: file.length / pageSize - 1 }, (_, index) => index + 1)
  return Array.from({ length: Math.min(times, pages.length) }, () => {
    const [page = 0] = pages.splice(pick(pages.length), 1)
    return { name: `noise in page ${page + 1}`, apply: whole => withNoise(whole, page * pageSize, pageSize) }
  })
}

/** Returns damages with one random flipped bit. */
export const randomFlippedBits = (file: Buffer, times: number): Damage[] => {
  const pick = random(7)
  return Array.from({ length: times }, () => {
    const [at, bit] = [pick(file.length), pick(8)]
    return { name: `bit ${bit} of byte ${at}`, apply: whole => withFlippedBit(whole, at, 1 << bit) }
  })
}

const withNoise = (file: Buffer, from: number, length: number): Buffer => {
  const pick: Random = random(from + length)
  const damaged = Buffer.from(file)
  for (let place = from; place < from + length; place += 1) damaged[place] = pick(256)
  return damaged
}

const withFlippedBit = (file: Buffer, at: number, mask: number): Buffer => {
  const damaged = Buffer.from(file)
  damaged[at] = Number(damaged[at]) ^ mask
  return damaged
}
