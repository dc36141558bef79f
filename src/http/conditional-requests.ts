import { Failure } from '../errors.ts'
import type { CachedResponse } from './rendered-response.ts'
import { isGetOrHead, type RequestHead } from './request.ts'

/** Returns the ETag of `If-None-Match` that matches the response in any encoding (weak comparison, RFC 9110, section 13.1.2): the reply is 304. */
export const matchIfNoneMatch = (request: RequestHead, response: CachedResponse): string | undefined => {
  const header = request.headers['if-none-match']
  if (header === undefined || !isGetOrHead(request)) return undefined
  if (response.etags.has(header)) return header
  if (header.trim() === '*') return addEtag(response, '')
  const tags = header.match(/"[^"]*"/g) ?? []
  return tags.find(tag => hashOfEtag(tag) === response.hash)
}

/** Rejects a read with 412 if none of the ETags in its `If-Match` matches; checked before `If-None-Match` (RFC 9110, section 13.2.2). */
export const checkIfMatch = (request: RequestHead, response: CachedResponse): void => {
  const header = request.headers['if-match']
  if (header === undefined || !isGetOrHead(request)) return
  const hashes = parseIfMatch(header)
  if (hashes !== '*' && !hashes.includes(response.hash))
    throw new Failure('PRECONDITION_FAILED', 'The current content has none of the ETags in If-Match.')
}

/** Returns the hashes in `If-Match`; weak ETags never match and are left out (RFC 9110, section 13.1.1). */
export const parseIfMatch = (header: string): readonly string[] | '*' => {
  if (header.trim() === '*') return '*'
  if (!/^\s*(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*\s*$/.test(header))
    throw new Failure('BAD_USER_INPUT', 'If-Match must be the ETag you have read, with its quotation marks, or *.')
  return header.split(',').flatMap(tag => (tag.includes('W/') ? [] : [hashOfEtag(tag.trim())]))
}

/** Returns the hash of the content, without the encoding: the ETags of all encodings name the same content. */
export const hashOfEtag = (tag: string): string => tag.replace(/^"/, '').replace(/(-(br|gzip|zstd)(-quick)?)?"$/, '')

/** Makes the ETag of a response in an encoding, and adds it to those that `matchIfNoneMatch` finds first. */
export const addEtag = ({ hash, etags }: CachedResponse, suffix: string): string => {
  const tag = `"${hash}${suffix}"`
  etags.add(tag)
  return tag
}
