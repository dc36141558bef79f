import { type Random, random } from './writers.ts'

/** A way to spoil a database file. */
export interface Damage {
  name: string
  spoil(file: Buffer): Buffer
}

/** As SQLite makes them where nothing else is asked for. */
const pageSize = 4096

/** What leaves no whole database to be read. */
export const ruins: Damage[] = [
  { name: 'a header of noise', spoil: file => noisy(file, 0, 100) },
  { name: 'noise behind the name in the header', spoil: file => noisy(file, 16, 84) },
  { name: 'a first page of noise', spoil: file => noisy(file, 0, pageSize) },
  { name: 'noise all through', spoil: file => noisy(file, 0, file.length) },
  { name: 'a text', spoil: () => Buffer.from('This is not a database.\n'.repeat(1_000)) },
  { name: 'half a file', spoil: file => file.subarray(0, Math.floor(file.length / 2)) },
  { name: 'an end in its third page', spoil: file => file.subarray(0, 2 * pageSize + 1_000) },
  { name: 'no last page', spoil: file => file.subarray(0, file.length - pageSize) },
]

/** Noise in one page behind the first, so many times, each time in another. */
export const noisyPages = (file: Buffer, times: number): Damage[] => {
  const pick = random(5)
  const pages = Array.from({ length: file.length / pageSize - 1 }, (_, index) => index + 1)
  return Array.from({ length: Math.min(times, pages.length) }, () => {
    const [page = 0] = pages.splice(pick(pages.length), 1)
    return { name: `noise in page ${page + 1}`, spoil: whole => noisy(whole, page * pageSize, pageSize) }
  })
}

/** One bit turned over, so many times, each time another. */
export const turnedBits = (file: Buffer, times: number): Damage[] => {
  const pick = random(7)
  return Array.from({ length: times }, () => {
    const [at, bit] = [pick(file.length), pick(8)]
    return { name: `bit ${bit} of byte ${at}`, spoil: whole => turned(whole, at, 1 << bit) }
  })
}

const noisy = (file: Buffer, from: number, length: number): Buffer => {
  const pick: Random = random(from + length)
  const spoiled = Buffer.from(file)
  for (let place = from; place < from + length; place += 1) spoiled[place] = pick(256)
  return spoiled
}

const turned = (file: Buffer, at: number, mask: number): Buffer => {
  const spoiled = Buffer.from(file)
  spoiled[at] = Number(spoiled[at]) ^ mask
  return spoiled
}
