import { readFile, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request as overHttps } from 'node:https'
import type { ImportedFile } from '../content/importing/imported-track.ts'
import { Refused } from '../errors.ts'
import { request as overHttp } from '../http/node-http.ts'
import { createAddressFilter, createGuardedLookup, literalAddressOf } from '../http/public-networks.ts'

export interface SourceOptions {
  /** Allows URLs that lead to addresses outside the public internet. */
  allowPrivate?: boolean | undefined
  /** In bytes. */
  limit?: number
  /** In milliseconds, for each request. */
  timeout?: number
}

/** Reads a file, or requests a URL. */
export const readSource = async (location: string, options: SourceOptions = {}): Promise<ImportedFile> => {
  const { limit = maxBytes } = options
  if (/^https?:\/\//i.test(location)) {
    if (!URL.canParse(location)) throw new Refused(`${location} is not a valid URL`)
    const url = new URL(location)
    const { bytes, url: end } = await follow(rawUrl(url), { ...options, limit })
    return { name: location, bytes, url: baseUrl(url, end) }
  }
  const { size } = await stat(location)
  if (size > limit) throw new Refused(`${location} ${tooLarge(limit)}`)
  return { name: location, bytes: await readFile(location) }
}

const maxBytes = 20 * 1024 * 1024
const maxRedirects = 5

const tooLarge = (limit: number): string =>
  `has more than ${limit / 1024 / 1024} MiB: no curriculum is that long; import a part of it`

/** Returns the address of the bytes of a file that GitHub shows on a page. */
export const rawUrl = (url: URL): URL => {
  const [, owner, name, path] = /^\/([^/]+)\/([^/]+)\/blob\/(.+)$/.exec(url.pathname) ?? []
  return url.hostname === 'github.com' && path !== undefined
    ? new URL(`https://raw.githubusercontent.com/${owner}/${name}/${path}`)
    : url
}

/** Returns the URL that links of a file are relative to: of a file on GitHub that of its page, of others the last one of redirects. */
export const baseUrl = (given: URL, end: URL): URL => (rawUrl(given) === given ? end : given)

/** Requests a URL, and those that it redirects to. */
const follow = async (
  start: URL,
  options: SourceOptions & { limit: number },
): Promise<Required<Pick<ImportedFile, 'bytes' | 'url'>>> => {
  let url = start
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await send(url, options)
    const { location } = response.headers
    if (isRedirect(response) && location !== undefined) {
      response.destroy()
      if (!URL.canParse(location, url)) throw new Refused(`${url} redirects to an invalid URL`)
      url = new URL(location, url)
      continue
    }
    if (response.statusCode !== 200) {
      response.destroy()
      throw new Refused(`${url} answered ${response.statusCode}, and a file is expected`)
    }
    return { bytes: await readBody(response, url, options.limit), url }
  }
  throw new Refused(`${start} redirects more than ${maxRedirects} times`)
}

const isRedirect = ({ statusCode = 0 }: IncomingMessage): boolean => [301, 302, 303, 307, 308].includes(statusCode)

const send = (url: URL, { allowPrivate = false, timeout = 30_000 }: SourceOptions): Promise<IncomingMessage> => {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Refused(`${url} is not an address of the web: it must begin with https:// or http://`)
  const isAllowed = allowPrivate ? () => true : createAddressFilter([])
  const literalAddress = literalAddressOf(url)
  if (literalAddress !== undefined && !isAllowed(literalAddress)) throw refuseAddress(url.hostname, literalAddress)
  const request = url.protocol === 'https:' ? overHttps : overHttp
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'curriculum' },
      agent: false,
      // Makes Node look up all addresses of the host; its types lack this option for requests.
      ...{ autoSelectFamily: true },
      lookup: createGuardedLookup(isAllowed, refuseAddress),
      signal: AbortSignal.timeout(timeout),
    })
    outgoing.once('response', resolve)
    outgoing.once('error', error => reject(toRefusal(url, error)))
    outgoing.end()
  })
}

const refuseAddress = (hostname: string, address: string): Refused =>
  new Refused(
    `${hostname} leads to ${address}, which is not an address on the public internet: add --allow-private if you trust it`,
  )

const toRefusal = (url: URL, error: NodeJS.ErrnoException): Refused => {
  if (error instanceof Refused) return error
  const reason = error.name === 'AbortError' || error.name === 'TimeoutError' ? 'it took too long' : error.code
  return new Refused(`${url} cannot be read: ${reason}`)
}

const readBody = async (response: IncomingMessage, url: URL, limit: number): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > limit) throw new Refused(`${url} ${tooLarge(limit)}`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw toRefusal(url, error as NodeJS.ErrnoException) // a broken response is a system error
  }
  return Buffer.concat(chunks)
}
